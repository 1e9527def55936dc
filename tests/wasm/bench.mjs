// Runs the published program's own benchmark in Node and in Chromium, and prints what it reports.

import { startBench } from '../browser/harness/browser.mjs';
import { loadProgram } from './program.mjs';

const program = await loadProgram();
if (typeof program.bench !== 'function') {
  console.error('error: the program exports no `bench`\n  where: dist/replicarium.js\n  fix:   export it from src/api');
  process.exit(1);
}
console.log(`Node ${process.version}:\n${program.bench()}`);

const bench = await startBench();
try {
  const { page } = await bench.open();
  const url = `${bench.server.url}replicarium.js`;
  const report = await page.evaluate(async (module) => (await import(module)).bench(), url);
  console.log(`Chromium ${bench.browser.version()}:\n${report}`);
} finally {
  await bench.close();
}
