// The scenario editor as an engineer uses it: text and form say the same, completion by keys and by taps, mistakes at
// their lines, a run from what was typed; and files that are dropped on the page.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { assertAccessible } from './harness/axe.mjs';
import { startBench } from './harness/browser.mjs';
import { LIMIT, Reader } from './harness/reader.mjs';

let bench;
before(async () => {
  bench = await startBench({ base: '/a/b/' });
});
after(() => bench.close());

/** The editor, opened over a page that stands still. */
async function openEditor(options = {}) {
  const reader = await Reader.open(bench, options);
  await reader.pause();
  await reader.page.click('#edit');
  await reader.page.waitForSelector('.editor #text');
  return reader;
}

const text = (page) => page.inputValue('#text');
const parsed = async (page) => JSON.parse(await text(page));

/** Waits until the text has been read after the last key. */
const rested = (page) => page.waitForSelector('.editor[data-resting=true]');
const sound = (page, is = true) => page.waitForSelector(`.editor[data-resting=true][data-sound=${is}]`);

/** Types a whole text in place of what is there. */
async function fill(page, value) {
  await page.focus('#text');
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(value);
  await rested(page);
}

/** Puts the caret behind the first place of a piece of text. */
async function caretBehind(page, piece) {
  await page.focus('#text');
  await page.evaluate((piece) => {
    const area = document.getElementById('text');
    const at = area.value.indexOf(piece) + piece.length;
    area.setSelectionRange(at, at);
  }, piece);
}

/** A field of the form, by its path. */
const field = (page, path) => page.locator(`[data-path="${path}"]`);

async function unfold(page, path) {
  const fold = field(page, path).locator('> .fold');
  if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click();
  await field(page, path).locator('> .inner').waitFor();
}

/** Drops a file with this text on the page, as a hand does: held over it first. */
async function drop(page, content, name = 'file.json') {
  const data = await page.evaluateHandle(
    ([content, name]) => {
      const data = new DataTransfer();
      data.items.add(new File([content], name));
      return data;
    },
    [content, name],
  );
  const tell = (type) => page.dispatchEvent('body', type, { dataTransfer: data });
  await tell('dragenter');
  await page.waitForSelector('#drop');
  await tell('dragover');
  await tell('drop');
  await page.waitForSelector('#drop', { state: 'detached' });
}

const SMALL = '{ "format": 1, "title": "Dropped", "cluster": { "nodes": 5, "protocol": "chain" } }';

test('a scenario is typed with completion by keys, and run', async () => {
  const reader = await openEditor();
  const { page } = reader;
  await fill(page, '');
  await page.keyboard.press('Control+Space');
  await page.waitForSelector('#offers [role=option]');
  await page.keyboard.press('ArrowDown');
  const chosen = await page.getAttribute('#text', 'aria-activedescendant');
  assert.equal(await page.getAttribute(`#${chosen}`, 'aria-selected'), 'true');
  assert.equal(await page.innerText(`#${chosen} code`), 'chain');
  await page.keyboard.press('Enter');
  await sound(page);
  assert.equal((await parsed(page)).cluster.protocol, 'chain');

  await caretBehind(page, '"format": 1,');
  await page.keyboard.type(' "ti');
  await page.waitForSelector('#offers');
  await page.waitForFunction(() => document.querySelector('#offer-0 span')?.textContent.includes('heading'));
  await page.keyboard.press('Tab');
  await page.keyboard.type('Typed');
  await sound(page);
  assert.equal((await parsed(page)).title, 'Typed');

  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.editor', { state: 'detached' });
  assert.match(await page.locator('#scenario').evaluate((it) => it.selectedOptions[0].textContent), /Typed/);
  // Three, and the configuration service.
  assert.equal(await page.locator('[data-node]').count(), 4);
  await reader.leave();
});

test('Escape closes what may come next, and only then the editor, which keeps what was typed', async () => {
  const reader = await openEditor();
  const { page } = reader;
  await caretBehind(page, '{');
  await page.keyboard.type(' "se');
  await page.waitForSelector('#offers');
  await page.keyboard.press('Escape');
  await page.waitForSelector('#offers', { state: 'detached' });
  await sound(page, false);
  const typed = await text(page);
  await page.keyboard.press('Escape');
  await page.waitForSelector('.editor', { state: 'detached' });
  await page.waitForFunction(() => document.activeElement.id === 'edit');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.editor #text');
  assert.equal(await text(page), typed);
  await reader.leave();
});

test('a mistake is told at its line, and leads there', async () => {
  const reader = await openEditor();
  const { page } = reader;
  await fill(page, '{\n  "format": 1,\n  "cluster": { "protocol": "chain" },\n  "script": [\n    { "at_ms": 5, "do": "crash", "node": "n9" }\n  ]\n}');
  await sound(page, false);
  const wrong = page.locator('[data-problem="scenario/unknown-node"]');
  assert.match(await wrong.innerText(), /line 5, column 42.*n9/s);
  assert.match(await page.innerText('.numbers b'), /5/);
  assert.match(await page.innerText('#mark-0'), /n9/);
  await wrong.click();
  const at = await page.locator('#text').evaluate((area) => area.value.slice(area.selectionStart).slice(0, 4));
  assert.equal(at, '"n9"');
  await reader.leave();
});

test('form and text say the same, and undo takes a change of the form back', async () => {
  const reader = await openEditor();
  const { page } = reader;
  const before = await text(page);
  const nodes = field(page, 'cluster.nodes').locator('input');
  await nodes.fill('5');
  await nodes.press('Tab');
  await page.waitForFunction(() => /"nodes": 5/.test(document.getElementById('text').value));
  assert.equal(await text(page), before.replace('"nodes": 3', '"nodes": 5'));

  await field(page, 'seed').getByRole('button').click();
  await page.waitForFunction(() => !/"seed"/.test(document.getElementById('text').value));
  await page.focus('#text');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  assert.equal(await text(page), before);

  await caretBehind(page, '"nodes": 3');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('4');
  await page.waitForFunction(() => document.querySelector('[data-path="cluster.nodes"] input').value === '4');

  await unfold(page, 'script[0]');
  const does = field(page, 'script[0].do').locator('select');
  await does.selectOption({ label: (await does.locator('option').allInnerTexts()).find((name) => name.startsWith('isolate')) });
  await sound(page);
  assert.equal((await parsed(page)).script[0].do, 'isolate');
  await page.click('#edit-run');
  await page.waitForSelector('.editor', { state: 'detached' });
  assert.equal(await page.locator('[data-node]').count(), 4);
  await reader.leave();
});

test('while the text is no JSON the form rests, and nothing is lost', async () => {
  const reader = await openEditor();
  const { page } = reader;
  const before = await text(page);
  await caretBehind(page, '"nodes"');
  await page.keyboard.press('Backspace');
  await page.waitForSelector('#form-rests');
  assert.equal(await page.locator('.form fieldset[disabled]').count(), 1);
  assert.equal(await text(page), before.replace('"nodes"', '"nodes'));
  await page.keyboard.type('"');
  await page.waitForSelector('#form-rests', { state: 'detached' });
  assert.equal(await text(page), before);
  await sound(page);
  await page.click('#edit-format');
  await rested(page);
  assert.deepEqual(await parsed(page), JSON.parse(before));
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#edit-save')]);
  assert.deepEqual(JSON.parse(readFileSync(await download.path(), 'utf8')), JSON.parse(before));
  await reader.leave();
});

test('a scenario that is dropped plays; one with a mistake opens in the editor', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  await drop(page, SMALL);
  await page.waitForFunction(() => document.querySelectorAll('[data-node]').length === 6);
  await drop(page, SMALL.replace('"chain"', '"chian"'));
  await page.waitForSelector('[data-problem="scenario/unknown-protocol"]');
  assert.match(await text(page), /chian/);
  await reader.leave();
});

test('a history that is dropped is judged in words', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  const line = (process, type, f, value) => JSON.stringify({ process, type, f, key: 'x', value });
  const good = [line(0, 'invoke', 'write', 1), line(0, 'ok', 'write', 1), line(1, 'invoke', 'read', null), line(1, 'ok', 'read', 1)];
  await drop(page, good.join('\n'), 'history.jsonl');
  await page.waitForSelector('[data-notice=linearizable]');
  await page.keyboard.press('Escape');
  await drop(page, [...good.slice(0, 3), line(1, 'ok', 'read', 2)].join('\n'), 'history.jsonl');
  await page.waitForSelector('[data-notice=not-linearizable]');
  assert.match(await page.innerText('.file-notice'), /read 2/);
  await page.keyboard.press('Escape');
  const edn = (type, f, value) => `{:process 0, :type :${type}, :f :${f}, :value ${value}}`;
  const jepsen = [edn('invoke', 'write', 7), edn('fail', 'write', 7), edn('invoke', 'read', 'nil'), edn('ok', 'read', 7)];
  await drop(page, jepsen.join('\n'), 'history.edn');
  await page.locator('[data-notice=not-linearizable]', { hasText: 'EDN' }).waitFor();
  assert.match(await page.innerText('.file-notice'), /7 could come only from lines 1-2, ended as fail/);
  await drop(page, `${good[1]}\n`, 'history.jsonl');
  await page.waitForSelector('[data-notice=bad-history]');
  assert.match(await page.innerText('.file-notice'), /line 1/);
  await reader.leave();
});

test('what is none of our files is said to be none, and harms nothing', async () => {
  const reader = await Reader.open(bench);
  const { page } = reader;
  for (const nonsense of ['hello', '', '<img src=x onerror=alert(1)>', '[1]', 'a'.repeat(5_000_000)]) {
    await drop(page, nonsense, 'notes.txt');
    await page.waitForSelector('[data-notice=foreign]');
    assert.equal(await page.locator('#sheet img').count(), 0);
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-notice]', { state: 'detached' });
  }
  await reader.leave();
});

test('a file is opened from the editor without a mouse', async () => {
  const reader = await openEditor();
  const { page } = reader;
  await page.setInputFiles('#edit-open', { name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(SMALL) });
  await page.waitForFunction(() => document.getElementById('text').value.includes('Dropped'));
  await sound(page);
  await page.setInputFiles('#edit-open', { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await page.waitForSelector('[data-notice=foreign]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.editor #text');
  assert.equal(await text(page), SMALL);
  await reader.leave();
});

for (const colorScheme of ['light', 'dark']) {
  test(`the editor is accessible, ${colorScheme}`, async () => {
    const reader = await openEditor({ colorScheme, reducedMotion: 'reduce' });
    const { page } = reader;
    await unfold(page, 'network');
    await unfold(page, 'network.delay');
    await unfold(page, 'script[0]');
    await assertAccessible(page, { within: '#sheet' });
    await caretBehind(page, '{');
    await page.keyboard.type(' "se');
    await page.waitForSelector('#offers');
    await sound(page, false);
    await assertAccessible(page, { within: '#sheet' });
    await reader.leave();
  });
}

test('on a phone the editor fills the screen, and a tap takes what may come next', async () => {
  const reader = await openEditor({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
  const { page } = reader;
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  const box = await page.locator('#sheet').boundingBox();
  assert.ok(box.x <= 1 && box.width >= 385, JSON.stringify(box));
  await caretBehind(page, '"format": 1,');
  await page.keyboard.type(' "lim');
  const offer = page.locator('#offer-0');
  await offer.waitFor({ timeout: LIMIT });
  assert.ok((await offer.boundingBox()).height >= 40);
  await offer.tap();
  await sound(page);
  assert.deepEqual((await parsed(page)).limits, {});
  assert.equal(await page.evaluate(() => document.activeElement.id), 'text');
  await reader.leave();
});
