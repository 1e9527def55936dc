// The page as a frame: brings the compiled program, from a frame beside it if one has it already, and tells the page
// around should anything fail before the program can speak for itself.
//
// It knows nothing of runs and orders: the program hears those itself.

/** How long another frame may take to answer before this one compiles for itself. */
const PATIENCE_MS = 15_000;

const asked = new URLSearchParams(location.search);
const inside = window.parent !== window;
const theme = asked.get('theme');
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;

function tell(message) {
  if (inside) window.parent.postMessage({ replicarium: 1, ...message }, '*');
}

addEventListener('replicarium-failed', ({ detail }) => {
  const fix = 'press “Load the page again” in the frame; if that does not help, look whether the host sends all files';
  tell({ event: 'error', code: 'program/failed', what: `${detail.heading}: ${detail.what}`, where: location.href, fix });
});

/** The compiled program, which lies at `path` beside the page. */
export async function compiled(path) {
  const given = asked.has('shared') && inside ? await fromParent() : undefined;
  if (given) {
    // The page has asked for the code ahead, like every page: it is taken, so that the browser does not complain.
    fetch(new URL(`../${path}`, import.meta.url)).catch(() => {});
    return given;
  }
  const compiling = compile(path);
  // Others wait for this frame: they are told even if it fails.
  if (asked.has('shared')) compiling.then(share, () => share());
  return compiling;
}

/** Asks the page around for what another frame has compiled. It answers at once, or when that frame is done. */
function fromParent() {
  return new Promise((answered) => {
    const done = (module) => {
      clearTimeout(late);
      removeEventListener('message', hear);
      removeEventListener('messageerror', hear);
      answered(module);
    };
    const hear = ({ type, source, data }) => {
      if (source !== window.parent) return;
      if (type === 'messageerror') done();
      else if (data?.replicarium === 1 && data.do === 'program') done(data.module instanceof WebAssembly.Module ? data.module : undefined);
    };
    const late = setTimeout(done, PATIENCE_MS);
    addEventListener('message', hear);
    addEventListener('messageerror', hear);
    tell({ event: 'program-wanted' });
  });
}

/** Compiled code goes to pages of the same origin only; elsewhere each frame has its own. */
function share(module) {
  try {
    tell({ event: 'program', module });
  } catch {
    tell({ event: 'program' });
  }
}

async function compile(path) {
  const address = new URL(`../${path}`, import.meta.url);
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${answer.statusText}`);
  try {
    return await WebAssembly.compileStreaming(answer.clone());
  } catch (error) {
    // Hosts that call the file something else than application/wasm.
    if (error instanceof TypeError) return WebAssembly.compile(await answer.arrayBuffer());
    throw error;
  }
}
