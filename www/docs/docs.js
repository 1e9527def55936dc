// What pages that are read do beyond being read: the theme that was chosen in the playground, the search, and keeping the
// site for when there is no network. Whatever was found is shown as text.

const THEME = 'replicarium-theme';
const ROOT = new URL('../', import.meta.url);
const INDEX = new URL('./search.json', import.meta.url);
const MOST = 12;
/** As the index was built (scripts/site/docs.mjs). */
const READS = { fields: ['title', 'text', 'page'], storeFields: ['title', 'page', 'to', 'text'] };
const FINDS = { prefix: true, fuzzy: 0.15, boost: { title: 3, page: 1.5 }, combineWith: 'AND' };

try {
  const theme = localStorage.getItem(THEME);
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // No storage: the system's theme.
}

const box = document.querySelector('.search');
const field = document.getElementById('search');
const told = document.getElementById('found');
const list = document.getElementById('results');

/** The library and the index, once somebody wants to search. */
let loading;
function search() {
  loading ??= (async () => {
    const [{ default: MiniSearch }, answer] = await Promise.all([import('./minisearch.js'), fetch(INDEX)]);
    if (!answer.ok) throw new Error(`${answer.status}`);
    return MiniSearch.loadJSON(await answer.text(), READS);
  })();
  loading.catch(() => (loading = undefined));
  return loading;
}

const close = () => {
  list.replaceChildren();
  list.hidden = true;
  told.textContent = '';
};

async function find() {
  const words = field.value.trim();
  if (!words) return close();
  let index;
  try {
    index = await search();
  } catch {
    told.textContent = 'The search did not arrive. Type again to retry.';
    return;
  }
  // Somebody who types on wants another answer.
  if (words !== field.value.trim()) return;
  const all = index.search(words, FINDS);
  told.textContent = all.length === 0 ? 'Nothing found' : `${all.length} found`;
  list.replaceChildren(...all.slice(0, MOST).map(result));
  list.hidden = all.length === 0;
}

function result({ to, title, page, text }) {
  const entry = document.createElement('li');
  const link = document.createElement('a');
  link.href = new URL(to, ROOT).href;
  const add = (tag, content) => {
    const element = document.createElement(tag);
    element.textContent = content;
    link.append(element);
  };
  add('b', title);
  if (page !== title) add('i', page);
  if (text) add('span', text);
  link.addEventListener('click', close);
  entry.append(link);
  return entry;
}

/** Arrows walk through what was found, Escape leaves it, Enter takes the first. */
function walk(event) {
  const links = [...list.querySelectorAll('a')];
  const at = links.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
  if (event.key === 'Escape') {
    close();
    field.value = '';
    field.focus();
  } else if (event.key === 'Enter' && at < 0) {
    links[0]?.click();
  } else if (to !== undefined && links.length > 0) {
    event.preventDefault();
    (to < 0 ? field : links[Math.min(to, links.length - 1)]).focus();
  }
}

box.hidden = false;
field.addEventListener('focus', () => search().catch(() => {}), { once: true });
field.addEventListener('input', find);
box.addEventListener('keydown', walk);
addEventListener('keydown', (event) => {
  const typing = /^(?:INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '');
  if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  field.focus();
});
addEventListener('click', ({ target }) => {
  if (!box.contains(target)) close();
});

if (window === window.top) {
  import('../offline.js').then(
    ({ keepOffline }) => keepOffline(),
    () => {},
  );
}
