// Keeps the published site in the reader's browser, so that it opens without a network, and says when a newer version is
// there. It knows nothing of runs; where the browser has no such means, or refuses them, the page goes on as before.

const WORKER = new URL('./sw.js', import.meta.url).href;

/**
 * The one way by which an address becomes a script in this site, and the only addresses that may: Trusted Types are
 * required, so nothing else in a page can do it.
 */
const policy = globalThis.trustedTypes?.createPolicy('replicarium', {
  createScriptURL(address) {
    if (address !== WORKER) throw new TypeError(`not a script of this site: ${address}`);
    return address;
  },
});

/** Has everything of this version kept, and looks after newer ones. Never throws. */
export async function keepOffline() {
  try {
    // Some frames throw at the mere question.
    if (!('serviceWorker' in navigator) || !isSecureContext) return;
    const script = policy?.createScriptURL(WORKER) ?? WORKER;
    const registration = await navigator.serviceWorker.register(script, { updateViaCache: 'none' });
    watch(registration);
  } catch {
    // Refused: nothing is kept, and nothing else changes.
  }
}

/** Tells the reader of a version that is here beside the one that runs. */
function watch(registration) {
  const arrived = (worker) => {
    // The first of all has nothing to replace.
    if (worker.state === 'installed' && registration.active) offer(worker);
  };
  if (registration.waiting) arrived(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => arrived(worker));
  });
}

function offer(worker) {
  document.querySelector('.notice')?.remove();
  const notice = document.createElement('div');
  notice.className = 'notice';
  notice.setAttribute('role', 'status');
  const text = document.createElement('span');
  text.textContent = 'A new version is ready.';
  const button = (label, act) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = 'button';
    made.textContent = label;
    made.addEventListener('click', act);
    return made;
  };
  const use = () => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') begin();
    });
    worker.postMessage('use');
  };
  notice.append(text, button('Reload', use), button('Later', () => notice.remove()));
  document.body.append(notice);
}

/** Opens the page again, with the run that the reader has made. */
function begin() {
  const { panicLink } = document.documentElement.dataset;
  if (panicLink) history.replaceState(null, '', panicLink);
  location.reload();
}
