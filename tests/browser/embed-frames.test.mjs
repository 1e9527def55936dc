// Plain frames in somebody else's page: sandboxed, resized, listening to their own parent and to known shapes only.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { LIMIT } from './harness/browser.mjs';
import { heard, startHost } from './harness/host-page.mjs';
import { assertAccessible } from './harness/axe.mjs';

const ASYNC = 'async-leader-crash';
const frame = (query = '', id = 'run', attributes = '') =>
  `<iframe id="${id}" title="${id}" width="640" height="420" src="site/?embed${query}#${ASYNC}" ${attributes}></iframe>`;

let host;
before(async () => {
  host = await startHost();
});
after(() => host.close());

let pages = 0;
async function open(body, { head = '', ...options } = {}) {
  const name = `frames-${++pages}.html`;
  host.page(name, body, head);
  return host.open(name, options);
}

const ask = (page, id, order) => page.evaluate(([id, order]) => window.ask(id, order), [id, order]);
const contentOf = async (page, id) => (await page.waitForSelector(`#${id}`)).contentFrame();

test('a sandboxed frame without an origin runs, keeps nothing, and writes no history', async () => {
  const { page, log, close } = await open(frame('&controls=full', 'run', 'sandbox="allow-scripts"'));
  await heard(page, 'run', 'ready');
  const content = await contentOf(page, 'run');
  assert.equal(await content.evaluate(() => self.origin), 'null');
  const before = await page.evaluate(() => history.length);
  await content.locator('#deed').click();
  await heard(page, 'run', 'time', ({ ms, playing }) => playing && ms > 0);
  await content.locator('button[aria-label=Pause]').click();
  await content.locator('[data-node=n2] .name').click();
  await content.locator('[data-testid=menu]').waitFor();
  await content.locator('body').press('Escape');
  await content.locator('body').press('t');
  await content.locator('body').press('?');
  await content.locator('#sheet').waitFor();
  await content.locator('body').press('Escape');
  await ask(page, 'run', { do: 'set', name: 'theme', value: 'dark' });
  const answer = await ask(page, 'run', { do: 'load', scenario: 'phi-accrual' });
  assert.equal(answer.state.scenario, 'phi-accrual');
  assert.equal(await page.evaluate(() => history.length), before);
  log.assertClean();
  await close();
});

test('it does not play until it is asked to, and then only while it is seen', async () => {
  const { page, log, close } = await open(frame());
  await heard(page, 'run', 'ready');
  const first = await ask(page, 'run', { do: 'state' });
  assert.deepEqual([first.state.ms, first.state.playing], [0, false]);
  const content = await contentOf(page, 'run');
  // Keys belong to whoever has the focus.
  await page.keyboard.press(' ');
  assert.equal((await ask(page, 'run', { do: 'state' })).state.playing, false);
  await content.locator('.embed-head').click();
  await page.keyboard.press(' ');
  await heard(page, 'run', 'time', ({ playing }) => playing);
  log.assertClean();
  await close();
});

test('readers who asked for less motion are not played to, unless they press play', async () => {
  const { page, log, close } = await open(frame('&autoplay') + frame('&play', 'pressed'), { reducedMotion: 'reduce' });
  await heard(page, 'pressed', 'time', ({ playing }) => playing);
  await heard(page, 'run', 'ready');
  assert.equal((await ask(page, 'run', { do: 'state' })).state.playing, false);
  log.assertClean();
  await close();
});

test('with the resize script a frame is as high as it wants to be, and no other frame can say so', async () => {
  const liar = '<iframe id="liar" title="liar" src="liar.html"></iframe>';
  host.page('liar.html', '', '<script src="liar.js"></script>');
  const { writeFileSync } = await import('node:fs');
  writeFileSync(`${host.folder}/liar.js`, "parent.postMessage({ replicarium: 1, event: 'height', height: 3333 }, '*');");
  const { page, log, close } = await open(frame('&controls=full', 'run', 'sandbox="allow-scripts"') + liar, {
    head: '<script src="site/embed/resize.js"></script>',
  });
  const { height } = await heard(page, 'run', 'height');
  await heard(page, 'liar', 'height');
  await page.waitForFunction((height) => document.getElementById('run').clientHeight === height, height);
  const content = await contentOf(page, 'run');
  const room = await content.evaluate(() => [document.documentElement.scrollHeight, innerHeight, innerWidth, document.documentElement.scrollWidth]);
  assert.ok(room[0] <= room[1] && room[3] <= room[2], `it scrolls: ${room}`);
  assert.ok(height > 300 && height < 700, `${height}`);
  assert.equal(await page.evaluate(() => document.getElementById('liar').style.height), '');
  assert.ok(await page.evaluate(() => document.getElementById('run').clientHeight < 1_000));
  log.assertClean();
  await close();
});

test('orders from anybody but the parent are not heard', async () => {
  const sibling = '<iframe id="sibling" title="sibling" src="sibling.html"></iframe>';
  host.page('sibling.html', '', '');
  const { page, log, close } = await open(frame() + sibling);
  await heard(page, 'run', 'ready');
  const other = await contentOf(page, 'sibling');
  const content = await contentOf(page, 'run');
  const heardAll = content.evaluate(
    () => new Promise((heard) => addEventListener('message', ({ data }) => data.last && heard(true))),
  );
  await other.evaluate(() => {
    const run = parent.document.getElementById('run').contentWindow;
    run.postMessage({ replicarium: 1, id: 1, do: 'play' }, '*');
    run.postMessage({ replicarium: 1, id: 2, do: 'load', scenario: 'phi-accrual' }, '*');
    run.postMessage({ last: true }, '*');
  });
  assert.equal(await heardAll, true);
  const { state } = await ask(page, 'run', { do: 'state' });
  assert.deepEqual([state.playing, state.scenario], [false, ASYNC]);
  log.assertClean();
  await close();
});

test('whatever the parent sends, a frame answers what is meant for it and keeps its run', async () => {
  const { page, log, close } = await open(frame());
  await heard(page, 'run', 'ready');
  const content = await contentOf(page, 'run');
  const looks = () => content.evaluate(() => [document.scripts.length, document.images.length, document.querySelectorAll('a').length]);
  const before = await looks();
  const { sent, answers } = await page.evaluate(hostile);
  assert.ok(sent > 60, `${sent} messages`);
  assert.ok(answers.length > 20);
  for (const { ok, code, what, where, fix } of answers) {
    assert.equal(ok, false, what);
    for (const part of [code, what, where, fix]) assert.equal(typeof part, 'string');
    assert.ok(what.length + where.length + fix.length < 2_000, 'a mistake is told in a few lines');
  }
  const { state } = await ask(page, 'run', { do: 'state' });
  assert.deepEqual([state.scenario, state.ms, state.playing], [ASYNC, 0, false]);
  assert.deepEqual(await looks(), before);
  assert.equal(await content.evaluate(() => globalThis.executed), undefined);
  log.assertClean();
  await close();
});

/** Sends everything that could do harm, and returns what was answered to what looks like an order. In the page. */
async function hostile() {
  const run = document.getElementById('run').contentWindow;
  const script = '<img src=x onerror="globalThis.executed = 1"><script>globalThis.executed = 1</' + 'script>';
  const cyclic = { replicarium: 1, do: 'load' };
  cyclic.scenario = cyclic;
  let deep = {};
  for (let level = 0; level < 500; level++) deep = { deep };
  const long = 'x'.repeat(2_000_000);
  const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`f${index}`, index]));
  const strange = [
    undefined, null, true, 0, NaN, 'play', script, long, [], [1, 2], {}, new Date(), /x/, new Map([['replicarium', 1]]), new Set([1]),
    new ArrayBuffer(1_000_000), new Uint8Array(9), 10n, new Error('x'), new Blob(['x']), cyclic, deep, wide,
    { do: 'play' }, { replicarium: 1 }, { replicarium: '1', do: 'play' }, { replicarium: 2, do: 'play' }, { replicarium: 1n, do: 'play' },
    { replicarium: 1, do: ['play'] }, { replicarium: 1, do: { toString: 'play' } }, { replicarium: 1, do: long },
    { replicarium: 1, do: 'load', scenario: deep }, { replicarium: 1, do: 'load', scenario: wide }, { replicarium: 1, do: 'load', scenario: long },
    { replicarium: 1, do: 'act', action: cyclic }, { replicarium: 1, do: 'play', more: 10n }, { replicarium: 1, event: 'ready' },
    { replicarium: 1, do: 'program', modules: [1, 2] }, { replicarium: 1, event: 'answer', id: 1, ok: true },
    JSON.parse('{"__proto__":{"replicarium":1,"do":"play"}}'), { replicarium: 1, do: 'load', link: long },
  ];
  const orders = [
    { do: script }, { do: '' }, { do: 'constructor' }, { do: '__proto__' }, { do: 'eval', code: 'executed = 1' },
    { do: 'play', now: true }, { do: 'seek' }, { do: 'seek', ms: '5' }, { do: 'seek', ms: NaN }, { do: 'seek', ms: Infinity }, { do: 'seek', ms: -1 },
    { do: 'act' }, { do: 'act', action: null }, { do: 'act', action: [] }, { do: 'act', action: { do: script } },
    { do: 'act', action: { do: 'crash', node: script } }, { do: 'act', action: { do: 'crash', node: 'n1', at_ms: 5, more: 1 } },
    { do: 'load' }, { do: 'load', scenario: script }, { do: 'load', scenario: '{"format":1' }, { do: 'load', scenario: { format: 1, title: script, x: script } },
    { do: 'load', scenario: { format: 1, cluster: { nodes: 1e9, protocol: 'single-leader' } } }, { do: 'load', scenario: [] },
    { do: 'load', link: `v1.${'A'.repeat(50_000)}` }, { do: 'load', link: 'v9.AAAA' }, { do: 'load', link: 'javascript:executed=1' },
    { do: 'load', scenario: 'phi-accrual', seed: 'x' }, { do: 'load', scenario: 'phi-accrual', seed: 1.5 },
    { do: 'set', name: 'theme', value: script }, { do: 'set', name: '__proto__', value: 'x' }, { do: 'set', name: 'onload', value: script },
    { do: 'set', name: 'theme', value: { toString: 'x' } },
  ];
  for (const message of strange) run.postMessage(message, '*');
  const answers = await Promise.all(orders.map((order) => window.ask('run', order)));
  return { sent: strange.length + orders.length, answers };
}

test('the frame is accessible, light and dark, whatever it shows', async () => {
  for (const [query, viewport] of [['&controls=full', [640, 420]], ['&controls=minimal&theme=dark', [360, 420]], ['&controls=none&speed=x', [640, 330]]]) {
    const { page, log, close } = await host.open(`site/?embed${query}#${ASYNC}`, { viewport: { width: viewport[0], height: viewport[1] } });
    await page.waitForSelector('[data-testid=sentence]');
    // As on the full page (access.test.mjs): what a card shows stands in its label in full, not letter by letter.
    await assertAccessible(page, { except: ['label-content-name-mismatch'] });
    log.assertClean();
    await close();
  }
});

test('frames of usual sizes show everything at once', async () => {
  const sizes = [['full', 640, 420], ['full', 360, 520], ['minimal', 640, 380], ['minimal', 360, 460], ['none', 640, 330], ['none', 360, 400], ['full', 320, 520]];
  for (const [controls, width, height] of sizes) {
    const { page, close } = await host.open(`site/?embed&controls=${controls}&start-at=12s#${ASYNC}`, { viewport: { width, height } });
    await page.waitForSelector('[data-testid=sentence]');
    const fits = () => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      return scrollWidth <= innerWidth && scrollHeight <= innerHeight;
    };
    await page.waitForFunction(fits, null, { timeout: LIMIT }).catch(() => assert.fail(`${controls} ${width}x${height} scrolls`));
    const small = await page.evaluate(() => document.querySelector('[data-node] .box').getBoundingClientRect().width);
    assert.ok(small > 90, `${controls} ${width}x${height}: a node is ${small} pixels wide`);
    await close();
  }
});
