// Headline, ledger, cards, promises, diagram and clock show one instant: no two of them ever tell of different moments.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { Reader } from './harness/reader.mjs';
import { startBench } from './harness/browser.mjs';

let bench;
before(async () => {
  bench = await startBench();
});
after(() => bench.close());

/** Of every protocol, those in which something is lost, replaced, refused or waited for. */
const SCENARIOS = [
  'async-leader-crash', 'semi-sync-leader-crash', 'sync-follower-silent', 'split-brain-unfenced', 'false-suspicion',
  'chain-head-crash', 'chain-tail-crash', 'multi-leader-conflict', 'leaderless-lww-skew', 'leaderless-stale-read',
];
/** Places of the slider of paces: a fifth of real time, real time, and ten times as fast. */
const PACES = [7, 9, 12];
const FRAMES = 10;

/** What a frame shows of the same things in different places, taken after the page has drawn it. */
const sample = (frames) =>
  new Promise((done) => {
    const seen = [];
    const number = (text) => Number((/[\d,]+/.exec(text ?? '') ?? ['0'])[0].replaceAll(',', ''));
    const look = () => {
      const text = (selector) => document.querySelector(selector)?.textContent ?? '';
      const sentence = text('[data-testid=sentence]');
      seen.push({
        clock: text('#clock'),
        timeline: document.getElementById('timeline').dataset.now,
        sentence,
        headline: (/^\s*([\d,]+) writes? acknowledged/.exec(sentence) ?? [])[1]?.replaceAll(',', ''),
        lost: (/([\d,]+)(?: of them)? (?:is|are) lost/.exec(sentence) ?? [])[1]?.replaceAll(',', ''),
        acknowledged: number(text('[data-tally=acknowledged] dd')),
        tally: number(text('[data-tally=lost] dd')),
        down: [...document.querySelectorAll('[data-node][data-down=true]')].map((card) => card.dataset.node),
        dead: [...sentence.matchAll(/(n\d+)(?:, the leader,)? has lost power/g)].map((match) => match[1]),
      });
      if (seen.length < frames) requestAnimationFrame(() => setTimeout(look));
      else done(seen);
    };
    requestAnimationFrame(() => setTimeout(look));
  });

for (const scenario of SCENARIOS) {
  test(`all panels show one instant: ${scenario}`, async () => {
    const reader = await Reader.open(bench, { hash: `#${scenario}` });
    const { page } = reader;
    let compared = 0;
    for (const pace of PACES) {
      await page.locator('#pace').fill(String(pace));
      await reader.play();
      for (const frame of await page.evaluate(sample, FRAMES)) {
        assert.equal(frame.clock, frame.timeline, 'the clock and the time line');
        if (frame.headline !== undefined) assert.equal(Number(frame.headline), frame.acknowledged, frame.sentence);
        if (frame.lost !== undefined) assert.equal(Number(frame.lost), frame.tally, frame.sentence);
        for (const name of frame.dead) assert.ok(frame.down.includes(name), `${name} in the sentence and on the stage`);
        compared += 1;
      }
    }
    assert.equal(compared, PACES.length * FRAMES);
    await reader.leave();
  });
}
