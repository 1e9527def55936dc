// The examples of a document, as a reader would try them: each fenced `js` block becomes a file beside the package, and the
// `text` block that follows it is what it must print.
//
// Words behind `js` say where a block makes sense: `page`, `node`, or (without any) everywhere; `file=NAME` makes it a file
// that others use. It knows nothing of what the examples do.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FENCE = /^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm;

/** `{ name, code, where, line, expected }` for every example of a document, and the files that they use. */
export function examplesOf(markdown) {
  const examples = [];
  const files = [];
  for (const [whole, language, rest, code] of markdown.matchAll(FENCE)) {
    const words = rest.trim().split(/\s+/).filter(Boolean);
    const line = markdown.slice(0, markdown.indexOf(whole)).split('\n').length;
    const file = words.find((word) => word.startsWith('file='))?.slice('file='.length);
    if (file) {
      files.push({ name: file, code });
    } else if (language === 'js') {
      const name = `example-${String(examples.length + 1).padStart(2, '0')}.js`;
      examples.push({ name, code, where: words[0] ?? 'everywhere', line, expected: null });
    } else if (language === 'text' && examples.at(-1)?.expected === null) {
      examples.at(-1).expected = code;
    }
  }
  return { examples, files };
}

/** Beside the examples: a page without anything, a worker that imports what it is told, and what both print to. */
const AROUND = {
  'blank.html': '<!doctype html><link rel="icon" href="data:,"><title>blank</title><body></body>',
  'printed.js': `
export async function printed(url) {
  const lines = [];
  const log = console.log;
  console.log = (...words) => lines.push(words.map(String).join(' '));
  try {
    await import(url);
  } finally {
    console.log = log;
  }
  return lines.map((line) => line + '\\n').join('');
}
`,
  'asked.js': `
import { printed } from './printed.js';
onmessage = ({ data }) => printed(data).then((text) => postMessage({ text }), (error) => postMessage({ error: String(error) }));
`,
};

/** A folder with the package and all examples in it; `remove` deletes it. */
export function laidOut(packageFolder, { examples, files }, inside = '') {
  const folder = mkdtempSync(join(tmpdir(), 'replicarium-examples-'));
  const place = join(folder, inside);
  mkdirSync(place, { recursive: true });
  cpSync(packageFolder, place, { recursive: true });
  const around = Object.entries(AROUND).map(([name, code]) => ({ name, code }));
  for (const { name, code } of [...examples, ...files, ...around]) writeFileSync(join(place, name), code);
  return { folder, place, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The document with what the examples printed under them. */
export function withOutputs(markdown, outputs) {
  let at = -1;
  let open = false;
  return markdown.replace(FENCE, (whole, language, rest) => {
    if (language === 'js' && !rest.includes('file=')) {
      at += 1;
      open = true;
    } else if (language === 'text' && open) {
      open = false;
      return `\`\`\`text\n${outputs[at]}\`\`\``;
    }
    return whole;
  });
}

export function read(file) {
  return readFileSync(file, 'utf8');
}
