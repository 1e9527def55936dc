// Documentation from Markdown: HTML with headings that can be linked to, and the pieces that the search finds. HTML in
// the text stays text.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { escape, fail, fromNpm } from './site.mjs';

const MarkdownIt = fromNpm('markdown-it');

/** The anchor of a heading. */
export const slug = (text) =>
  text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');

const plain = (token) =>
  (token.children ?? [])
    .filter(({ type }) => type === 'text' || type === 'code_inline' || type === 'softbreak')
    .map(({ type, content }) => (type === 'softbreak' ? ' ' : content))
    .join('');

function parser() {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
  const { rules } = markdown.renderer;
  const usual = (tokens, index, options, _, self) => self.renderToken(tokens, index, options);
  // The heading is a link to itself, so that its address can be copied.
  rules.heading_open = (tokens, index) => {
    const id = tokens[index].attrGet('id');
    return id ? `<${tokens[index].tag} id="${id}"><a class="self" href="#${id}">` : `<${tokens[index].tag}>`;
  };
  rules.heading_close = (tokens, index) => `${tokens[index].meta ? '</a>' : ''}</${tokens[index].tag}>\n`;
  // What is wider than a phone scrolls by itself, also by key.
  rules.table_open = () => '<div class="scrolls" tabindex="0" role="group" aria-label="Table"><table>';
  // A column without a name has no heading.
  const cell = (tokens, index) => (tokens[index].content ? 'th' : 'td');
  rules.th_open = (tokens, index) => `<${cell(tokens, index + 1)}>`;
  rules.th_close = (tokens, index) => `</${cell(tokens, index - 1)}>`;
  rules.table_close = () => '</table></div>\n';
  rules.fence = (tokens, index) =>
    `<pre tabindex="0" role="group" aria-label="Example"><code>${escape(tokens[index].content.trimEnd())}</code></pre>\n`;
  rules.link_open = (tokens, index, ...rest) => {
    const to = tokens[index].attrGet('href');
    // Documents name each other as they lie in the checkout.
    tokens[index].attrSet('href', to.replace(/^([\w-]+)\.md(?=#|$)/, './$1.html'));
    return usual(tokens, index, ...rest);
  };
  return markdown;
}

/** `{ slug, title, about, main, headings, entries }` of a file. */
export function document(path) {
  const markdown = parser();
  const tokens = markdown.parse(readFileSync(path, 'utf8'), {});
  const lead = tokens.findIndex(({ type }) => type === 'paragraph_open');
  if (tokens[0]?.tag !== 'h1' || lead < 0) {
    fail('a document opens with its title and a sentence about it', path, 'begin it with "# Title" and a paragraph');
  }
  tokens[lead].attrJoin('class', 'lead');
  const title = plain(tokens[1]);
  const headings = [];
  const entries = [{ id: '', title, text: '' }];
  const used = new Set();
  tokens.forEach((token, index) => {
    if (token.type === 'heading_open' && token.tag !== 'h1') {
      const text = plain(tokens[index + 1]);
      let id = slug(text);
      for (let again = 2; used.has(id); again++) id = `${slug(text)}-${again}`;
      used.add(id);
      token.attrSet('id', id);
      tokens[index + 2].meta = { id };
      headings.push({ id, text, level: Number(token.tag[1]) });
      entries.push({ id, title: text, text: '' });
    } else if (token.type === 'inline' && tokens[index - 1].type !== 'heading_open') {
      entries.at(-1).text += `${plain(token)} `;
    } else if (token.type === 'fence') {
      entries.at(-1).text += `${token.content} `;
    }
  });
  const main = `<article>\n${markdown.renderer.render(tokens, markdown.options, {})}</article>`;
  return { slug: basename(path, '.md'), title, about: plain(tokens[lead + 1]), main, headings, entries };
}
