// What is published opens with a light part of the program; the whole arrives while the reader watches and takes over,
// and what a reader does before that is done as soon as it has.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { LIMIT, Reader } from './harness/reader.mjs';
import { startBench } from './harness/browser.mjs';

const WHOLE = '**/replicarium_whole.wasm';

let bench;
before(async () => {
  bench = await startBench({ base: '/a/b/' });
});
after(() => bench.close());

/**
 * Opens the page with the whole program held back until `send` is called; `asked` counts who asked for it.
 * A page that started again to have it is not kept waiting.
 */
async function openLight(options = {}) {
  const waiting = [];
  const held = { asked: 0, send: () => waiting.splice(0).forEach((route) => route.continue()) };
  const prepare = (page) =>
    page.route(WHOLE, (route) => {
      held.asked += 1;
      if (new URL(page.url()).searchParams.has('whole')) route.continue();
      else waiting.push(route);
    });
  const reader = await Reader.open(bench, { ready: 'light', prepare, ...options });
  return { reader, held };
}

for (const [name, options] of [
  ['wide', {}],
  ['on a phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: 'dark' }],
]) {
  test(`the opening story plays to its end before the whole program has arrived, ${name}`, async () => {
    const { reader, held } = await openLight(options);
    const { page } = reader;
    await page.waitForSelector('.pace[data-playing=false]', { timeout: LIMIT, state: 'attached' });
    // A machine that is busy enough may show a moment that no build has seen: then the page has started again with the
    // whole, and the reader has still been told the story.
    assert.ok((await reader.tally('lost')) > 0);
    held.send();
    await page.waitForSelector('html[data-whole=here]', { state: 'attached' });
    await page.waitForSelector('#verdicts li');
    await reader.leave();
  });
}

test('what a reader does before the whole has arrived is done when it has', async () => {
  const { reader, held } = await openLight();
  const { page } = reader;
  await reader.button('Pause').click();
  await page.waitForFunction(() => document.documentElement.dataset.whole === undefined);
  assert.equal(await reader.isPlaying(), 1, 'nothing is done yet');
  assert.equal(held.asked, 1);
  held.send();
  await page.waitForSelector('.pace[data-playing=false]');
  await page.keyboard.press('?');
  await page.waitForSelector('[role=dialog]');
  await reader.leave();
});

test('a key that is pressed before the whole has arrived is done when it has', async () => {
  const { reader, held } = await openLight();
  await reader.page.keyboard.press('Space');
  held.send();
  await reader.page.waitForSelector('.pace[data-playing=false]');
  await reader.leave();
});

test('a page that is opened by a link waits for the whole program', async () => {
  const { page, log, close } = await bench.open({ hash: '#split-brain-fenced', ready: 'light' });
  assert.equal(await page.getAttribute('html', 'data-whole'), 'here');
  log.assertClean();
  await close();
});

test('a light part that finds out that it needs the whole gives way to it', async () => {
  const { reader, held } = await openLight();
  const { page, close } = reader;
  // It is on its way already: then the page waits for it before it starts again.
  while (held.asked === 0) await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
  // Not by anything that a reader can do: those wait.
  await page.evaluate(async (module) => {
    const program = await import(module);
    setTimeout(() => program.digests());
  }, `${bench.server.url}replicarium.js`);
  await page.waitForSelector('html[data-whole=missed]', { state: 'attached' });
  held.send();
  await page.waitForURL(/\?whole/);
  await page.waitForSelector('html[data-whole=here]', { state: 'attached' });
  await page.waitForSelector('[data-node=n1]');
  await close();
});

test('when the whole cannot be had, the reader is told once something needs it', async () => {
  const prepare = (page) => page.route(WHOLE, (route) => route.abort());
  const { page, close } = await bench.open({ ready: 'light', prepare });
  await page.waitForSelector('[data-node=n1]');
  await page.locator('.pace button[aria-label="Pause"]').click();
  await page.waitForSelector('html[data-state=failed]', { state: 'attached' });
  assert.match(await page.locator('h1').innerText(), /could not start/);
  await close();
});
