// What a run leaves as opens where it is meant to: Mermaid's own parser, from npm, takes the diagrams and draws
// one. ShiViz is on no registry, so its reader is not run here: the logs are read with the regular expression
// that ShiViz starts with, in the same engine of regular expressions, and held against the rules that it states
// for clocks, in code of our own.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from './harness/browser.mjs';
import { replicarium } from './harness/native.mjs';

const scenarios = () => [...replicarium('scenarios').matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);

/** A document whose words would like to be more than words. */
const HOSTILE = {
  format: 1,
  title: 'end; n1->>n2: forged %%{init: {}}%% #lt;<script>alert(1)</script> `x` $$x$$ {"n1": 1}\nn1 {"n1": 7}',
  cluster: { nodes: 3, protocol: 'single-leader' },
};

let folder;
let hostile;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'replicarium-exports-'));
  hostile = join(folder, 'hostile.json');
  writeFileSync(hostile, JSON.stringify(HOSTILE));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("Mermaid's own parser takes the diagram of every scenario, and draws one", async () => {
  const mermaid = createRequire(import.meta.url).resolve('mermaid/dist/mermaid.min.js');
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const dialogs = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      dialog.dismiss();
    });
    await page.setContent('<!doctype html><title>Mermaid</title><div id="drawing"></div>');
    await page.addScriptTag({ path: mermaid });
    await page.evaluate(() => globalThis.mermaid.initialize({ startOnLoad: false }));
    const parse = (text) =>
      page.evaluate(async (source) => {
        try {
          return (await globalThis.mermaid.parse(source)).diagramType;
        } catch (error) {
          return `refused: ${error.message}`;
        }
      }, text);
    for (const name of scenarios()) {
      assert.equal(await parse(replicarium('trace', name, '--format', 'mermaid', '--until', '7000')), 'sequence', name);
    }
    // The parser is really asked.
    assert.match(await parse('sequenceDiagram\n    n1->>n2 no words'), /^refused/);

    const text = replicarium('trace', hostile, '--format', 'mermaid', '--until', '900');
    assert.equal(await parse(text), 'sequence');
    const drawn = await page.evaluate(async (source) => {
      const { svg } = await globalThis.mermaid.render('hostile', source);
      const drawing = new DOMParser().parseFromString(svg, 'text/html');
      return {
        actors: new Set([...drawing.querySelectorAll('text.actor')].map((actor) => actor.textContent)).size,
        messages: drawing.querySelectorAll('.messageText').length,
        scripts: drawing.querySelectorAll('script').length,
        words: drawing.body.textContent,
      };
    }, text);
    assert.equal(drawn.messages, text.match(/(->>|-x)/g).length);
    assert.equal(drawn.actors, text.match(/^ {4}participant /gm).length);
    assert.ok(drawn.words.includes('n1->>n2: forged'), 'the title is told as it is');
    assert.equal(drawn.scripts, 0);
    assert.deepEqual(dialogs, []);
  } finally {
    await browser.close();
  }
});

/** Reads a log as ShiViz does: whatever its expression finds, wherever. */
function read(log) {
  const expression = /(?<event>.*)\n(?<host>\S*) (?<clock>{.*})/gm;
  return [...log.trim().matchAll(expression)].map(({ groups }) => ({ ...groups, clock: JSON.parse(groups.clock) }));
}

/** The clock that an event must have: what its host knew, and all that its direct causes knew. */
function assertClocks(events, name) {
  const hosts = new Map();
  for (const { host } of events) hosts.set(host, []);
  for (const event of events) hosts.get(event.host).push(event);
  for (const [host, own] of hosts) {
    own.forEach((event, index) => assert.equal(event.clock[host], index + 1, `${name}: ${host} counts by one from 1`));
  }
  for (const { host, clock } of events) {
    const must = { [host]: clock[host] };
    const learn = (other, time) => {
      const cause = hosts.get(other)?.[time - 1];
      assert.ok(cause, `${name}: ${host} ${clock[host]} names ${other} ${time}, which never happened`);
      for (const [known, count] of Object.entries(cause.clock)) must[known] = Math.max(must[known] ?? 0, count);
    };
    if (clock[host] > 1) learn(host, clock[host] - 1);
    for (const [other, time] of Object.entries(clock)) if (other !== host) learn(other, time);
    must[host] = clock[host];
    assert.deepEqual(clock, Object.fromEntries(Object.keys(clock).map((key) => [key, must[key]])), `${name}: ${host}`);
    assert.equal(Object.keys(must).length, Object.keys(clock).length, `${name}: ${host} ${clock[host]} knows too little`);
  }
}

test('ShiViz finds every event of a log with the expression it starts with, and its clocks hold', () => {
  for (const name of [...scenarios(), hostile]) {
    const log = replicarium('trace', name, '--format', 'shiviz', '--until', '2500');
    const events = read(log);
    const lines = log.trim().split('\n').filter((line) => !line.startsWith('#'));
    assert.equal(events.length * 2, lines.length, `${name}: an event is two lines`);
    assert.ok(events.length > 50, name);
    // Not a word of the head is taken for an event.
    assert.ok(events.every(({ event }) => /^\d+\.\d{3} s /.test(event)), name);
    assertClocks(events, name);
  }
});

test('a log with a clock that cannot be is refused', () => {
  const log = replicarium('trace', 'async-leader-crash', '--format', 'shiviz', '--until', '400');
  const damaged = (damage) => {
    const events = read(log);
    const arrival = events.findIndex(({ clock }) => Object.keys(clock).length > 2);
    damage(events, arrival, events[arrival].clock);
    return () => assertClocks(events, 'damaged');
  };
  damaged(() => {})();
  assert.throws(damaged((events, arrival) => events.splice(arrival, 1)), 'an event is missing');
  assert.throws(damaged((events, arrival, clock) => Object.keys(clock).forEach((host) => (clock[host] += 1_000))), 'it knows what never happened');
  assert.throws(damaged((events, arrival, clock) => {
    const host = events[arrival].host;
    events[arrival].clock = { [host]: clock[host], ghost: 1 };
  }), 'it knows nobody');
  assert.throws(damaged((events) => {
    const last = events.at(-1);
    last.clock = { [last.host]: last.clock[last.host] };
  }), 'it forgets what its host knew');
});
