// Starts the page: fetches the program, hands over to it, and, should either fail, says so in words
// instead of leaving the page blank.

const PROGRAM = './replicarium.js';
const WASM = './replicarium_bg.wasm';

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
    if (trapped && document.documentElement.dataset.state !== 'failed') showPanic(error);
  };
  addEventListener('error', (event) => check(event.error));
  addEventListener('unhandledrejection', (event) => check(event.reason));
}

async function start() {
  let program;
  try {
    program = await import(PROGRAM);
    const wasm = await program.default({ module_or_path: new URL(WASM, import.meta.url) });
    document.documentElement.dataset.state = 'running';
    dispatchEvent(new CustomEvent('TrunkApplicationStarted', { detail: { wasm } }));
  } catch (error) {
    // A trap here is the program's own: it arrived and started.
    if (document.documentElement.dataset.panic) showPanic(error);
    else showLoadFailure(error);
    console.error(error);
  }
}

watchForPanics();
start();
