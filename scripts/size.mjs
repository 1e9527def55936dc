// What a reader waits for, in bytes as they come over the wire: the built page is served as a good host serves it, with
// brotli, and Chromium counts what it was sent. Three figures, each held against its budget:
//
//   shell     until the opening picture is painted
//   act       in all until the first act works: the leader's machine loses power, and the page says so
//   embed     in somebody else's page, before play is pressed
//
//   node scripts/size.mjs [FOLDER]             exits 1 above a budget

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startBench } from '../tests/browser/harness/browser.mjs';

/** Bytes. The act's is what it weighs today and little room; the aim is 420 KB, then 300. */
const BUDGETS = { shell: 40_000, act: 640_000, embed: 30_000 };
/** What only the program needs: without it the opening picture must be painted. */
const PROGRAM = /\/replicarium(?:_bg)?\.(?:js|wasm)$/;
/** Comes when the reader comes near it, or when all else is there. */
const LATER = /\/(?:posters\/|offline\.js$)/;
const HOST = '/post.html';

const [folder = 'dist'] = process.argv.slice(2);
const fail = (what, fix) => {
  console.error(`error: ${what}\n  where: ${folder}\n  fix:   ${fix}`);
  process.exit(1);
};
if (!existsSync(join(folder, 'index.html'))) fail('there is no page to weigh', 'run: make dist');

/** Opens `address` and counts every answer: `{ page, sent, close }`, where `sent` is [name, bytes]. What `keep` says yes to never arrives. */
async function counted(bench, address, keep, route) {
  const context = await bench.browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(() => delete Navigator.prototype.serviceWorker);
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  const names = new Map();
  const sent = [];
  network.on('Network.responseReceived', ({ requestId, response }) => names.set(requestId, response.url));
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const url = names.get(requestId);
    if (url && !url.startsWith('data:')) sent.push([url.slice(bench.server.url.length) || 'index.html', encodedDataLength]);
  });
  await network.send('Network.enable');
  if (route) await page.route(`**${HOST}`, route);
  // Held back, not refused: the page would say that the program did not arrive.
  await page.route(keep, () => {});
  await page.goto(bench.server.url + address);
  return { page, sent, close: () => context.close() };
}

async function shell(bench) {
  const { page, sent, close } = await counted(bench, '', (url) => PROGRAM.test(url.pathname) || LATER.test(url.pathname));
  await page.waitForSelector('.opening #stage svg.wide');
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  await page.waitForLoadState('load');
  await close();
  return sent;
}

async function act(bench) {
  const { page, sent, close } = await counted(bench, '', (url) => LATER.test(url.pathname));
  await page.waitForSelector('html[data-state="running"]', { state: 'attached' });
  await page.click('#deed');
  await page.waitForSelector('.node[data-down="true"]');
  await page.waitForLoadState('load');
  await close();
  return sent;
}

async function embed(bench) {
  const host = '<!doctype html><title>A post</title><link rel="icon" href="data:,"><script src="./embed/replicarium-lab.js"></script><replicarium-lab scenario="async-leader-crash"></replicarium-lab>';
  const answer = (route) => route.fulfill({ contentType: 'text/html', body: host });
  const { page, sent, close } = await counted(bench, HOST.slice(1), () => false, answer);
  await page.waitForFunction(() => document.querySelector('replicarium-lab').shadowRoot?.querySelector('img')?.naturalWidth > 0);
  await page.waitForLoadState('networkidle');
  await close();
  return sent.filter(([name]) => name !== HOST.slice(1));
}

const bench = await startBench({ folder, base: '/', policy: null, brotli: true });
const over = [];
try {
  for (const [name, measure] of Object.entries({ shell, act, embed })) {
    const sent = await measure(bench);
    const total = sent.reduce((sum, [, bytes]) => sum + bytes, 0);
    const line = (text, bytes) => console.log(text.padEnd(32) + String(bytes).padStart(10));
    line(name, 'bytes');
    for (const [file, bytes] of sent) line(`  ${file}`, bytes);
    line('  in all', total);
    line('  budget', BUDGETS[name]);
    if (sent.length === 0) fail(`nothing was sent for: ${name}`, 'the measure is wrong: mend scripts/size.mjs');
    if (total > BUDGETS[name]) over.push(`${name} is ${total - BUDGETS[name]} bytes over its budget`);
  }
} finally {
  await bench.close();
}
if (over.length > 0) fail(over.join(', '), 'take something out, or load it later');
