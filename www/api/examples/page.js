// The page's side: asks the worker for a run and shows which acknowledged writes are gone.

const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });

worker.addEventListener('message', ({ data: report }) => {
  document.querySelector('output').textContent =
    `${report.writes.lost} of ${report.writes.acknowledged} acknowledged writes are lost.`;
  for (const write of report.lost) {
    const item = document.createElement('li');
    item.textContent = `${write.key} = ${write.value}: ${write.why}`;
    document.querySelector('ul').append(item);
  }
});
worker.postMessage({ scenario: 'async-leader-crash', seed: 7 });
