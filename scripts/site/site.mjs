// The site in the making: where it is written, what its pages have in common, and how text becomes HTML.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PAGE_POLICY } from '../../tests/browser/harness/policy.mjs';

export const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url));
export const WWW = join(CHECKOUT, 'www');
/** What npm brought lies beside the browser tests. */
export const fromNpm = createRequire(new URL('../../tests/browser/package.json', import.meta.url));

export function fail(what, where, fix) {
  console.error(`error: ${what}\n  where: ${where}\n  fix:   ${fix}`);
  process.exit(1);
}

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Any text as HTML, also within an attribute in double quotes. */
export const escape = (text) => String(text).replace(/[&<>"]/g, (letter) => ESCAPES[letter]);

/** Text with its first letter large, and a full stop. */
export const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

/** Where pages belong in the bar. */
const BAR = [
  ['', 'Playground'],
  ['scenarios/', 'Scenarios'],
  ['docs/', 'Documentation'],
];

export class Site {
  constructor(folder, origin) {
    Object.assign(this, { folder, origin });
  }

  path(name) {
    return join(this.folder, name);
  }

  read(name) {
    return readFileSync(this.path(name), 'utf8');
  }

  write(name, content) {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  /** Names of all files, in order, with slashes. */
  files() {
    const found = [];
    const look = (under) => {
      for (const entry of readdirSync(this.path(under), { withFileTypes: true })) {
        const name = under + entry.name;
        if (entry.isDirectory()) look(`${name}/`);
        else found.push(name);
      }
    };
    look('');
    return found.sort();
  }

  /** Shortens a script of ours, or of a library. */
  async script(name, text) {
    const { code } = await fromNpm('terser').minify(text, { module: true, compress: { passes: 2 } });
    this.write(name, `${code}\n`);
  }

  /** What other pages show of a link to this one. */
  card({ name, title, about, picture }) {
    const meta = (property, content) => `    <meta property="og:${property}" content="${escape(content)}" />\n`;
    return (
      meta('type', 'website') +
      meta('site_name', 'Replicarium') +
      meta('title', title) +
      meta('description', about) +
      meta('url', this.origin + name.replace(/(^|\/)index\.html$/, '$1')) +
      meta('image', `${this.origin}og/${picture}.png`) +
      meta('image:width', 1200) +
      meta('image:height', 630) +
      `    <meta name="twitter:card" content="summary_large_image" />\n`
    );
  }

  /**
   * Writes a page that is read rather than played with. `name`: its file, one folder deep. `aside`: HTML for the column
   * beside it, `main`: its HTML.
   */
  page({ name, title, about, picture = 'index', aside, main, wide = false }) {
    const here = `${dirname(name)}/`;
    const bar = BAR.map(([to, text]) => {
      const current = to === here ? ' aria-current="true"' : '';
      return `<a href="../${to}"${current}>${text}</a>`;
    }).join('\n        ');
    this.write(
      name,
      `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${escape(title)} · Replicarium</title>
    <meta name="description" content="${escape(about)}" />
    <meta name="color-scheme" content="light dark" />
${this.card({ name, title, about, picture })}    <link rel="icon" href="../icon.svg" />
    <link rel="manifest" href="../site.webmanifest" />
    <link rel="stylesheet" href="../docs/docs.css" />
    <script type="module" src="../docs/docs.js"></script>
  </head>
  <body>
    <a class="skip-link" href="#main">Skip to the text</a>
    <header class="bar">
      <a class="mark" href="../">Replic<b>arium</b></a>
      <nav aria-label="Site">
        ${bar}
      </nav>
      <div class="search" role="search" hidden>
        <label for="search">Search</label>
        <input id="search" type="search" autocomplete="off" spellcheck="false" aria-describedby="found" />
        <p id="found" role="status"></p>
        <ul id="results" hidden></ul>
      </div>
    </header>
    <div class="${wide ? 'sheet wide' : 'sheet'}">
      ${aside ? `<div class="aside">\n${aside}\n      </div>` : ''}
      <main id="main" tabindex="-1">
${main}
      </main>
    </div>
    <footer class="foot">
      <p>Nothing on this site is loaded from elsewhere, and nothing that you do here leaves your browser.</p>
    </footer>
  </body>
</html>
`,
    );
  }
}
