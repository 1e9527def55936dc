// Starts the page: fetches the program, hands over to it, and, should either fail, says so in words
// instead of leaving the page blank.

const PROGRAM = './replicarium.js';
const WASM = './replicarium_bg.wasm';
/** What keeps the published page for when there is no network; the site's build names it in the page. */
const OFFLINE = document.querySelector('script[data-offline]')?.dataset.offline;
/** In the address of a page inside somebody else's. */
const EMBED = 'embed';
/** Where the page's own link leads: no run. */
const STAGE = '#stage';
/** The theme that a reader chose before. */
const THEME = 'replicarium-theme';

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
    if (!trapped || document.documentElement.dataset.state === 'failed') return;
    showPanic(error);
  };
  addEventListener('error', (event) => check(event, event.error));
  addEventListener('unhandledrejection', (event) => check(event, event.reason));
}

/** Keeps everything for the next visit, once this one has begun; a page in a frame keeps nothing. */
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

/** Before the first paint: whether the opening picture is what will follow, and in which theme. */
function prepare(embedded) {
  const { dataset } = document.documentElement;
  if (embedded) dataset.embed = '';
  else if (location.hash.length > 1 && location.hash !== STAGE) dataset.linked = '';
  try {
    const theme = embedded ? null : localStorage.getItem(THEME);
    if (theme === 'light' || theme === 'dark') dataset.theme = theme;
  } catch {
    // No storage: the system's theme.
  }
}

/** Lets the browser paint, and answer whoever waits, before the next piece of work. */
const breath = () => new Promise((done) => setTimeout(done));

async function start() {
  const embedded = new URLSearchParams(location.search).has(EMBED);
  prepare(embedded);
  try {
    const compiled = embedded ? (await import('./embed/frame.js')).compiled(WASM) : undefined;
    const program = await import(PROGRAM);
    const wasm = await program.default({ module_or_path: (await compiled) ?? new URL(WASM, import.meta.url) });
    await breath();
    program.open();
    document.documentElement.dataset.state = 'running';
    keepForLater();
    dispatchEvent(new CustomEvent('TrunkApplicationStarted', { detail: { wasm } }));
  } catch (error) {
    // A trap here is the program's own: it arrived and started.
    if (error instanceof WebAssembly.RuntimeError) showPanic(error);
    else showLoadFailure(error);
    console.error(error);
  }
}

watchForPanics();
followGallery();
start();
