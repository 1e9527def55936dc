// The published program in Chromium, in its page and under its policy, comes to the golden digests.

import { test } from 'node:test';
import { startBench } from './harness/browser.mjs';
import { assertDigests } from '../wasm/digests.mjs';

test('every built-in scenario comes to its golden digest in Chromium', async () => {
  const bench = await startBench();
  try {
    const { page, log } = await bench.open();
    const digests = async (module) => {
      const program = await import(module);
      await program.default({ module_or_path: module.replace(/\.js$/, '_bg.wasm') });
      return program.digests();
    };
    assertDigests(await page.evaluate(digests, `${bench.server.url}all.js`), 'Chromium');
    log.assertClean();
  } finally {
    await bench.close();
  }
});
