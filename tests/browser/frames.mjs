// What a frame costs: the work of the page's main thread from one animation frame to the next, taken from
// Chromium's own trace while the opening scenario plays with five nodes.
//
//   node tests/browser/frames.mjs

import { pathToFileURL } from 'node:url';
import { startBench } from './harness/browser.mjs';
import { linkTo, preset } from './harness/links.mjs';

/** Milliseconds that the main thread may work for a frame, at the 95th percentile. */
export const BUDGET_MS = 8;

const NODES = 5;
const PACE = 4;
// `toplevel` holds the tasks of every thread, the other the animation frames.
const CATEGORIES = ['toplevel', 'devtools.timeline', '__metadata'];
const TASKS = new Set(['ThreadControllerImpl::RunTask', 'ThreadPool_RunTask', 'RunTask']);

/**
 * Main-thread work for each frame of a trace, in milliseconds. Every task between two animation frames
 * counts for the first of them: scripts, style, layout, painting, and whatever else ran. A task counts the
 * time that it had a processor, so a machine that is busy with other things does not make a page slow.
 */
export function frameWork(events) {
  const fired = events.filter((event) => event.name === 'FireAnimationFrame');
  // One page plays, so one thread fires frames.
  const [first] = fired;
  if (!first) throw new Error('the trace holds no animation frame');
  const own = (event) => event.pid === first.pid && event.tid === first.tid;
  const frames = fired.filter(own);
  const tasks = events
    .filter((event) => event.ph === 'X' && TASKS.has(event.name) && own(event))
    .sort((a, b) => a.ts - b.ts);
  if (tasks.length === 0) throw new Error('the trace holds no task of the main thread');
  const starts = frames.map((event) => event.ts).sort((a, b) => a - b);
  const work = new Array(starts.length).fill(0);
  let frame = -1;
  for (const task of tasks) {
    // The task in which a frame begins is that frame's.
    while (frame + 1 < starts.length && starts[frame + 1] < task.ts + task.dur) frame += 1;
    if (frame >= 0) work[frame] += (task.tdur ?? task.dur) / 1000;
  }
  // The last frame may have been cut off.
  return work.slice(0, -1);
}

/** The value below which this share of the numbers lies. */
export function percentile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}

/** Opens the opening scenario with five nodes, and traces it from its start to its end. */
async function trace(bench, setPace) {
  const document = preset('async-leader-crash');
  document.cluster.nodes = NODES;
  const { page, log, close } = await bench.open({ hash: linkTo(document) });
  try {
    await setPace(page);
    await page.locator('.pace button[aria-label="To the start"]').click();
    await bench.browser.startTracing(page, { categories: CATEGORIES });
    await page.locator('.pace button[aria-label="Play"]').click();
    await page.waitForSelector('.pace[data-playing=false]', { timeout: 120_000 });
    const { traceEvents } = JSON.parse(String(await bench.browser.stopTracing()));
    log.assertClean();
    return frameWork(traceEvents);
  } finally {
    await close();
  }
}

/** Sets a pace by hand, with the page's own buttons. */
async function paceByHand(page) {
  const shown = () => page.locator('.pace .speed').innerText();
  const [slower, faster] = ['Slower', 'Faster'].map((name) => page.locator(`.pace button[aria-label=${name}]`));
  await page.locator('.pace button[aria-label="Pause"]').click();
  for (let left = 40; (await number(shown())) !== PACE && left > 0; left--) {
    await ((await number(shown())) > PACE ? slower : faster).click();
  }
  if ((await number(shown())) !== PACE) throw new Error(`the page does not offer ${PACE} ×`);
}

/** "1/40 ×" and "4 ×" as numbers. */
async function number(shown) {
  const [over, under = '1'] = (await shown).replace('×', '').trim().split('/');
  return Number(over) / Number(under);
}

function line(name, work) {
  const [p50, p95, max] = [percentile(work, 0.5), percentile(work, 0.95), Math.max(...work)].map((ms) =>
    `${ms.toFixed(2)} ms`.padStart(9),
  );
  const held = percentile(work, 0.95) <= BUDGET_MS ? 'within' : 'ABOVE';
  return `  ${name.padEnd(24)} ${p50} ${p95} ${max}   p95 ${held} ${BUDGET_MS} ms, ${work.length} frames`;
}

/** Measures, prints, and returns the work of each frame at four times the scenario's own pace. */
export async function frameCost(bench) {
  console.log(`Main-thread work for a frame, opening scenario, ${NODES} nodes:        p50       p95       max`);
  const work = await trace(bench, paceByHand);
  console.log(line(`at ${PACE} × its pace`, work));
  return work;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const bench = await startBench();
  try {
    await frameCost(bench);
  } finally {
    await bench.close();
  }
}
