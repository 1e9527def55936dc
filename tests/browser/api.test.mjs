// The script API as other people use it: every example of its documentation runs in Node, in a page and in a worker, prints
// what stands under it, and compiles under TypeScript's strictest settings.
//
// REPLICARIUM_PACKAGE names the package's folder (target/package). UPDATE=1 writes what Node prints under the examples.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { examplesOf, laidOut, read, withOutputs } from './examples.mjs';
import { LIMIT, startBench } from './harness/browser.mjs';
import { PAGE_POLICY } from './harness/policy.mjs';

const run = promisify(execFile);
const HERE = dirname(fileURLToPath(import.meta.url));
const CHECKOUT = resolve(HERE, '../..');
const PACKAGE = resolve(CHECKOUT, process.env.REPLICARIUM_PACKAGE ?? 'target/package');
const DOCUMENT = join(CHECKOUT, 'www/docs/api.md');

/** What a page of somebody else's may send: ours, which is strict, without what concerns our own scripts only. */
const THEIRS = PAGE_POLICY.replace(/; (require-trusted-types-for|trusted-types)[^;]*/g, '');
/** And with what Trusted Types ask for. */
const TRUSTED = `${THEIRS}; require-trusted-types-for 'script'; trusted-types 'none'`;

const document = read(DOCUMENT);
const parts = examplesOf(document);
const runsIn = (place) => parts.examples.filter(({ where }) => where === 'everywhere' || where === place);

let desk;
let bench;
let theirs;
before(async () => {
  desk = laidOut(PACKAGE, parts, 'a/b');
  bench = await startBench({ folder: desk.place, policy: TRUSTED });
  theirs = await startBench({ folder: desk.place, policy: THEIRS });
});
after(async () => {
  await bench?.close();
  await theirs?.close();
  desk?.remove();
});

async function inNode({ name }) {
  const { stdout, stderr } = await run(process.execPath, [join(desk.place, name)], { timeout: LIMIT });
  assert.equal(stderr, '');
  return stdout;
}

test('the documentation has an example for everything, each with what it prints', { skip: Boolean(process.env.UPDATE) }, () => {
  assert.ok(runsIn('node').length >= 8);
  for (const { line, expected } of parts.examples) assert.ok(expected, `api.md:${line} prints nothing`);
});

if (process.env.UPDATE) {
  test('what the examples print is written under them', async () => {
    const outputs = [];
    for (const example of parts.examples) {
      const browser = example.where === 'page';
      outputs.push(browser ? await inPage(example) : await inNode(example));
    }
    writeFileSync(DOCUMENT, withOutputs(document, outputs));
  });
} else {
  for (const example of runsIn('node')) {
    test(`api.md:${example.line} runs in Node`, async () => {
      // Node takes a .js file for a module where the package says so.
      assert.equal(await inNode(example), example.expected);
    });
  }
  for (const example of runsIn('page')) {
    test(`api.md:${example.line} runs in a page`, async () => {
      assert.equal(await inPage(example), example.expected);
    });
  }
  for (const example of runsIn('worker')) {
    test(`api.md:${example.line} runs in a worker`, async () => {
      assert.equal(await inWorker(example), example.expected);
    });
  }
}

/** What an example prints in a page under the strict policy; those that start workers are pages without Trusted Types. */
async function inPage({ name, where }) {
  const { open, server } = where === 'page' ? theirs : bench;
  const { page, log, close } = await open({ path: 'blank.html', ready: false });
  const text = await page.evaluate(
    async ([printer, url]) => (await import(printer)).printed(url),
    [`${server.url}printed.js`, `${server.url}${name}`],
  );
  log.assertClean();
  await close();
  return text;
}

async function inWorker({ name }) {
  const { open, server } = theirs;
  const { page, log, close } = await open({ path: 'blank.html', ready: false });
  const answer = await page.evaluate(
    (url) =>
      new Promise((told) => {
        const worker = new Worker('asked.js', { type: 'module' });
        worker.onmessage = ({ data }) => told(data);
        worker.postMessage(url);
      }),
    `${server.url}${name}`,
  );
  assert.equal(answer.error, undefined);
  log.assertClean();
  await close();
  return answer.text;
}

test('the examples, and what must not compile, compile as they should under strict', async () => {
  const names = parts.examples.map(({ name }) => name);
  writeFileSync(join(desk.place, 'node.d.ts'), NODE);
  writeFileSync(join(desk.place, 'api.types.ts'), readFileSync(join(HERE, 'api.types.ts')));
  const options = {
    ...{ strict: true, noEmit: true, allowJs: true, checkJs: true, skipLibCheck: false, types: [] },
    ...{ target: 'es2022', module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom', 'dom.iterable', 'esnext.disposable'] },
  };
  const files = [...names, 'worker.js', 'node.d.ts', 'api.types.ts', 'examples/sweep.mjs', 'examples/page.js', 'examples/worker.js'];
  writeFileSync(join(desk.place, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files }));
  const tsc = join(HERE, 'node_modules/typescript/bin/tsc');
  const checked = await run(process.execPath, [tsc, '--project', desk.place]).catch((failed) => failed);
  assert.equal(checked.stdout, '');
});

/** The one thing of Node's that an example uses. */
const NODE = "declare module 'node:fs/promises' { export function readFile(file: URL, encoding: 'utf8'): Promise<string>; }\n";

test('npm packs exactly what belongs to it', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--offline'], { cwd: PACKAGE });
  const [{ name, files }] = JSON.parse(stdout);
  assert.equal(name, 'replicarium');
  assert.deepEqual(files.map(({ path }) => path).sort(), [
    'LICENSE', 'LICENSE-APACHE', 'LICENSE-MIT', 'README.md',
    'examples/page.html', 'examples/page.js', 'examples/sweep.mjs', 'examples/worker.js',
    'package.json', 'replicarium.d.ts', 'replicarium.js', 'replicarium_bg.wasm',
    'replicarium_glue.d.ts', 'replicarium_glue.js',
  ]);
});

test("the package's examples run: in Node, and in a page with a worker", async () => {
  const { stdout } = await run(process.execPath, [join(PACKAGE, 'examples/sweep.mjs')]);
  assert.match(stdout, /^async-leader-crash: \d+ of 20 runs lost writes, \d+ in all\n/);
  assert.match(stdout, /^sync-leader-crash: 0 of 20 runs lost writes, 0 in all$/m);
  const own = await startBench({ folder: PACKAGE, policy: THEIRS });
  try {
    const { page, log } = await own.open({ path: 'examples/page.html', ready: false });
    await page.waitForSelector('li');
    const said = await page.textContent('output');
    const [, lost] = said.match(/^(\d+) of \d+ acknowledged writes are lost\.$/);
    assert.equal(await page.locator('li').count(), Number(lost));
    log.assertClean();
  } finally {
    await own.close();
  }
});
