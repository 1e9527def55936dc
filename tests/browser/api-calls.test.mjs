// The script API's calls, one by one, in Node: what they return, what they refuse, who is told what and when.

import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CHECKOUT } from '../wasm/program.mjs';
import { parseDigests } from '../wasm/digests.mjs';

const PACKAGE = resolve(CHECKOUT, process.env.REPLICARIUM_PACKAGE ?? 'target/package');

let api;
before(async () => {
  api = await import(pathToFileURL(join(PACKAGE, 'replicarium.js')).href);
  await Promise.all([api.default(), api.default()]);
});

const started = (source = 'async-leader-crash', options) => new api.Lab(source, options);

/** What a call throws. */
function thrown(call, what = '') {
  try {
    call();
  } catch (error) {
    return error;
  }
  return assert.fail(`nothing was thrown ${what}`);
}

test('every built-in scenario comes to its golden digest, played by script', () => {
  const lines = api.scenarios().map(({ name }) => {
    const lab = started(name);
    while (lab.finish().exhausted);
    const line = `${name} ${lab.digest}`;
    lab.free();
    return line;
  });
  assert.deepEqual(lines, parseDigests(readFileSync(join(CHECKOUT, 'tests/goldens/digests.txt'), 'utf8')));
});

test('the same run comes of every way to let time pass', async () => {
  const straight = started();
  straight.finish();
  const watched = started();
  watched.on('event', () => {});
  watched.on('verdict', () => {});
  while (watched.now < watched.until) watched.advance(777.777);
  const little = started();
  while (little.finish({ budget: 37 }).exhausted);
  const slices = started();
  await slices.finishAsync();
  for (const lab of [watched, little, slices]) {
    assert.equal(lab.digest, straight.digest);
    assert.deepEqual(lab.report(), straight.report());
  }
});

test('callbacks are told every recorded event once, in order, at its instant', () => {
  const lab = started();
  const told = [];
  const leave = lab.on('event', (event) => {
    assert.equal(event.atMs, lab.now);
    told.push(event);
  });
  lab.advance(1_000);
  lab.act({ do: 'pause', node: 'follower:1' });
  lab.advance(500);
  const recorded = lab.trace();
  assert.deepEqual(told, recorded);
  assert.ok(told.some(({ sort }) => sort === 'paused'));
  leave();
  leave();
  lab.advance(500);
  assert.equal(told.length, recorded.length);
  assert.deepEqual(lab.trace({ fromMs: 1_500, limit: 5 }), lab.trace().filter(({ atMs }) => atMs >= 1_500).slice(0, 5));
});

test('a callback can act and look, but not move the playhead', () => {
  const lab = started();
  let acted = 0;
  const errors = [];
  lab.on('event', ({ sort }) => {
    if (sort !== 'powered-off') return;
    for (const move of [() => lab.advance(1), () => lab.seek(0), () => lab.finish(), () => lab.branch(), () => lab.switchTo(0)]) {
      errors.push(thrown(move).code);
    }
    if (acted++ === 0) lab.act({ do: 'power-off', node: 'n2' });
    assert.equal(lab.stage().nodes.length, 3);
  });
  lab.finish();
  assert.equal(acted, 2);
  assert.deepEqual(errors, new Array(10).fill('lab/busy'));
  const link = lab.link();
  const again = started(link);
  assert.equal(again.digest, lab.digest, 'what a callback did is in the link');
});

test('what a callback throws ends the call, and the lab goes on from there', () => {
  const lab = started();
  const leave = lab.on('event', () => {
    throw new TypeError('mine');
  });
  assert.equal(thrown(() => lab.advance(1_000)).message, 'mine');
  assert.ok(lab.now < 1_000);
  leave();
  lab.advance(1_000);
  assert.ok(lab.now >= 1_000);
});

test('verdicts are told when they change, whatever the calls are cut into', () => {
  const heard = (cut) => {
    const lab = started('split-brain-unfenced');
    const words = [];
    lab.on('verdict', ({ promise, word }) => words.push([lab.now, promise, word]));
    lab.on('promise-broken', ({ promise }) => words.push([lab.now, promise]));
    while (lab.now < lab.until) lab.advance(cut);
    return words;
  };
  const words = heard(60_000);
  assert.ok(words.some(([, , word]) => word === 'broken'));
  assert.deepEqual(heard(433.21), words);
});

test('a run until a condition says whether and where', () => {
  const lab = started();
  assert.deepEqual(
    (({ reached, nowMs, exhausted }) => ({ reached, nowMs, exhausted }))(lab.runUntil('death', { limitMs: 5_000 })),
    { reached: false, nowMs: 5_000, exhausted: false },
  );
  assert.equal(lab.runUntil('death', { budget: 10 }).exhausted, true);
  const { reached, event } = lab.runUntil({ sort: 'powered-off', node: 'n1' });
  assert.ok(reached && event.sort === 'powered-off' && event.atMs === lab.now);
  assert.equal(lab.inspect({ node: 'n1' }).title, 'n1');
  assert.ok(lab.inspect({ event: event.event }).causes.length > 0);
  assert.equal(lab.runUntil('promise-broken').reached, true);
  assert.equal(thrown(() => lab.runUntil(() => { throw new RangeError('no'); })).name, 'RangeError');
});

test('a link and a file hold the run with its branches and its playhead', () => {
  const lab = started();
  lab.finish();
  lab.seek(9_000);
  lab.act({ do: 'crash', node: 'follower:1' });
  lab.advance(4_000);
  for (const source of [lab.link(), `https://example.org/a/b/${lab.link()}`, lab.file(), JSON.parse(lab.file())]) {
    const again = started(source);
    assert.equal(again.digest, lab.digest);
    assert.equal(again.now, 13_000);
    assert.equal(again.branches().length, 2);
    again.switchTo(0);
    again.finish();
    assert.equal(again.report().writes.lost > 0, true);
  }
  for (let round = 0; round < 400; round++) {
    lab.advance(1.234);
    lab.act({ do: 'slow-disk', node: 'n2', factor: 2 + round });
  }
  assert.equal(thrown(() => lab.link()).code, 'link/too-long');
  assert.equal(started(lab.file()).digest, lab.digest);
});

test('every kind of file can be had', () => {
  const lab = started('async-leader-crash', { untilMs: 2_000 });
  lab.finish();
  for (const { name, mediaType, extension, about } of api.exports()) {
    assert.ok(lab.export(name).length > 100, name);
    assert.ok(mediaType && extension && about);
  }
  assert.match(lab.export('stage', { theme: 'dark', caption: '<b>&' }), /&lt;b(>|&gt;)&amp;/);
});

test('mistakes say what, where and how to fix it', () => {
  const lab = started();
  const refused = [
    [() => started('no-such-scenario'), 'link/unknown-scenario'],
    [() => api.scenario('no-such-scenario'), 'lab/unknown-scenario'],
    [() => started('#v1.!!'), 'link/damaged'],
    [() => started('#v9.abc'), 'link/later-version'],
    [() => started('{ "format": 1'), 'scenario/not-json'],
    [() => started({ format: 1 }), 'scenario/missing-field'],
    [() => new api.Lab(undefined), 'lab/bad-argument'],
    [() => started(7), 'scenario/wrong-type'],
    [() => started({ format: 1, cluster: { protocol: 'single-leader' }, script: [{ at_ms: 1, do: 'crash', node: 'n7' }] }), 'scenario/unknown-node'],
    [() => started('async-leader-crash', { sead: 1 }), 'lab/bad-argument'],
    [() => started('async-leader-crash', { seed: 'x' }), 'scenario/wrong-type'],
    [() => started('x'.repeat(5_000_000)), 'lab/too-long'],
    [() => lab.advance(), 'lab/bad-argument'],
    [() => lab.advance(-1), 'lab/bad-argument'],
    [() => lab.advance(1, { budget: 0 }), 'lab/bad-argument'],
    [() => lab.seek(Number.NaN), 'lab/bad-argument'],
    [() => lab.act(), 'scenario/wrong-type'],
    [() => lab.act({ do: 'explode' }), 'scenario/unknown-action'],
    [() => lab.on('explosion', () => {}), 'lab/bad-argument'],
    [() => lab.on('event', 7), 'lab/bad-argument'],
    [() => lab.runUntil('explosion'), 'lab/bad-argument'],
    [() => lab.inspect({ node: 'n9' }), 'lab/unknown-node'],
    [() => lab.inspect({}), 'lab/bad-argument'],
    [() => lab.switchTo(3), 'lab/no-such-branch'],
    [() => lab.export('pdf'), 'lab/bad-argument'],
  ];
  for (const [call, code] of refused) {
    const error = thrown(call, call.toString());
    assert.ok(error instanceof Error);
    assert.equal(error.code, code, call.toString());
    for (const said of [error.what, error.where, error.fix, error.problems[0].what]) assert.ok(said, call.toString());
  }
  const cycle = {};
  cycle.self = cycle;
  assert.equal(thrown(() => started(cycle)).code, 'lab/not-plain');
  const several = thrown(() => started({ format: 2, cluster: { protocol: 'none', nodes: 0 }, x: 1 }));
  assert.ok(several.problems.length >= 3);
});

test('a hostile scenario holds a call for a moment only, and says that there is more', async () => {
  const hostile = {
    format: 1,
    until_ms: 3_600_000,
    cluster: { nodes: 32, protocol: 'single-leader' },
    network: { delay: { constant_ms: 0 } },
    clients: [{ count: 64, loop: 'closed' }],
  };
  const lab = started(hostile);
  const { exhausted, happened } = lab.finish();
  assert.ok(exhausted && lab.now < lab.until);
  // The instant that it has come to is finished.
  assert.ok(happened >= 200_000 && happened < 220_000, `${happened} happenings`);
  // What gives way can be stopped.
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('stopped')), 50);
  await assert.rejects(lab.finishAsync({ signal: stop.signal }), /stopped/);
  lab.free();
});

test('a freed lab is gone, and its memory is used again', () => {
  const page = () => {
    const lab = started();
    lab.finish();
    lab.free();
  };
  for (let round = 0; round < 10; round++) page();
  const before = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
  for (let round = 0; round < 40; round++) page();
  const grown = process.memoryUsage().arrayBuffers + process.memoryUsage().external - before;
  assert.ok(grown < 16e6, `grew by ${grown} bytes`);
  const lab = started();
  lab.free();
  assert.throws(() => lab.report());
});
