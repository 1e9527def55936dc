// The custom element in somebody else's page: a picture first, then a run that is asked, told about, and taken away again.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT, call, heard, inside, startHost, toldSoFar } from './harness/host-page.mjs';

const END_MS = 22_000;
const digests = readFileSync(join(CHECKOUT, 'tests/goldens/digests.txt'), 'utf8');
const golden = (name) => new RegExp(`^${name} ([0-9a-f]{16})$`, 'm').exec(digests)[1];
const lab = (attributes, id = 'lab') => `<replicarium-lab id="${id}" ${attributes}>nothing</replicarium-lab>`;

let host;
before(async () => {
  host = await startHost();
});
after(() => host.close());

let pages = 0;
/** Opens a page with this body. */
async function open(body, options) {
  const name = `page-${++pages}.html`;
  host.page(name, body);
  return host.open(name, options);
}

test('a run is played, paused, sought, acted on and replaced, and every answer tells its state', async () => {
  const { page, log, close } = await open(lab('scenario="async-leader-crash"'));
  assert.equal(await page.locator('iframe').count(), 0, 'the program waits for the reader');
  const paused = await call(page, 'lab', 'pause');
  assert.deepEqual([paused.scenario, paused.seed, paused.ms, paused.untilMs, paused.playing], ['async-leader-crash', 34, 0, END_MS, false]);
  assert.deepEqual(await heard(page, 'lab', 'ready'), {
    scenario: 'async-leader-crash', title: paused.title, seed: 34, untilMs: END_MS,
  });
  const end = await call(page, 'lab', 'seek', END_MS);
  assert.equal(end.digest, golden('async-leader-crash'));
  assert.match(end.sentence, /4 of them are lost/);
  const broken = await heard(page, 'lab', 'promise-broken');
  assert.equal(broken.promise, 'acknowledged-writes-survive');
  assert.match(broken.why, /4 of 4,203/);
  assert.equal((await heard(page, 'lab', 'verdict', ({ promise }) => promise === broken.promise)).verdict, 'broken');
  const other = await call(page, 'lab', 'load', 'semi-sync-leader-crash');
  assert.deepEqual([other.scenario, other.ms, other.playing], ['semi-sync-leader-crash', 0, false]);
  assert.equal((await call(page, 'lab', 'seek', END_MS)).digest, golden('semi-sync-leader-crash'));
  await call(page, 'lab', 'seek', 5_000);
  const acted = await call(page, 'lab', 'act', { do: 'power-off', node: 'n1' });
  assert.equal(acted.playing, true);
  await call(page, 'lab', 'pause');
  const again = await call(page, 'lab', 'load', (await call(page, 'lab', 'state')).link);
  assert.equal((await call(page, 'lab', 'seek', END_MS)).digest, (await call(page, 'lab', 'state')).digest);
  assert.ok(again.link.startsWith('v1.'));
  const from = await toldSoFar(page);
  await call(page, 'lab', 'seek', 0);
  assert.equal((await call(page, 'lab', 'play')).playing, true);
  await heard(page, 'lab', 'time', ({ ms, playing }) => playing && ms > 0, from);
  assert.equal((await call(page, 'lab', 'pause')).playing, false);
  log.assertClean();
  await close();
});

test('what cannot be done is refused with what, where and a way out, and the run goes on', async () => {
  const { page, log, close } = await open(lab('scenario="async-leader-crash"'));
  const cases = [
    ['seek', [-1], 'message.ms'],
    ['seek', ['soon'], 'message.ms'],
    ['act', [{ do: 'melt', node: 'n1' }], 'do'],
    ['act', [{ do: 'crash', node: 'n9' }], 'node'],
    ['act', ['crash'], 'message.action'],
    ['load', ['no-such-scenario'], ''],
    ['load', ['v1.!!!!'], ''],
    ['load', [{ format: 7 }], 'format'],
    ['load', [17], 'message.scenario'],
  ];
  for (const [method, values, where] of cases) {
    const mistake = await call(page, 'lab', method, ...values);
    assert.equal(mistake.refused, true, `${method} ${JSON.stringify(values)}`);
    for (const part of ['code', 'what', 'fix']) assert.ok(mistake[part]?.length > 2, `${method}: no ${part}`);
    assert.ok(mistake.where.includes(where), `${method}: ${mistake.where}`);
  }
  const uncloneable = await page.evaluate(() => document.getElementById('lab').act({ do() {} }).catch(({ code }) => code));
  assert.equal(uncloneable, 'embed/not-data');
  assert.equal((await call(page, 'lab', 'state')).scenario, 'async-leader-crash');
  log.assertClean();
  await close();
});

test('attributes say what is shown, and change it later; wrong ones are told and keep the default', async () => {
  const { page, log, close } = await open(
    lab('scenario="async-leader-crash" seed="7" start-at="9.5s" controls="minimal" theme="dark" speed="2" lang="xx" height="500" loop'),
  );
  assert.equal(await page.locator('#lab').evaluate((lab) => lab.offsetHeight), 500);
  const state = await call(page, 'lab', 'pause');
  assert.deepEqual([state.seed, state.ms], [7, 9_500]);
  const wrong = await heard(page, 'lab', 'error');
  assert.deepEqual([wrong.code, wrong.where], ['scenario/unknown-word', 'lang="xx"']);
  const frame = await inside(page, 'lab');
  assert.match(await frame.locator('.problems').innerText(), /lang="xx"/);
  const shown = () => frame.evaluate(() => [document.documentElement.dataset.theme ?? 'auto', document.getElementById('frame').dataset.controls]);
  assert.deepEqual(await shown(), ['dark', 'minimal']);
  assert.equal(await frame.locator('#deed').isVisible(), false);
  await page.evaluate(() => Object.assign(document.getElementById('lab'), { theme: 'light', controls: 'full' }));
  await frame.waitForSelector('#frame[data-controls=full]');
  assert.deepEqual(await shown(), ['light', 'full']);
  await frame.locator('#deed').waitFor();
  const before = await toldSoFar(page);
  await page.evaluate(() => (document.getElementById('lab').controls = 'everything'));
  assert.equal((await heard(page, 'lab', 'error', () => true, before)).where, 'controls="everything"');
  await page.evaluate(() => (document.getElementById('lab').startAt = '12s'));
  await heard(page, 'lab', 'time', ({ ms }) => ms === 12_000);
  await page.evaluate(() => (document.getElementById('lab').scenario = 'phi-accrual'));
  await page.waitForFunction(async () => (await document.getElementById('lab').state()).scenario === 'phi-accrual');
  log.assertClean();
  await close();
});

test('a run that loops starts over when its end was shown', async () => {
  const { page, log, close } = await open(lab('scenario="async-leader-crash" start-at="21.9s" speed="1" loop controls="none"'));
  await call(page, 'lab', 'play');
  await heard(page, 'lab', 'time', ({ ms }) => ms === END_MS);
  const from = await toldSoFar(page);
  await heard(page, 'lab', 'time', ({ ms, playing }) => playing && ms > 0 && ms < 5_000, from);
  log.assertClean();
  await close();
});

test('several on a page share one compiled program, and only what is in sight runs', async () => {
  const far = `${lab('scenario="async-leader-crash"', 'near')}<pre>${'\n'.repeat(300)}</pre>${lab('scenario="phi-accrual" autoplay', 'far')}`;
  const { page, log, close } = await open(far);
  await call(page, 'near', 'play');
  await heard(page, 'near', 'time', ({ ms }) => ms > 0);
  assert.equal(await page.evaluate(() => document.getElementById('far').shadowRoot.querySelector('iframe')), null, 'nobody is near it');
  await page.locator('#far').scrollIntoViewIfNeeded();
  await heard(page, 'far', 'time', ({ ms }) => ms > 0);
  const compiled = await page.evaluate(() => window.compiled);
  assert.equal(compiled, 1, 'the second was handed what the first has compiled');
  await page.waitForFunction(standsStill, 'near');
  const before = await toldSoFar(page);
  await page.evaluate(() => scrollTo(0, 0));
  await heard(page, 'near', 'time', ({ playing }) => playing, before);
  await page.waitForFunction(standsStill, 'far');
  log.assertClean();
  await close();
});

/** Whether a run that plays makes no way while something else on the page does for a while. */
async function standsStill(id) {
  const lab = document.getElementById(id);
  const before = await lab.state();
  await new Promise((passed) => {
    let frames = 0;
    const next = () => (++frames === 30 ? passed() : requestAnimationFrame(next));
    requestAnimationFrame(next);
  });
  const now = await lab.state();
  return now.playing && now.ms === before.ms;
}

test('taken away while it loads it refuses; put back it begins again; what it had is gone', async () => {
  const { page, log, close } = await open(lab('scenario="async-leader-crash"'));
  const refused = await page.evaluate(async () => {
    const lab = document.getElementById('lab');
    const playing = lab.play();
    lab.remove();
    const late = lab.seek(5);
    return [await playing.catch(({ code }) => code), await late.catch(({ code }) => code)];
  });
  assert.deepEqual(refused, ['embed/removed', 'embed/removed']);
  assert.equal(page.frames().length, 1);
  await page.evaluate(() => document.body.append((window.lab = document.createElement('replicarium-lab'))));
  const later = await page.evaluate(async () => {
    const lab = Object.assign(document.createElement('replicarium-lab'), { scenario: 'phi-accrual', id: 'again' });
    document.body.append(lab);
    const first = await lab.play();
    lab.remove();
    document.body.append(lab);
    const frames = lab.shadowRoot.querySelectorAll('iframe, button').length;
    return [first.scenario, frames, (await lab.pause()).ms];
  });
  assert.deepEqual(later, ['phi-accrual', 1, 0]);
  // A load that is broken off is no complaint.
  assert.deepEqual(log.complaints.filter((text) => !text.includes('net::ERR_ABORTED')), []);
  await close();
});

test('under a strict policy of the page around, loaded as a module, set before the script is there', async () => {
  const name = 'module.html';
  const policy = "default-src 'none'; script-src 'self'; frame-src 'self'; img-src 'self' data:; require-trusted-types-for 'script'; trusted-types 'none'";
  host.page(name, lab('scenario="async-leader-crash"'), `<meta http-equiv="Content-Security-Policy" content="${policy}"><script type="module" src="site/embed/replicarium-lab.js"></script>`);
  const { page, log, close } = await host.open(name);
  assert.equal((await call(page, 'lab', 'pause')).scenario, 'async-leader-crash');
  log.assertClean();
  await close();
});

test('a named run without a picture, and a link, show a drawing; text from attributes stays text', async () => {
  const { page, log, close } = await open(
    lab('link="v1.abc" controls="&lt;img src=x onerror=alert(1)&gt;"', 'linked') + lab('poster="site/icon.svg" scenario="&lt;b&gt;"', 'pictured'),
  );
  assert.equal(await page.locator('#linked svg.picture').count(), 1);
  assert.match(await page.locator('#pictured img').getAttribute('src'), /site\/icon\.svg$/);
  await call(page, 'linked', 'pause');
  const problem = await heard(page, 'linked', 'error');
  assert.ok(problem.fix);
  const frame = await inside(page, 'linked');
  assert.equal(await frame.locator('#app img').count(), 0);
  assert.match(await frame.locator('.problems').innerText(), /<img src=x onerror=alert\(1\)>/);
  log.assertClean();
  await close();
});
