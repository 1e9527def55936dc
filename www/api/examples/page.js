// The page's side: asks the worker for a run and shows which acknowledged writes are gone.

const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });

const [said, list] = [document.querySelector('output'), document.querySelector('ul')];

worker.addEventListener('message', ({ data: report }) => {
  const { acknowledged, lost } = report.writes;
  said?.append(`${lost} of ${acknowledged} acknowledged writes are lost.`);
  for (const write of report.lost) {
    const item = document.createElement('li');
    item.textContent = `${write.key} = ${write.value}: ${write.why}`;
    list?.append(item);
  }
});
worker.postMessage({ scenario: 'async-leader-crash', seed: 7 });
