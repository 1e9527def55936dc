// When the program breaks in the middle, the reader gets words instead of a frozen picture: what happened,
// the same run again as a link with its seed, and a way on. It is broken from outside: its memory is
// overwritten, as a failing machine would.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench } from './harness/browser.mjs';
import { assertAccessible } from './harness/axe.mjs';
import { replicarium } from './harness/native.mjs';
import { Reader } from './harness/reader.mjs';

let bench;
before(async () => {
  bench = await startBench({ base: '/a/b/' });
});
after(() => bench.close());

/** Overwrites everything that the running program holds. */
function breakMemory(page) {
  return page.evaluate(async (module) => {
    const program = await import(module);
    const wasm = await program.default();
    new Uint8Array(wasm.memory.buffer).fill(0xff);
  }, `${bench.server.url}replicarium.js`);
}

test('a program that breaks ends in a screen with the run, its seed and a way on', async () => {
  const reader = await Reader.open(bench);
  const { page, close } = reader;
  await page.fill('#seed', '4711');
  await page.press('#seed', 'Enter');
  await reader.begun();
  await reader.scrub(3_000);
  await page.click('[data-testid=add-follower]');
  await page.waitForSelector('[data-node=n4]');
  await breakMemory(page);
  await page.waitForSelector('html[data-state=failed]', { state: 'attached' });
  assert.match(await page.locator('h1').innerText(), /Replicarium stopped/);
  const text = await page.locator('#app').innerText();
  assert.match(text, /a mistake in Replicarium, not in what you did/);
  await assertAccessible(page);

  // The link leads to the same run, seed and act and all, in a page that works.
  const link = text.match(/https?:\S+#v1\.\S+/)?.[0];
  assert.ok(link, text);
  assert.equal(JSON.parse(replicarium('run', link, '--json')).seed, 4711);
  const again = await Reader.open(bench, { hash: new URL(link).hash });
  assert.equal(await again.page.inputValue('#seed'), '4711');
  await again.pause();
  await again.scrub(6_000);
  assert.equal(await again.page.locator('[data-node=n4]').count(), 1);
  await again.leave();

  // And the way on in this page.
  await page.getByRole('button', { name: 'Load the page again' }).click();
  await page.waitForSelector('html[data-state=running]', { state: 'attached' });
  await page.waitForSelector('[data-node=n1]');
  await close();
});

test('a program that arrives broken says so, and the second try works', async () => {
  let broken = true;
  const { page, close } = await bench.open({
    ready: false,
    prepare: (page) =>
      page.route('**/*.wasm', (route) =>
        broken
          ? route.fulfill({ contentType: 'application/wasm', body: Buffer.from('not a program') })
          : route.continue(),
      ),
  });
  await page.waitForSelector('html[data-state=failed]', { state: 'attached' });
  assert.match(await page.locator('h1').innerText(), /could not start/);
  await assertAccessible(page);
  broken = false;
  await page.getByRole('button', { name: 'Load the page again' }).click();
  await page.waitForSelector('[data-node=n1]');
  await close();
});
