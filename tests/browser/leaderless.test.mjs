// A leaderless cluster by clicking: a replica is cut off and misses writes, a read finds it behind and mends it;
// hash trees light up where two nodes differ; the ring of keys is drawn where not every node holds every key.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench } from './harness/browser.mjs';
import { linkTo, preset } from './harness/links.mjs';
import { LIMIT, Reader } from './harness/reader.mjs';

let bench;
before(async () => {
  bench = await startBench();
});
after(() => bench.close());

/** A reader in front of a scenario kept ready, changed a little. */
async function opened(name, change = (document) => document) {
  return Reader.open(bench, { hash: linkTo(change(preset(name))) });
}

/** The newest version that a node shows. */
async function newest(reader, node) {
  const cells = reader.page.locator(`[data-node=${node}] .cell`);
  return Number(await cells.last().getAttribute('data-position'));
}

test('a replica that is cut off misses writes, and reads mend it', async () => {
  const reader = await opened('leaderless-read-repair', (document) => ({ ...document, script: [] }));
  await reader.scrub(4_000);
  await reader.openMenu('n3');
  await reader.page.getByRole('menuitem', { name: /Cut it off/ }).click();
  await reader.scrub(8_500);
  assert.ok((await newest(reader, 'n3')) < (await newest(reader, 'n1')), 'n3 missed nothing');
  await reader.openMenu('n3');
  await reader.page.getByRole('menuitem', { name: /Mend all links/ }).click();
  await reader.scrub(16_000);
  assert.equal(await newest(reader, 'n3'), await newest(reader, 'n1'));
  const told = await reader.page.locator('[data-testid=sentence] h1').innerText();
  assert.match(told, /acknowledged writes count/);
  await reader.leave();
});

test('the ranges that differ light up in the hash tree', async () => {
  const reader = await opened('leaderless-anti-entropy');
  await reader.page.waitForSelector('.hash-tree rect[data-differs=true]', { timeout: LIMIT });
  await reader.pause();
  const title = await reader.page.locator('.hash-tree:has(rect[data-differs=true]) title').first().textContent();
  assert.match(title, /hash tree with n\d: .*differ/);
  await reader.leave();
});

test('the ring of keys is drawn where a key is on three of five nodes', async () => {
  const reader = await opened('leaderless-sloppy-quorum-hints');
  const ring = reader.page.locator('.key-ring');
  assert.match(await ring.getAttribute('aria-label'), /next 3 nodes/);
  assert.equal(await ring.locator('.arc').count(), 10);
  await reader.leave();
});
