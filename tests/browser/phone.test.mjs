// On a phone: nothing is wider than the screen, the story runs downwards, and a finger is enough.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench } from './harness/browser.mjs';
import { Reader } from './harness/reader.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

let bench;
before(async () => {
  bench = await startBench({ base: '/a/b/' });
});
after(() => bench.close());

/** Whatever sticks out of the screen, or of its own box, sideways. */
function sticksOut(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const told = [];
    if (document.documentElement.scrollWidth > width) told.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    for (const element of document.querySelectorAll('.page *')) {
      if (element.closest('.hidden-text, .skip-link') || !element.checkVisibility()) continue;
      const box = element.getBoundingClientRect();
      if (box.width > 0 && (box.right > width + 1 || box.left < -1)) {
        told.push(`${element.tagName} ${element.className?.baseVal ?? element.className}: ${box.left} to ${box.right}`);
      }
    }
    return told;
  });
}

test('nothing is wider than the screen: at the start, in the failure, with menu and sheets open', async () => {
  const reader = await Reader.open(bench, PHONE);
  const { page } = reader;
  assert.deepEqual(await sticksOut(page), [], 'at the start');
  await reader.sees('n1', 'powered-off');
  await page.waitForSelector('.ring[data-low=true]');
  assert.deepEqual(await sticksOut(page), [], 'in the failure');
  await page.waitForSelector('#ledger .row[data-fate=lost]');
  await reader.pause();
  assert.deepEqual(await sticksOut(page), [], 'after the loss');
  await reader.node('n2').locator('.name').tap();
  await reader.menu();
  assert.deepEqual(await sticksOut(page), [], 'with a menu');
  await page.keyboard.press('Escape');
  for (const sheet of ['#share', '#keys']) {
    await page.locator(sheet).tap();
    await page.waitForSelector('[role=dialog]');
    assert.deepEqual(await sticksOut(page), [], `with the sheet of ${sheet}`);
    await page.keyboard.press('Escape');
    await page.waitForSelector('[role=dialog]', { state: 'detached' });
  }
  for (const details of await page.locator('details summary').all()) await details.tap();
  assert.deepEqual(await sticksOut(page), [], 'with everything open');
  await reader.leave();
});

test('nothing is wider than the screen with five nodes either', async () => {
  const reader = await Reader.open(bench, PHONE);
  const { page } = reader;
  await page.locator('[data-testid=add-follower]').tap();
  await page.waitForSelector('[data-node=n4]');
  await page.locator('[data-testid=add-follower]').tap();
  await page.waitForSelector('[data-node=n5]');
  assert.deepEqual(await sticksOut(page), []);
  await reader.leave();
});

test('the story runs downwards: sentence, choice, cluster, ledger, timeline', async () => {
  const reader = await Reader.open(bench, PHONE);
  const { page } = reader;
  const order = ['[data-testid=sentence]', '#modes', '#stage', '#ledger', '#timeline', '#verdicts'];
  const tops = [];
  for (const selector of order) tops.push((await page.locator(selector).boundingBox()).y);
  assert.deepEqual(tops, [...tops].sort((a, b) => a - b));
  const clients = await page.locator('[data-client]').first().boundingBox();
  const leader = await reader.node('n1').boundingBox();
  const follower = await reader.node('n2').boundingBox();
  assert.ok(clients.y < leader.y && leader.y < follower.y, 'writes run down the stage');
  await reader.leave();
});

test('a finger is enough: power off the leader, open a node, restart it, drag time back', async () => {
  const reader = await Reader.open(bench, PHONE);
  const { page } = reader;
  await page.locator('#deed').tap();
  await reader.sees('n1', 'powered-off');
  await page.waitForSelector('[data-look=leader]:not([data-node=n1])');
  await reader.node('n1').locator('.name').tap();
  const menu = await reader.menu();
  await menu.getByRole('menuitem', { name: /Restart/ }).tap();
  await page.waitForSelector('[data-node=n1][data-down=false]');
  await reader.pause();
  const before = await reader.now();
  const scrubber = page.locator('#scrubber');
  await scrubber.scrollIntoViewIfNeeded();
  await scrubber.tap({ position: { x: 24, y: 14 } });
  await page.waitForFunction((was) => document.getElementById('scrubber').ariaValueNow < was, before);
  await reader.leave();
});

test('what a finger must hit is large enough', async () => {
  const reader = await Reader.open(bench, PHONE);
  const small = await reader.page.evaluate(() =>
    [...document.querySelectorAll('button, select, input, summary')]
      .filter((element) => element.checkVisibility())
      .map((element) => [element.id || element.textContent.trim() || element.ariaLabel, element.getBoundingClientRect()])
      .filter(([, box]) => box.width < 24 || box.height < 24)
      .map(([name, box]) => `${name}: ${box.width} × ${box.height}`),
  );
  assert.deepEqual(small, []);
  await reader.leave();
});
