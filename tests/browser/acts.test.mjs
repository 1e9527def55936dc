// What a reader can do beside the great story: messages, links and nodes meddled with by clicking, another
// seed, every built-in scenario, a knob turned, and a link that leads somebody else to the same run.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench } from './harness/browser.mjs';
import { NAMES } from './harness/links.mjs';
import { Reader } from './harness/reader.mjs';

let bench;
before(async () => {
  bench = await startBench({ base: '/a/b/' });
});
after(() => bench.close());

/** Stands still where log records are on their way to followers, and opens the first of them. */
async function openMessage(reader) {
  const shipped = reader.page.locator('#chips .chip[data-look=write][aria-label*="from n1"]');
  await reader.scrub(5_000);
  await reader.stepUntil(async () => (await shipped.count()) > 0);
  const id = await shipped.first().getAttribute('data-chip');
  // Marks may lie on each other: the click goes to this one.
  await reader.page.locator(`[data-chip="${id}"] .aim`).dispatchEvent('click');
  await reader.menu();
  return id;
}

// A message is a few dozen milliseconds on its way: a tenth of a second later it has arrived.
const ACTS = [
  { name: 'Drop it', left: 0 },
  { name: 'Delay it', left: 1 },
  { name: 'Double it', left: 0 },
  { name: 'Deliver it now', left: 0 },
];

for (const { name, left } of ACTS) {
  test(`a message in flight is opened: ${name}`, async () => {
    const reader = await Reader.open(bench);
    const id = await openMessage(reader);
    assert.ok(!(await reader.isPlaying()), 'time stands still while a message is looked at');
    assert.match(await reader.page.locator('#inspector h3').innerText(), /n1/);
    await reader.choose(name);
    await reader.pause();
    await reader.scrub(5_250);
    assert.equal(await reader.page.locator(`[data-chip="${id}"]`).count(), left);
    await reader.leave();
  });
}

test('a link is cut both ways, mended, cut one way by its line, and mended', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await reader.scrub(3_000);
  const knob = page.locator('[data-link="0-1"]');
  const cut = (is) => page.waitForSelector(`[data-link="0-1"][data-cut=${is}]`);
  await knob.locator('.aim').dispatchEvent('click');
  await reader.choose(/Cut both ways/);
  await cut(true);
  await reader.pause();
  await knob.locator('.aim').dispatchEvent('click');
  await reader.choose(/Mend the link/);
  await cut(false);
  await reader.pause();
  await page.locator('[data-way="0-1"] .grip').dispatchEvent('click');
  await page.waitForSelector('[data-way="0-1"][data-cut=true]');
  assert.equal(await page.getAttribute('[data-way="1-0"]', 'data-cut'), 'false');
  await page.locator('[data-way="0-1"] .grip').dispatchEvent('click');
  await page.waitForSelector('[data-way="0-1"][data-cut=false]');
  await reader.leave();
});

test('a busy link is taken hold of where its knob is, whatever flies over it', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await reader.scrub(9_900);
  await reader.stepUntil(() => page.evaluate(() => {
    const { x, y, width, height } = document.querySelector('[data-link="0-1"] .knob').getBoundingClientRect();
    const over = ({ left, right, top, bottom }) => left < x + width / 2 && right > x + width / 2 && top < y + height / 2 && bottom > y + height / 2;
    return [...document.querySelectorAll('#chips .chip .aim')].some((chip) => over(chip.getBoundingClientRect()));
  }));
  await page.locator('[data-link="0-1"]').click();
  await reader.choose(/Cut both ways/);
  await page.waitForSelector('[data-link="0-1"][data-cut=true]');
  await reader.leave();
});

test('a node is paused and let go on, crashed and restarted, slowed, cut off and mended', async () => {
  const reader = await Reader.open(bench);
  await reader.scrub(3_000);
  const deeds = [
    [/^Pause/, 'paused'],
    [/Let it go on/, 'follower'],
    [/Crash the process/, 'crashed'],
    [/^Restart/, 'follower'],
    [/Slow its disk/, 'follower'],
    [/Normal disk/, 'follower'],
  ];
  for (const [name, look] of deeds) {
    await reader.openMenu('n3');
    await reader.choose(name);
    await reader.sees('n3', look);
    await reader.pause();
  }
  await reader.openMenu('n3');
  await reader.choose(/Cut it off/);
  await reader.page.waitForSelector('[data-link="0-2"][data-cut=true]');
  await reader.pause();
  await reader.openMenu('n3');
  await reader.choose(/Mend all links/);
  await reader.page.waitForSelector('[data-link="0-2"][data-cut=false]');
  await reader.leave();
});

test('a follower is promoted by hand, from its menu', async () => {
  const reader = await Reader.open(bench);
  await reader.scrub(3_000);
  await reader.openMenu('n2');
  await reader.choose(/^Promote/);
  await reader.sees('n2', 'leader');
  await reader.leave();
});

test('another seed is another run of the same story, and the first seed is the first run', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  const sow = async (seed) => {
    await page.fill('#seed', seed);
    await page.press('#seed', 'Enter');
    await reader.begun();
    await reader.scrub(6_000);
    return reader.state();
  };
  const seed = await page.inputValue('#seed');
  await reader.scrub(6_000);
  const first = await reader.state();
  assert.notEqual(await sow(String(Number(seed) + 1)), first);
  assert.equal(await sow(seed), first);
  await reader.leave();
});

test('every built-in scenario opens, plays and ends without a complaint', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  const offered = await page.locator('#scenario option').evaluateAll((all) => all.map((option) => option.value));
  assert.deepEqual([...offered].sort(), [...NAMES].sort());
  for (const name of offered) {
    await page.selectOption('#scenario', name);
    await reader.begun();
    await reader.scrub(await reader.until());
    assert.ok((await reader.tally('acknowledged')) > 0, `${name}: nothing was written`);
    assert.equal(await page.locator('.problems').count(), 0, name);
    assert.deepEqual(reader.log.complaints, [], name);
  }
  await reader.leave();
});

test('a knob offers to replay, and the replay has it', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await page.click('#knobs summary');
  const knob = page.locator('[data-knob*="timeout_ms"] input').first();
  await knob.fill('1000');
  await knob.press('Enter');
  await page.waitForSelector('[data-testid=replay]');
  await page.click('#replay');
  await page.waitForSelector('[data-testid=replay]', { state: 'detached' });
  assert.equal(await knob.inputValue(), '1000');
  await reader.leave();
});

test('a shared link leads somebody else to the same run, with all that was done in it', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await reader.scrub(4_000);
  await reader.openMenu('n2');
  await reader.choose(/Crash the process/);
  await reader.sees('n2', 'crashed');
  await reader.pause();
  await page.click('[data-testid=add-follower]');
  await page.waitForSelector('[data-node=n4]');
  await reader.pause();
  await reader.scrub(9_000);
  const state = await reader.state();
  await page.click('#share');
  const link = await page.locator('#link').innerText();
  assert.ok(link.startsWith(bench.server.url), link);
  const other = await Reader.open(bench, { hash: new URL(link).hash });
  await other.pause();
  await other.scrub(9_000);
  assert.equal(await other.state(), state);
  await other.leave();
  await reader.leave();
});

test('a link that was cut short says what is wrong, and the page goes on', async () => {
  const reader = await Reader.open(bench, { hash: '#v1.eyJmb3JtYXQi' });
  const { page } = reader;
  await page.waitForSelector('.problems[role=alert] [data-problem]');
  assert.match(await page.locator('.problems').innerText(), /damaged/);
  await page.locator('.problems button').click();
  await page.waitForSelector('.problems', { state: 'detached' });
  await reader.sees('n1', 'leader');
  await reader.leave();
});
