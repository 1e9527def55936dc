// The page's shell in Chromium: it starts under a strict policy from any folder, asks for nothing but what
// the size budget counts, and says so in words when it cannot start.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench } from './harness/browser.mjs';
import { assertAccessible } from './harness/axe.mjs';

/** All that opening the page loads, `make size` weighs it; pictures come when the reader comes near them. */
const LOADED = ['', 'icon.svg', 'replicarium.css', 'boot.js', 'replicarium.js', 'replicarium_bg.wasm', 'offline.js', 'site.webmanifest'];
const ON_SIGHT = /^posters\/[a-z-]+\.svg$/;

let bench;
before(async () => {
  bench = await startBench({ base: '/a/b/' });
});
after(() => bench.close());

test('the page starts in a sub-folder under a strict policy, and the console stays clean', async () => {
  const { page, log, close } = await bench.open();
  assert.equal(await page.locator('h1').count(), 1);
  log.assertClean();
  await close();
});

test('the page loads only what its weight is stated for', async () => {
  const { page, log, close } = await bench.open();
  await page.waitForLoadState('networkidle');
  const own = (url) => url.startsWith(bench.server.url) && url.slice(bench.server.url.length);
  const known = (name) => LOADED.includes(name) || ON_SIGHT.test(name);
  const uncounted = log.requests.filter((url) => !url.startsWith('data:') && !known(own(url)));
  assert.deepEqual(uncounted, []);
  await close();
});

test('the policy is in the page too, for hosts that send no headers', async () => {
  const host = await startBench({ base: '/', policy: null });
  try {
    const { page, log, close } = await host.open();
    const blocked = await page.evaluate(
      () =>
        new Promise((settled) => {
          addEventListener('securitypolicyviolation', (event) => settled(event.effectiveDirective));
          const style = document.createElement('style');
          style.textContent = 'p { color: red }';
          document.head.append(style);
        }),
    );
    assert.equal(blocked, 'style-src-elem');
    assert.ok(log.complaints.every((line) => line.includes('Content Security Policy')), log.complaints.join('\n'));
    await close();
  } finally {
    await host.close();
  }
});

test('a program that does not arrive ends in a message, not in a blank page', async () => {
  const { page, close } = await bench.open({
    ready: false,
    prepare: (page) => page.route('**/*.wasm', (route) => route.abort()),
  });
  await page.waitForSelector('html[data-state="failed"]', { state: 'attached' });
  assert.match(await page.locator('h1').innerText(), /could not start/);
  assert.match(await page.locator('#app').innerText(), /content blocker/);
  await assertAccessible(page);
  await close();
});

test('a program that stops in the middle says so, with its last words and the way back', async () => {
  const { page, close } = await bench.open();
  await page.evaluate(() => {
    document.documentElement.dataset.panic = 'the queue went backwards';
    document.documentElement.dataset.panicLink = 'https://example.test/#v1.abc';
    // The same kind of error as a program that traps.
    setTimeout(() => {
      throw new WebAssembly.RuntimeError('unreachable');
    });
  });
  await page.waitForSelector('html[data-state="failed"]', { state: 'attached' });
  const text = await page.locator('#app').innerText();
  assert.match(text, /Replicarium stopped/);
  assert.match(text, /the queue went backwards/);
  assert.match(text, /example\.test\/#v1\.abc/);
  await close();
});

test('without JavaScript the page says what it would need', async () => {
  const { page, close } = await bench.open({ ready: false, javaScriptEnabled: false });
  assert.match(await page.locator('body').innerText(), /needs JavaScript/);
  await close();
});
