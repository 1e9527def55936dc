// Finishes dist/ after `trunk build --release`: joins the style sheets, shortens the scripts, sets the light program
// before the whole one and divides it into what the first view runs and the rest, and puts the content-security policy
// into the page, so that it also holds on hosts that send no headers.
//
//   node scripts/dist.mjs FOLDER FIRST      FIRST: a folder with the light program, `replicarium.js` and its wasm

import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PAGE_POLICY } from '../tests/browser/harness/policy.mjs';
import { divided } from './split/divide.mjs';
import { firstViewRuns } from './split/profile.mjs';

// What npm brought lies beside the browser tests.
const { minify } = createRequire(new URL('../tests/browser/package.json', import.meta.url))('terser');

const [folder, light] = process.argv.slice(2);
const file = (name) => join(folder, name);
const text = (name) => readFileSync(file(name), 'utf8');
const BOOT = '<script type="module" src="./boot.js"';

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
  let first = true;
  return html.replace(sheet, () => {
    const link = first ? '    <link rel="stylesheet" href="./replicarium.css" />\n' : '';
    first = false;
    return link;
  });
}

async function shorten(name) {
  const { code } = await minify(text(name), { module: true, compress: { passes: 2 } });
  writeFileSync(file(name), `${code}\n`);
}

/** The light program takes the name under which the page knows its program; the whole one is called `all`. */
function setLightBeforeWhole() {
  for (const end of ['.js', '_bg.wasm']) {
    renameSync(file(`replicarium${end}`), file(`all${end}`));
    copyFileSync(join(light, `replicarium${end}`), file(`replicarium${end}`));
  }
}

async function divide(html) {
  if (!html.includes(BOOT)) fail('nothing starts the program', file('index.html'), `restore ${BOOT} in index.html`);
  const program = readFileSync(file('replicarium_bg.wasm'));
  const runs = await firstViewRuns(folder, program);
  const { first, rest, kept, moved } = divided(program, runs);
  writeFileSync(file('replicarium_bg.wasm'), first);
  writeFileSync(file('replicarium_rest.wasm'), rest);
  console.log(`the first view runs ${kept} functions of ${kept + moved}; the others arrive after it`);
  const names = 'data-rest="./replicarium_rest.wasm" data-all="./all.js" data-all-wasm="./all_bg.wasm"';
  writeFileSync(file('index.html'), html.replace(BOOT, `${BOOT} ${names}`));
}

const bare = text('index.html')
  // The program's build instructions, and the nonce that `trunk serve` would fill in.
  .replace(/^\s*<link data-trunk[^>]*>\n/gm, '')
  .replace(/ nonce="[^"]*"/g, '')
  .replace(/^\s*<meta http-equiv="Content-Security-Policy"[^>]*>\n/gm, '')
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
const html = joinSheets(bare);
writeFileSync(file('index.html'), html);
setLightBeforeWhole();
for (const name of ['replicarium.js', 'all.js', 'boot.js']) await shorten(name);
await divide(html);
