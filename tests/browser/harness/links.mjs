// Links to runs, made the way the page makes them: the document of a scenario in base64url behind `v1`.

import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PRESETS = resolve(dirname(fileURLToPath(import.meta.url)), '../../../src/scenario/presets');

/** The names of the built-in scenarios. */
export const NAMES = readdirSync(PRESETS)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length));

/** The document of a built-in scenario. */
export function preset(name) {
  return JSON.parse(readFileSync(join(PRESETS, `${name}.json`), 'utf8'));
}

/** The hash of an address that opens a document. */
export function linkTo(document) {
  return `#v1.${Buffer.from(JSON.stringify(document)).toString('base64url')}`;
}
