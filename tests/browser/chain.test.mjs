// A chain broken by clicking at its head, in its middle and at its tail, and repaired each time: nothing that
// was acknowledged is lost, and whoever comes back is put at the end.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench } from './harness/browser.mjs';
import { linkTo, preset } from './harness/links.mjs';
import { Reader } from './harness/reader.mjs';

let bench;
before(async () => {
  bench = await startBench({ base: '/a/b/' });
});
after(() => bench.close());

/** A chain that nothing happens to but what the reader does, standing still at three seconds. */
async function openChain() {
  const undisturbed = { ...preset('chain-head-crash'), script: [] };
  const reader = await Reader.open(bench, { hash: linkTo(undisturbed) });
  await reader.scrub(3_000);
  await reader.sees('n1', 'leader');
  await reader.sees('n2', 'follower');
  await reader.sees('n3', 'tail');
  await reader.sees('n4', 'service');
  return reader;
}

/** Steps to a moment at which a write is on its way between two nodes. */
const untilOnItsWay = (reader) =>
  reader.stepUntil(async () => (await reader.page.locator('#chips .chip[data-look=write]').count()) > 1);

/** The way of the records goes from each node to the next. */
const passes = (reader, way) => reader.page.waitForSelector(`[data-way="${way}"][data-next=true]`);

async function nothingIsLost(reader) {
  assert.equal(await reader.tally('lost'), 0);
  assert.equal(await reader.page.locator('#verdicts li[data-verdict=broken]').count(), 0);
}

async function comesBackAsTheTail(reader, name) {
  await reader.pause();
  await reader.openMenu(name);
  await reader.choose(/^Restart/);
  await reader.play();
  await reader.sees(name, 'tail');
  await reader.pause();
  await nothingIsLost(reader);
}

test('the red action powers off the head: its successor takes over, and no write is lost', async () => {
  const reader = await openChain();
  const { page } = reader;
  assert.equal(await page.locator('#deed').innerText(), 'Power off the head');
  await untilOnItsWay(reader);
  await page.click('#deed');
  await reader.sees('n1', 'powered-off');
  await reader.pause();
  assert.match(await page.locator('#deed').innerText(), /Restart n1/);
  await reader.play();
  await reader.sees('n2', 'leader');
  await passes(reader, '1-2');
  await nothingIsLost(reader);
  assert.ok((await reader.lines()).some((line) => line.includes('n2 is the head of the chain')));
  await comesBackAsTheTail(reader, 'n1');
  await passes(reader, '2-0');
  await reader.leave();
});

test('a middle node loses power: its neighbours join hands, and what it held is sent again', async () => {
  const reader = await openChain();
  await untilOnItsWay(reader);
  await reader.openMenu('n2');
  await reader.choose(/Cut its power/);
  await reader.sees('n2', 'powered-off');
  await reader.play();
  await passes(reader, '0-2');
  await reader.sees('n1', 'leader');
  await reader.sees('n3', 'tail');
  await nothingIsLost(reader);
  await comesBackAsTheTail(reader, 'n2');
  await passes(reader, '2-1');
  await reader.leave();
});

test('the tail loses power: the node before it is the tail and answers', async () => {
  const reader = await openChain();
  await untilOnItsWay(reader);
  await reader.openMenu('n3');
  await reader.choose(/Cut its power/);
  await reader.sees('n3', 'powered-off');
  await reader.play();
  await reader.sees('n2', 'tail');
  await nothingIsLost(reader);
  await comesBackAsTheTail(reader, 'n3');
  await reader.leave();
});

test('every machine of a chain can be opened, and the inspector says where it stands', async () => {
  const reader = await openChain();
  const { page } = reader;
  for (const [name, word] of [['n1', 'head'], ['n2', 'middle'], ['n3', 'tail'], ['n4', 'service']]) {
    await reader.openMenu(name);
    await page.keyboard.press('Escape');
    assert.equal(await page.getAttribute(`[data-node=${name}]`, 'data-role'), word);
    assert.match(await page.locator('#inspector').innerText(), /n1 → n2 → n3/);
  }
  await reader.leave();
});

test('a node that is added is fed and becomes the tail', async () => {
  const reader = await openChain();
  const { page } = reader;
  await page.click('[data-testid=add-follower]');
  await reader.play();
  await reader.sees('n5', 'tail');
  await reader.sees('n3', 'follower');
  await passes(reader, '2-4');
  await nothingIsLost(reader);
  await reader.leave();
});

test('the page offers what the papers compare, in one large choice', async () => {
  const reader = await openChain();
  const words = await reader.page.locator('#modes').innerText();
  for (const word of ['Chain', 'CRAQ', 'Primary/backup', 'Weak']) assert.ok(words.includes(word), `${word} in ${words}`);
  await reader.leave();
});
