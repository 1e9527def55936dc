// The script that keeps the site in the reader's browser: www/sw.js with the names and digests of all that is kept. Its
// version is a digest of them, so any change of any file is a new version, and no change is none.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WWW, fail } from './site.mjs';

/** Not for readers without a network: what hosts, other sites and other people's scripts ask for. */
const LEFT_OUT = /^(?:og\/|api\/|package\/|_headers$|robots\.txt$|sitemap\.xml$|sw\.js$)/;

/** [path, integrity] of everything that is kept. */
export function keptFiles(site) {
  return site
    .files()
    .filter((name) => !LEFT_OUT.test(name))
    .map((name) => [name, `sha256-${createHash('sha256').update(readFileSync(site.path(name))).digest('base64')}`]);
}

export async function buildWorker(site) {
  const template = readFileSync(join(WWW, 'sw.js'), 'utf8');
  const files = JSON.stringify(keptFiles(site));
  const version = createHash('sha256').update(template).update(files).digest('hex').slice(0, 16);
  if (!template.includes('__VERSION__') || !template.includes('__FILES__')) {
    fail('there is no place for the version', 'www/sw.js', 'restore __VERSION__ and __FILES__');
  }
  await site.script('sw.js', template.replace('__VERSION__', version).replace('__FILES__', () => files));
}
