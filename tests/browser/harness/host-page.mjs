// Somebody else's page, in which runs of the site stand: a folder with the site in `site/` and pages of the test's own
// beside it, and what such a page hears from its elements and frames.

import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DIST, startBench } from './browser.mjs';

/** A site that sandboxed frames may read, as the hosting notes ask for. */
const HEADERS = { 'Access-Control-Allow-Origin': '*' };

/** Keeps what elements and frames say, in `window.told`; asks a frame, in `window.ask`. */
const LISTENING = `
window.told = [];
const plain = (value) => JSON.parse(JSON.stringify(value ?? null));
for (const event of ['ready', 'time', 'verdict', 'promise-broken', 'error']) {
  addEventListener(event, ({ target, detail }) => {
    if (target?.localName === 'replicarium-lab') told.push({ id: target.id, event, detail: plain(detail) });
  }, true);
}
let count = 0;
const asked = new Map();
window.compiled = 0;
addEventListener('message', ({ source, data }) => {
  if (data?.event === 'program' && data.module instanceof WebAssembly.Module) window.compiled++;
  const frame = [...document.querySelectorAll('iframe')].find((frame) => frame.contentWindow === source);
  if (!frame || data?.replicarium !== 1) return;
  told.push({ id: frame.id, ...plain(data) });
  if (data.event === 'answer') asked.get(data.id)?.(plain(data));
});
window.ask = (id, order) => new Promise((answer) => {
  const number = 'test ' + ++count;
  asked.set(number, answer);
  document.getElementById(id).contentWindow.postMessage({ replicarium: 1, id: number, ...order }, '*');
});
`;

/** A folder, a browser and a server; `page(name, body, head)` puts a page into it. */
export async function startHost(options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'replicarium-host-'));
  symlinkSync(DIST, join(folder, 'site'));
  writeFileSync(join(folder, 'listening.js'), LISTENING);
  const { headers, ...rest } = options;
  const bench = await startBench({ folder, headers: { ...HEADERS, ...headers }, ...rest });
  const page = (name, body, head = '<script src="site/embed/replicarium-lab.js"></script>') =>
    writeFileSync(
      join(folder, name),
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title><link rel="icon" href="data:,">
<script src="listening.js"></script>${head}</head><body><h1>A page</h1>${body}</body></html>`,
    );
  const open = (path, more = {}) => bench.open({ path, ready: false, ...more });
  /** Puts a copy of a folder of the checkout into this one. */
  const copy = (from, to) => {
    cpSync(resolve(CHECKOUT, from), join(folder, to), { recursive: true, dereference: true });
  };
  const close = async () => {
    await bench.close();
    rmSync(folder, { recursive: true });
  };
  return { ...bench, folder, page, copy, open, close };
}

export const CHECKOUT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Waits until something was told, and returns it: `event`, of the element or frame `id`, for which `fits` holds. */
export async function heard(page, id, event, fits = () => true, from = 0) {
  for (let known = from; ; ) {
    const told = await page.evaluate((known) => window.told.slice(known), known);
    const found = told.find((one) => one.id === id && one.event === event && fits(one.detail ?? one));
    if (found) return found.detail ?? found;
    known += told.length;
    await page.waitForFunction((known) => window.told.length > known, known);
  }
}

/** How much was told so far: what is `heard` from there on is new. */
export const toldSoFar = (page) => page.evaluate(() => window.told.length);

/** Calls a method of an element, and returns the state, or the mistake. */
export function call(page, id, method, ...values) {
  return page.evaluate(
    async ([id, method, values]) => {
      try {
        return await document.getElementById(id)[method](...values);
      } catch ({ name, message, code, what, where, fix }) {
        return { refused: true, name, message, code, what, where, fix };
      }
    },
    [id, method, values],
  );
}

/** The frame inside an element, once its run is there. */
export async function inside(page, id) {
  const frame = await page.waitForFunction((id) => document.getElementById(id).shadowRoot.querySelector('iframe'), id);
  const content = await frame.asElement().contentFrame();
  await content.waitForSelector('[data-testid=sentence]');
  return content;
}
