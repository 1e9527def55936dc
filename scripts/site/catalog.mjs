// What the site is about: every built-in scenario with its document, how it went, and a picture of one telling moment, all
// of it from the command line; and the documents. Nothing here knows what a scenario shows.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { documents } from './docs.mjs';
import { CHECKOUT, fail } from './site.mjs';

/** Each protocol's folder has its scenarios. */
const PROTOCOLS = join(CHECKOUT, 'crates/protocols/src');
/** The moment of the picture: so long after the first thing that is done to the cluster. */
const AFTER_MS = 600;
const MOST_BYTES = 1 << 26;
export const THEMES = ['light', 'dark'];

/** The command line, asked. */
class Program {
  constructor(path) {
    this.path = path;
  }

  says(...words) {
    try {
      return execFileSync(this.path, words, { encoding: 'utf8', maxBuffer: MOST_BYTES });
    } catch (error) {
      return fail(String(error.stderr || error.message).trim(), [this.path, ...words].join(' '), 'build it: cargo build');
    }
  }

  tells(...words) {
    return JSON.parse(this.says(...words));
  }
}

/** When a scenario's picture is taken: shortly after the first thing that its script does, or half way if it does nothing. */
export function moment({ script = [], until_ms: until }) {
  if (script.length === 0) return until / 2;
  return Math.min(until, Math.min(...script.map((line) => line.at_ms)) + AFTER_MS);
}

/** `{ groups: [{ protocol, title, sentence, scenarios: [scenario] }], scenarios, documents }` */
export function catalog(path) {
  const program = new Program(path);
  const groups = program.tells('scenarios', '--json');
  for (const group of groups) {
    for (const scenario of group.scenarios) Object.assign(scenario, { group, ...played(program, scenario.name) });
  }
  const scenarios = groups.flatMap((group) => group.scenarios);
  return { groups, scenarios, documents: documents(program.tells('schema')) };
}

/** The text of a built-in scenario. */
function preset(name) {
  const folders = readdirSync(PROTOCOLS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = folders.map((folder) => join(PROTOCOLS, folder.name, 'presets', `${name}.json`));
  return readFileSync(files.find(existsSync) ?? files[0], 'utf8');
}

function played(program, name) {
  const text = preset(name);
  const document = JSON.parse(text);
  const at = moment(document);
  const posters = Object.fromEntries(
    THEMES.map((theme) => {
      const asked = ['--format', 'stage', '--until', String(at), '--theme', theme];
      return [theme, program.says('trace', name, ...asked)];
    }),
  );
  return { text, document, at, posters, size: sizeOf(posters.light, name), told: toldBy(posters.light), report: program.tells('run', name, '--json') };
}

/** What a drawing says to those who do not see it, as it is escaped in it. */
const toldBy = (svg) => /<desc>([^<]*)<\/desc>/.exec(svg)?.[1] ?? '';

/** Width and height that a drawing says of itself. */
function sizeOf(svg, name) {
  const box = /<svg\b[^>]*?\bviewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"/.exec(svg);
  if (!box) fail('the picture does not say how large it is', `trace ${name} --format stage`, 'give its <svg> a viewBox');
  return { width: Math.round(box[1]), height: Math.round(box[2]) };
}
