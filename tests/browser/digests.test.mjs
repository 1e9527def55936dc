// The published program in Chromium, in its page and under its policy, comes to the golden digests.

import { test } from 'node:test';
import { startBench } from './harness/browser.mjs';
import { assertDigests } from '../wasm/digests.mjs';

test('every built-in scenario comes to its golden digest in Chromium', async () => {
  const bench = await startBench();
  try {
    const { page, log } = await bench.open();
    // The module that boot.js has started already.
    const url = `${bench.server.url}replicarium.js`;
    assertDigests(await page.evaluate(async (module) => (await import(module)).digests(), url), 'Chromium');
    log.assertClean();
  } finally {
    await bench.close();
  }
});
