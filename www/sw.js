// The published site, kept in the browser. Each version is fetched whole, every file checked against its digest, into a
// store of its own; a tab is answered from the version that it was opened with until it is closed. It knows names of
// files, not what is in them; the site's build fills in VERSION and FILES.

/** Of all files together. */
const VERSION = '__VERSION__';
/** [path from here, integrity] of everything that is kept. */
const FILES = __FILES__;

const SCOPE = new URL('./', self.location);
/** Stores of other folders of this host belong to others. */
const PREFIX = `replicarium ${SCOPE.pathname} `;
/** Which version runs, and which tabs were opened with an older one. */
const MEMORY = `${PREFIX}memory`;
const TABS = new URL('__tabs__', SCOPE).href;
const AT_ONCE = 6;

const store = (version) => PREFIX + version;
const paths = new Set(FILES.map(([path]) => path));

/** Fetches a file of just this version; another version's, or half of one, is refused. */
async function bring(cache, [path, integrity]) {
  const address = new URL(path, SCOPE);
  const answer = await fetch(address, { cache: 'no-cache', integrity, credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  // Some hosts lead from page.html to page; a browser would not take such an answer for a page.
  const { status, statusText, headers } = answer;
  await cache.put(address, new Response(await answer.blob(), { status, statusText, headers }));
}

async function install() {
  const cache = await caches.open(store(VERSION));
  const waiting = [...FILES];
  const work = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) await bring(cache, file);
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } catch (error) {
    waiting.length = 0;
    await caches.delete(store(VERSION));
    throw error;
  }
}

/** `{ version, tabs: { id: version } }` */
async function remembered() {
  const answer = await (await caches.open(MEMORY)).match(TABS);
  return answer ? answer.json() : { version: VERSION, tabs: {} };
}

async function remember(memory) {
  await (await caches.open(MEMORY)).put(TABS, new Response(JSON.stringify(memory)));
}

/** From here on tabs are opened with this version; those that are open keep theirs. */
async function activate() {
  const memory = await remembered();
  const before = memory.version;
  if (before !== VERSION) {
    for (const { id } of await self.clients.matchAll({ includeUncontrolled: true })) memory.tabs[id] ??= before;
  }
  memory.version = VERSION;
  older = undefined;
  await clear(memory);
}

/** Forgets what no open tab needs. */
async function clear(memory) {
  const open = new Set((await self.clients.matchAll({ includeUncontrolled: true })).map(({ id }) => id));
  for (const id of Object.keys(memory.tabs)) if (!open.has(id)) delete memory.tabs[id];
  await remember(memory);
  const kept = new Set([MEMORY, store(VERSION), ...Object.values(memory.tabs).map(store)]);
  const waiting = self.registration.installing ?? self.registration.waiting;
  for (const name of await caches.keys()) {
    // One that is on its way is not ours to judge.
    if (name.startsWith(PREFIX) && !kept.has(name) && !waiting) await caches.delete(name);
  }
}

/** Which tabs are of which older version; read once in the life of this worker. */
let older;
async function versionOf(tab) {
  older ??= remembered().then(({ tabs }) => tabs);
  return (await older)[tab] ?? VERSION;
}

/** What a page is kept as: some hosts leave out the ending, all leave out index.html. */
function kept(url, version) {
  const path = url.pathname.slice(SCOPE.pathname.length);
  const names = [path, `${path}index.html`, `${path}.html`, `${path}/index.html`];
  // Another version may have other files: whether it has this one only its store can tell.
  return names.filter((name) => name && (version !== VERSION || paths.has(name)));
}

async function found(address, tab) {
  const version = await versionOf(tab);
  const cache = await caches.open(store(version));
  for (const name of kept(new URL(address), version)) {
    const answer = await cache.match(new URL(name, SCOPE));
    if (answer) return answer;
  }
  return undefined;
}

/** What is kept, or what the host says; a browser whose store fails still has its host. */
async function answer(request, tab) {
  return (await found(request.url, tab).catch(() => undefined)) ?? fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', ({ data }) => {
  if (data === 'use') self.skipWaiting();
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const ours = request.method === 'GET' && url.origin === SCOPE.origin && url.pathname.startsWith(SCOPE.pathname);
  if (!ours) return;
  const opens = request.mode === 'navigate';
  if (opens) event.waitUntil(remembered().then(clear).catch(() => {}));
  event.respondWith(answer(request, opens ? '' : event.clientId));
});
