// Makes a deck of the slides: a run plays while its slide is shown, and rests while it is not.
//
// Only this file knows where reveal.js is.

const REVEAL = './reveal.js/dist/';

function rest(slide) {
  for (const lab of slide?.querySelectorAll('replicarium-lab') ?? []) lab.pause().catch(() => {});
}

function play(slide) {
  // A slide that is left before its run is there has no use for it any more.
  for (const lab of slide?.querySelectorAll('replicarium-lab') ?? []) lab.play().catch(() => {});
}

async function present() {
  const { default: Reveal } = await import(`${REVEAL}reveal.esm.js`);
  const sheet = document.createElement('link');
  Object.assign(sheet, { rel: 'stylesheet', href: new URL(`${REVEAL}reveal.css`, import.meta.url).href });
  document.head.append(sheet);
  document.documentElement.classList.add('with-reveal');
  const deck = new Reveal({ hash: true, embedded: false, width: 1100, height: 760 });
  deck.on('slidechanged', ({ previousSlide, currentSlide }) => {
    rest(previousSlide);
    play(currentSlide);
  });
  await deck.initialize();
  play(deck.getCurrentSlide());
}

present().catch((error) => console.info(`Without reveal.js these are slides to be read: ${error.message}`));
