// What TypeScript must accept and refuse of the script API. It is compiled beside the package, never run.

import init, { Lab, scenario, type Action, type LabError, type Report, type Scenario, type TraceEvent } from './replicarium.js';

export async function accepted(): Promise<Report> {
  await init(new URL('replicarium_bg.wasm', import.meta.url));
  const document: Scenario = scenario('async-leader-crash');
  document.seed = 4;
  const lab = new Lab(document, { untilMs: 1_000 });
  const leave: () => void = lab.on('event', (event: TraceEvent) => event.text.length);
  lab.on('promise-broken', ({ promise, why, witness }) => [promise.length, why.length, witness ?? 0]);
  leave();
  const cut: Action = { do: 'cut', from: 'n1', to: 'follower:1', both: true };
  lab.act(cut);
  const { reached, event } = lab.runUntil({ sort: 'delivered', node: 'n2' }, { limitMs: 100, budget: 1_000 });
  if (reached && event !== null) event.text.toUpperCase();
  const lost: number = lab.compare(new Lab('n')).mine.writes.lost;
  const median: number | null = lab.report().latencyMs.read.p50;
  const tone: 'lost' | 'good' | 'faint' | 'plain' | 'leader' | 'write' | 'wait' = lab.sentence().parts[0][0];
  await lab.advanceAsync(lost + (median ?? 0) + tone.length, { signal: new AbortController().signal });
  return lab.report();
}

export function refused(lab: Lab, error: LabError): void {
  // @ts-expect-error: there is no such mode.
  new Lab({ format: 1, cluster: { protocol: 'single-leader', knobs: { acknowledge: { mode: 'sometimes' } } } });
  // @ts-expect-error: a crash needs a node.
  lab.act({ do: 'crash' });
  // @ts-expect-error: there is no such action.
  lab.act({ do: 'explode', node: 'n1' });
  // @ts-expect-error: there is no such event.
  lab.on('explosion', () => undefined);
  // @ts-expect-error: there is no such condition.
  lab.runUntil('explosion');
  // @ts-expect-error: figures are numbers.
  lab.report().writes.lost.toUpperCase();
  // @ts-expect-error: the playhead is moved by calls.
  lab.now = 4;
  // @ts-expect-error: options have names.
  lab.trace({ from: 4 });
  // @ts-expect-error: mistakes have a place, not a position.
  error.position;
}
