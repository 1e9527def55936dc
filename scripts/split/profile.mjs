// Finds out what the first view runs: the program, marked, plays the opening scenario in Chromium from its start to
// its end, as readers of different machines and screens see it, without a click.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBench } from '../../tests/browser/harness/browser.mjs';
import { marked } from './divide.mjs';

/** Whose first view counts: wide and narrow, light and dark (chosen on an earlier visit, too), quick and slow. */
const WATCHING = [
  { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true, deviceScaleFactor: 3 },
  { viewport: { width: 1920, height: 1080 }, deviceScaleFactor: 2, slowness: 3, theme: 'dark' },
  { viewport: { width: 768, height: 1024 }, slowness: 6, theme: 'light' },
  { viewport: { width: 1100, height: 620 }, slowness: 2 },
  { viewport: { width: 560, height: 900 }, deviceScaleFactor: 1.5 },
  { viewport: { width: 1280, height: 800 }, slowness: 4 },
  { viewport: { width: 1280, height: 800 }, slowness: 10 },
];
/** Who wants no motion sees no more than the beginning. */
const AT_REST = { viewport: { width: 1024, height: 700 }, reducedMotion: 'reduce' };
/** Generous: the marks make it slower, and so may a machine that builds other things at the same time. */
const LIMIT_MS = 1_200_000;

/**
 * For every stretch of the program, whether a first view may run it: because some reader's did, because it belongs to a
 * function of usual length that some reader's ran, or to a small one that is called by a function that took other ways for
 * one reader than for another. Such a function hangs on the machine, the screen, or the moment; the next reader's may call
 * what nobody's has called so far.
 */
export async function firstViewRuns(dist, bytes) {
  const program = marked(bytes);
  const { module, marks, count } = program;
  const folder = mkdtempSync(join(tmpdir(), 'replicarium-profile-'));
  try {
    cpSync(dist, folder, { recursive: true });
    writeFileSync(join(folder, 'replicarium_bg.wasm'), module);
    // A page to which the whole program never comes.
    const page = join(folder, 'index.html');
    writeFileSync(page, readFileSync(page, 'utf8').replace('src="./boot.js"', '$& data-whole="./never.wasm"'));
    const bench = await startBench({ folder });
    try {
      const seen = [];
      for (const pair of pairs([...WATCHING, AT_REST])) {
        seen.push(...(await Promise.all(pair.map((reader) => watch(bench, reader, marks, count)))));
      }
      return mayRun(seen, program);
    } finally {
      await bench.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Readers who watch at the same time: two, so that each is given about as many frames as on a machine of their own. What
 * is there for a moment only is not shown to those who see too few.
 */
function pairs(readers) {
  return readers.flatMap((_, index) => (index % 2 === 0 ? [readers.slice(index, index + 2)] : []));
}

/** A function of at most so many bytes that never ran is kept, if one calls it that took different ways. */
const SMALL_BYTES = 600;
/**
 * Of a longer function only what ran is kept. Those few hold what the compiler has put into them for every protocol and
 * every wish of a reader; whole they were a third of the light part.
 */
const LONG_BYTES = 600;

function mayRun(seen, { functions, count, called, sizes }) {
  const watching = seen.slice(0, WATCHING.length);
  const runs = Uint8Array.from({ length: count }, (_, stretch) => seen.some((marks) => marks[stretch]));
  const stretches = (index) => [functions[index], functions[index + 1] ?? count];
  const some = (index, holds) => {
    const [from, to] = stretches(index);
    for (let stretch = from; stretch < to; stretch++) if (holds(stretch)) return true;
    return false;
  };
  const differs = (stretch) => watching.some((marks) => marks[stretch] !== watching[0][stretch]);
  const whole = functions.map((_, index) => index).filter((index) => some(index, differs));
  const keepWhole = (index) => sizes[index] <= LONG_BYTES && runs.fill(1, ...stretches(index));
  // What ran at all is kept whole: which way it takes hangs on the machine and on the moment.
  for (const index of functions.keys()) {
    if (some(index, (stretch) => runs[stretch])) keepWhole(index);
  }
  // One after the other, and what is added to them on the way.
  for (const index of whole) {
    keepWhole(index);
    for (const callee of called[index]) {
      if (sizes[callee] <= SMALL_BYTES && !some(callee, (stretch) => runs[stretch])) whole.push(callee);
    }
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
