// Several leaders, by clicking: the reader cuts the link between two of them, mends it, and reads which write
// vanished, for which other one, and why; with siblings nothing vanishes; a leader loses power and the other goes on.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench } from './harness/browser.mjs';
import { LIMIT, Reader } from './harness/reader.mjs';

let bench;
before(async () => {
  bench = await startBench({ base: '/' });
});
after(() => bench.close());

async function open(scenario) {
  const reader = await Reader.open(bench);
  await reader.page.selectOption('#scenario', scenario);
  await reader.begun();
  return reader;
}

test('by clicking, two leaders are made to conflict, and the write that vanished is named', async () => {
  const reader = await open('multi-leader-clock-skew');
  const { page } = reader;
  await reader.sees('n1', 'leader');
  await reader.sees('n2', 'leader');
  await reader.scrub(1_000);
  const before = await page.locator('#ledger .row[data-fate=lost]').count();
  await page.locator('[data-link="0-1"] .aim').dispatchEvent('click');
  await reader.choose('Cut both ways');
  await page.waitForSelector('[data-link="0-1"][data-cut=true]');
  await reader.pause();
  await reader.scrub(8_000);
  await page.locator('[data-link="0-1"] .aim').dispatchEvent('click');
  await reader.choose(/Mend the link/);
  await page.waitForSelector('[data-link="0-1"][data-cut=false]');
  await reader.pause();
  await reader.scrub(13_500);
  const rows = page.locator('#ledger .row[data-fate=lost]');
  assert.ok((await rows.count()) > before, 'no write vanished');
  assert.match(await rows.first().innerText(), /overwritten unseen/);
  assert.match(await rows.first().locator('small').innerText(), /n2/);
  assert.match(await page.locator('[data-testid=sentence] h1').innerText(), /overwritten unseen/);
  assert.ok((await reader.lines()).some((line) => /drops k\d+ = \d+ for k\d+ = \d+/.test(line)));
  await reader.leave();
});

test('with siblings nothing vanishes: a node shows that it holds several versions', async () => {
  const reader = await open('multi-leader-siblings');
  const { page } = reader;
  await page.waitForSelector('#modes [role=radio]:nth-child(2)[aria-checked=true]');
  await reader.scrub(8_150);
  const siblings = () => /has \d+ siblings/.test(document.querySelector('#stage')?.textContent ?? '');
  await page.waitForFunction(siblings, null, { timeout: LIMIT });
  assert.equal(await reader.tally('lost'), 0);
  await reader.leave();
});

test('a leader loses power by the red button and the other goes on', async () => {
  const reader = await open('multi-leader-conflict');
  const { page } = reader;
  await reader.scrub(2_000);
  assert.equal(await page.locator('#deed').innerText(), 'Power off a leader');
  await page.click('#deed');
  await reader.sees('n2', 'powered-off');
  await reader.sees('n1', 'leader');
  await reader.leave();
});
