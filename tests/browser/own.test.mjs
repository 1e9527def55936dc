// A run becomes the reader's own: with the first act the scenario's script is left out, the run goes on after its end, the
// address keeps all of it, and Space plays whatever was clicked last.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench } from './harness/browser.mjs';
import { replicarium } from './harness/native.mjs';
import { LIMIT, Reader } from './harness/reader.mjs';

let bench;
before(async () => {
  bench = await startBench({ base: '/a/b/' });
});
after(() => bench.close());

/** What stands behind the hash of the address. */
const hash = (page) => new URL(page.url()).hash.slice(1);

/** Waits until a scenario is chosen and its run has begun. */
const chosen = (page, name) =>
  page.waitForFunction((name) => document.getElementById('scenario').value === name, name, { timeout: LIMIT });

/** Crashes n3, by the pointer. */
async function crash(reader) {
  await reader.openMenu('n3');
  await reader.choose(/Crash the process/);
  await reader.sees('n3', 'crashed');
  await reader.pause();
}

test("the first own act leaves out what the scenario's script would still do, and offers to keep it", async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  const leftOut = page.locator('[data-testid=left-out]');
  await reader.scrub(3_000);
  assert.equal(await leftOut.count(), 0, 'nothing is left out before somebody acts');
  await crash(reader);
  assert.match(await leftOut.innerText(), /cut the power of the leader at 10\.000 s/);
  await reader.scrub(12_500);
  await reader.sees('n1', 'leader');
  assert.equal(await page.locator('[data-down=true]').count(), 1, 'nothing else went down');
  const state = await reader.state();

  // The link carries it: in another page, and on the command line.
  await page.click('#share');
  const link = await page.locator('#link').innerText();
  const digest = await page.locator('#digest').innerText();
  const until = String(await reader.now());
  assert.equal(JSON.parse(replicarium('run', link, '--until', until, '--json')).digest, digest);
  const other = await Reader.open(bench, { hash: new URL(link).hash });
  assert.equal(await other.state(), state);
  assert.match(await other.page.locator('[data-testid=left-out]').innerText(), /cut the power of the leader at 10\.000 s/);
  await other.leave();
  await page.keyboard.press('Escape');

  // Kept, it happens beside what the reader did.
  await page.click('#keep-script');
  await leftOut.waitFor({ state: 'detached' });
  await reader.pause();
  await reader.scrub(12_500);
  await reader.sees('n1', 'powered-off');
  await reader.sees('n3', 'crashed');
  await reader.leave();
});

test('a run that has ended goes on, when somebody asks for it and when somebody acts', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  const goOn = page.locator('#go-on');
  assert.equal(await goOn.count(), 0);
  const first = await reader.until();
  await reader.scrub(first);
  await goOn.click();
  await page.waitForFunction((end) => document.getElementById('scrubber').ariaValueNow > end, first);
  const second = await reader.until();
  assert.ok(second > first, `${second}`);
  await reader.pause();
  assert.equal(await goOn.count(), 0, 'it has not ended any more');
  await reader.scrub(second);
  await goOn.waitFor();
  const leader = await page.getAttribute('[data-look=leader]', 'data-node');
  await page.click('#deed');
  await reader.sees(leader, 'powered-off');
  await page.waitForSelector(`[data-look=leader]:not([data-node=${leader}])`);
  assert.ok((await reader.now()) > second && (await reader.until()) > second);
  await reader.leave();
});

test('the address follows: choosing is a step in the history, and Back leads to the run before', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  const opening = await page.inputValue('#scenario');
  assert.equal(hash(page), '', 'nothing is added to an address before somebody does something');
  await page.selectOption('#scenario', 'chain-head-crash');
  await chosen(page, 'chain-head-crash');
  assert.equal(hash(page), 'chain-head-crash');
  await page.selectOption('#scenario', 'multi-leader-conflict');
  await chosen(page, 'multi-leader-conflict');
  assert.equal(hash(page), 'multi-leader-conflict');
  await page.goBack();
  await chosen(page, 'chain-head-crash');
  assert.equal(hash(page), 'chain-head-crash');
  await page.goBack();
  await chosen(page, opening);
  assert.equal(hash(page), '');
  await page.goForward();
  await chosen(page, 'chain-head-crash');
  assert.equal(await page.locator('.problems').count(), 0);
  await reader.leave();
});

test('the address keeps what was done: loading the page again, and Back from another run, lose nothing', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await page.fill('#seed', '4711');
  await page.press('#seed', 'Enter');
  await reader.begun();
  assert.equal(hash(page), 'scenario=async-leader-crash&seed=4711');
  await reader.scrub(3_000);
  await crash(reader);
  await reader.scrub(8_000);
  const state = await reader.state();
  const kept = hash(page);
  assert.match(kept, /^v1\./);
  const again = async () => {
    assert.equal(hash(page), kept);
    assert.equal(await page.inputValue('#seed'), '4711');
    await reader.pause();
    await reader.scrub(8_000);
    assert.equal(await reader.state(), state);
  };
  await page.reload();
  await page.waitForSelector('html[data-state=running]', { state: 'attached' });
  await page.waitForSelector('[data-testid=sentence]');
  await again();
  await page.selectOption('#scenario', 'chain-head-crash');
  await chosen(page, 'chain-head-crash');
  await page.goBack();
  await chosen(page, 'async-leader-crash');
  await again();
  reader.log.assertClean({ left: true });
  await reader.close();
});

test('whatever a pointer clicked last, Space plays and pauses', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  const plays = (is) => page.waitForSelector(`.pace[data-playing=${is}]`);
  const space = async () => {
    const was = Boolean(await reader.isPlaying());
    await page.keyboard.press('Space');
    await plays(!was);
  };
  await reader.scrub(3_000);
  await space();
  await space();
  await page.click('#deed');
  await reader.sees('n1', 'powered-off');
  await plays(true);
  await space();
  assert.equal(await page.getAttribute('[data-node=n1]', 'data-look'), 'powered-off', 'the button was not pressed again');
  await crash(reader);
  await space();
  await space();
  assert.equal(await page.locator('[data-testid=menu]').count(), 0, 'no menu was opened again');
  await page.locator('#pace').click();
  await space();
  await page.selectOption('#scenario', 'chain-head-crash');
  await chosen(page, 'chain-head-crash');
  await plays(true);
  await space();
  assert.equal(await page.inputValue('#scenario'), 'chain-head-crash');
  await reader.leave();
});
