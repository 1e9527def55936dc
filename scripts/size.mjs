// What the page weighs until a reader can act in it: every file that it loads, compressed as a host would send it, and
// the sum held against the budget.
//
//   node scripts/size.mjs [FOLDER]             exits 1 above the budget

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

/** What it weighs, and little room: it may become lighter, not heavier. */
const BUDGET_BYTES = 630_000;

const page = (folder) => readFileSync(join(folder, 'index.html'), 'utf8').replace(/<!--[\s\S]*?-->/g, '');
/** The gallery's pictures, each in two themes: a browser asks for one when the reader comes near it. */
const LAZY = /<source\b[^>]*>|<img\b[^>]*?\sloading="lazy"[^>]*>/g;

/** Names of the files that opening the page loads, relative to `folder`: what index.html names, in order. */
export function opened(folder) {
  const html = page(folder).replace(LAZY, '').replace(/<noscript>[\s\S]*?<\/noscript>/g, '');
  const named = [...html.matchAll(/<(?:link|script|img)\b[^>]*?\s(?:href|src)="([^"]+)"/g)].map((match) => match[1]);
  named.push(...namedBy(html, 'program'), ...namedBy(html, 'wasm'));
  const own = named.filter((url) => !/^(?:[a-z]+:|#)/.test(url)).map((url) => url.replace(/^\.\//, ''));
  return [...new Set(['index.html', ...own])];
}

/** What the loader's element names as this. */
function namedBy(html, what) {
  return [...html.matchAll(new RegExp(`\\sdata-${what}="\\./([^"]+)"`, 'g'))].map((match) => match[1]);
}

/** Names of the pictures that are loaded when the reader comes near them. */
export function onSight(folder) {
  const pictures = page(folder).match(LAZY) ?? [];
  return pictures.map((picture) => /\ssrc(?:set)?="\.\/([^"]+)"/.exec(picture)[1]);
}

function brotliBytes(content) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  return brotliCompressSync(content, { params }).length;
}

function main(folder) {
  const fail = (what, fix) => {
    console.error(`error: ${what}\n  where: ${folder}\n  fix:   ${fix}`);
    process.exit(1);
  };
  if (!existsSync(join(folder, 'index.html'))) fail('there is no page to weigh', 'run: make dist');
  const weigh = (name) => {
    const content = readFileSync(join(folder, name));
    return { name, plain: content.length, brotli: brotliBytes(content) };
  };
  const rows = opened(folder).map(weigh);
  if (!rows.some(({ name }) => name.endsWith('.wasm'))) fail('the page names no program', 'restore index.html');
  const total = (key) => rows.reduce((sum, row) => sum + row[key], 0);
  const print = (name, plain, brotli) =>
    console.log(name.padEnd(28) + String(plain).padStart(10) + String(brotli).padStart(10));
  print('the page', 'bytes', 'brotli');
  for (const { name, plain, brotli } of rows) print(name, plain, brotli);
  print('total', total('plain'), total('brotli'));
  print('budget', '', BUDGET_BYTES);
  const over = total('brotli') - BUDGET_BYTES;
  if (over > 0) fail(`the page is ${over} bytes over its budget`, 'take something out, or load it later');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv[2] ?? 'dist');
