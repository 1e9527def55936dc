// Starts the machine's own Chromium, and opens the page in it the way a reader would.

import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findProgram } from './find.mjs';
import { serve } from './server.mjs';
import { watchConsole } from './console.mjs';

const CHECKOUT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
/** What `make dist` built, or REPLICARIUM_DIST. */
export const DIST = resolve(CHECKOUT, process.env.REPLICARIUM_DIST ?? 'dist');

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** How long a state is waited for, in milliseconds. Generous: a slow machine is no mistake of the page. */
export const LIMIT = Number(process.env.REPLICARIUM_LIMIT_MS ?? 180_000);

// Enough for a container and for root; no traffic of the browser's own.
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The path of the machine's Chromium. */
export const executable = () => findProgram('Chromium', NAMES, 'CHROMIUM');

/** A headless Chromium with an empty profile. */
export function launchBrowser() {
  return chromium.launch({ executablePath: executable(), headless: true, args: FLAGS, timeout: LIMIT });
}

/**
 * One browser and one server for a file of tests.
 *
 * `open({ hash, path, ready, ...contextOptions })` opens the page in a profile of its own and waits until
 * the program runs (`ready`: false waits for nothing); it returns `{ page, log, context, close }`, where `log` is the
 * console's watcher. A page keeps nothing for when there is no network, as if the browser had no means for it, unless
 * `keeps` is set: it would load the whole site in every test.
 * Other options are Playwright's: `colorScheme`, `reducedMotion`, `forcedColors`, `viewport`, `javaScriptEnabled`, …
 */
export async function startBench({ folder = DIST, ...hosting } = {}) {
  const server = await serve(folder, hosting);
  const browser = await launchBrowser();
  const open = async ({ path = '', hash = '', ready = true, keeps = false, prepare, ...options } = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    if (!keeps) await context.addInitScript(() => delete Navigator.prototype.serviceWorker);
    context.setDefaultTimeout(LIMIT);
    const page = await context.newPage();
    const log = watchConsole(page, server.origin);
    if (prepare) await prepare(page);
    await page.goto(server.url + path + hash);
    if (ready) await page.waitForSelector('html[data-state="running"]', { state: 'attached', timeout: LIMIT });
    return { page, log, context, close: () => context.close() };
  };
  const close = async () => {
    await browser.close();
    await server.close();
  };
  return { browser, server, open, close };
}
