// The built site as files: its pages, and where every address in them leads.

import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Names of all files of a site, with slashes. */
export function filesOf(folder, under = '') {
  return readdirSync(join(folder, under), { withFileTypes: true }).flatMap((entry) => {
    const name = under + entry.name;
    return entry.isDirectory() ? filesOf(folder, `${name}/`) : [name];
  });
}

/** Its pages, as text by name. */
export function pagesOf(folder) {
  const names = filesOf(folder).filter((name) => name.endsWith('.html'));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8').replace(/<!--[\s\S]*?-->/g, '')]));
}

const unescape = (text) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"');

/** Every address that a page names: `{ tag, address }`. */
export function addressesIn(html) {
  const tags = html.match(/<(?:a|link|script|img|source|iframe|form|object|embed)\b[^>]*>/g) ?? [];
  return tags.flatMap((tag) =>
    [...tag.matchAll(/\s(?:href|src|srcset|action|data-offline)="([^"]*)"/g)].map((match) => ({
      tag: /^<(\w+)/.exec(tag)[1],
      address: unescape(match[1]),
    })),
  );
}

/** The file and the anchor that an address in a page leads to; no file for an address on another host. */
export function target(page, address) {
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(address)) return { file: null };
  const [, path, , anchor = ''] = /^([^?#]*)(\?[^#]*)?(?:#(.*))?$/.exec(address);
  if (path === '') return { file: page, anchor };
  const file = posix.normalize(posix.join(posix.dirname(page), path));
  return { file: file === '.' || file.endsWith('/') ? posix.join(file, 'index.html') : file, anchor };
}

/** The anchors of a page. */
export function anchorsOf(html) {
  return new Set([...html.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]));
}

/** Width and height of a PNG picture, from its first bytes. */
export function sizeOfPng(bytes) {
  if (bytes.toString('latin1', 1, 4) !== 'PNG') throw new Error('not a PNG picture');
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}
