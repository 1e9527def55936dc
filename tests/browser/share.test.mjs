// A run is handed on: as a link that opens the same everywhere, as a code, as a piece of a page, as a file.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { heard, startHost } from './harness/host-page.mjs';
import { linkTo, preset } from './harness/links.mjs';
import { replicarium } from './harness/native.mjs';
import { LIMIT, Reader } from './harness/reader.mjs';
import { assertAccessible } from './harness/axe.mjs';

const jsQR = createRequire(import.meta.url)('jsqr');

/** More of them by REPLICARIUM_RUNS; from another seed by REPLICARIUM_SEED. */
const RUNS = Number(process.env.REPLICARIUM_RUNS ?? 50);
const SEED = Number(process.env.REPLICARIUM_SEED ?? 1);
const AT_ONCE = 3;

let host;
/** The site, opened and awaited as a reader does. */
const site = { open: ({ path, ...options }) => host.open(path, { ready: true, ...options }) };
before(async () => {
  host = await startHost();
  host.page('empty.html', '');
});
after(() => host.close());

/** Numbers that look random, the same for the same seed (Marsaglia's xorshift, 2003). */
function chance(seed) {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

const ask = (page, order) => page.evaluate((order) => window.ask('run', order), order);

/** Puts a frame with a run into a page that has none. */
async function frame(page, link) {
  await page.evaluate((link) => {
    const made = document.createElement('iframe');
    Object.assign(made, { id: 'run', title: 'run', width: 640, height: 420, src: `site/?embed#${link}` });
    document.body.append(made);
  }, link);
  await heard(page, 'run', 'ready');
}

/** The page of the site at a link; waits until it runs. */
async function visit(page, link) {
  await page.goto(`${host.server.url}site/#${link}`);
  await page.waitForSelector('html[data-state=running]', { state: 'attached' });
}

/** The link and the digest that the share sheet of an opened page shows. */
async function shared(page) {
  await page.click('#share');
  const [address, digest] = [await page.locator('#link').innerText(), await page.locator('#digest').innerText()];
  return { address, digest, link: address.split('#')[1] };
}

/** Something that a reader may do to a cluster of at least three nodes. */
function deed(random) {
  const node = `n${1 + random(3)}`;
  const deeds = [
    { do: 'crash', node: 'n1' }, { do: 'power-off', node }, { do: 'pause', node }, { do: 'resume', node }, { do: 'restart', node },
    { do: 'cut', from: 'n1', to: 'n2', both: true }, { do: 'heal-all' }, { do: 'slow-disk', node, factor: 30 },
  ];
  return deeds[random(deeds.length)];
}

/** Lets a reader play by chance in a frame: time passes, things are done, some of them in the past. */
async function play(page, scenario, random) {
  let { state } = await ask(page, { do: 'load', scenario, seed: random(1000) });
  for (let left = 2 + random(6); left > 0; left--) {
    const back = state.ms > 0 && random(3) === 0;
    const ms = back ? random(Math.ceil(state.ms)) : Math.min(state.untilMs, state.ms + random(1500) + 0.25);
    await ask(page, { do: 'seek', ms });
    await ask(page, { do: 'act', action: deed(random) });
    ({ state } = await ask(page, { do: 'pause' }));
  }
  await ask(page, { do: 'seek', ms: Math.min(state.untilMs, state.ms + 1 + random(800)) });
  return (await ask(page, { do: 'state' })).state;
}

test(`${RUNS} runs that were played by chance are the same in a fresh page, in a frame and on the command line`, async () => {
  const random = chance(SEED);
  const scenarios = JSON.parse(replicarium('scenarios', '--json')).flatMap(({ scenarios }) => scenarios.map(({ name }) => name));
  const { page, log, close } = await host.open('empty.html');
  await frame(page, scenarios[0]);
  const waiting = [];
  for (let run = 0; run < RUNS; run++) waiting.push(await play(page, scenarios[random(scenarios.length)], random));
  log.assertClean();
  await close();
  assert.ok(waiting.every(({ link }) => link.startsWith('v1.') && link.length < 2_000));
  const check = async ({ scenario, ms, link, digest }) => {
    const says = `seed ${SEED}: ${scenario} at ${ms} ms: replicarium run '#${link}' --until ${ms}`;
    const native = JSON.parse(replicarium('run', `#${link}`, '--until', `${ms}`, '--json'));
    assert.equal(native.digest, digest, says);
    const { page, log, close } = await host.open('empty.html');
    await frame(page, link);
    const { state } = await ask(page, { do: 'state' });
    assert.deepEqual([state.ms, state.digest], [ms, digest], `in a frame, ${says}`);
    await visit(page, link);
    const opened = await shared(page);
    assert.deepEqual([opened.link, opened.digest], [link, digest], `in a page, ${says}`);
    log.assertClean({ left: true });
    await close();
  };
  const worker = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await check(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
});

/** A reader who has played into the failure, acted in the past, and opened the sheet. */
async function sharing(options = {}) {
  const reader = await Reader.open(site, { path: 'site/', ...options });
  await reader.pause();
  await reader.scrub(3_000);
  await reader.page.click('#deed');
  await reader.pause();
  await reader.scrub(1_500);
  await reader.page.click('#deed');
  await reader.pause();
  return { reader, page: reader.page, shown: await shared(reader.page) };
}

test('a link is copied from the sheet, and opens with all futures, at the same moment, in the theme that was chosen', async () => {
  const { reader, page } = await sharing({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.keyboard.press('Escape');
  await page.click('#theme');
  const theme = await page.getAttribute('html', 'data-theme');
  await page.locator('[data-node=n2] .name').click();
  await page.keyboard.press('Escape');
  const { address, digest } = await shared(page);
  await page.click('#copy-link');
  await page.waitForSelector('.share .remark:text("Copied.")');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, address);
  assert.equal(page.url(), address, 'it stands in the address, too');
  const moment = await reader.now();
  await reader.leave();
  const other = await Reader.open(site, { path: `site/#${copied.split('#')[1]}` });
  assert.equal(await other.isPlaying(), 0, 'the moment is looked at');
  assert.equal(await other.now(), moment);
  assert.equal(await other.page.getAttribute('html', 'data-theme'), theme);
  assert.equal(await other.page.locator('[data-branch]').count(), 2);
  assert.equal((await shared(other.page)).digest, digest);
  await other.leave();
});

test('the code says what the link says', async () => {
  const { reader, page, shown } = await sharing();
  await page.locator('.share summary').first().click();
  const { size, path } = await page.locator('.qr').evaluate((svg) => ({
    size: svg.viewBox.baseVal.width,
    path: svg.querySelector('path').getAttribute('d'),
  }));
  const scale = 3;
  const dots = new Uint8ClampedArray((size * scale) ** 2 * 4).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let dot = 0; dot < scale * scale; dot++) {
      const at = ((Number(y) * scale + Math.floor(dot / scale)) * size * scale + Number(x) * scale + (dot % scale)) * 4;
      dots.set([0, 0, 0], at);
    }
  }
  assert.equal(jsQR(dots, size * scale, size * scale)?.data, shown.address);
  await reader.leave();
});

test('the three snippets show the run that they were copied from', async () => {
  const { reader, page, shown } = await sharing();
  await page.locator('.embedding summary').click();
  const snippets = [];
  for (const form of ['Element', 'Frame', 'Frame that fits']) {
    await page.locator('.embedding').getByRole('button', { name: form, exact: true }).click();
    snippets.push(await page.locator('#snippet').innerText());
  }
  await page.locator('.embedding').getByRole('button', { name: 'Preview' }).click();
  const preview = await (await page.waitForSelector('iframe.preview')).contentFrame();
  await preview.waitForSelector('[data-node=n1]');
  // What stands in the frame is tested where frames are.
  await assertAccessible(page, { within: '#sheet', except: ['label-content-name-mismatch'] });
  await reader.leave();
  for (const [form, snippet] of snippets.entries()) {
    host.page(`snippet-${form}.html`, snippet, '');
    const visit = await host.open(`snippet-${form}.html`);
    if (form === 0) await visit.page.locator('replicarium-lab').getByRole('button').click();
    await visit.page.waitForFunction(() => window.told.some(({ event, detail }) => event === 'ready' || detail?.event === 'ready'));
    const frames = visit.page.frames().filter((frame) => frame.url().includes('?embed'));
    assert.equal(frames.length, 1, snippet);
    assert.equal(new URL(frames[0].url()).hash.slice(1), shown.link, snippet);
    await visit.close();
  }
});

/** What a button of the sheet hands to the downloads. */
async function taken(page, selector) {
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: LIMIT }), page.click(selector)]);
  const path = await download.path();
  return { name: download.suggestedFilename(), path, bytes: readFileSync(path) };
}

test('every file opens where it is meant to', async () => {
  const { reader, page, shown } = await sharing();
  const at = String(await reader.now());
  await page.locator('.share summary').last().click();
  const kinds = await page.locator('[data-file]').evaluateAll((all) => all.map((one) => one.dataset.file));
  assert.ok(['run', 'stage', 'svg', 'shiviz', 'mermaid', 'csv', 'history', 'jsonl', 'scenario'].every((kind) => kinds.includes(kind)), `${kinds}`);
  const digest = (name) => JSON.parse(replicarium('run', name, '--until', at, '--json')).digest;
  assert.equal(digest((await taken(page, '[data-file=run]')).path), shown.digest);
  assert.equal(digest((await taken(page, '[data-file=scenario]')).path), shown.digest);
  const history = await taken(page, '[data-file=history]');
  assert.match(replicarium('check', history.path), /^Linearizable$/m);
  const image = await taken(page, '[data-png=stage]');
  const svg = String((await taken(page, '[data-file=stage]')).bytes);
  const stated = ['width', 'height'].map((side) => 2 * Number(new RegExp(`<svg[^>]*\\s${side}="([\\d.]+)"`).exec(svg)[1]));
  assert.match(image.name, /^replicarium-async-leader-crash-stage\.png$/);
  assert.deepEqual([image.bytes.readUInt32BE(16), image.bytes.readUInt32BE(20)], stated);
  assert.ok(svg.includes(host.server.url), 'the link stands at its foot');
  const film = await taken(page, '[data-file=film]');
  assert.equal(film.bytes.readUInt32BE(0), 0x1a45dfa3, 'EBML, which WebM is');
  assert.ok(film.bytes.length > 20_000, `${film.bytes.length} bytes`);
  await reader.leave();
});

test('a run that is too long for a link is handed on as a file', async () => {
  const document = preset('async-leader-crash');
  const more = Array.from({ length: 300 }, (_, place) => ({ at_ms: 11_000 + place * 7.3, do: 'pause', node: place % 2 ? 'n2' : 'n3' }));
  const { page, log, close } = await host.open('empty.html');
  await visit(page, linkTo({ ...document, script: [...document.script, ...more] }).slice(1));
  await page.click('#share');
  assert.match(await page.locator('#too-long').innerText(), /too long for a link/);
  assert.equal(await page.locator('#link').count(), 0);
  const file = await taken(page, '[data-file=run]');
  assert.equal(JSON.parse(file.bytes).run.scenario.script.length, document.script.length + 300);
  log.assertClean({ left: true });
  await close();
});

test("the browser's own way of handing on is offered where there is one", async () => {
  const prepare = (page) =>
    page.addInitScript(() => {
      Object.defineProperty(navigator, 'share', { value: async (what) => { window.handed = { ...what }; } });
    });
  const { reader, page, shown } = await sharing({ prepare });
  await page.getByRole('button', { name: 'Send to…' }).click();
  const handed = await page.waitForFunction(() => window.handed);
  assert.equal((await handed.jsonValue()).url, shown.address);
  await reader.leave();
});

test('people can type links, and another link in the same page is followed', async () => {
  const { page, log, close } = await host.open('empty.html');
  await visit(page, 'scenario=async-leader-crash&seed=7&at=12.5s&theme=dark');
  assert.equal(await page.getAttribute('#scrubber', 'aria-valuenow'), '12500');
  assert.equal(await page.inputValue('#seed'), '7');
  assert.equal(await page.getAttribute('html', 'data-theme'), 'dark');
  await page.evaluate(() => { location.hash = '#scenario=split-brain-fenced'; });
  await page.waitForFunction(() => document.getElementById('scenario').value === 'split-brain-fenced');
  log.assertClean({ left: true });
  await close();
});

test('two hundred damaged, hostile and future links are refused with a message, and the page still works', async () => {
  const { page, log, close } = await host.open('empty.html');
  await visit(page, 'async-leader-crash');
  await page.click('button[aria-label=Pause]');
  const good = (await shared(page)).link;
  await page.keyboard.press('Escape');
  const random = chance(SEED + 7);
  const damaged = Array.from({ length: 190 }, (_, round) => {
    const letters = [...good];
    const at = 3 + random(letters.length - 3);
    const damages = [
      () => letters.splice(at),
      () => letters.splice(at, 1),
      () => letters.splice(at, 0, 'Q'),
      () => letters.splice(at, 1, letters[at] === 'x' ? 'y' : 'x'),
      () => letters.splice(at, 0, '<b>'),
    ];
    damages[round % damages.length]();
    return letters.join('');
  });
  const others = [
    'v2.AAAA', 'v9999.x', 'v1.', 'v1.A', `v1.${'A'.repeat(30_000)}`, 'lesson=failover/3', 'scenario=nothing',
    'scenario=async-leader-crash&seed=x', 'scenario=async-leader-crash&at=later', 'scenario=async-leader-crash&<script>=1',
  ];
  const told = await page.evaluate(async (links) => {
    const until = (found) => new Promise((done) => {
      const look = () => (found() ? done() : requestAnimationFrame(look));
      look();
    });
    const told = [];
    for (const link of links) {
      location.hash = link;
      await until(() => document.querySelector('[data-problem]'));
      told.push([...document.querySelectorAll('[data-problem]')].map((one) => [one.dataset.problem, one.textContent]));
      document.querySelector('.problems button').click();
      await until(() => !document.querySelector('[data-problem]'));
    }
    return told;
  }, [...damaged, ...others]);
  assert.equal(told.length, 200);
  for (const [place, problems] of told.entries()) {
    const wanted = place < damaged.length ? /^link\/damaged$/ : /^link\//;
    assert.ok(problems.every(([id, text]) => wanted.test(id) && text.length > 40), `${place}: ${JSON.stringify(problems)}`);
  }
  const before = await page.getAttribute('#scrubber', 'aria-valuenow');
  await page.click('button[aria-label=Play]');
  await page.waitForFunction((before) => document.getElementById('scrubber').ariaValueNow !== before, before);
  log.assertClean({ left: true });
  await close();
});
