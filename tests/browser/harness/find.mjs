// Finds the machine's own browsers.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first of these programs in PATH; the environment's `variable` overrides. */
export function findProgram(what, names, variable) {
  if (process.env[variable]) return process.env[variable];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here: look on.
      }
    }
  }
  throw new Error(`no ${what}: run \`make setup\`, or set ${variable} to the path of one`);
}
