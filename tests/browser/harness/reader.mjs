// A reader of the page: what such a person does, and what the page then says. Everything is found by the
// names that the page keeps for it, and waited for by state, never by time.

import assert from 'node:assert/strict';
import { LIMIT } from './browser.mjs';

export { LIMIT };

/** A reader in front of an opened page. */
export class Reader {
  constructor({ page, log, close }) {
    Object.assign(this, { page, log, close });
  }

  /** Opens the page in a profile of its own. */
  static async open(bench, options = {}) {
    const reader = new Reader(await bench.open(options));
    await reader.page.waitForSelector('[data-testid=sentence]');
    return reader;
  }

  /** Ends the visit; the console must have stayed clean. */
  async leave() {
    this.log.assertClean();
    await this.close();
  }

  button(name) {
    return this.page.locator(`.pace button[aria-label="${name}"]`);
  }

  node(name) {
    return this.page.locator(`[data-node=${name}]`);
  }

  /** Waits until a node looks like this. */
  async sees(name, look) {
    await this.page.waitForSelector(`[data-node=${name}][data-look=${look}]`, { timeout: LIMIT });
  }

  isPlaying() {
    return this.page.locator('.pace[data-playing=true]').count();
  }

  async pause() {
    if (await this.isPlaying()) await this.button('Pause').click();
    await this.page.waitForSelector('.pace[data-playing=false]');
  }

  async play() {
    if (!(await this.isPlaying())) await this.button('Play').click();
  }

  /** The playhead in milliseconds. */
  async now() {
    return Number(await this.page.getAttribute('#scrubber', 'aria-valuenow'));
  }

  /** The end of the run in milliseconds. */
  async until() {
    return Number(await this.page.getAttribute('#scrubber', 'aria-valuemax'));
  }

  /** Clicks on the scrubber where this time is, known or not; the page stands still there. */
  async scrub(ms) {
    const until = await this.until();
    const scrubber = this.page.locator('#scrubber');
    const edge = 16;
    // While time passes the page may grow by a line between a look and a click: then the reader clicks again.
    for (let attempt = 0; attempt < 3; attempt++) {
      await scrubber.scrollIntoViewIfNeeded();
      const { x, y, width, height } = await scrubber.boundingBox();
      await this.page.mouse.click(x + edge + (ms / until) * (width - 2 * edge), y + height / 3);
      await this.page.waitForSelector('.pace[data-playing=false]');
      if (Math.abs((await this.now()) - ms) <= until / 200) return;
    }
    await this.settled(ms);
  }

  /** Waits until the playhead stands at about this time, and the panels with it. */
  async settled(ms) {
    const near = ([wanted, most]) => Math.abs(document.getElementById('scrubber').ariaValueNow - wanted) <= most;
    await this.page.waitForFunction(near, [ms, (await this.until()) / 200]);
  }

  /** Steps on until something is so. */
  async stepUntil(isSo, steps = 400) {
    for (let step = 0; step < steps; step++) {
      if (await isSo()) return;
      await this.button('Step to the next event').click();
    }
    assert.fail(`not reached in ${steps} steps`);
  }

  /** What the page says, in words: two equal texts are the same state. */
  async state() {
    return this.page.evaluate(() => {
      const all = (selector, tell) => [...document.querySelectorAll(selector)].map(tell);
      const own = (...names) => (element) => names.map((name) => element.getAttribute(name)).join(' | ');
      const text = (element) => element.textContent.replace(/\s+/g, ' ').trim();
      return [
        document.getElementById('scrubber').getAttribute('aria-valuenow'),
        ...all('[data-testid=sentence]', text),
        ...all('[data-node]', own('data-node', 'aria-label', 'data-look')),
        ...all('.cell', own('data-position', 'data-look', 'data-op')),
        ...all('[data-link]', own('data-link', 'data-cut')),
        ...all('[data-client]', own('aria-label', 'data-tone')),
        ...all('#chips .chip', own('data-chip', 'aria-label')).sort(),
        ...all('#ledger .tally > div', text),
        ...all('#ledger .row', (row) => `${row.dataset.op} ${row.dataset.fate} ${text(row)}`),
        ...all('#verdicts li', text),
      ].join('\n');
    });
  }

  /** A count of the ledger. */
  async tally(name) {
    const text = await this.page.locator(`[data-tally=${name}] dd`).innerText();
    return Number(text.replaceAll(',', ''));
  }

  /** Opens what can be done to a node. */
  async openMenu(name) {
    await this.node(name).locator('.name').click();
    return this.menu();
  }

  /** The open menu, once it is there. */
  async menu() {
    const menu = this.page.locator('[data-testid=menu]');
    await menu.waitFor();
    return menu;
  }

  /** Chooses from the open menu, and sees it close. */
  async choose(label) {
    const menu = await this.menu();
    await menu.getByRole('menuitem', { name: label }).click();
    await menu.waitFor({ state: 'detached' });
  }

  /** Waits until another run has begun, and stands still near its start. */
  async begun() {
    await this.page.waitForFunction(() => document.getElementById('scrubber').ariaValueNow < 4_000);
    await this.pause();
  }

  /** The lines of the run in words, the newest first. */
  async lines() {
    return this.page.evaluate(() =>
      [...document.querySelectorAll('#log .lines button span')].map((line) => line.textContent),
    );
  }
}
