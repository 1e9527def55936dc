// Makes a site of the built page: gallery, a page for every scenario, documentation with search, pictures, and what a host
// and a browser that keeps it are told. It knows the command line's output and the files in www/, not the engine.
//
//   node scripts/site/build.mjs FOLDER --replicarium PROGRAM [--origin URL]
//
// FOLDER: what `scripts/dist.mjs` finished. PROGRAM: the native command line. URL: where the site will stand, for the
// addresses that must be whole (sitemap, pictures of links); the SITE of the environment says the same.

import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { catalog } from './catalog.mjs';
import { buildDocs } from './docs.mjs';
import { buildHost } from './host.mjs';
import { drawPictures } from './pictures.mjs';
import { buildScenarios } from './scenarios.mjs';
import { Site, WWW, fail } from './site.mjs';
import { buildStart } from './start.mjs';
import { buildWorker } from './worker.mjs';

const LOCAL = 'http://127.0.0.1:8080/';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { replicarium: { type: 'string' }, origin: { type: 'string', default: process.env.SITE } },
});
const [folder = 'dist'] = positionals;
if (!existsSync(join(folder, 'index.html'))) fail('there is no page to make a site of', folder, 'run: make dist');
if (!values.replicarium) fail('no command line', '--replicarium', 'name the native program, e.g. target/fast/replicarium');

function whole(origin) {
  if (!origin) {
    console.log(`site: its addresses are told as ${LOCAL}; for another host: SITE=https://example.org/folder/ make dist`);
    return LOCAL;
  }
  const url = URL.parse?.(origin) ?? new URL(origin);
  if (!/^https?:$/.test(url?.protocol ?? '')) fail('this is not where a site can stand', `SITE: ${origin}`, 'use https://HOST/');
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

const site = new Site(folder, whole(values.origin));
const all = catalog(values.replicarium);
for (const name of ['docs', 'scenarios', 'posters', 'og']) mkdirSync(join(folder, name), { recursive: true });
cpSync(join(WWW, 'icon.svg'), join(folder, 'icon.svg'));

buildStart(site, all);
buildScenarios(site, all);
await buildDocs(site, all);
await drawPictures(site, all);
buildHost(site);
await buildWorker(site);
