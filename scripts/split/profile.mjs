// Finds out what the first view runs: the program, marked, plays the opening scenario in Chromium from its start to
// its end, as readers of different machines and screens see it, without a click.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBench } from '../../tests/browser/harness/browser.mjs';
import { marked } from './divide.mjs';

/** Whose first view counts: wide and narrow, light and dark (chosen on an earlier visit, too), quick and slow, at rest. */
const READERS = [
  { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true, deviceScaleFactor: 3 },
  { viewport: { width: 1920, height: 1080 }, deviceScaleFactor: 2, slowness: 3, theme: 'dark' },
  { viewport: { width: 820, height: 1180 }, slowness: 8, theme: 'light' },
  { viewport: { width: 1024, height: 700 }, reducedMotion: 'reduce' },
];
/** Generous: the marks make it slower, and so may the machine. */
const LIMIT_MS = 240_000;

/** For every stretch of the program, whether some reader's first view ran it. */
export async function firstViewRuns(dist, bytes) {
  const { module, marks, count } = marked(bytes);
  const folder = mkdtempSync(join(tmpdir(), 'replicarium-profile-'));
  const runs = new Uint8Array(count);
  try {
    cpSync(dist, folder, { recursive: true });
    writeFileSync(join(folder, 'replicarium_bg.wasm'), module);
    // A page to which the whole program never comes.
    const page = join(folder, 'index.html');
    writeFileSync(page, readFileSync(page, 'utf8').replace('src="./boot.js"', '$& data-whole="./never.wasm"'));
    const bench = await startBench({ folder });
    try {
      const seen = await Promise.all(READERS.map((reader) => watch(bench, reader, marks, count)));
      for (const one of seen) one.forEach((mark, index) => (runs[index] |= mark));
    } finally {
      await bench.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return runs;
}

async function watch(bench, { slowness, theme, ...reader }, marks, count) {
  const prepare = async (page) => {
    await page.route('**/never.wasm', () => {});
    if (theme) await page.addInitScript((theme) => localStorage.setItem('replicarium-theme', theme), theme);
    if (!slowness) return;
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowness });
  };
  const { page, close } = await bench.open({ ...reader, ready: 'light', prepare });
  try {
    if (reader.reducedMotion !== 'reduce') {
      await page.waitForSelector('.pace[data-playing=false]', { timeout: LIMIT_MS, state: 'attached' });
    }
    // Another width, as when a phone is turned.
    await page.setViewportSize({ width: 700, height: 700 });
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    return await page.evaluate(
      async ([module, marks, count]) => {
        const wasm = await (await import(module)).default();
        return [...new Uint8Array(wasm.memory.buffer, marks, count)];
      },
      [`${bench.server.url}replicarium.js`, marks, count],
    );
  } finally {
    await close();
  }
}
