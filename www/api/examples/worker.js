// The worker's side: plays what it is asked for, and answers with the report.

import init, { Lab } from '../replicarium.js';

const ready = init();

self.addEventListener('message', async ({ data }) => {
  await ready;
  const lab = new Lab(data.scenario, { seed: data.seed });
  await lab.finishAsync();
  self.postMessage(lab.report());
  lab.free();
});
