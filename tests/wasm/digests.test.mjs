// The published program in Node comes to the golden digests.

import { test } from 'node:test';
import { assertDigests } from './digests.mjs';
import { loadProgram } from './program.mjs';

test('every built-in scenario comes to its golden digest in Node', async () => {
  const program = await loadProgram();
  assertDigests(program.digests(), 'Node');
});
