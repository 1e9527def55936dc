// What the opening scenario must show by itself, in whichever browser: its stations, in this order. Some stand for a
// moment only, so the page itself writes down what has come, and no slow machine can miss one.

import assert from 'node:assert/strict';

const STATIONS = [
  '.pace[data-playing=true]',
  '#ledger .row[data-fate=good]',
  '[data-node=n1][data-look=leader]',
  '[data-node=n1][data-look=powered-off]',
  '.ring[data-low=true]',
  '.ring[data-fired=true]',
  '[data-look=leader]:not([data-node=n1])',
  '#ledger .row[data-fate=lost]',
  '.pace[data-playing=false]',
];

/** Runs in the page before its own scripts: writes on the document how many stations have come. */
function watch(stations) {
  let come = 0;
  const look = () => {
    const before = come;
    while (come < stations.length && document.querySelector(stations[come])) come++;
    if (come > before) document.documentElement.dataset.stations = come;
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
}

/** Plays the opening scenario to its end, in a page that this bench opens. */
export async function playOpening(bench) {
  // Playwright's name for it, and Puppeteer's.
  const prepare = (page) => (page.addInitScript ?? page.evaluateOnNewDocument).call(page, watch, STATIONS);
  const { page, log, close } = await bench.open({ prepare });
  try {
    await page.waitForSelector(`html[data-stations="${STATIONS.length}"]`);
  } catch (error) {
    const come = await page.evaluate(() => Number(document.documentElement.dataset.stations ?? 0));
    throw new Error(`the opening scenario never came to ${STATIONS[come]}`, { cause: error });
  }
  const [[now, until]] = await page.$$eval('#scrubber', (all) => all.map((one) => [one.ariaValueNow, one.ariaValueMax]));
  assert.equal(now, until, 'it plays to its end');
  const texts = (selector) => page.$$eval(selector, (all) => all.map((one) => one.textContent));
  assert.match((await texts('[data-testid=sentence] h1'))[0], /lost/);
  assert.equal((await texts('[data-node]')).length, 3);
  assert.deepEqual(await texts('.problems'), []);
  log.assertClean();
  await close();
}
