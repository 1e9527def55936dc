// What is published opens with the first part of a light program; its rest arrives while the reader watches, and what a
// reader does before that is done as soon as it has. Links and the other protocols take the whole program.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { LIMIT, Reader } from './harness/reader.mjs';
import { startBench } from './harness/browser.mjs';

const REST = '**/replicarium_rest.wasm';

let bench;
before(async () => {
  bench = await startBench({ base: '/a/b/' });
});
after(() => bench.close());

/** Opens the page with its second part held back until `send` is called; `asked` counts who asked for it. */
async function openWithout(options = {}) {
  const waiting = [];
  const held = { asked: 0, send: () => waiting.splice(0).forEach((route) => route.continue()) };
  const prepare = (page) =>
    page.route(REST, (route) => {
      held.asked += 1;
      waiting.push(route);
    });
  const reader = await Reader.open(bench, { ready: 'first', prepare, ...options });
  return { reader, held };
}

for (const [name, options] of [
  ['wide', {}],
  ['on a phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: 'dark' }],
]) {
  test(`the opening story plays to its end with the first part alone, ${name}`, async () => {
    const { reader, held } = await openWithout(options);
    const { page } = reader;
    await page.waitForSelector('.pace[data-playing=false]', { timeout: LIMIT, state: 'attached' });
    assert.ok((await reader.tally('lost')) > 0);
    assert.equal(new URL(page.url()).search, '', 'it did not start again');
    held.send();
    await page.waitForSelector('html[data-rest=here]', { state: 'attached' });
    await page.waitForSelector('#verdicts li');
    await reader.leave();
  });
}

test('what a reader does before the rest has arrived is done when it has', async () => {
  const { reader, held } = await openWithout();
  const { page } = reader;
  await reader.button('Pause').click();
  await page.waitForFunction(() => document.documentElement.dataset.rest === undefined);
  assert.equal(await reader.isPlaying(), 1, 'nothing is done yet');
  assert.equal(held.asked, 1);
  held.send();
  await page.waitForSelector('.pace[data-playing=false]');
  await page.keyboard.press('?');
  await page.waitForSelector('[role=dialog]');
  await reader.leave();
});

test('a key that is pressed before the rest has arrived is done when it has', async () => {
  const { reader, held } = await openWithout();
  await reader.page.keyboard.press('Space');
  held.send();
  await reader.page.waitForSelector('.pace[data-playing=false]');
  await reader.leave();
});

test('a page that is opened by a link takes the whole program', async () => {
  const { page, log, close } = await bench.open({ hash: '#split-brain-fenced', ready: 'first' });
  assert.equal(await page.getAttribute('html', 'data-rest'), 'here');
  assert.deepEqual(log.requests.filter((url) => /replicarium(_bg|_rest)?\.(js|wasm)$/.test(url)), []);
  log.assertClean();
  await close();
});

test("choosing another protocol's scenario brings the whole program, and plays it", async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await page.selectOption('#scenario', 'chain-head-crash');
  await page.waitForURL(/\?all#chain-head-crash$/);
  await page.waitForSelector('html[data-state=running]', { state: 'attached' });
  await page.waitForSelector('[data-node=n4]');
  assert.equal(await page.inputValue('#scenario'), 'chain-head-crash');
  await reader.leave();
});

test('a program that finds out too early that it needs its rest gives way to the whole one', async () => {
  const { reader } = await openWithout();
  const { page, close } = reader;
  // Not by anything that a reader can do: those wait. The same kind of error as a call into what is not there.
  await page.evaluate(() => {
    setTimeout(() => {
      throw new WebAssembly.RuntimeError('indirect call to null');
    });
  });
  await page.waitForURL(/\?all/);
  await page.waitForSelector('html[data-rest=here]', { state: 'attached' });
  await page.waitForSelector('[data-node=n1]');
  await close();
});

test('when the rest cannot be had, the reader is told once something needs it', async () => {
  const prepare = (page) => page.route(REST, (route) => route.abort());
  const { page, close } = await bench.open({ ready: 'first', prepare });
  await page.waitForSelector('[data-node=n1]');
  await page.locator('.pace button[aria-label="Pause"]').click();
  await page.waitForSelector('html[data-state=failed]', { state: 'attached' });
  assert.match(await page.locator('h1').innerText(), /could not start/);
  await close();
});
