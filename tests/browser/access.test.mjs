// Accessibility: axe finds nothing in any state or dress of the page, a polite voice says each change of
// state, and who wants no motion gets none.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench } from './harness/browser.mjs';
import { assertAccessible } from './harness/axe.mjs';
import { Reader } from './harness/reader.mjs';

let bench;
before(async () => {
  bench = await startBench({ base: '/a/b/' });
});
after(() => bench.close());

/**
 * Everything that axe knows, but for one rule: a node's card is a drawing with a dozen numbers, and its name
 * says them in words instead of repeating them; that it begins with what is written first is tested below.
 */
const assertClear = (page) => assertAccessible(page, { except: ['label-content-name-mismatch'] });

const DRESSES = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  'forced colours': { forcedColors: 'active' },
};

for (const [dress, options] of Object.entries(DRESSES)) {
  test(`axe finds nothing: ${dress}`, async () => {
    const reader = await Reader.open(bench, { reducedMotion: 'reduce', ...options });
    const { page } = reader;
    await assertClear(page);
    await reader.scrub(11_000);
    await reader.sees('n1', 'powered-off');
    await assertClear(page);
    await reader.scrub(15_000);
    await page.waitForSelector('#ledger .row[data-fate=lost]');
    for (const summary of await page.locator('details summary').all()) await summary.click();
    await page.locator('#ledger .row[data-fate=lost]').first().click();
    await page.waitForSelector('#inspector h3');
    await assertClear(page);
    await reader.openMenu('n2');
    await assertClear(page);
    await page.keyboard.press('Escape');
    await page.locator('#modes [role=radio]').nth(1).click();
    await page.waitForSelector('[data-testid=replay]');
    await assertClear(page);
    for (const sheet of ['#keys', '#share']) {
      await page.click(sheet);
      await page.waitForSelector('[role=dialog]');
      await assertClear(page);
      await page.keyboard.press('Escape');
      await page.waitForSelector('[role=dialog]', { state: 'detached' });
    }
    await reader.leave();
  });
}

test("a node's name begins with what is written on it", async () => {
  const reader = await Reader.open(bench, { reducedMotion: 'reduce' });
  for (const node of await reader.page.locator('[data-node]').all()) {
    const written = (await node.locator('.name').textContent()).trim();
    const role = await node.getAttribute('data-role');
    assert.ok((await node.getAttribute('aria-label')).startsWith(`${written}, ${role}`));
  }
  await reader.leave();
});

test('a polite voice says the failure, the time-out and who takes over', async () => {
  const reader = await Reader.open(bench, {
    prepare: (page) =>
      page.addInitScript(() => {
        window.said = [];
        new MutationObserver(() => {
          const text = document.getElementById('voice')?.textContent;
          if (text && window.said.at(-1) !== text) window.said.push(text);
        }).observe(document, { subtree: true, childList: true, characterData: true });
      }),
  });
  const { page } = reader;
  assert.equal(await page.getAttribute('#voice', 'aria-live'), 'polite');
  await page.waitForSelector('[data-look=leader]:not([data-node=n1])');
  await page.waitForFunction(() => /n[23] leads|n[23].*(lead|take)/.test(window.said.join('\n')));
  const said = await page.evaluate(() => window.said);
  assert.match(said.join('\n'), /n1.*power/);
  await reader.leave();
});

test('who wants no motion: the page opens standing still, and marks jump', async () => {
  const reader = await Reader.open(bench, { reducedMotion: 'reduce' });
  const { page } = reader;
  assert.ok(!(await reader.isPlaying()));
  assert.equal(await reader.now(), 0);
  const moving = await page.evaluate(() =>
    document.getAnimations().filter((animation) => animation.playState === 'running' && animation.effect.getTiming().duration > 10).length,
  );
  assert.equal(moving, 0);
  await page.click('#deed');
  await reader.sees('n1', 'powered-off');
  assert.ok(!(await reader.isPlaying()), 'an act does not start time either');
  await reader.leave();
});

test('light and dark by the button, and kept for the next visit', async () => {
  const reader = await Reader.open(bench, { colorScheme: 'light' });
  const { page } = reader;
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.click('#theme');
  const dark = await paper();
  assert.notEqual(dark, light);
  await page.reload();
  await page.waitForSelector('[data-testid=sentence]');
  assert.equal(await paper(), dark);
  await reader.leave();
});
