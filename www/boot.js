// Starts the page: fetches the program, hands over to it, and, should either fail, says so in words
// instead of leaving the page blank.
//
// What is published opens with a light part of the program, which is all that the opening view runs; the whole arrives
// while the reader watches and takes over. A page that is opened by a link may need anything at once: it waits for it.

const PROGRAM = './replicarium.js';
const WASM = './replicarium_bg.wasm';
/** The whole program, if a light part comes before it; `make dist` names it in the page. */
const WHOLE = document.querySelector('script[data-whole]')?.dataset.whole;
/** The styles of what the first view does not show; `make dist` names them in the page. */
const LATER = document.querySelector('script[data-later]')?.dataset.later;
/** In the address of a page that found out too early that it needs the whole program. */
const AT_ONCE = 'whole';
/** What keeps the published page for when there is no network; the site's build names it in the page. */
const OFFLINE = document.querySelector('script[data-offline]')?.dataset.offline;
/** In the address of a page inside somebody else's. */
const EMBED = 'embed';

/** Replaces the page by a message: a heading, paragraphs, and what the machine said. */
function show(heading, paragraphs, detail) {
  const message = document.createElement('div');
  message.className = 'failure';
  message.setAttribute('role', 'alert');
  const add = (tag, text) => {
    const element = document.createElement(tag);
    element.textContent = text;
    message.append(element);
  };
  add('h1', heading);
  for (const text of paragraphs) add('p', text);
  if (detail) add('pre', detail);
  const again = document.createElement('button');
  again.type = 'button';
  again.textContent = 'Load the page again';
  again.addEventListener('click', () => location.reload());
  message.append(again);
  const main = document.createElement('main');
  main.append(message);
  (document.getElementById('app') ?? document.body).replaceChildren(main);
  document.documentElement.dataset.state = 'failed';
  dispatchEvent(new CustomEvent('replicarium-failed', { detail: { heading, what: detail ?? paragraphs[0] } }));
}

/** The program did not arrive, or this browser cannot run it. */
function showLoadFailure(error) {
  const paragraphs =
    typeof WebAssembly === 'object'
      ? [
          'The program that is the database did not arrive or did not start, so there is nothing to show yet.',
          'A second try often helps. If it does not, a proxy or a content blocker may hold back the file ' +
            'replicarium_bg.wasm, or this browser is too old for it.',
        ]
      : [
          'This browser has no WebAssembly, or it is switched off (some do so in a hardened or lockdown mode).',
          'Any current browser in its usual settings can run this page.',
        ];
  show('Replicarium could not start', paragraphs, String(error?.message ?? error));
}

/**
 * The program stopped in the middle of a run. It may have left its last words, and a link that leads
 * back to the same run, on the root element (`data-panic`, `data-panic-link`).
 */
function showPanic(error) {
  const { panic, panicLink } = document.documentElement.dataset;
  const paragraphs = [
    'The program met a state that it should never reach, and stopped rather than show you something wrong. ' +
      'That is a mistake in Replicarium, not in what you did.',
    `The same run again: ${panicLink ?? location.href}`,
  ];
  show('Replicarium stopped', paragraphs, panic ?? String(error?.message ?? error));
}

function watchForPanics() {
  const check = (event, error) => {
    const trapped = typeof WebAssembly === 'object' && error instanceof WebAssembly.RuntimeError;
    // Once stopped, every further call into the program fails too: the first one tells.
    const { state, whole } = document.documentElement.dataset;
    if (!trapped || state === 'failed') return;
    if (whole === 'missed' || stopped(error)) event.preventDefault();
  };
  addEventListener('error', (event) => check(event, event.error));
  addEventListener('unhandledrejection', (event) => check(event, event.reason));
}

/**
 * The program trapped. If that can be because the whole is not here yet, the page starts again with it. Says whether it
 * was that.
 */
function stopped(error) {
  const { panic, panicLink, whole } = document.documentElement.dataset;
  if (!WHOLE || whole === 'here' || panic) {
    showPanic(error);
    return false;
  }
  document.documentElement.dataset.whole = 'missed';
  const address = new URL(panicLink ?? location.href, location.href);
  address.searchParams.set(AT_ONCE, '');
  // What is on its way already need not come twice.
  (coming ?? Promise.resolve()).finally(() => location.replace(address));
  return true;
}

/** The whole program on its way. */
let coming;

async function fetched(path) {
  const answer = await fetch(new URL(path, import.meta.url));
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${answer.statusText}`);
  return answer.arrayBuffer();
}

/** The styles of the rest on their way. */
let styles;

/** Brings the styles that the first view has no need of. A page without them is plain, and works. */
function bringStyles() {
  if (!LATER) return undefined;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = LATER;
  return new Promise((done) => {
    link.onload = link.onerror = done;
    document.head.append(link);
  });
}

/** Brings the whole program, which takes over in a moment in which the light part does nothing. */
async function bringWhole(program, ready) {
  const [code] = await Promise.all([ready ?? fetched(WHOLE), (styles ??= bringStyles())]);
  if (document.documentElement.dataset.whole === 'missed') return;
  await program.takeOver(code);
  document.documentElement.dataset.whole = 'here';
  // The page looks for what it can show now.
  dispatchEvent(new Event('resize'));
}

/** Brings the whole once the page has time for it, or at once when the reader does something; that is done `then`. */
function bringWholeLater(program, then) {
  const held = holdInput(() => bring());
  const bring = () => {
    const arrived = () => {
      held.release();
      then();
    };
    coming ??= bringWhole(program).then(arrived, (error) => {
      // The next thing that the reader does asks again.
      coming = undefined;
      if (held.count() > 0) showLoadFailure(error);
    });
  };
  if (typeof requestIdleCallback === 'function') requestIdleCallback(bring, { timeout: 2_000 });
  else setTimeout(bring, 300);
}

/** Keeps what the reader does from the program, to be done later, and tells `wanted` of it. */
function holdInput(wanted) {
  const done = new AbortController();
  const held = [];
  const hold = (event) => {
    event.stopImmediatePropagation();
    if (event.type.startsWith('pointer')) return wanted();
    if (event.type === 'click' || (event.type === 'keydown' && event.key !== 'Tab')) event.preventDefault();
    held.push(event);
    wanted();
  };
  for (const type of ['pointerdown', 'pointermove', 'pointerup', 'click', 'keydown', 'input', 'change']) {
    addEventListener(type, hold, { capture: true, signal: done.signal });
  }
  const release = () => {
    done.abort();
    for (const { type, target, constructor: Kind, ...event } of held.map(copy)) target.dispatchEvent(new Kind(type, event));
  };
  return { release, count: () => held.length };
}

/** What another event needs to be the same as this one. */
function copy({ type, target, constructor, key, code, shiftKey, ctrlKey, altKey, metaKey, clientX, clientY, detail }) {
  const common = { type, target, constructor, bubbles: true, cancelable: true, composed: true };
  return { ...common, key, code, shiftKey, ctrlKey, altKey, metaKey, clientX, clientY, detail };
}

/** Keeps everything for the next visit, once this one lacks nothing; a page in a frame keeps nothing. */
function keepForLater() {
  if (!OFFLINE || window !== window.top) return;
  import(OFFLINE).then(
    ({ keepOffline }) => keepOffline(),
    () => {},
  );
}

/** The gallery below the playground leads to other runs in it: there the reader wants to be then. */
function followGallery() {
  addEventListener('click', ({ target }) => {
    const link = target.closest?.('a.play');
    if (!link) return;
    scrollTo(0, 0);
    link.blur();
    // The run that is open already, from its start: no news to the browser.
    if (link.hash === location.hash) dispatchEvent(new Event('hashchange'));
  });
}

async function start() {
  const asked = new URLSearchParams(location.search);
  const embedded = asked.has(EMBED);
  if (embedded) document.documentElement.dataset.embed = '';
  const atOnce = embedded || location.hash.length > 1 || asked.has(AT_ONCE);
  try {
    const parts = embedded ? (await import('./embed/frame.js')).parts(WASM, WHOLE) : undefined;
    const program = await import(PROGRAM);
    const [light, whole] = (await parts) ?? [];
    const wasm = await program.default({ module_or_path: light ?? new URL(WASM, import.meta.url) });
    if (WHOLE && atOnce) await bringWhole(program, whole);
    program.open();
    if (!WHOLE) document.documentElement.dataset.whole = 'here';
    if (WHOLE && !atOnce) bringWholeLater(program, keepForLater);
    else keepForLater();
    document.documentElement.dataset.state = 'running';
    dispatchEvent(new CustomEvent('TrunkApplicationStarted', { detail: { wasm } }));
  } catch (error) {
    // A trap here is the program's own: it arrived and started.
    if (error instanceof WebAssembly.RuntimeError && stopped(error)) return;
    if (!(error instanceof WebAssembly.RuntimeError)) showLoadFailure(error);
    console.error(error);
  }
}

watchForPanics();
followGallery();
start();
