// Finishes dist/ after `trunk build --release`: joins the style sheets, shortens the scripts, and puts the
// content-security policy into the page, so that it also holds on hosts that send no headers.
//
//   node scripts/dist.mjs FOLDER

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PAGE_POLICY } from '../tests/browser/harness/policy.mjs';

// What npm brought lies beside the browser tests.
const { minify } = createRequire(new URL('../tests/browser/package.json', import.meta.url))('terser');

const [folder] = process.argv.slice(2);
const file = (name) => join(folder, name);
const text = (name) => readFileSync(file(name), 'utf8');
/** What other pages load, and the page when it is a frame in one. */
const EMBED_SCRIPTS = ['frame', 'replicarium-lab', 'resize'].map((name) => `embed/${name}.js`);

function fail(what, where, fix) {
  console.error(`error: ${what}\n  where: ${where}\n  fix:   ${fix}`);
  process.exit(1);
}

/** One sheet instead of one a panel: a request instead of many, and what is alike is written once. */
function joinSheets(html) {
  const sheet = /^\s*<link rel="stylesheet" href="(?:\.\/)?([^"]+)"[^>]*>\n/gm;
  const names = [...html.matchAll(sheet)].map((match) => match[1]);
  // No string in our sheets holds a comment, or two spaces.
  const joined = names.map(text).join('\n').replace(/\/\*[\s\S]*?\*\//g, '').replace(/\s+/g, ' ').trim();
  for (const name of names) rmSync(file(name));
  writeFileSync(file('replicarium.css'), `${joined}\n`);
  const link = '    <link rel="stylesheet" href="./replicarium.css" />\n';
  let first = true;
  return html.replace(sheet, () => (first ? ((first = false), link) : ''));
}

async function shorten(name) {
  const { code } = await minify(text(name), { module: true, compress: { passes: 2 } });
  writeFileSync(file(name), `${code}\n`);
}

const bare = text('index.html')
  // The program's build instructions, and the nonce that `trunk serve` would fill in.
  .replace(/^\s*<link data-trunk[^>]*>\n/gm, '')
  .replace(/ nonce="[^"]*"/g, '')
  .replace(/^\s*<meta http-equiv="Content-Security-Policy"[^>]*>\n/gm, '')
  // What is said to those who read the source.
  .replace(/<!--[\s\S]*?-->/g, '')
  .replace(/^\s*\n/gm, '')
  // Before anything that it is to govern.
  .replace(
    /^(\s*)<meta charset="utf-8" \/>\n/m,
    (charset, indent) =>
      `${charset}${indent}<meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY}" />\n`,
  );
if (!bare.includes(PAGE_POLICY)) {
  fail('no <meta charset> to put the policy after', file('index.html'), "restore index.html's head");
}
writeFileSync(file('index.html'), joinSheets(bare));
for (const name of ['replicarium.js', 'boot.js', ...EMBED_SCRIPTS]) await shorten(name);
