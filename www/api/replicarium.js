// The script API's entry: starts the program wherever it finds itself (a page, a worker, Node) and adds the calls that
// give way now and then. It knows nothing of runs.

import start, { Lab } from './replicarium_glue.js';

export * from './replicarium_glue.js';

/** So long a slice of work holds the page, about. */
const SLICE_MS = 8;
/** Happenings between two looks at the clock. */
const HAPPENINGS = 2_000;

let started;

/** Loads and starts the program, once. Without a source it is the .wasm file beside this one. */
export default function init(source) {
  started ??= load(source).catch((error) => {
    started = undefined;
    throw error;
  });
  return started;
}

async function load(source = new URL('replicarium_bg.wasm', import.meta.url)) {
  let program = await source;
  if (program instanceof URL && program.protocol === 'file:') {
    // Node's fetch reads no files. The name is kept from bundlers, which would look for it in a page.
    const files = 'node:fs/promises';
    const { readFile } = await import(/* @vite-ignore */ /* webpackIgnore: true */ files);
    program = await readFile(program);
  }
  await start({ module_or_path: program });
}

Lab.prototype.advanceAsync = function advanceAsync(ms, options) {
  return inSlices(this, this.now + ms, options);
};

Lab.prototype.finishAsync = function finishAsync(options) {
  return inSlices(this, this.until, options);
};

/** What is left; what is no number stays none, and is refused. */
function left(lab, to) {
  return to < lab.now ? 0 : to - lab.now;
}

async function inSlices(lab, to, { signal, onProgress } = {}) {
  let happened = 0;
  for (;;) {
    signal?.throwIfAborted();
    const end = performance.now() + SLICE_MS;
    let passed;
    do {
      passed = lab.advance(left(lab, to), { budget: HAPPENINGS });
      happened += passed.happened;
    } while (passed.exhausted && performance.now() < end);
    passed = { ...passed, happened };
    onProgress?.(passed);
    if (!passed.exhausted) return passed;
    await new Promise((resume) => setTimeout(resume));
  }
}
