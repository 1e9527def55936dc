// A page for every built-in scenario: a picture, what is done in it, what comes of it, and its document. Whatever is
// said here was computed from the run; and a list of them all.

import { escape, sentence } from './site.mjs';
import { gallery, picture } from './start.mjs';

const VERDICTS = { broken: 'Broken', holds: 'Kept', other: 'Undecided' };

export function buildScenarios(site, all) {
  all.scenarios.forEach((scenario, index) => {
    const around = { before: all.scenarios[index - 1], after: all.scenarios[index + 1] };
    site.page({
      name: `scenarios/${scenario.name}.html`,
      title: scenario.title,
      about: sentence(scenario.about),
      picture: scenario.name,
      aside: others(scenario),
      main: article(scenario, around),
    });
  });
  site.page({
    name: 'scenarios/index.html',
    title: 'Scenarios',
    about: `All ${all.scenarios.length} runs that are built in, by protocol.`,
    wide: true,
    main: `<h1>Scenarios</h1>
<p class="lead">Everything that is built in. Each picture is a moment of a run that really happened.</p>
${gallery(all, { base: '../', play: '../', level: 2 })}`,
  });
}

/** Time in a run, as the page writes it. */
const clock = (ms) => `${(ms / 1_000).toLocaleString('en', { maximumFractionDigits: 3 })} s`;
const count = (number) => number.toLocaleString('en');

function article(scenario, around) {
  const { name, title, about, report, at, text } = scenario;
  const { text: said, why } = report.sentence;
  return `<article>
<p class="kicker"><a href="./#${scenario.group.protocol}">${escape(scenario.group.title)}</a></p>
<h1>${escape(title)}</h1>
<p class="lead">${escape(sentence(about))}</p>
<p class="actions"><a class="button filled" href="../#${name}">Play it</a></p>
<figure>
${picture(scenario, '../', scenario.told, false)}
<figcaption>The cluster ${clock(at)} into the run.</figcaption>
</figure>
<h2 id="look">What to look for</h2>
${done(scenario)}
<p><b>${escape(said)}</b> ${escape(why)}</p>
${promises(report.promises)}
<h2 id="figures">What it came to</h2>
${figures(report)}
<h2 id="document">Its document</h2>
<p>A file with this content opens as the same run; the <a href="../docs/scenario.html">reference</a> describes every field.
On the command line: <code>replicarium run ${name}</code>.</p>
<pre tabindex="0" role="group" aria-label="The scenario as JSON"><code>${escape(text.trim())}</code></pre>
${turning(around)}
</article>`;
}

function done({ report, document }) {
  const end = clock(document.until_ms);
  if (report.script.length === 0) return `<p>Nothing is done to the cluster; its clients ask for things until ${end}.</p>`;
  const row = ({ at_ms: at, does }) => `<li><b>${clock(at)}</b> ${escape(does)}</li>`;
  return `<p>In a run of ${end}, this is done to the cluster:</p>
<ol class="script">
${report.script.map(row).join('\n')}
</ol>
<p>What comes of it:</p>`;
}

function promises(verdicts) {
  const row = ({ promise, verdict, why }) => {
    const reason = verdict !== 'holds' && why ? `: ${escape(why)}` : '';
    return `<li>${escape(sentence(promise)).replace(/\.$/, '')}${reason}</li>`;
  };
  const part = (word) => {
    const these = verdicts.filter(({ verdict }) => (word === 'other' ? !(verdict in VERDICTS) : verdict === word));
    if (these.length === 0) return '';
    return `<h3>${VERDICTS[word]}</h3>\n<ul class="verdicts ${word}">\n${these.map(row).join('\n')}\n</ul>`;
  };
  return Object.keys(VERDICTS).map(part).join('\n');
}

function figures({ writes, reads, unavailable_ms: without, latency_ms: latency, seed }) {
  const rows = [
    ['Writes asked for', count(writes.invoked)],
    ['acknowledged', count(writes.acknowledged)],
    ['lost', count(writes.lost)],
    ['overwritten unseen', count(writes.overwritten)],
    ['outcome unknown', count(writes.unknown)],
    ['Reads answered', count(reads.total)],
    ['stale', count(reads.stale)],
    ['Longest wait for a write', latency.write.max === null ? '–' : clock(latency.write.max)],
    ['Time without writes', clock(without.write)],
  ];
  const row = ([what, value]) => `<tr><th scope="row">${what}</th><td>${value}</td></tr>`;
  return `<table class="figures"><caption>With seed ${seed}; another seed, another run</caption><tbody>
${rows.map(row).join('\n')}
</tbody></table>`;
}

function others({ group, name }) {
  const item = (other) => {
    const current = other.name === name ? ' aria-current="page"' : '';
    return `<li><a href="./${other.name}.html"${current}>${escape(other.title)}</a></li>`;
  };
  return `<nav aria-label="Scenarios of this protocol"><h2>${escape(group.title)}</h2>
<ul>
${group.scenarios.map(item).join('\n')}
</ul></nav>`;
}

function turning({ before, after }) {
  const link = (scenario, word, rel) =>
    scenario ? `<a rel="${rel}" href="./${scenario.name}.html"><span>${word}</span> ${escape(scenario.title)}</a>` : '';
  return `<nav class="turning" aria-label="Neighbours">${link(before, 'Before', 'prev')}${link(after, 'Next', 'next')}</nav>`;
}
