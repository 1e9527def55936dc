// Finishes dist/ after `trunk build --release`: joins the style sheets, shortens the scripts, sets before the whole
// program a light part with what the first view runs, and puts the content-security policy into the page, so that it
// also holds on hosts that send no headers.
//
//   node scripts/dist.mjs FOLDER WASM_OPT      WASM_OPT: the path of Binaryen's program

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PAGE_POLICY } from '../tests/browser/harness/policy.mjs';
import { divided } from './split/divide.mjs';
import { shortened, stripped } from './split/names.mjs';
import { firstViewRuns } from './split/profile.mjs';

// What npm brought lies beside the browser tests.
const { minify } = createRequire(new URL('../tests/browser/package.json', import.meta.url))('terser');

const [folder, wasmOpt] = process.argv.slice(2);
const file = (name) => join(folder, name);
const text = (name) => readFileSync(file(name), 'utf8');
/** As for the program (index.html). */
const WASM_OPT_OPTIONS = ['-Oz', '-lmu', '-ocimfs=30'];
/** What other pages load, and the page when it is a frame in one. */
const EMBED_SCRIPTS = ['frame', 'replicarium-lab', 'resize'].map((name) => `embed/${name}.js`);
const BOOT = '<script type="module" src="./boot.js"';

function fail(what, where, fix) {
  console.error(`error: ${what}\n  where: ${where}\n  fix:   ${fix}`);
  process.exit(1);
}

/** In the page, between the styles of the first view and those that may come later. */
const LATER = '<!-- Styles of what the first view does not show';

/**
 * One sheet instead of one a panel: a request instead of many, and what is alike is written once. What the first view
 * does not show comes later, by the loader; without scripts it comes at once.
 */
function joinSheets(html) {
  const sheet = /^\s*<link rel="stylesheet" href="(?:\.\/)?([^"]+)"[^>]*>\n/gm;
  const join = (part, to) => {
    const names = [...part.matchAll(sheet)].map((match) => match[1]);
    // No string in our sheets holds a comment, or two spaces.
    const joined = names.map(text).join('\n').replace(/\/\*[\s\S]*?\*\//g, '').replace(/\s+/g, ' ').trim();
    for (const name of names) rmSync(file(name));
    writeFileSync(file(to), `${joined}\n`);
    return part.replace(sheet, '');
  };
  const [first, later, ...more] = html.split(LATER);
  if (later === undefined || more.length > 0) fail('nothing parts the styles', file('index.html'), `restore ${LATER} in index.html`);
  const link = (name) => `<link rel="stylesheet" href="./${name}" />`;
  const early = `    ${link('replicarium.css')}\n    <noscript>${link('later.css')}</noscript>\n`;
  return `${join(first, 'replicarium.css')}${early}    ${LATER}${join(later, 'later.css')}`.replace(BOOT, `${BOOT} data-later="./later.css"`);
}

async function shorten(name) {
  const { code } = await minify(text(name), { module: true, compress: { passes: 2 } });
  writeFileSync(file(name), `${code}\n`);
}

/** How the whole program takes over from its light part: in the module of the glue, whose imports it shares. */
const TAKE_OVER = `
export async function takeOver(code) {
  const made = await WebAssembly.instantiate(code, { ...__wbg_get_imports(), light: wasm });
  wasm = (made.instance ?? made).exports;
}
`;

async function divide(html) {
  if (!html.includes(BOOT)) fail('nothing starts the program', file('index.html'), `restore ${BOOT} in index.html`);
  const { module: program, glue } = shortened(readFileSync(file('replicarium_bg.wasm')), text('replicarium.js'));
  writeFileSync(file('replicarium.js'), glue);
  const { light, whole } = divided(program, await firstViewRuns(folder, program));
  writeFileSync(file('replicarium_bg.wasm'), light);
  writeFileSync(file('replicarium_whole.wasm'), stripped(whole));
  // Much of it has become unreachable.
  execFileSync(wasmOpt, [...WASM_OPT_OPTIONS, file('replicarium_bg.wasm'), '-o', file('replicarium_bg.wasm')]);
  writeFileSync(file('replicarium_bg.wasm'), stripped(readFileSync(file('replicarium_bg.wasm'))));
  writeFileSync(file('replicarium.js'), text('replicarium.js') + TAKE_OVER);
  writeFileSync(file('index.html'), html.replace(BOOT, `${BOOT} data-whole="./replicarium_whole.wasm"`));
}

const bare = text('index.html')
  // The program's build instructions, and the nonce that `trunk serve` would fill in.
  .replace(/^\s*<link data-trunk[^>]*>\n/gm, '')
  .replace(/ nonce="[^"]*"/g, '')
  .replace(/^\s*<meta http-equiv="Content-Security-Policy"[^>]*>\n/gm, '')
  .replace(/^\s*\n/gm, '')
  // Before anything that it is to govern.
  .replace(
    /^(\s*)<meta charset="utf-8" \/>\n/m,
    (charset, indent) =>
      `${charset}${indent}<meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY}" />\n`,
  );
if (!bare.includes(PAGE_POLICY)) {
  fail('no <meta charset> to put the policy after', file('index.html'), "restore index.html's head");
}
const html = joinSheets(bare);
writeFileSync(file('index.html'), html);
await divide(html);
for (const name of ['replicarium.js', 'boot.js', ...EMBED_SCRIPTS]) await shorten(name);
