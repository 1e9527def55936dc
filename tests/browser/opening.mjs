// The opening picture, www/opening.html: the program's own first view as plain HTML, with its stage as wide and as narrow
// screens have it. Trunk puts it into the page, where it stands until the program is there.
//
//   UPDATE=1 node --test tests/browser/opening.test.mjs            writes it

/** As the looks of a phone and of a laptop. */
const SCREENS = [
  { name: 'wide', viewport: { width: 1366, height: 768 } },
  { name: 'narrow', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
];

const HEAD = `<!-- What the program shows first, until it is there. Written by tests/browser/opening.test.mjs: UPDATE=1 writes it anew. -->\n`;

/** In the page: its first view without what needs the program, and its stage alone. */
function taken() {
  const view = document.querySelector('.page').cloneNode(true);
  const each = (selector, act) => view.querySelectorAll(selector).forEach(act);
  const drop = (...names) => (element) => names.forEach((name) => element.removeAttribute(name));
  view.classList.add('opening');
  each('.below, #voice, title, .skip-link, .grip, .aim, .halo, option:not([value="' + document.querySelector('#scenario').value + '"])', (it) => it.remove());
  each('optgroup', (group) => group.replaceWith(...group.children));
  each('#seed', (seed) => seed.setAttribute('value', document.querySelector('#seed').value));
  // What moves on the timeline has its room, and waits.
  each('.overview', (drawing) => drawing.replaceChildren());
  each('canvas', (canvas) => {
    const room = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    room.setAttribute('class', 'room');
    room.setAttribute('height', canvas.style.height.replace('px', ''));
    canvas.replaceWith(room);
  });
  each('.run, .modes-side, .stage-actions, .timeline > *, .ledger .rows', (it) => it.setAttribute('inert', ''));
  each('[style]', drop('style'));
  each('*:not(#stage, #scrubber, #timeline)', drop('id'));
  each('*', drop('data-testid', 'data-walk', 'data-stop', 'data-drag', 'aria-labelledby'));
  const stage = view.querySelector('#stage svg');
  const told = [...stage.querySelectorAll('.node')].map((node) => node.getAttribute('aria-label')).join('; ');
  for (const it of stage.querySelectorAll('*')) {
    for (const { name } of [...it.attributes]) if (/^(?:role|tabindex|aria-|data-(?!look|tone|accrues|faint))/.test(name)) it.removeAttribute(name);
  }
  stage.setAttribute('role', 'img');
  stage.setAttribute('aria-label', told);
  stage.setAttribute('height', stage.viewBox.baseVal.height);
  const drawing = stage.outerHTML;
  stage.replaceWith('STAGE');
  return { view: view.outerHTML, drawing };
}

/** One thing a line, where a line's end means nothing. */
const lines = (html) => html.replace(/>(?=<(?:g|svg|line|rect|path|circle|section|div|button|label|header|main|dl|p|h1)\b)/g, '>\n');

/** What the program shows first, as the file has it. `bench`: of harness/browser.mjs. */
export async function opening(bench) {
  const shown = [];
  for (const { name, ...screen } of SCREENS) {
    const { page, close } = await bench.open({ reducedMotion: 'reduce', ...screen });
    const { view, drawing } = await page.evaluate(taken);
    shown.push({ view, drawing: drawing.replace('<svg ', `<svg class="${name}" `) });
    await close();
  }
  return HEAD + lines(shown[0].view.replace('STAGE', shown.map(({ drawing }) => drawing).join(''))) + '\n';
}
