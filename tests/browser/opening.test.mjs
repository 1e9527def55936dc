// The opening picture: it is what the program shows first, it paints without the program, at the same place and in both
// themes, and makes room for it without moving anything.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { startBench } from './harness/browser.mjs';
import { opening } from './opening.mjs';

const FILE = new URL('../../www/opening.html', import.meta.url);
const LAPTOP = { viewport: { width: 1366, height: 768 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
/** What a reader's eye rests on, in either form of the page. */
const PLACES = ['.header', '.sentence', '.sentence h1', '.modes', '#stage', '.stage-actions', '.ledger', '.timeline'];

let bench;
before(async () => {
  bench = await startBench();
});
after(() => bench.close());

test('the picture is what the program shows first', async () => {
  const now = await opening(bench);
  if (process.env.UPDATE) writeFileSync(FILE, now);
  assert.equal(readFileSync(FILE, 'utf8'), now, 'UPDATE=1 node --test tests/browser/opening.test.mjs, then build the page again');
});

/** Opens the page with the program held back until `go` is called. */
async function held(options) {
  let go;
  const allowed = new Promise((resolve) => (go = resolve));
  const prepare = (page) => page.route('**/*.wasm', async (route) => (await allowed, route.continue()));
  const opened = await bench.open({ ready: false, prepare, ...options });
  return { ...opened, go };
}

const placesOf = (page) =>
  page.evaluate(
    (places) =>
      places.map((selector) => {
        const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
        return [selector, x, y, width, height].join(' ');
      }),
    PLACES,
  );

test('the program takes its place, and nothing moves', async () => {
  for (const screen of [LAPTOP, PHONE, { viewport: { width: 700, height: 900 } }]) {
    const { page, log, go, close } = await held({ reducedMotion: 'reduce', ...screen });
    await page.waitForSelector('.opening #stage');
    await page.evaluate(() => {
      window.moved = 0;
      const watch = (list) => list.getEntries().forEach((entry) => (window.moved += entry.value));
      new PerformanceObserver(watch).observe({ type: 'layout-shift', buffered: true });
    });
    const before = await placesOf(page);
    go();
    await page.waitForSelector('html[data-state="running"]', { state: 'attached' });
    assert.equal(await page.locator('.opening').count(), 0);
    assert.deepEqual(await placesOf(page), before);
    await page.waitForTimeout(300);
    assert.ok((await page.evaluate(() => window.moved)) <= 0.001, 'nothing moved');
    log.assertClean();
    await close();
  }
});

test('it is drawn in both themes, of what is to be pressed nothing can be, and it reads without JavaScript', async () => {
  const ground = (page) => page.locator('.opening .box').first().evaluate((box) => getComputedStyle(box).fill);
  const grounds = [];
  for (const colorScheme of ['light', 'dark']) {
    const { page, go, close } = await held({ colorScheme });
    grounds.push(await ground(page));
    assert.equal(await page.locator('.opening svg.wide').isVisible(), true);
    assert.equal(await page.locator('.opening svg.narrow').isVisible(), false);
    await page.keyboard.press('Tab');
    assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), 'BUTTON');
    go();
    await close();
  }
  assert.notEqual(grounds[0], grounds[1]);
  const { page, close } = await bench.open({ ready: false, javaScriptEnabled: false, ...PHONE });
  assert.match(await page.locator('.opening h1').innerText(), /written/);
  assert.equal(await page.locator('.opening svg.narrow').isVisible(), true);
  assert.equal(await page.locator('.opening .deed').isVisible(), false);
  await close();
});

test('a link to another run shows no picture of this one, and neither does a frame', async () => {
  for (const where of [{ hash: '#sync-leader-crash' }, { path: '?embed' }]) {
    const { page, go, close } = await held(where);
    await page.waitForLoadState('domcontentloaded');
    assert.equal(await page.locator('.opening h1').isVisible(), false);
    go();
    await page.waitForSelector('html[data-state="running"]', { state: 'attached' });
    await close();
  }
});
