// Google's Lighthouse, as for a phone, on the pages that a stranger lands on: prints what each is given, and exits 1 where
// a page is given less than it should have. The pages are served as a good host serves them, compressed with brotli.
//
//   node scripts/lighthouse.mjs [FOLDER] [--runs N] [--page NAME] [--details]
//
// Of N runs (3 unless told) the median counts: performance is measured by the clock, and a busy machine is no mistake of
// the page. `--details` also prints what was found wrong.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { FLAGS, executable } from '../tests/browser/harness/browser.mjs';
import { serve } from '../tests/browser/harness/server.mjs';

const npm = createRequire(new URL('../tests/browser/package.json', import.meta.url));
const load = (name) => import(pathToFileURL(npm.resolve(name)));

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
/** What must not be worse, in points; for performance with room for a slow machine: the aims are 90, 98, 100 and 100. */
const PAGES = [
  { name: 'start', path: '', performance: 80 },
  { name: 'gallery', path: 'scenarios/', performance: 95 },
  { name: 'document', path: 'docs/guide.html', performance: 97 },
  { name: 'example post', path: 'embed/example.html', performance: 97 },
];
const FULL = 100;
/** Layout shift, which nothing but the page decides. */
const MOST_SHIFT = 0.02;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '3' }, page: { type: 'string' }, details: { type: 'boolean', default: false } },
});
const [folder = 'dist'] = positionals;
if (!existsSync(join(folder, 'index.html'))) {
  console.error(`error: there is no page to look at\n  where: ${folder}\n  fix:   run: make dist`);
  process.exit(1);
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** One run of Lighthouse: points for each category, and the figures behind performance. */
async function look(lighthouse, launcher, url) {
  const chrome = await launcher.launch({ chromePath: executable(), chromeFlags: ['--headless', ...FLAGS] });
  try {
    const { lhr } = await lighthouse(url, { port: chrome.port, output: 'json', logLevel: 'error' });
    const points = Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(lhr.categories[name].score * 100)]));
    const figure = (name) => lhr.audits[name]?.numericValue ?? NaN;
    return { lhr, points, paint: figure('first-contentful-paint'), largest: figure('largest-contentful-paint'), blocked: figure('total-blocking-time'), shift: figure('cumulative-layout-shift') };
  } finally {
    await chrome.kill();
  }
}

/** What a run found wrong, a line each. */
function complaints(lhr) {
  const counts = new Set(CATEGORIES.flatMap((name) => lhr.categories[name].auditRefs).filter((ref) => ref.weight > 0).map((ref) => ref.id));
  const wrong = Object.values(lhr.audits).filter((audit) => counts.has(audit.id) && audit.score !== null && audit.score < 1);
  return wrong.map((audit) => {
    const nodes = (audit.details?.items ?? []).slice(0, 4).map((item) => item.node?.selector ?? item.description ?? item.url ?? '');
    return `    ${audit.id} ${audit.displayValue ?? ''} ${nodes.filter(Boolean).join(' | ')}`;
  });
}

const host = await serve(folder, { base: '/', brotli: true });
let failed = false;
try {
  const [{ default: lighthouse }, launcher] = [await load('lighthouse'), await load('chrome-launcher')];
  console.log('page            performance  accessibility  best practices  SEO   first paint  largest  blocked  shift');
  for (const { name, path, performance } of PAGES.filter((page) => !values.page || page.name === values.page)) {
    const runs = [];
    for (let left = Number(values.runs); left > 0; left--) runs.push(await look(lighthouse, launcher, host.url + path));
    const of = (take) => median(runs.map(take));
    const points = CATEGORIES.map((category) => of((run) => run.points[category]));
    const shift = Math.max(...runs.map((run) => run.shift));
    const ms = (take, width) => `${Math.round(of(take))} ms`.padStart(width);
    const row = [11, 15, 16, 5].map((width, index) => String(points[index]).padStart(width)).join('');
    console.log(`${name.padEnd(16)}${row}${ms((run) => run.paint, 14)}${ms((run) => run.largest, 9)}${ms((run) => run.blocked, 9)}${shift.toFixed(3).padStart(7)}`);
    if (values.details) for (const line of complaints(runs[0].lhr)) console.log(line);
    failed ||= points[0] < performance || points.slice(1).some((given) => given < FULL) || shift > MOST_SHIFT;
  }
} finally {
  await host.close();
}
if (failed) {
  console.error(`error: a page is given less than it should have\n  where: ${folder}\n  fix:   run: node scripts/lighthouse.mjs ${folder} --details`);
  process.exit(1);
}
