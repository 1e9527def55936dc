// The reader's story by keyboard alone: every action has a way for keys, the focus is never lost, and it is
// always to be seen.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench } from './harness/browser.mjs';
import { Reader } from './harness/reader.mjs';

let bench;
before(async () => {
  bench = await startBench({ base: '/a/b/' });
});
after(() => bench.close());

/** What has the focus, for messages and comparisons. */
function focused(page) {
  return page.evaluate(() => {
    const it = document.activeElement;
    return it?.dataset?.node ?? it?.id ?? it?.tagName;
  });
}

/** Fails if the focus fell back to the whole document. */
async function assertFocused(page, after) {
  const lost = await page.evaluate(() => document.activeElement === document.body);
  assert.ok(!lost, `the focus is lost after ${after}`);
}

/** Whether the focused thing, or what is drawn for it, shows that it has the focus. */
function showsFocus(page) {
  return page.evaluate(() => {
    const it = document.activeElement;
    const drawn = (element) => {
      const style = getComputedStyle(element);
      const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
      const stroked = element.matches('.halo') && style.stroke !== 'none';
      return outlined || stroked;
    };
    return drawn(it) || [...it.querySelectorAll('*')].some(drawn);
  });
}

/** Walks with the tab key until the focus is on what a selector finds. */
async function tabTo(page, selector) {
  for (let stop = 0; stop < 80; stop++) {
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the tab key does not lead to ${selector}`);
}

async function now(page) {
  return Number(await page.getAttribute('#scrubber', 'aria-valuenow'));
}

test('keys work before anything has the focus, and the list of keys tells them', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await page.keyboard.press('Space');
  await page.waitForSelector('.pace[data-playing=false]');
  const before = await now(page);
  // What happens next may happen at the same moment, or a hair later.
  for (let steps = 0; (await now(page)) <= before; steps++) {
    assert.ok(steps < 60, 'no step leads on');
    await page.keyboard.press('.');
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  }
  await page.keyboard.press('?');
  const dialog = page.locator('[role=dialog]');
  await dialog.waitFor();
  const keys = await dialog.locator('kbd').allInnerTexts();
  for (const key of ['Space', '.', ',', 'x', 'a', '?', 'Esc', 'Tab']) assert.ok(keys.includes(key), `${key} is not listed`);
  assert.ok(await page.evaluate(() => document.activeElement.closest('[role=dialog]') !== null), 'the focus is outside');
  for (let stop = 0; stop < 6; stop++) {
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement.closest('[role=dialog]') !== null), 'Tab leaves the dialog');
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await assertFocused(page, 'the list of keys');
  await reader.leave();
});

test('tab reaches every part of the page, each stop shows the focus, and none is lost', async () => {
  const reader = await Reader.open(bench, { reducedMotion: 'reduce' });
  const { page } = reader;
  const parts = new Set();
  await page.keyboard.press('Tab');
  for (let stop = 0; stop < 80; stop++) {
    const where = await page.evaluate(() => {
      const it = document.activeElement;
      const part = it.closest(
        'header, #modes, #stage, .stage-actions, #ledger, .pace, #scrubber, .branches, #verdicts, #knobs, #log',
      );
      return it === document.body ? null : (part?.id || part?.className || 'page');
    });
    if (where === null) break;
    parts.add(where);
    assert.ok(await showsFocus(page), `${await focused(page)} does not show that it has the focus`);
    await page.keyboard.press('Tab');
  }
  assert.ok(parts.size >= 9, `only ${[...parts].join(', ')}`);
  await reader.leave();
});

test('the story by keys: leader off, time-out, promotion, lost writes, back, another past', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await page.keyboard.press('Space');
  await page.waitForSelector('.pace[data-playing=false]');
  await tabTo(page, '#scrubber');
  // Far into the run, page by page, then finely.
  for (let press = 0; press < 400 && (await now(page)) < 4_000; press++) await page.keyboard.press('PageUp');
  const chosen = await now(page);
  await page.keyboard.press('ArrowRight');
  assert.ok((await now(page)) > chosen);
  await page.keyboard.press('ArrowLeft');
  assert.equal(await now(page), chosen);
  await page.keyboard.press('x');
  await reader.sees('n1', 'powered-off');
  await page.waitForSelector('.ring[data-fired=true]');
  await page.waitForSelector('[data-look=leader]:not([data-node=n1])');
  await page.keyboard.press('Space');
  await page.waitForSelector('.pace[data-playing=false]');
  await assertFocused(page, 'the promotion');

  // Back to the start and to the end of what is known: the same words.
  await page.keyboard.press('End');
  const there = await reader.state();
  await page.keyboard.press('Home');
  assert.equal(await now(page), 0);
  await page.keyboard.press('End');
  assert.equal(await reader.state(), there);

  // Another past.
  const futures = await page.locator('[data-branch]').count();
  await page.keyboard.press('Home');
  await page.keyboard.press('PageUp');
  await page.keyboard.press('a');
  await page.waitForSelector('[data-node=n4]');
  assert.ok((await page.locator('[data-branch]').count()) > futures);
  await assertFocused(page, 'adding a follower');
  await reader.leave();
});

test('on the stage: arrows walk, Enter opens, letters act, Escape closes, the focus comes back', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await reader.scrub(3_000);
  await tabTo(page, '[data-node=n1]');
  await page.keyboard.press('ArrowRight');
  assert.equal(await focused(page), 'n2');
  assert.ok(await showsFocus(page));
  await page.keyboard.press('Enter');
  const menu = await reader.menu();
  await page.waitForFunction(() => document.activeElement.getAttribute('role') === 'menuitem');
  const first = await page.evaluate(() => document.activeElement.textContent);
  await page.keyboard.press('ArrowDown');
  assert.notEqual(await page.evaluate(() => document.activeElement.textContent), first);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'menuitem', 'arrows stay in the menu');
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'detached' });
  assert.equal(await focused(page), 'n2', 'the focus comes back to the node');

  // A letter in the open menu, and a letter on the node itself.
  await page.keyboard.press('Enter');
  await reader.menu();
  await page.keyboard.press('c');
  await reader.sees('n2', 'crashed');
  await menu.waitFor({ state: 'detached' });
  await assertFocused(page, 'an act from the menu');
  await reader.pause();
  await tabTo(page, '#stage [data-stop][tabindex="0"]');
  while ((await focused(page)) !== 'n2') await page.keyboard.press('ArrowRight');
  await page.keyboard.press('r');
  await reader.sees('n2', 'follower');
  assert.equal(await focused(page), 'n2');
  await reader.leave();
});

test('a link and a message are reached by arrows', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await reader.scrub(3_000);
  await reader.stepUntil(async () => (await page.locator('#chips .chip[aria-label*="from n1"]').count()) > 0);
  await tabTo(page, '[data-node=n1]');
  const walkTo = async (selector, key) => {
    for (let stop = 0; stop < 60; stop++) {
      if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
      await page.keyboard.press(key);
    }
    assert.fail(`${key} does not lead to ${selector}`);
  };
  await walkTo('.chip', 'ArrowRight');
  await page.keyboard.press('Home');
  assert.equal(await focused(page), 'n1');
  // Knobs lie above the messages, and come last.
  await page.keyboard.press('End');
  await walkTo('[data-link]', 'ArrowLeft');
  const link = await page.evaluate(() => document.activeElement.dataset.link);
  await page.keyboard.press('Enter');
  await reader.menu();
  await page.keyboard.press('c');
  await page.waitForSelector(`[data-link="${link}"][data-cut=true]`);
  await assertFocused(page, 'cutting a link');
  await reader.leave();
});

test('the mode by arrows, and the replay by Enter', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await tabTo(page, '#modes [role=radio]');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.activeElement.closest('#modes') !== null), true);
  await page.keyboard.press('Space');
  await page.waitForSelector('[data-testid=replay]');
  await tabTo(page, '#replay');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#modes [role=radio]:nth-child(2)[aria-checked=true]');
  await assertFocused(page, 'the replay');
  await reader.leave();
});
