// What the golden digests are, and how to compare: the same seed comes to the same digest natively, in Node
// and in Chromium, on every machine.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from './program.mjs';

const GOLDEN = join(CHECKOUT, 'tests/goldens/digests.txt');
const NATIVE = join(CHECKOUT, process.env.CARGO_TARGET_DIR ?? 'target', 'digests.txt');

/** The lines `name digest`, without comments. */
export function parseDigests(text) {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'));
}

/** Digests come from Rust as text, or as a list of lines. */
function asLines(digests) {
  return parseDigests(Array.isArray(digests) ? digests.join('\n') : digests);
}

/** Fails with the lines that differ from the goldens, and from what the native program printed, if it ran. */
export function assertDigests(digests, where) {
  const lines = asLines(digests);
  assert.ok(lines.length > 0, `${where} printed no digest`);
  const changed = `${where} differs from ${GOLDEN}; where that is meant: replicarium digests > tests/goldens/digests.txt`;
  assert.deepEqual(lines, parseDigests(readFileSync(GOLDEN, 'utf8')), changed);
  if (existsSync(NATIVE)) {
    assert.deepEqual(lines, parseDigests(readFileSync(NATIVE, 'utf8')), `${where} differs from the native program`);
  }
}
