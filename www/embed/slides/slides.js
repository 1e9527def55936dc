// Makes a deck of the slides: a run plays while its slide is shown, and rests while it is not.
//
// The page says where reveal.js is (`data-reveal` of its root); without it nothing is asked for.

function rest(slide) {
  for (const lab of slide?.querySelectorAll('replicarium-lab') ?? []) lab.pause().catch(() => {});
}

function play(slide) {
  // A slide that is left before its run is there has no use for it any more.
  for (const lab of slide?.querySelectorAll('replicarium-lab') ?? []) lab.play().catch(() => {});
}

async function present(folder) {
  const { default: Reveal } = await import(`${folder}reveal.esm.js`);
  const sheet = document.createElement('link');
  Object.assign(sheet, { rel: 'stylesheet', href: new URL(`${folder}reveal.css`, import.meta.url).href });
  document.head.append(sheet);
  document.documentElement.classList.add('with-reveal');
  const deck = new Reveal({ hash: true, embedded: false, width: 1100, height: 760 });
  deck.on('slidechanged', ({ previousSlide, currentSlide }) => {
    rest(previousSlide);
    play(currentSlide);
  });
  await deck.initialize();
  document.getElementById('how').textContent = 'Arrow keys turn the slides; a run starts when its slide is shown.';
  play(deck.getCurrentSlide());
}

const folder = document.documentElement.dataset.reveal;
if (folder) present(folder).catch((error) => console.info(`Without reveal.js these are slides to be read: ${error.message}`));
