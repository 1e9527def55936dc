// The site around the playground: every address in it leads somewhere, it reads without JavaScript, it is searched by
// keyboard, and hosts, phones and other sites are told what is true.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertAccessible } from './harness/axe.mjs';
import { DIST, startBench } from './harness/browser.mjs';
import { NAMES } from './harness/links.mjs';
import { PAGE_POLICY } from './harness/policy.mjs';
import { addressesIn, anchorsOf, filesOf, pagesOf, sizeOfPng, target } from './harness/site.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const SCENARIO = 'scenarios/async-leader-crash.html';
const READ = ['docs/', 'docs/guide.html', 'docs/scenario.html', 'scenarios/', SCENARIO];

let bench;
before(async () => {
  bench = await startBench({ base: '/a/b/' });
});
after(() => bench.close());

const text = (name) => readFileSync(join(DIST, name), 'utf8');
/** Opens a page that is read. */
const read = (path, options = {}) => bench.open({ path, ready: false, ...options });

test('every address in every page leads to a file, and every anchor to a place in it', () => {
  const pages = pagesOf(DIST);
  const anchors = new Map([...pages].map(([name, html]) => [name, anchorsOf(html)]));
  const wrong = [];
  for (const [name, html] of pages) {
    for (const { tag, address } of addressesIn(html)) {
      const { file, anchor } = target(name, address);
      if (file === null) {
        // Only a reader may leave the site, by a link.
        if (tag !== 'a') wrong.push(`${name}: <${tag}> is from elsewhere: ${address}`);
      } else if (!existsSync(join(DIST, file))) {
        wrong.push(`${name}: ${address} leads nowhere`);
      } else if (anchor && !anchors.get(file)?.has(anchor) && !(file === 'index.html' && opens(anchor))) {
        wrong.push(`${name}: there is no ${anchor} in ${file}`);
      }
    }
  }
  assert.ok(pages.size > NAMES.length);
  assert.deepEqual(wrong, []);
});

/** Whether the start page takes this for a run rather than a place in it. */
const opens = (anchor) => NAMES.includes(anchor) || /^(?:v1\.|scenario=)/.test(anchor);

test('every scenario has its page, its pictures, and its place in the gallery', () => {
  const gallery = text('scenarios/index.html');
  for (const name of NAMES) {
    const page = text(`scenarios/${name}.html`);
    assert.ok(page.includes(`href="../#${name}"`), `${name} can be played`);
    assert.ok(gallery.includes(`href="../scenarios/${name}.html"`) && gallery.includes(`href="../#${name}"`), `${name} is in the gallery`);
    for (const picture of [`posters/${name}.svg`, `posters/${name}-dark.svg`]) assert.ok(existsSync(join(DIST, picture)), picture);
    assert.deepEqual(sizeOfPng(readFileSync(join(DIST, `og/${name}.png`))), [1200, 630]);
    assert.match(page, new RegExp(`<meta property="og:image" content="https?://[^"]+/og/${name}\\.png"`));
  }
  assert.deepEqual(sizeOfPng(readFileSync(join(DIST, 'og/index.png'))), [1200, 630]);
});

test('pages that are read keep the console clean and ask for nothing elsewhere', async () => {
  for (const path of READ) {
    const { page, log, close } = await read(path);
    await page.waitForLoadState('networkidle');
    assert.equal(await page.locator('h1').count(), 1, path);
    assert.equal(await page.evaluate(() => [...document.images].filter((image) => image.complete && !image.naturalWidth).length), 0, path);
    log.assertClean();
    await close();
  }
});

test('pages that are read are accessible, in light and in dark, wide and narrow', async () => {
  const DARK = { colorScheme: 'dark' };
  const documents = filesOf(DIST, 'docs/').filter((name) => name.endsWith('.html') && name !== 'docs/scenario.html');
  for (const [path, options, within] of [
    ...documents.map((name) => [name, PHONE]),
    ['docs/guide.html', DARK],
    [SCENARIO, {}],
    [SCENARIO, { ...DARK, ...PHONE }],
    // Of what is many times the same, one.
    ['docs/scenario.html', PHONE, '#network + p + .scrolls'],
    ['scenarios/', {}, '#chain + p + ul'],
  ]) {
    const { page, close } = await read(path, options);
    await page.waitForSelector('.search:not([hidden])');
    await assertAccessible(page, { within });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${path} is ${wide} px wider than the screen`);
    await close();
  }
});

test('the gallery stands below the playground, moves nothing, and its links play', async () => {
  for (const options of [{}, PHONE]) {
    const { page, log, close } = await bench.open(options);
    await page.evaluate(() => {
      window.moved = 0;
      const ours = ({ node }) => (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.('.start');
      const watch = (list) => list.getEntries().forEach((entry) => (window.moved += entry.sources.some(ours) ? entry.value : 0));
      new PerformanceObserver(watch).observe({ type: 'layout-shift', buffered: true });
    });
    const link = page.locator('a.play[href="#sync-leader-crash"]');
    await link.scrollIntoViewIfNeeded();
    const picture = page.locator('.gallery img[src*="/sync-leader-crash"]');
    await picture.scrollIntoViewIfNeeded();
    await picture.evaluate((image) => image.decode());
    assert.equal(await page.evaluate(() => window.moved), 0, 'nothing moved');
    await link.click();
    await page.waitForFunction(() => document.querySelector('#scenario').value === 'sync-leader-crash' && scrollY === 0);
    log.assertClean();
    await close();
  }
});

test('the gallery is accessible, and is not part of what is embedded', async () => {
  const { page, close } = await bench.open();
  await page.locator('#gallery').scrollIntoViewIfNeeded();
  await assertAccessible(page, { within: '#chain + p + ul' });
  await assertAccessible(page, { within: '.ways' });
  await close();
  const embedded = await bench.open({ path: '?embed' });
  assert.equal(await embedded.page.locator('.start').isVisible(), false);
  await embedded.close();
});

test('without JavaScript the gallery shows its pictures, and pages read', async () => {
  const { page, close } = await bench.open({ ready: false, javaScriptEnabled: false });
  assert.match(await page.locator('#app').innerText(), /JavaScript is off here[\s\S]*documentation reads/);
  const first = page.locator('.gallery img').first();
  await first.scrollIntoViewIfNeeded();
  await page.waitForLoadState('load');
  assert.ok((await first.boundingBox()).height > 50);
  await page.locator('.gallery .about').first().click();
  await page.waitForURL(`**/${SCENARIO}`);
  assert.match(await page.locator('main').innerText(), /What to look for/);
  assert.equal(await page.locator('.search').isVisible(), false, 'no search that does nothing');
  await page.locator('.bar a', { hasText: 'Documentation' }).click();
  await page.locator('.contents a', { hasText: 'Guide' }).click();
  assert.match(await page.locator('main').innerText(), /The ledger is what clients were told/);
  await close();
});

test('the search finds by keyboard what the documentation says, and takes words for words', async () => {
  const { page, log, close } = await read('docs/');
  await page.waitForSelector('.search:not([hidden])');
  assert.equal(log.requests.some((url) => url.includes('minisearch')), false, 'not before somebody searches');
  await page.keyboard.press('/');
  await page.keyboard.type('heartbeat_ms');
  await page.waitForSelector('#results li');
  await page.keyboard.press('ArrowDown');
  assert.match(await page.evaluate(() => document.activeElement.textContent), /heartbeat_ms/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/scenario\.html#/);
  assert.match(await page.locator(':target').innerText(), /heartbeat_ms/);
  await page.keyboard.press('/');
  await page.keyboard.type('<img src=x onerror=alert(1)>zzzz');
  await page.waitForFunction(() => document.getElementById('found').textContent === 'Nothing found');
  await page.keyboard.press('Escape');
  assert.equal(await page.inputValue('#search'), '');
  log.assertClean({ left: true });
  await close();
});

test('no text becomes markup or a script, and nobody may allow it', async () => {
  for (const path of ['', 'docs/guide.html']) {
    const { page, close } = await bench.open({ path, ready: path === '' });
    const refused = await page.evaluate(() => {
      const refuses = (act) => {
        try {
          act();
          return false;
        } catch (error) {
          return error instanceof TypeError;
        }
      };
      return [
        refuses(() => (document.createElement('div').innerHTML = '<b>')),
        refuses(() => (document.createElement('script').src = './boot.js')),
        refuses(() => new Worker('./boot.js')),
        refuses(() => trustedTypes.createPolicy('another', {})),
      ];
    });
    assert.deepEqual(refused, [true, true, true, true], path);
    await close();
  }
});

test('hosts, search engines and phones are told what is there', async () => {
  const headers = text('_headers');
  assert.ok(headers.includes(`  Content-Security-Policy: ${PAGE_POLICY}\n`));
  assert.match(headers, /Access-Control-Allow-Origin: \*/);
  assert.match(headers, /\/replicarium_bg\.wasm\n {2}Content-Type: application\/wasm/);
  assert.doesNotMatch(headers, /X-Frame-Options|frame-ancestors/);
  const hosting = text('docs/hosting.html');
  for (const name of PAGE_POLICY.split('; ')) assert.ok(hosting.includes(name.replaceAll('"', '&quot;')), `hosting says ${name}`);

  const pages = filesOf(DIST).filter((name) => name.endsWith('.html'));
  const { page, close } = await read('docs/');
  await page.goto('about:blank');
  const places = await page.evaluate((xml) => {
    const map = new DOMParser().parseFromString(xml, 'application/xml');
    if (map.querySelector('parsererror')) throw new Error(map.documentElement.textContent);
    return [...map.querySelectorAll('urlset > url > loc')].map((place) => place.textContent);
  }, text('sitemap.xml'));
  await close();
  const [root] = places.filter((place) => !/\.html$|docs\/$|scenarios\/$|embed\//.test(place));
  const known = places.map((place) => place.slice(root.length).replace(/(^|\/)$/, '$1index.html'));
  assert.deepEqual(known.sort(), pages.sort());
  assert.ok(text('robots.txt').includes(`Sitemap: ${root}sitemap.xml`));

  const { icons, start_url: start } = JSON.parse(text('site.webmanifest'));
  assert.equal(start, './');
  for (const { src, sizes, type } of icons.filter(({ type }) => type === 'image/png')) {
    assert.deepEqual(sizeOfPng(readFileSync(join(DIST, src))).join('x'), sizes, type);
  }
});
