// Starts the page: fetches the program, hands over to it, and, should either fail, says so in words
// instead of leaving the page blank.
//
// What is published opens with a light program, and of that with the part that the first view runs; its rest arrives
// while the reader watches. A page that is opened by a link may need anything at once, so it takes the whole program.

/** Where things are: the loader's own element in the page names them. */
const FILES = document.querySelector('script[data-program]').dataset;
/** In the address of a page that wants the whole program. */
const ALL = 'all';

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
  const check = (error) => {
    const trapped = typeof WebAssembly === 'object' && error instanceof WebAssembly.RuntimeError;
    // Once stopped, every further call into the program fails too: the first one tells.
    if (trapped && document.documentElement.dataset.state !== 'failed') stopped(error);
  };
  addEventListener('error', (event) => check(event.error));
  addEventListener('unhandledrejection', (event) => check(event.reason));
}

/** The program trapped. If that can be because its rest is not here yet, the whole program starts instead. */
function stopped(error) {
  const { panic, panicLink, rest } = document.documentElement.dataset;
  if (!FILES.rest || rest === 'here' || panic) return showPanic(error);
  const address = new URL(panicLink ?? location.href, location.href);
  address.searchParams.set(ALL, '');
  location.replace(address);
}

/** Brings the second part, which puts its functions where the first part calls them. */
async function bringRest(first) {
  const answer = await fetch(url(FILES.rest));
  if (!answer.ok) throw new Error(`${FILES.rest}: ${answer.status} ${answer.statusText}`);
  await WebAssembly.instantiate(await answer.arrayBuffer(), { first });
  document.documentElement.dataset.rest = 'here';
  // The page looks for what it can show now.
  dispatchEvent(new Event('resize'));
}

/** Brings the rest once the page has time for it, or at once when the reader does something; that is done then. */
function bringRestLater(first) {
  const held = holdInput(() => bring());
  let coming;
  const bring = () => {
    coming ??= bringRest(first).then(held.release, (error) => {
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

const url = (name) => new URL(name, import.meta.url);

async function start() {
  const all = FILES.all && (location.hash.length > 1 || new URLSearchParams(location.search).has(ALL));
  const { program: glue, wasm: code, rest } = all ? { program: FILES.all, wasm: FILES.allWasm } : FILES;
  if (!rest) document.documentElement.dataset.rest = 'here';
  try {
    const coming = fetch(url(code));
    const program = await import(url(glue));
    const wasm = await program.default({ module_or_path: coming });
    program.open();
    if (rest) bringRestLater(wasm);
    document.documentElement.dataset.state = 'running';
    dispatchEvent(new CustomEvent('TrunkApplicationStarted', { detail: { wasm } }));
  } catch (error) {
    // A trap here is the program's own: it arrived and started.
    if (error instanceof WebAssembly.RuntimeError) stopped(error);
    else showLoadFailure(error);
    console.error(error);
  }
}

watchForPanics();
start();
