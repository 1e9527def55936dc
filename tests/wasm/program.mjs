// Loads the published program into Node: the very files of dist/, without a page around them.

import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const CHECKOUT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const DIST = resolve(CHECKOUT, process.env.REPLICARIUM_DIST ?? 'dist');

/** The program's module, started; its exports are the script API. */
export async function loadProgram(dist = DIST) {
  const wasm = join(dist, 'replicarium_bg.wasm');
  if (!existsSync(wasm)) throw new Error(`there is no ${wasm}: run \`make dist\``);
  // Node takes a .js file for a module only where a package.json says so, and dist/ has none.
  const folder = mkdtempSync(join(tmpdir(), 'replicarium-'));
  try {
    for (const name of ['replicarium.js', 'snippets']) {
      if (existsSync(join(dist, name))) cpSync(join(dist, name), join(folder, basename(name)), { recursive: true });
    }
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
    const program = await import(pathToFileURL(join(folder, 'replicarium.js')).href);
    program.initSync({ module: readFileSync(wasm) });
    // What is published comes as a light part and the whole.
    const whole = join(dist, 'replicarium_whole.wasm');
    if (existsSync(whole)) await program.takeOver(readFileSync(whole));
    return program;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
