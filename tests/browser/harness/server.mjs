// A static host for the tests: serves a folder under any path, with the headers that the hosting notes ask
// for, and nothing clever: no fallback page, no listing.

import { createServer } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { PAGE_POLICY } from './policy.mjs';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.xml': 'application/xml',
};

/**
 * Serves `folder` under `base` (which begins and ends with a slash) on a free port of this machine.
 *
 * `policy`: the content-security policy header, or null for a host that sends none. `headers`: further
 * headers, for every answer. Returns `{ url, origin, close }`.
 */
export async function serve(folder, { base = '/a/b/', policy = PAGE_POLICY, headers = {} } = {}) {
  const root = resolve(folder);
  const server = createServer(async (request, response) => {
    const always = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', ...headers };
    if (policy) always['Content-Security-Policy'] = policy;
    const file = await locate(root, base, new URL(request.url, 'http://host').pathname);
    if (!file) {
      response.writeHead(404, { ...always, 'Content-Type': 'text/plain' }).end('not found\n');
      return;
    }
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { ...always, 'Content-Type': type }).end(await readFile(file));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = () =>
    new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    });
  return { origin, url: origin + base, close };
}

/** The file behind a path, or null: outside `base`, outside the folder, or not there. */
async function locate(root, base, path) {
  if (!path.startsWith(base)) return null;
  const inside = decodeURIComponent(path.slice(base.length)) || 'index.html';
  const file = join(root, normalize(inside.endsWith('/') ? `${inside}index.html` : inside));
  if (!file.startsWith(root + sep)) return null;
  const found = await stat(file).catch(() => null);
  return found?.isFile() ? file : null;
}
