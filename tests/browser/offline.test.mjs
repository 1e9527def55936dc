// The site without a network: what was visited once opens again, a new version arrives whole or not at all, tabs keep the
// version that they were opened with, and where nothing may be kept, nothing is.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Site } from '../../scripts/site/site.mjs';
import { buildWorker } from '../../scripts/site/worker.mjs';
import { DIST, startBench } from './harness/browser.mjs';
import { watchConsole } from './harness/console.mjs';
import { LIMIT } from './harness/reader.mjs';
import { serve } from './harness/server.mjs';

let bench;
let folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'replicarium-offline-'));
  cpSync(DIST, folder, { recursive: true });
  bench = await startBench({ folder, base: '/a/b/', headers: { 'Access-Control-Allow-Origin': '*' } });
});
after(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Of the run, one moment is enough. */
const READER = { keeps: true, reducedMotion: 'reduce' };

const running = (page) => page.waitForSelector('html[data-state=running]', { state: 'attached', timeout: LIMIT });
/** Waits until everything is kept. */
const kept = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));

/** Publishes another version: one file says something else; `half` forgets another file on the way. */
async function publish(words, half = false) {
  const guide = join(folder, 'docs/guide.html');
  writeFileSync(guide, readFileSync(guide, 'utf8').replace(/<title>[^<]*</, `<title>${words}<`));
  const start = join(folder, 'index.html');
  writeFileSync(start, readFileSync(start, 'utf8').replace(/<title>[^<]*</, `<title>${words}<`));
  await buildWorker(new Site(folder, 'http://127.0.0.1/'));
  if (half) writeFileSync(guide, readFileSync(guide, 'utf8').replace(words, 'half a version'));
}

/** What a tab is given for the guide. */
const guideOf = (page) =>
  page.evaluate(async () => /<title>([^<]*)</.exec(await (await fetch('./docs/guide.html')).text())[1]);

/** Looks for a newer version, unless the browser has done so by itself; tells what became of it. */
const look = (page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const newer = () => registration.installing ?? registration.waiting;
    if (!newer()) await registration.update();
    const worker = newer();
    if (!worker) return 'nothing new';
    while (worker.state === 'installing') {
      await new Promise((changed) => worker.addEventListener('statechange', changed, { once: true }));
    }
    return worker.state;
  });

test('after one visit everything opens without a network', async () => {
  const { page, log, context, close } = await bench.open(READER);
  await kept(page);
  await context.setOffline(true);
  await page.reload();
  await running(page);
  const picture = page.locator('.gallery img').last();
  await picture.scrollIntoViewIfNeeded();
  await picture.evaluate((image) => image.decode());
  await page.goto(`${bench.server.url}#split-brain-fenced`);
  await page.waitForFunction(() => document.querySelector('#scenario')?.value === 'split-brain-fenced');
  await page.goto(`${bench.server.url}docs/`);
  await page.locator('.contents a', { hasText: 'Guide' }).click();
  await page.waitForSelector('h1:has-text("Guide")');
  await page.locator('#search').fill('fencing');
  await page.waitForSelector('#results li');
  log.assertClean({ left: true });
  await close();
});

test('a new version waits beside the old one until the reader takes it; other tabs keep theirs', async () => {
  const { page, log, context, close } = await bench.open(READER);
  await kept(page);
  // From the second visit on a page is answered from what is kept.
  await page.reload();
  await running(page);
  const other = await context.newPage();
  await other.goto(bench.server.url);
  await running(other);
  const before = await guideOf(page);

  await publish('the second version');
  assert.equal(await look(page), 'installed');
  await page.waitForSelector('.notice');
  assert.equal(await guideOf(page), before, 'nothing has changed yet');
  await Promise.all([page.waitForEvent('load'), page.locator('.notice button', { hasText: 'Reload' }).click()]);
  await running(page);
  assert.equal(await page.title(), 'the second version');
  assert.equal(await guideOf(page), 'the second version');
  assert.equal(await guideOf(other), before, 'a tab keeps the version that it was opened with');

  await other.reload();
  await running(other);
  assert.equal(await guideOf(other), 'the second version');
  log.assertClean({ left: true });
  await close();
});

test('half of a version is not taken', async () => {
  const { page, close } = await bench.open(READER);
  await kept(page);
  await page.reload();
  await running(page);
  const before = await guideOf(page);
  await publish('the third version', true);
  assert.equal(await look(page), 'redundant');
  assert.equal(await page.locator('.notice').count(), 0);
  await page.reload();
  assert.equal(await guideOf(page), before);
  await close();
});

test('a page in a frame keeps nothing, and lacks nothing where nothing may be kept', async () => {
  const host = mkdtempSync(join(tmpdir(), 'replicarium-host-'));
  const other = await serve(host, { base: '/', policy: null });
  for (const sandbox of ['', ' sandbox="allow-scripts"']) {
    const frames = `<title>a page of another site</title><iframe src="${bench.server.url}?embed" width="800" height="600"${sandbox}></iframe>`;
    writeFileSync(join(host, 'index.html'), `<!doctype html><link rel="icon" href="data:,">${frames}`);
    const context = await bench.browser.newContext({ reducedMotion: 'reduce' });
    const page = await context.newPage();
    const log = watchConsole(page, bench.server.origin);
    await page.goto(other.url);
    const frame = page.frames()[1];
    await running(frame);
    assert.ok((await frame.locator('[data-node=n1]').count()) > 0);
    if (!sandbox) {
      const registered = await frame.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope));
      assert.deepEqual(registered, []);
    }
    const own = log.complaints.filter((complaint) => !complaint.includes(other.origin));
    assert.deepEqual(own, [], 'the page complained');
    await context.close();
  }
  await other.close();
  rmSync(host, { recursive: true });
});
