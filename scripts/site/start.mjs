// The start page: below the playground, a gallery of runs to start from, and where else to go. Plain HTML, so
// that it is there without the program, too.

import { escape, fail, sentence } from './site.mjs';

const TITLE = 'Replicarium: a replicated database that you can break';
const SOON = 'Choose how data is replicated, crash the leader, and see which acknowledged writes survive.';
const BOOT = '<script type="module" src="./boot.js"';

/**
 * What stands below the playground, in this order: the gallery is long, so it comes last. Lessons will be a section of
 * their own before it; until there are some, nothing is said of them.
 */
const SECTIONS = [ways, gallerySection];

export function buildStart(site, all) {
  const html = site.read('index.html');
  for (const needed of ['</noscript>', '</head>', '</body>', BOOT]) {
    if (!html.includes(needed)) fail(`the page has no ${needed}`, site.path('index.html'), 'restore index.html, run: make dist');
  }
  const below = `<div class="start">\n${SECTIONS.map((section) => section(all)).join('\n')}\n</div>\n`;
  const head =
    site.card({ name: 'index.html', title: TITLE, about: SOON, picture: 'index' }) +
    '    <link rel="manifest" href="./site.webmanifest" />\n';
  site.write(
    'index.html',
    html
      .replace(BOOT, `${BOOT} data-offline="./offline.js"`)
      .replace('</noscript>', `  <p>Below, pictures show what it does, and the documentation reads without it.</p>\n        </noscript>`)
      .replace('  </head>', () => `${head}  </head>`)
      .replace('  </body>', () => `${below}  </body>`),
  );
  for (const { name, posters } of all.scenarios) {
    for (const [theme, svg] of Object.entries(posters)) site.write(poster(name, theme), svg);
  }
}

/** The file of a scenario's picture. */
export function poster(name, theme) {
  return theme === 'light' ? `posters/${name}.svg` : `posters/${name}-${theme}.svg`;
}

/** The picture of a scenario as the reader's theme wants it; `base` leads to the site's folder, `told` is HTML. */
export function picture({ name, size }, base, told = '', lazy = true) {
  const loading = lazy ? 'loading="lazy" ' : '';
  return (
    `<picture><source media="(prefers-color-scheme:dark)" srcset="${base}${poster(name, 'dark')}" />` +
    `<img ${loading}alt="${told}" width="${size.width}" height="${size.height}" src="${base}${poster(name, 'light')}" /></picture>`
  );
}

/** Runs of each protocol on the start page: what is there before a reader has asked for it is to stay light. */
const SHOWN = 3;

/** The scenarios, protocol by protocol, the first `most` of each. `play`: where a scenario is opened. `level` of the headings. */
export function gallery({ groups }, { base, play, level, most = Infinity }) {
  const entry = (scenario) => {
    const { name, title, about } = scenario;
    return `<li><a class="about" href="${base}scenarios/${name}.html">${picture(scenario, base)}<b>${escape(title)}</b></a>
<p>${escape(sentence(about))}</p>
<a class="play" href="${play}#${name}">Play<span class="hidden-text">: ${escape(title)}</span></a></li>`;
  };
  return groups
    .map(
      (group) => `<h${level} id="${group.protocol}">${escape(group.title)}</h${level}>
<p>${escape(group.sentence)}</p>
<ul class="gallery">
${group.scenarios.slice(0, most).map(entry).join('\n')}
</ul>`,
    )
    .join('\n');
}

function gallerySection(all) {
  return `<section aria-labelledby="gallery">
<h2 id="gallery">Runs to start from</h2>
<p>Each picture is a moment of a run that really happened. Play one above, read what comes of it, or see
<a href="./scenarios/index.html">all ${all.scenarios.length} with their pictures</a>.</p>
${gallery(all, { base: './', play: '', level: 3, most: SHOWN })}
</section>`;
}

function ways({ documents }) {
  const entry = ({ slug, title, about }) => `<li><a href="./docs/${slug}.html">${escape(title)}</a>: ${escape(about)}</li>`;
  return `<nav class="ways" aria-labelledby="ways">
<h2 id="ways">To read</h2>
<ul>
${documents.map(entry).join('\n')}
</ul>
</nav>`;
}
