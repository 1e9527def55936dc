// The native program, which a run in the page is compared with.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHECKOUT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const TARGET = resolve(CHECKOUT, process.env.CARGO_TARGET_DIR ?? 'target');

/** The one that `make test` builds, or another that is there. */
const program = ['fast', 'release', 'debug'].map((profile) => join(TARGET, profile, 'replicarium')).find(existsSync);

/** What it prints when it is called with these words. */
export function replicarium(...words) {
  assert.ok(program, `there is no replicarium in ${TARGET}: run \`cargo build --profile fast\``);
  return execFileSync(program, words, { encoding: 'utf8', maxBuffer: 1 << 28 });
}
