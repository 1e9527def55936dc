// Pictures of the page to be looked at, in a folder that is never committed; with `--readme` also the one in
// the README.
//
//   node tests/browser/looks.mjs [--readme]

import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBench } from './harness/browser.mjs';
import { linkTo, preset } from './harness/links.mjs';
import { Reader } from './harness/reader.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const SHOTS = join(HERE, 'shots');
const README = resolve(HERE, '../../www/playground.png');
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const at = (ms) => async (reader) => {
  await reader.pause();
  await reader.scrub(ms);
  await reader.page.evaluate(() => scrollTo(0, 0));
};

async function withMenu(reader) {
  await at(9_000)(reader);
  await reader.openMenu('n2');
}

const five = preset('async-leader-crash');
five.cluster.nodes = 5;

const LOOKS = [
  { name: 'opening', until: at(1_000) },
  { name: 'mid-failover', until: at(11_300) },
  { name: 'after', until: at(14_500) },
  { name: 'after-whole', until: at(14_500), whole: true },
  { name: 'dark', until: at(14_500), colorScheme: 'dark', whole: true },
  { name: 'menu', until: withMenu },
  { name: 'five-nodes', until: at(14_500), hash: linkTo(five), whole: true },
  { name: 'snapshot', until: at(10_000), hash: '#catch-up-from-snapshot' },
  { name: 'copy-files', until: at(8_600), hash: '#copy-files-wrong' },
  { name: 'copy-files-wrong', until: at(14_000), hash: '#copy-files-wrong', whole: true },
  { name: 'reads', until: at(9_000), hash: '#follower-reads-stale', whole: true },
  { name: 'phi', until: at(30_700), hash: '#phi-accrual' },
  { name: 'split-brain', until: at(9_000), hash: '#split-brain-unfenced', whole: true },
  { name: 'chain-head', until: at(6_600), hash: '#chain-head-crash' },
  { name: 'chain-middle', until: at(7_310), hash: '#chain-middle-crash' },
  { name: 'chain-tail', until: at(7_310), hash: '#chain-tail-crash', colorScheme: 'dark' },
  { name: 'chain-craq', until: at(6_500), hash: '#chain-craq-dirty-read', ...PHONE, whole: true },
  { name: 'multi-leader', until: at(9_500), hash: '#multi-leader-conflict', whole: true },
  { name: 'multi-leader-siblings', until: at(8_100), hash: '#multi-leader-siblings', colorScheme: 'dark' },
  { name: 'leaderless-stale', until: at(6_000), hash: '#leaderless-stale-read', whole: true },
  { name: 'leaderless-repair', until: at(9_500), hash: '#leaderless-read-repair' },
  { name: 'leaderless-trees', until: at(9_600), hash: '#leaderless-anti-entropy' },
  { name: 'leaderless-ring', until: at(7_000), hash: '#leaderless-sloppy-quorum-hints', ...PHONE },
  { name: 'no-single-copy', until: at(6_000), hash: '#leaderless-quorum-not-linearizable', whole: true },
  { name: 'phone', until: at(11_300), ...PHONE, whole: true },
  { name: 'phone-after', until: at(14_500), ...PHONE },
  { name: 'forced-colours', until: at(14_500), forcedColors: 'active' },
];

mkdirSync(SHOTS, { recursive: true });
const bench = await startBench();
try {
  for (const { name, until, whole = false, ...options } of LOOKS) {
    const reader = await Reader.open(bench, options);
    await until(reader);
    const file = join(SHOTS, `${name}.png`);
    await reader.page.screenshot({ path: file, fullPage: whole });
    if (name === 'after' && process.argv.includes('--readme')) await reader.page.screenshot({ path: README });
    console.log(`  ${file}`);
    await reader.leave();
  }
} finally {
  await bench.close();
}
