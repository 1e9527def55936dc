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

/** Of every protocol, those in which something is lost, replaced, refused or waited for; and what must have been told of. */
const SCENARIOS = {
  'async-leader-crash': ['headline', 'lost', 'dead', 'gone'], 'semi-sync-leader-crash': ['headline', 'dead'],
  'sync-follower-silent': ['headline', 'waiting'], 'split-brain-unfenced': ['headline', 'lost', 'gone'],
  'false-suspicion': ['headline'], 'chain-head-crash': ['headline'], 'chain-tail-crash': ['headline'],
  'multi-leader-conflict': ['headline', 'overwritten', 'unseen'],
  'leaderless-lww-skew': ['headline', 'overwritten', 'unseen'],
  'leaderless-stale-read': ['headline'],
};
/** Places of the slider of paces: a fifth of real time, real time, and ten times as fast. */
const PACES = [7, 9, 12];
/** Where in the run one looks, as shares of it. */
const FROM = [0.1, 0.44, 0.7];
/** So many different instants are looked at each time, in every frame in which they are shown. */
const INSTANTS = 5;

/** What each frame shows of the same things in different places, taken after the page has drawn it. */
const sample = (instants) =>
  new Promise((done) => {
    const seen = [];
    const clocks = new Set();
    const number = (text) => (text === undefined || text === null ? undefined : Number(text.replaceAll(',', '')));
    const found = (pattern, text) => number(pattern.exec(text)?.[1]);
    const text = (selector) => document.querySelector(selector)?.textContent ?? '';
    const tally = (name) => found(/([\d,]+)/, text(`[data-tally=${name}] dd`));
    const look = () => {
      const sentence = text('[data-testid=sentence]').replace(/\s+/g, ' ');
      const verdicts = text('#verdicts');
      const scrubber = document.getElementById('scrubber');
      seen.push({
        clock: text('#clock'),
        timeline: document.getElementById('timeline').dataset.now,
        scrubber: scrubber.ariaValueText,
        sentence,
        verdicts,
        headline: found(/([\d,]+) (?:writes? acknowledged|acknowledged writes?)/, sentence),
        lost: found(/([\d,]+)(?: of them)? (?:is|are) lost/, sentence),
        overwritten: found(/([\d,]+)(?: of them)? (?:was |were )?overwritten unseen/, sentence),
        waiting: found(/([\d,]+) writes? waits?\b/, sentence),
        gone: found(/([\d,]+) of [\d,]+ acknowledged writes? (?:is|are) gone/, verdicts),
        unseen: found(/([\d,]+) of [\d,]+ acknowledged writes? overwritten unseen/, verdicts),
        of: found(/[\d,]+ of ([\d,]+) acknowledged writes? (?:is|are) gone/, verdicts),
        tally: { acknowledged: tally('acknowledged'), lost: tally('lost'), overwritten: tally('overwritten') ?? 0, waiting: tally('waiting') },
        down: [...document.querySelectorAll('[data-node][data-down=true]')].map((card) => card.dataset.node),
        dead: [...sentence.matchAll(/(n\d+)(?:, the leader,)? has lost power/g)].map((match) => match[1]),
      });
      clocks.add(seen.at(-1).clock);
      const ended = document.querySelector('.pace[data-playing=false]');
      if (clocks.size < instants && !ended) requestAnimationFrame(() => setTimeout(look));
      else done(seen);
    };
    requestAnimationFrame(() => setTimeout(look));
  });

/** Fails if two things in a frame tell of different moments. Tells what was compared. */
function compare(frame) {
  const { sentence, verdicts, tally } = frame;
  const compared = [];
  const same = (name, value, other, where) => {
    if (value === undefined) return;
    assert.equal(value, other, `${name} at ${frame.clock}: ${where}`);
    compared.push(name);
  };
  assert.equal(frame.clock, frame.timeline, 'the clock and the time line');
  assert.equal(frame.clock, frame.scrubber, 'the clock and the scrubber');
  same('headline', frame.headline, tally.acknowledged, sentence);
  same('lost', frame.lost, tally.lost, sentence);
  same('overwritten', frame.overwritten, tally.overwritten, sentence);
  same('waiting', frame.waiting, tally.waiting, sentence);
  same('gone', frame.gone, tally.lost, verdicts);
  same('unseen', frame.unseen, tally.overwritten, verdicts);
  same('of', frame.of, tally.acknowledged, verdicts);
  for (const name of frame.dead) {
    assert.ok(frame.down.includes(name), `${name} in the sentence and on the stage at ${frame.clock}`);
    compared.push('dead');
  }
  return compared;
}

for (const [scenario, told] of Object.entries(SCENARIOS)) {
  test(`all panels show one instant: ${scenario}`, async () => {
    const reader = await Reader.open(bench, { hash: `#${scenario}` });
    const { page } = reader;
    const compared = new Set();
    const watch = async () => {
      for (const frame of await page.evaluate(sample, INSTANTS)) compare(frame).forEach((name) => compared.add(name));
    };
    const until = await reader.until();
    for (const from of FROM) {
      for (const pace of PACES) {
        await reader.scrub(from * until);
        await page.locator('#pace').fill(String(pace));
        await reader.play();
        await watch();
      }
    }
    // As a reader sees it who does nothing, and from the moment on in which one acts.
    await page.locator('.pace button[aria-pressed]').click();
    await page.waitForSelector('.pace[data-automatic=true]');
    for (const from of [0.05, 0.48, 0.6]) {
      await reader.scrub(from * until);
      await reader.play();
      await watch();
    }
    await reader.scrub(0.3 * until);
    await page.locator('#deed').click();
    await watch();
    for (const name of told) assert.ok(compared.has(name), `nothing was told of "${name}": ${[...compared]}`);
    await reader.leave();
  });
}
