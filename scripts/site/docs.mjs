// The documentation: a page for every Markdown file in www/docs, the reference of scenarios, and the search over all.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { document } from './markdown.mjs';
import { reference } from './reference.mjs';
import { WWW, escape, fromNpm, sentence } from './site.mjs';

/** In this order; what is not named comes last. */
const ORDER = ['guide', 'scenario', 'embedding', 'api', 'command-line', 'check', 'hosting', 'promises', 'limits'];
/** How the search reads and finds: the page's script asks with the same. */
const INDEX = { fields: ['title', 'text', 'page'], storeFields: ['title', 'page', 'to', 'text'] };
const SHOWN_LETTERS = 140;

const place = ({ slug }) => (ORDER.includes(slug) ? ORDER.indexOf(slug) : ORDER.length);

/** All documents, in the order in which they are offered. */
export function documents(schema) {
  const files = readdirSync(join(WWW, 'docs')).filter((name) => name.endsWith('.md')).sort();
  const all = [...files.map((name) => document(join(WWW, 'docs', name))), reference(schema)];
  return all.sort((one, other) => place(one) - place(other));
}

export async function buildDocs(site, { scenarios, documents: all }) {
  for (const doc of all) {
    const { slug, title, about, main } = doc;
    site.page({ name: `docs/${slug}.html`, title, about, aside: aside(all, doc), main: main + turning(all, doc) });
  }
  site.page({
    name: 'docs/index.html',
    title: 'Documentation',
    about: 'How to use Replicarium, to write scenarios, to embed and to script it, and to host it.',
    aside: aside(all, {}),
    main: contents(all),
  });
  const sheet = ['css/tokens.css', 'css/start.css', 'docs/docs.css'].map((name) => readFileSync(join(WWW, name), 'utf8'));
  site.write('docs/docs.css', `${sheet.join('\n').replace(/\/\*[\s\S]*?\*\//g, '').replace(/\s+/g, ' ').trim()}\n`);
  await site.script('docs/docs.js', readFileSync(join(WWW, 'docs/docs.js'), 'utf8'));
  await site.script('offline.js', readFileSync(join(WWW, 'offline.js'), 'utf8'));
  await site.script('docs/minisearch.js', readFileSync(fromNpm.resolve('minisearch').replace(/cjs.index\.cjs$/, 'es/index.js'), 'utf8'));
  site.write('docs/search.json', index(all, scenarios));
}

function contents(all) {
  const entry = ({ slug, title, about }) => `<li><a href="./${slug}.html">${escape(title)}</a> ${escape(about)}</li>`;
  return `<article>
<h1>Documentation</h1>
<p class="lead">Replicarium is a replicated database that runs inside a page, to be watched, broken and understood.</p>
<ul class="contents">
${all.map(entry).join('\n')}
<li><a href="../scenarios/">Scenarios</a> Every run that is built in: what is done, and what comes of it.</li>
</ul>
</article>`;
}

function aside(all, { slug, headings = [] }) {
  const page = (doc) => {
    const current = doc.slug === slug ? ' aria-current="page"' : '';
    return `<li><a href="./${doc.slug}.html"${current}>${escape(doc.title)}</a></li>`;
  };
  const heading = ({ id, text, level }) => `<li class="level-${level}"><a href="#${id}">${escape(text)}</a></li>`;
  const own = headings.filter(({ level }) => level <= 3);
  const onPage = own.length < 2 ? '' : `\n<nav class="on-page" aria-label="On this page"><h2>On this page</h2>\n<ul>\n${own.map(heading).join('\n')}\n</ul></nav>`;
  return `<nav aria-label="Documentation"><h2>Documentation</h2>\n<ul>\n${all.map(page).join('\n')}\n</ul></nav>${onPage}`;
}

function turning(all, doc) {
  const at = all.indexOf(doc);
  const link = (other, word, rel) => (other ? `<a rel="${rel}" href="./${other.slug}.html"><span>${word}</span> ${escape(other.title)}</a>` : '');
  return `\n<nav class="turning" aria-label="Neighbours">${link(all[at - 1], 'Before', 'prev')}${link(all[at + 1], 'Next', 'next')}</nav>`;
}

function index(all, scenarios) {
  const MiniSearch = fromNpm('minisearch');
  const search = new MiniSearch(INDEX);
  const found = [
    ...all.flatMap(({ slug, title: page, entries }) =>
      entries.map(({ id, title, text }) => ({ to: `docs/${slug}.html${id ? `#${id}` : ''}`, page, title, text: text.trim() })),
    ),
    ...scenarios.map(({ name, title, about, report }) => ({
      to: `scenarios/${name}.html`, page: 'Scenarios', title, text: `${sentence(about)} ${report.sentence.text} ${name}`,
    })),
  ];
  search.addAll(found.map((entry, id) => ({ id, ...entry })));
  const document = search.toJSON();
  // The index has every word; what is shown of a place is its beginning.
  for (const stored of Object.values(document.storedFields)) stored.text = stored.text.slice(0, SHOWN_LETTERS);
  return JSON.stringify(document);
}
