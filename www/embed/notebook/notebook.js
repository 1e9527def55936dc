// The cells of the notebook. What a cell shows is the text of the function that it calls.

import init, { Lab, scenario } from '../../api/replicarium.js';

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
const kept = {};

/** What each cell does, in order; what it returns stands below it. */
const cells = {
  'One run'() {
    const lab = new Lab('async-leader-crash');
    lab.finish();
    const { writes } = lab.report();
    lab.free();
    return `${writes.lost} of ${writes.acknowledged} acknowledged writes are lost`;
  },
  async 'The same under other seeds'() {
    kept.losses = [];
    for (const seed of seeds) {
      const lab = new Lab('async-leader-crash', { seed });
      await lab.finishAsync();
      kept.losses.push({ seed, lost: lab.report().writes.lost });
      lab.free();
    }
    return kept.losses.map(({ seed, lost }) => `seed ${seed}: ${'█'.repeat(lost)} ${lost}`).join('\n');
  },
  'And if one follower has to confirm?'() {
    const document = scenario('async-leader-crash');
    document.cluster.knobs.acknowledge = { mode: 'semi-sync' };
    const lab = new Lab(document);
    lab.finish();
    const { writes, latencyMs } = lab.report();
    lab.free();
    return `${writes.lost} lost; half of the writes take ${latencyMs.write.p50} ms or more`;
  },
  async 'Show the worst'() {
    const worst = (kept.losses ?? []).toSorted((one, other) => other.lost - one.lost)[0];
    if (!worst) return 'run the second cell first';
    const lab = document.getElementById('worst');
    lab.seed = worst.seed;
    const { sentence } = await lab.seek(22_000);
    return `seed ${worst.seed}: ${sentence}`;
  },
};

function cell([title, run]) {
  const [box, head, name, button, source, result] = ['section', 'header', 'h2', 'button', 'pre', 'output'].map((tag) =>
    document.createElement(tag),
  );
  box.className = 'cell';
  name.textContent = title;
  button.textContent = 'Run';
  button.setAttribute('aria-label', `Run: ${title}`);
  source.textContent = run.toString().replace(/^ {2}/gm, '');
  source.tabIndex = 0;
  button.addEventListener('click', async () => {
    box.dataset.state = 'running';
    try {
      await init();
      result.textContent = await run();
      box.dataset.state = 'done';
    } catch (error) {
      result.textContent = `${error.code ?? error.name}: ${error.what ?? error.message}`;
      box.dataset.state = 'failed';
    }
  });
  head.append(name, button);
  box.append(head, source, result);
  return box;
}

document.getElementById('cells').append(...Object.entries(cells).map(cell));
