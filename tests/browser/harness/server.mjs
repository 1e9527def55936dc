// A static host for the tests: serves a folder under any path, with the headers that the hosting notes ask
// for, and nothing clever: no fallback page, no listing.

import { createServer } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
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

/** Pictures in PNG are compressed already. */
const PACKED = new Set(['.png']);

/** A file as a host sends it that compresses once and as well as it can. */
function packer() {
  const packed = new Map();
  const compress = promisify(brotliCompress);
  return (file, content) => {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    if (!packed.has(file)) packed.set(file, compress(content, { params }));
    return packed.get(file);
  };
}

/**
 * Serves `folder` under `base` (which begins and ends with a slash) on a free port of this machine.
 *
 * `policy`: the content-security policy header, or null for a host that sends none. `headers`: further
 * headers, for every answer. `brotli`: to browsers that take it, files go compressed; none may change meanwhile.
 * Returns `{ url, origin, close }`.
 */
export async function serve(folder, { base = '/a/b/', policy = PAGE_POLICY, headers = {}, brotli = false } = {}) {
  const root = resolve(folder);
  const pack = packer();
  const server = createServer(async (request, response) => {
    const always = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', ...headers };
    if (policy) always['Content-Security-Policy'] = policy;
    const file = await locate(root, base, new URL(request.url, 'http://host').pathname);
    if (!file) {
      response.writeHead(404, { ...always, 'Content-Type': 'text/plain' }).end('not found\n');
      return;
    }
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    let content = await readFile(file);
    if (brotli && !PACKED.has(extname(file)) && /\bbr\b/.test(request.headers['accept-encoding'] ?? '')) {
      content = await pack(file, content);
      always['Content-Encoding'] = 'br';
    }
    response.writeHead(200, { ...always, 'Content-Type': type, 'Content-Length': content.length }).end(content);
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
