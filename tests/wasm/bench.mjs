// The reference work RW1 in the published program: in Node and in Chromium, beside the native figure of the
// same run (its wall time is the first argument), and what a frame of the page costs, here and at the speed of the
// machine for which the budget was set (the second argument says how fast this one runs the limit program).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBench } from '../browser/harness/browser.mjs';
import { frameCost, percentile } from '../browser/frames.mjs';
import { CHECKOUT, loadProgram } from './program.mjs';

const native = Number(process.argv[2] ?? NaN);
/** Events of the limit program per second on the machine for which budgets in milliseconds were set. */
const REFERENCE_EVENTS_PER_S = 11.3e6;
const speed = Number(process.argv[3] ?? NaN) / REFERENCE_EVENTS_PER_S;
const text = readFileSync(join(CHECKOUT, 'benches/rw1.json'), 'utf8');
const ROUNDS = 5;

/** Plays a scenario to its end in slices; runs in Node and in a page alike. */
async function play([program, text, rounds]) {
  let { Play } = program;
  if (typeof program === 'string') {
    const module = await import(program);
    await module.default({ module_or_path: program.replace(/\.js$/, '_bg.wasm') });
    await module.takeOver(await (await fetch(program.replace(/\.js$/, '_whole.wasm'))).arrayBuffer());
    Play = module.Play;
  }
  const walls = [];
  let happened = 0;
  for (let round = 0; round < rounds; round++) {
    const run = new Play(text);
    const start = performance.now();
    while (run.slice(20_000));
    walls.push((performance.now() - start) / 1000);
    happened = run.happenings();
    run.free();
  }
  walls.sort((a, b) => a - b);
  return { wall: walls[walls.length >> 1], happened };
}

function print(where, { wall, happened }) {
  const ratio = Number.isFinite(native) ? `, ${(native / wall).toFixed(2)} of native` : '';
  console.log(`  ${where.padEnd(24)} ${(60 / wall).toFixed(0)} simulated s / s, ${(happened / wall / 1e6).toFixed(2)} M events/s${ratio}`);
}

console.log(`RW1 with recording, ledger and audits, 5 nodes, 60 simulated seconds, median of ${ROUNDS}:`);
print(`Node ${process.version}`, await play([await loadProgram(), text, ROUNDS]));
const bench = await startBench();
try {
  // A document of the same origin in which no playground runs.
  const { page } = await bench.open({ path: 'boot.js', ready: false });
  print(`Chromium ${bench.browser.version()}`, await page.evaluate(play, [`${bench.server.url}replicarium.js`, text, ROUNDS]));
  const p95 = percentile(await frameCost(bench), 0.95);
  if (Number.isFinite(speed)) {
    const there = (p95 * speed).toFixed(2);
    console.log(`  this machine runs the limit program at ${speed.toFixed(2)} of the reference machine's speed; at that speed p95 is ${there} ms`);
  }
} finally {
  await bench.close();
}
