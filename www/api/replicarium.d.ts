// The script API's entry, for TypeScript.

export * from './replicarium_glue.js';

/** Where the program may come from. */
export type Source = string | URL | Request | Response | PromiseLike<Response> | BufferSource | WebAssembly.Module;

/**
 * Loads and starts the program, once: await it before anything else. Without a source it is the .wasm file beside this
 * one, in a page, in a worker and in Node.
 */
export default function init(source?: Source): Promise<void>;
