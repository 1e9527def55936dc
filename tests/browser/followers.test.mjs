// What followers can get wrong, by clicking: data files copied page by page whose total no longer holds, next to a
// snapshot that gets it right; and reads from followers whose anomalies are named.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench } from './harness/browser.mjs';
import { linkTo, preset } from './harness/links.mjs';
import { Reader } from './harness/reader.mjs';

let bench;
before(async () => {
  bench = await startBench();
});
after(() => bench.close());

/** Without the scripted addition, so that the reader adds the follower. */
function transfers(name) {
  const document = preset(name);
  document.script = [];
  return linkTo(document);
}

const ADDED = 6_000;

async function addFollower(name) {
  const reader = await Reader.open(bench, { hash: transfers(name) });
  await reader.pause();
  await reader.scrub(ADDED);
  await reader.page.getByRole('button', { name: 'Add a follower' }).click();
  await reader.page.waitForSelector('[data-node=n3]');
  await reader.pause();
  return reader;
}

test('copying data files: each page says of which moment it is, and the total is wrong', async () => {
  const reader = await addFollower('copy-files-wrong');
  const { page } = reader;
  await reader.scrub(9_000);
  await reader.sees('n3', 'catching-up');
  assert.ok((await page.locator('[data-node=n3] [data-page]').count()) > 1);
  await reader.scrub(16_000);
  await reader.sees('n3', 'follower');
  const pages = await page.locator('[data-node=n3] [data-page]').evaluateAll((all) => all.map((one) => one.dataset.page));
  assert.equal(pages.length, 8);
  for (const label of pages) assert.match(label, /^p\d @ [\d,]+$/);
  const moments = pages.map((label) => Number(label.split('@ ')[1].replaceAll(',', '')));
  assert.ok(moments[7] > moments[0], 'the pages are of different moments');
  const card = await page.getAttribute('[data-node=n3]', 'aria-label');
  assert.match(card, /total [\d,]+, not [\d,]+/);
  assert.match(card, /page p1 @/);
  assert.match(await page.locator('[data-testid=sentence] h1').innerText(), /n3 add up to .* instead of/);
  assert.equal(await page.locator('#verdicts li[data-verdict=broken]', { hasText: 'total' }).count(), 1);
  await reader.leave();
});

test('the same seed with a snapshot: every account adds up', async () => {
  const reader = await addFollower('copy-snapshot-right');
  const { page } = reader;
  await reader.scrub(16_000);
  await reader.sees('n3', 'follower');
  assert.doesNotMatch(await page.getAttribute('[data-node=n3]', 'aria-label'), /, not /);
  assert.equal(await page.locator('#verdicts li[data-verdict=holds]', { hasText: 'total' }).count(), 1);
  await reader.leave();
});

test('a client that misses its own write says so, and finds it once it reads from the leader', async () => {
  const reader = await Reader.open(bench, { hash: '#follower-reads-own-writes' });
  const { page } = reader;
  await reader.pause();
  await reader.scrub(8_000);
  const own = page.locator('#verdicts li', { hasText: 'their own writes' });
  assert.equal(await own.getAttribute('data-verdict'), 'broken');
  const lines = await reader.lines();
  assert.ok(lines.some((line) => /misses its own/.test(line)), lines.join('\n'));

  await page.click('#knobs summary');
  await page.check('#knob-clients-0-session-own_writes_from_leader');
  await page.click('#replay');
  await reader.begun();
  await reader.scrub(8_000);
  assert.equal(await own.getAttribute('data-verdict'), 'holds');
  await reader.leave();
});
