// What the first view of the page weighs: every file that it loads, compressed as a host would send it, and
// the sum held against the budget.
//
//   node scripts/size.mjs [FOLDER]             exits 1 above the budget
//   node scripts/size.mjs FOLDER --ratchet     exits 1 above what it weighs today, a bound that may only
//                                              shrink until it meets the budget; says how far off it is

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const BUDGET_BYTES = 200 * 1024;
/** What the first view may weigh until it meets the budget. Lower it with every pass that makes it lighter. */
const RATCHET_BYTES = 272_000;

/** Names of the files that opening the page loads, relative to `folder`: what index.html names, in order. */
export function firstView(folder) {
  const html = readFileSync(join(folder, 'index.html'), 'utf8').replace(/<!--[\s\S]*?-->/g, '');
  const named = [...html.matchAll(/<(?:link|script|img)\b[^>]*?\s(?:href|src)="([^"]+)"/g)].map((match) => match[1]);
  const own = named.filter((url) => !/^(?:[a-z]+:|#)/.test(url)).map((url) => url.replace(/^\.\//, ''));
  return [...new Set(['index.html', ...own])];
}

function brotliBytes(content) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  return brotliCompressSync(content, { params }).length;
}

function main(folder, ratchet) {
  const fail = (what, fix) => {
    console.error(`error: ${what}\n  where: ${folder}\n  fix:   ${fix}`);
    process.exit(1);
  };
  if (!existsSync(join(folder, 'index.html'))) fail('there is no page to weigh', 'run: make dist');
  const rows = firstView(folder).map((name) => {
    const content = readFileSync(join(folder, name));
    return { name, plain: content.length, brotli: brotliBytes(content) };
  });
  if (!rows.some(({ name }) => name.endsWith('.wasm'))) fail('the page names no program', 'restore index.html');
  const total = (key) => rows.reduce((sum, row) => sum + row[key], 0);
  const print = (name, plain, brotli) =>
    console.log(name.padEnd(28) + String(plain).padStart(10) + String(brotli).padStart(10));
  print('first view', 'bytes', 'brotli');
  for (const { name, plain, brotli } of rows) print(name, plain, brotli);
  print('total', total('plain'), total('brotli'));
  print('budget', '', BUDGET_BYTES);
  if (ratchet) print('ratchet', '', RATCHET_BYTES);
  const over = total('brotli') - BUDGET_BYTES;
  if (ratchet && over > 0 && total('brotli') <= RATCHET_BYTES) {
    console.log(`the first view is still ${over} bytes over its budget: \`make size\` fails until it is not`);
    return;
  }
  if (over > 0) {
    fail(
      `the first view is ${total('brotli') - BUDGET_BYTES} bytes over its budget`,
      'take something out, or load it later than the first view',
    );
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main(process.argv[2] ?? 'dist', process.argv.includes('--ratchet'));
}
