// What other people's pages load or copy: puts www/embed into the site. Scripts among it are shortened by whoever
// calls this.

import { cpSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = resolve(dirname(fileURLToPath(import.meta.url)), '../www/embed');

/** The scripts that readers of other pages load. */
export const EMBED_SCRIPTS = ['embed/replicarium-lab.js', 'embed/resize.js', 'embed/frame.js'];

/** Copies the folder into the site at `folder`. */
export function copyEmbed(folder) {
  cpSync(SOURCE, join(folder, 'embed'), { recursive: true });
}
