// Starts the machine's own Firefox, the second engine, and opens the page in it. Puppeteer drives it by WebDriver BiDi,
// which Firefox itself speaks: Playwright would need a Firefox of its own building.

import puppeteer from 'puppeteer-core';
import { DIST, LIMIT } from './browser.mjs';
import { findProgram } from './find.mjs';
import { serve } from './server.mjs';
import { watchConsole } from './console.mjs';

/**
 * One Firefox with an empty profile and one server for a file of tests. `open({ prepare })` opens the page, and waits
 * until the program runs; `prepare` may do something to the page before. Returns `{ page, log, close }`.
 */
export async function startFirefox({ folder = DIST, ...hosting } = {}) {
  const executablePath = findProgram('Firefox', ['firefox-esr', 'firefox'], 'FIREFOX');
  const server = await serve(folder, hosting);
  const browser = await puppeteer.launch({
    browser: 'firefox', executablePath, headless: true, timeout: LIMIT, protocolTimeout: LIMIT,
  });
  const open = async ({ prepare } = {}) => {
    const page = await browser.newPage();
    page.setDefaultTimeout(LIMIT);
    const log = watchConsole(page, server.origin);
    if (prepare) await prepare(page);
    await page.goto(server.url);
    await page.waitForSelector('html[data-state="running"]');
    return { page, log, close: () => page.close() };
  };
  const close = async () => {
    await browser.close();
    await server.close();
  };
  return { browser, server, open, close };
}
