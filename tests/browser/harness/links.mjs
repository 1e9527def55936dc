// Links to runs, made the way the page makes them: the document of a scenario in base64url behind `v1`.

import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROTOCOLS = resolve(dirname(fileURLToPath(import.meta.url)), '../../../crates/protocols/src');

/** The files of the built-in scenarios, by their names. */
const FILES = new Map(
  readdirSync(PROTOCOLS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((folder) => {
      const presets = join(PROTOCOLS, folder.name, 'presets');
      return readdirSync(presets).map((file) => [file.slice(0, -'.json'.length), join(presets, file)]);
    }),
);

/** The names of the built-in scenarios. */
export const NAMES = [...FILES.keys()].sort();

/** The document of a built-in scenario. */
export function preset(name) {
  return JSON.parse(readFileSync(FILES.get(name), 'utf8'));
}

/** The hash of an address that opens a document. */
export function linkTo(document) {
  return `#v1.${Buffer.from(JSON.stringify(document)).toString('base64url')}`;
}
