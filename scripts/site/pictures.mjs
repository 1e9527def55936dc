// Pictures that only a browser can make: what other pages show of a link to this one, 1200 by 630, one for every
// scenario; and the icons of an installed page. Chromium draws them from the same drawings that the site shows.

import { mkdirSync } from 'node:fs';
import { startBench } from '../../tests/browser/harness/browser.mjs';
import { fail } from './site.mjs';
import { poster } from './start.mjs';

const CARD = { width: 1200, height: 630 };
const ICONS = [192, 512];
const AT_ONCE = 2;

const only = (image, width, height) =>
  `<style>* { margin: 0; display: block; }</style><img src="${image}" width="${width}" height="${height}" alt="">`;

export async function drawPictures(site, { scenarios }) {
  mkdirSync(site.path('og'), { recursive: true });
  const drawn = (name, { name: of }) => ({ path: site.path(`og/${name}.png`), from: poster(of, 'light'), ...CARD });
  const wanted = [
    // Of the site as a whole: what the page opens with.
    drawn('index', scenarios[0]),
    ...scenarios.map((scenario) => drawn(scenario.name, scenario)),
    ...ICONS.map((size) => ({ path: site.path(`icon-${size}.png`), from: 'icon.svg', width: size, height: size })),
  ];
  // Without the policy: the cards have a style of their own, and are not published.
  const bench = await startBench({ folder: site.folder, base: '/', policy: null });
  try {
    const context = await bench.browser.newContext({ viewport: CARD, deviceScaleFactor: 1, colorScheme: 'light' });
    const draw = async () => {
      const page = await context.newPage();
      for (let next = wanted.shift(); next; next = wanted.shift()) await shoot(page, bench.server.url, next);
      await page.close();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, draw));
    await context.close();
  } finally {
    await bench.close();
  }
}

async function shoot(page, host, { path, from, width, height }) {
  await page.setContent(only(host + from, width, height), { waitUntil: 'load' });
  const shown = await page.evaluate(() => document.images[0].naturalWidth > 0);
  if (!shown) fail('the drawing cannot be shown', from, 'open it in a browser; it must be an SVG picture');
  await page.screenshot({ path, clip: { x: 0, y: 0, width, height } });
}
