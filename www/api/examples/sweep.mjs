// For Node: how often does a mode lose acknowledged writes? Run it with `node sweep.mjs`.

import init, { Lab } from '../replicarium.js';

await init();

for (const name of ['async-leader-crash', 'semi-sync-leader-crash', 'sync-leader-crash']) {
  let losing = 0;
  let lost = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const lab = new Lab(name, { seed });
    lab.finish();
    const { writes } = lab.report();
    losing += writes.lost > 0 ? 1 : 0;
    lost += writes.lost;
    lab.free();
  }
  console.log(`${name}: ${losing} of 20 runs lost writes, ${lost} in all`);
}
