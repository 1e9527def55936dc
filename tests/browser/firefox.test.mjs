// The published program in Firefox, a second engine: in its page and under its policy it comes to the golden digests, and
// the page tells the opening story.

import { after, before, test } from 'node:test';
import { startFirefox } from './harness/firefox.mjs';
import { playOpening } from './harness/story.mjs';
import { assertDigests } from '../wasm/digests.mjs';

let bench;
before(async () => {
  bench = await startFirefox();
});
after(() => bench.close());

test('every built-in scenario comes to its golden digest in Firefox', async () => {
  const { page, log, close } = await bench.open();
  // The module that boot.js has started already.
  const url = `${bench.server.url}replicarium.js`;
  assertDigests(await page.evaluate(async (module) => (await import(module)).digests(), url), 'Firefox');
  log.assertClean();
  await close();
});

test('the opening scenario tells the whole story by itself in Firefox, to its end', () => playOpening(bench));
