// The reader's story by clicking: the page opens and plays; the leader loses power, the time-out fires,
// another takes over, and the lost writes are named; time is turned back exactly, the past is changed, the
// old future stays, and a new follower is brought up.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench } from './harness/browser.mjs';
import { playOpening } from './harness/story.mjs';
import { LIMIT, Reader } from './harness/reader.mjs';

let bench;
before(async () => {
  bench = await startBench({ base: '/a/b/' });
});
after(() => bench.close());

test('the page opens playing, and shows sentence, nodes and ledger without a click', async () => {
  const reader = await Reader.open(bench);
  assert.ok(await reader.isPlaying());
  await reader.page.waitForSelector('#ledger .row[data-fate=good]');
  assert.match(await reader.page.locator('[data-testid=sentence] h1').innerText(), /writes? acknowledged/);
  assert.equal(await reader.page.locator('[data-node]').count(), 3);
  await reader.sees('n1', 'leader');
  assert.ok((await reader.tally('acknowledged')) > 0);
  await reader.leave();
});

test('the opening scenario tells the whole story by itself, to its end', () => playOpening(bench));

test('powering off the leader: time-out, promotion, and each lost write with its reason', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await reader.scrub(5_000);
  assert.equal(await page.locator('#deed').innerText(), 'Power off the leader');
  // The moment matters: something acknowledged must still be on its way.
  await reader.stepUntil(async () => (await page.locator('#chips .chip[data-look=write]').count()) > 2);
  await page.click('#deed');
  await reader.sees('n1', 'powered-off');
  await reader.pause();
  assert.match(await page.locator('#deed').innerText(), /Restart n1/);
  await reader.play();
  await page.waitForSelector('.ring[data-fired=true]');
  await page.waitForSelector('[data-look=leader]:not([data-node=n1])');
  await reader.pause();
  await reader.scrub(9_000);
  const lost = await reader.tally('lost');
  assert.ok(lost > 0, 'nothing was lost');
  const rows = page.locator('#ledger .row[data-fate=lost]');
  assert.equal(await rows.count(), Math.min(lost, 16));
  for (const why of await rows.locator('small').allInnerTexts()) assert.match(why, /n1/);
  assert.match(await page.locator('[data-testid=sentence] h1').innerText(), new RegExp(`${lost}\\b.*lost`));
  // Readers may have seen that something is gone, too: then the promise of a single copy is broken with it, and no other.
  const broken = await page.locator('#verdicts li[data-verdict=broken]').allInnerTexts();
  const [survive, ...others] = broken;
  assert.match(survive ?? '', /Acknowledged writes survive/);
  assert.ok(others.length <= 1 && others.every((verdict) => verdict.includes('single copy')), broken.join('\n'));

  // Why, in the inspector: the write, and the chain of its causes.
  await rows.first().click();
  await page.waitForSelector('#inspector h3');
  assert.match(await page.locator('#inspector').innerText(), /lost/);
  const causes = page.locator('#inspector .causes button');
  assert.ok((await causes.count()) > 0);
  await causes.last().click();
  assert.ok((await reader.now()) < 9_000);
  await reader.leave();
});

test('choosing another mode offers to replay the same seed and faults, and then nothing is lost', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  const seed = await page.inputValue('#seed');
  await reader.scrub(19_000);
  assert.ok((await reader.tally('lost')) > 0);
  await page.click('#modes [role=radio]:nth-child(2)');
  await page.waitForSelector('[data-testid=replay]');
  // To keep the run changes nothing.
  await page.getByRole('button', { name: 'Keep this run' }).click();
  await page.waitForSelector('[data-testid=replay]', { state: 'detached' });
  assert.equal(await page.getAttribute('#modes [role=radio]:nth-child(1)', 'aria-checked'), 'true');
  await page.click('#modes [role=radio]:nth-child(2)');
  await page.click('#replay');
  await page.waitForSelector('#modes [role=radio]:nth-child(2)[aria-checked=true]');
  assert.equal(await page.inputValue('#seed'), seed);
  await reader.pause();
  await reader.scrub(19_000);
  await reader.sees('n1', 'follower');
  assert.equal(await reader.tally('lost'), 0);
  assert.ok((await reader.lines()).some((line) => /n1.*power|power.*n1/i.test(line)), 'the same fault');
  await reader.leave();
});

test('time is turned back exactly', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await reader.scrub(12_500);
  await reader.button('Step to the next event').click();
  const there = await reader.state();
  await page.locator('#diagram').scrollIntoViewIfNeeded();
  const { x, y, width } = await page.locator('#diagram').boundingBox();
  await page.mouse.move(x + width / 2, y + 60);
  await page.mouse.down();
  await page.mouse.move(x + width / 4, y + 60, { steps: 4 });
  await page.mouse.up();
  assert.notEqual(await reader.state(), there);
  await reader.button('To the start').click();
  await reader.settled(0);
  await reader.scrub(12_500);
  await reader.button('Step to the next event').click();
  assert.equal(await reader.state(), there);
  const now = await reader.now();
  await reader.button('Step back').click();
  assert.ok((await reader.now()) < now);
  await reader.leave();
});

test('an act in the past begins a new future, and the old one is kept', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await reader.scrub(15_000);
  const first = await reader.state();
  assert.equal(await page.locator('[data-branch]').count(), 0);
  await reader.scrub(4_000);
  await reader.openMenu('n3');
  await reader.choose(/Cut its power/);
  await reader.sees('n3', 'powered-off');
  await reader.pause();
  assert.equal(await page.locator('[data-branch]').count(), 2);
  await reader.scrub(15_000);
  const second = await reader.state();
  assert.notEqual(second, first);
  await page.locator('[data-branch][aria-pressed=false]').click();
  await reader.scrub(15_000);
  assert.equal(await reader.state(), first);
  await page.locator('[data-branch][aria-pressed=false]').click();
  await reader.scrub(15_000);
  assert.equal(await reader.state(), second);
  await reader.leave();
});

test('a follower is added, copies a snapshot piece by piece, and is caught up', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await page.selectOption('#scenario', 'catch-up-from-snapshot');
  await reader.begun();
  await reader.scrub(5_000);
  const before = await page.locator('[data-node]').count();
  await page.click('[data-testid=add-follower]');
  await reader.pause();
  const added = `n${before + 1}`;
  await page.waitForSelector(`[data-node=${added}]`);
  await reader.play();
  const bar = page.locator(`[data-node=${added}] .fill`);
  await bar.waitFor();
  const done = Number(await bar.getAttribute('data-snapshot'));
  const grown = ([name, from]) =>
    Number(document.querySelector(`[data-node=${name}] .fill`)?.dataset.snapshot ?? Infinity) > from;
  await page.waitForFunction(grown, [added, done], { timeout: LIMIT });
  await bar.waitFor({ state: 'detached' });
  await reader.sees(added, 'follower');
  const told = (name) =>
    [...document.querySelectorAll('#log .lines button')].some((line) =>
      line.textContent.includes(`${name} has caught up`) || line.textContent.includes(`${name} is caught up`),
    );
  await page.waitForFunction(told, added);
  await reader.leave();
});
