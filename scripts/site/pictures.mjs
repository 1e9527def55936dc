// Pictures that only a browser can make: what other pages show of a link to this one, 1200 by 630, one for every
// scenario; and the icons of an installed page. Chromium draws them from the same drawings that the site shows.

import { mkdirSync } from 'node:fs';
import { startBench } from '../../tests/browser/harness/browser.mjs';
import { escape } from './site.mjs';
import { poster } from './start.mjs';

const CARD = { width: 1200, height: 630 };
const ICONS = [192, 512];
const AT_ONCE = 2;

const STYLE = `
  * { box-sizing: border-box; margin: 0; }
  body { width: 1200px; height: 630px; padding: 44px 56px 40px; background: #fbfaf6; color: #1b2430; display: flex; flex-direction: column;
    gap: 20px; font: 30px/1.3 system-ui, sans-serif; overflow: hidden; }
  h1 { font: 600 50px/1.12 Georgia, serif; letter-spacing: -0.01em; text-wrap: balance; }
  p { color: #4a5561; }
  img { flex: 1; min-height: 0; width: 100%; object-fit: contain; object-position: left; }
  footer { font: 600 28px/1 Georgia, serif; }
  b { font-weight: inherit; color: #0a6288; }`;

function card({ title, about, image }) {
  return `<style>${STYLE}</style><h1>${escape(title)}</h1><p>${escape(about)}</p><img src="${image}" alt="">
<footer>Replic<b>arium</b></footer>`;
}

export async function drawPictures(site, { scenarios }) {
  mkdirSync(site.path('og'), { recursive: true });
  const [first] = scenarios;
  const cards = [
    { name: 'index', title: 'A replicated database that you can break', about: 'Crash its leader, and see which writes survive.', of: first },
    ...scenarios.map((scenario) => ({ name: scenario.name, title: scenario.title, about: '', of: scenario })),
  ];
  // Without the policy: the cards have a style of their own, and are not published.
  const bench = await startBench({ folder: site.folder, base: '/', policy: null });
  try {
    const context = await bench.browser.newContext({ viewport: CARD, deviceScaleFactor: 1, colorScheme: 'light' });
    const draw = async () => {
      const page = await context.newPage();
      for (let next = cards.shift(); next; next = cards.shift()) {
        const image = bench.server.url + poster(next.of.name, 'light');
        await shoot(page, card({ ...next, image }), CARD, site.path(`og/${next.name}.png`));
      }
      await page.close();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, draw));
    const page = await context.newPage();
    for (const size of ICONS) {
      const icon = `<style>* { margin: 0; display: block; }</style><img src="${bench.server.url}icon.svg" width="${size}" height="${size}" alt="">`;
      await shoot(page, icon, { width: size, height: size }, site.path(`icon-${size}.png`));
    }
    await context.close();
  } finally {
    await bench.close();
  }
}

async function shoot(page, html, { width, height }, path) {
  await page.setContent(html, { waitUntil: 'load' });
  const drawn = await page.evaluate(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));
  if (!drawn) throw new Error(`the drawing for ${path} cannot be shown`);
  await page.screenshot({ path, clip: { x: 0, y: 0, width, height } });
}
