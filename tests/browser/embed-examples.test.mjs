// The examples of embedding, as a reader meets them: a post, a chapter of a book, slides, a notebook.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import MarkdownIt from 'markdown-it';
import { CHECKOUT, call, startHost } from './harness/host-page.mjs';
import { assertAccessible } from './harness/axe.mjs';
import { DIST } from './harness/browser.mjs';
import { linkTo, preset } from './harness/links.mjs';
import { replicarium } from './harness/native.mjs';

/** Everything that arrives before somebody presses play, pictures included. */
const BEFORE_PLAY = 60 * 1024;
const WITHIN = 0.1;
const ROUNDS = 10;
const POST = 'site/embed/example.html';

let host;
before(async () => {
  host = await startHost();
});
after(() => host.close());

/** Counts what arrives, as a host with brotli sends it. */
function weigh(page) {
  const answers = [];
  page.on('response', (response) => answers.push(response));
  return async () => {
    const weights = [];
    for (const response of answers) {
      const body = await response.body().catch(() => Buffer.alloc(0));
      weights.push([new URL(response.url()).pathname, brotliCompressSync(body).length]);
    }
    return weights;
  };
}

/** Counts how often a frame has compiled the program, and handed it on. */
const watchProgram = (page) =>
  page.addInitScript(() => {
    window.compiled = 0;
    addEventListener('message', ({ data }) => {
      if (data?.event === 'program' && data.module instanceof WebAssembly.Module) window.compiled++;
    });
  });

/** Counts layout shifts from the first moment on. */
const watchShifts = (page) =>
  page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries()) window.shifts.push([value, sources.map(({ node }) => node?.nodeName)]);
    }).observe({ type: 'layout-shift', buffered: true });
  });

const labs = (page) => page.locator('replicarium-lab');
const eachLab = (page, does) => page.evaluate(`Promise.all([...document.querySelectorAll('replicarium-lab')].map(${does}))`);

test('the post weighs little before play, nothing in it jumps, and its three runs are one program', async () => {
  let weights;
  const { page, log, close } = await host.open(POST, {
    prepare: async (page) => {
      weights = weigh(page);
      await watchShifts(page);
      await watchProgram(page);
    },
  });
  await page.waitForFunction(() =>
    [...document.querySelectorAll('replicarium-lab')].every(({ shadowRoot }) => {
      const image = shadowRoot.querySelector('img.picture');
      return image?.complete && image.naturalWidth > 0;
    }),
  );
  assert.equal(await labs(page).count(), 3);
  const before = await weights();
  const total = before.reduce((sum, [, bytes]) => sum + bytes, 0);
  assert.ok(total <= BEFORE_PLAY, `${total} bytes before play: ${JSON.stringify(before)}`);
  assert.ok(!before.some(([path]) => path.endsWith('.wasm')));
  console.log(`before play: ${total} bytes`);
  for (let index = 0; index < 3; index++) {
    const lab = labs(page).nth(index);
    await lab.scrollIntoViewIfNeeded();
    await lab.locator('button').click();
    await lab.evaluate((lab) => new Promise((played) => lab.addEventListener('time', ({ detail }) => detail.playing && played())));
  }
  assert.equal(await page.evaluate(() => window.compiled), 1);
  assert.deepEqual(await page.evaluate(() => window.shifts), [], 'something jumped');
  log.assertClean();
  await close();
});

test('the post is accessible and fits a phone, light and dark', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { page, log, close } = await host.open(POST, { colorScheme, viewport: { width: 390, height: 844 } });
    await assertAccessible(page);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it scrolls sideways');
    log.assertClean();
    await close();
  }
});

/** Memory after everything that can go has gone: of scripts, of the program, and what hangs in the document. */
async function memory(session) {
  // What one collection lets go of, the next can collect.
  for (let time = 0; time < 4; time++) await session.send('HeapProfiler.collectGarbage');
  const hangs = await session.send('Memory.getDOMCounters');
  const { backingStorageSize, usedSize, embedderHeapUsedSize } = await session.send('Runtime.getHeapUsage');
  return { used: usedSize + (backingStorageSize ?? 0) + (embedderHeapUsedSize ?? 0), hangs };
}

test('taken away ten times, the three runs leave nothing behind', async () => {
  const { page, log, close } = await host.open(POST);
  const session = await page.context().newCDPSession(page);
  const round = async () => {
    await eachLab(page, '(lab) => lab.play().then(() => lab.seek(6000))');
    const full = await memory(session);
    await page.evaluate(() => {
      for (const lab of document.querySelectorAll('replicarium-lab')) {
        const place = lab.parentNode;
        lab.remove();
        place.prepend(lab);
      }
    });
    assert.equal(page.frames().length, 1);
    return full;
  };
  // The browser itself keeps a little more after the first time, such as compiled scripts.
  await round();
  const full = await round();
  const once = await memory(session);
  for (let time = 0; time < ROUNDS; time++) await round();
  const last = await memory(session);
  console.log(`memory: ${full.used} with three runs, ${once.used} after them, ${last.used} after ${ROUNDS} times more`);
  assert.ok(full.used > once.used * 1.5, 'the runs are counted');
  assert.ok(last.used <= once.used * (1 + WITHIN), `${last.used} after ${once.used}`);
  assert.deepEqual(last.hangs, once.hangs, 'documents, nodes and listeners are as many as before');
  assert.deepEqual(log.complaints.filter((text) => !text.includes('net::ERR_ABORTED')), []);
  await close();
});

// The chapter is rendered by a CommonMark renderer with raw HTML let through, as mdBook does, not by mdBook itself.
test('the chapter of the book is alive when it is rendered', async () => {
  const folder = 'www/embed/mdbook/';
  const chapter = readFileSync(join(CHECKOUT, folder, 'src/acknowledgement.md'), 'utf8');
  const head = readFileSync(join(CHECKOUT, folder, 'theme/head.hbs'), 'utf8').replace(/\{\{!--[\s\S]*?--\}\}/, '');
  mkdirSync(join(host.folder, 'book'));
  symlinkSync(join(host.folder, 'site'), join(host.folder, 'book/replicarium'));
  host.page('book/chapter.html', new MarkdownIt('commonmark', { html: true }).enable('table').render(chapter), head.replace('{{ path_to_root }}', ''));
  const { page, close } = await host.open('book/chapter.html');
  await labs(page).first().locator('button').click();
  await labs(page).first().evaluate((lab) => new Promise((played) => lab.addEventListener('time', ({ detail }) => detail.ms > 9_000 && played())));
  const scenarios = await eachLab(page, '(lab) => lab.state().then(({ scenario }) => scenario)');
  assert.deepEqual(scenarios, ['async-leader-crash', 'sync-follower-silent']);
  await close();
});

test('in the slides a run plays while its slide is shown, and rests while it is not', async () => {
  // reveal.js writes HTML and styles of its own: a deck is its author's page, under that page's policy.
  const free = await startHost({ policy: null });
  free.copy(DIST, 'copy');
  const reveal = createRequire(import.meta.url).resolve('reveal.js').replace(/dist[/\\][^/\\]*$/, 'dist');
  mkdirSync(join(free.folder, 'copy/embed/slides/reveal.js'));
  symlinkSync(reveal, join(free.folder, 'copy/embed/slides/reveal.js/dist'));
  const deck = join(free.folder, 'copy/embed/slides/index.html');
  writeFileSync(deck, readFileSync(deck, 'utf8').replace('data-reveal=""', 'data-reveal="./reveal.js/dist/"'));
  const { page, log, close } = await free.open('copy/embed/slides/index.html');
  await page.waitForSelector('.reveal.ready');
  const plays = (index, wanted) =>
    page.waitForFunction(
      async ([index, wanted]) => (await document.querySelectorAll('replicarium-lab')[index].state()).playing === wanted,
      [index, wanted],
    );
  await page.keyboard.press('ArrowRight');
  await plays(0, true);
  await page.keyboard.press('ArrowRight');
  await plays(1, true);
  await plays(0, false);
  await page.keyboard.press('ArrowLeft');
  await plays(0, true);
  log.assertClean();
  await close();
  await free.close();
});

test('without reveal.js the slides are read, one below the other', async () => {
  const { page, log, close } = await host.open('site/embed/slides/index.html');
  assert.equal(await labs(page).count(), 3);
  await labs(page).nth(2).scrollIntoViewIfNeeded();
  assert.equal(await labs(page).nth(2).locator('button').isVisible(), true);
  assert.doesNotMatch(await page.innerText('body'), /arrow keys/i, 'nothing is promised that is not there');
  log.assertClean();
  await close();
});

test('the cells of the notebook run, and show the worst of their runs', async () => {
  const { page, log, close } = await host.open('site/embed/notebook/index.html');
  const cells = page.locator('.cell');
  await cells.nth(3).waitFor();
  const said = [];
  for (let index = 0; index < (await cells.count()); index++) {
    await cells.nth(index).locator('button').click();
    await page.waitForFunction((index) => /done|failed/.test(document.querySelectorAll('.cell')[index].dataset.state), index);
    said.push(await cells.nth(index).locator('output').innerText());
  }
  // What the native program says of the same runs.
  const semi = preset('async-leader-crash');
  semi.cluster.knobs = { ...semi.cluster.knobs, acknowledge: { mode: 'semi-sync' } };
  const [asynchronous, confirmed] = ['async-leader-crash', linkTo(semi)].map((run) => JSON.parse(replicarium('run', run, '--json')));
  assert.ok(asynchronous.writes.lost > 0 && confirmed.writes.lost === 0);
  assert.equal(said[0], `${asynchronous.writes.lost} of ${asynchronous.writes.acknowledged} acknowledged writes are lost`);
  assert.equal(said[1].split('\n').length, 8);
  assert.equal(said[2], `0 lost; half of the writes take ${confirmed.latency_ms.write.p50} ms or more`);
  const worst = /^seed (\d+): .* are lost/.exec(said[3]);
  assert.ok(worst, said[3]);
  assert.equal((await call(page, 'worst', 'state')).seed, Number(worst[1]));
  // Of the frame, as on the full page (access.test.mjs).
  await assertAccessible(page, { except: ['label-content-name-mismatch'] });
  log.assertClean();
  await close();
});
