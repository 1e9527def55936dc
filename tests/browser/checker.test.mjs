// Where an answer fits no order, the operations around it are drawn as bars, each of which can be looked at.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench } from './harness/browser.mjs';
import { Reader } from './harness/reader.mjs';

let bench;
before(async () => {
  bench = await startBench();
});
after(() => bench.close());

test('the answer that fits no order is marked among the operations on its key, with the faults', async () => {
  const reader = await Reader.open(bench, { hash: '#leaderless-quorum-not-linearizable' });
  const { page } = reader;
  await reader.pause();
  await reader.scrub(6_000);
  const bars = page.locator('#verdicts .bars');
  await bars.waitFor();
  assert.equal(await bars.locator('.bar[data-part=bad]').count(), 1);
  assert.match(await bars.locator('.fault title').first().textContent(), /not heard by n2 and n3/);

  const bad = bars.locator('.bar[data-part=bad]');
  assert.match(await bad.getAttribute('aria-label'), /^c\d was told k0 .*fits no order/);
  await bad.click();
  await page.locator('#inspector', { hasText: /read k0/i }).waitFor();
  await reader.leave();
});

test('the bars are walked with the arrow keys', async () => {
  const reader = await Reader.open(bench, { hash: '#leaderless-quorum-not-linearizable' });
  const { page } = reader;
  await reader.pause();
  await reader.scrub(6_000);
  const first = page.locator('#verdicts .bar[tabindex="0"]');
  await first.focus();
  const name = () => page.evaluate(() => document.activeElement.getAttribute('aria-label'));
  const before = await name();
  await page.keyboard.press('ArrowRight');
  const after = await name();
  assert.notEqual(after, before);
  await page.keyboard.press('Enter');
  const key = after.match(/k\d+/)[0];
  await page.locator('#inspector', { hasText: key }).waitFor();
  await reader.leave();
});
