// Finishes dist/ after `trunk build --release`: puts the content-security policy into the page, so that it
// also holds on hosts that send no headers, and takes out what only Trunk's own server reads.
//
//   node scripts/dist.mjs [FOLDER]

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE_POLICY } from '../tests/browser/harness/policy.mjs';

const folder = process.argv[2] ?? 'dist';
const file = join(folder, 'index.html');

const finished = readFileSync(file, 'utf8')
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

if (!finished.includes(PAGE_POLICY)) {
  console.error(`error: no <meta charset> to put the policy after\n  where: ${file}\n  fix:   restore index.html's head`);
  process.exit(1);
}
writeFileSync(file, finished);
