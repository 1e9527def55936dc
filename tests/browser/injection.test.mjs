// Words of strangers stay words: in titles, names, links, values, messages and files, under a policy that requires
// Trusted Types, nothing that somebody wrote is ever run or becomes an element.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { heard, startHost } from './harness/host-page.mjs';
import { linkTo, preset } from './harness/links.mjs';
import { PAGE_POLICY } from './harness/policy.mjs';

/** Each would call `caught` if it were more than words. */
const HOSTILE = [
  '<script>caught(1)</script>',
  '<img src=x onerror=caught(2)>',
  '"><svg onload=caught(3)>',
  "';caught(4);'",
  'javascript:caught(5)',
  '</title></style></textarea><iframe srcdoc="<script>parent.caught(6)</script>">',
  '{{constructor.constructor("caught(7)")()}}',
  '${caught(8)}',
  '<a href="javascript:caught(9)" autofocus onfocus=caught(9)>x</a>',
  '\u202e<b onmouseover=caught(10)>\u0000\uffff',
  '<math><mi xlink:href="data:x,<script>caught(11)</script>">',
  '&lt;script&gt;caught(12)&lt;/script&gt;',
];

let host;
before(async () => {
  host = await startHost();
  host.page('empty.html', '');
});
after(() => host.close());

test('the policy requires Trusted Types and lets nothing be run that is not a file of the site', () => {
  assert.match(PAGE_POLICY, /require-trusted-types-for 'script'/);
  assert.doesNotMatch(PAGE_POLICY, /'unsafe-inline'|'unsafe-eval'|https?:/);
});

/** A page that tells of whatever is caught. */
async function open(path) {
  const prepare = (page) =>
    page.addInitScript(() => {
      window.caughtAll = [];
      window.caught = (what) => window.caughtAll.push(what);
    });
  const opened = await host.open(path, { prepare });
  const dialogs = [];
  opened.page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    dialog.dismiss();
  });
  return { ...opened, dialogs };
}

/** Nothing ran, and nothing became an element or an attribute that could. */
async function assertOnlyWords({ page, dialogs, log }, says) {
  for (const frame of page.frames()) {
    const found = await frame.evaluate(() => ({
      caught: window.caughtAll ?? [],
      elements: [...document.querySelectorAll('script:not([src]), [onerror], [onload], [onfocus], [onmouseover], [srcdoc], math, [href^="javascript:"]')].map(
        (one) => one.outerHTML,
      ),
    }));
    assert.deepEqual(found, { caught: [], elements: [] }, says);
  }
  assert.deepEqual(dialogs, [], says);
  log.assertClean({ left: true });
}

const running = (page) => page.waitForSelector('html[data-state=running]', { state: 'attached' });

test('a hostile title is a title: in the bar, on the sheet, in the snippet, in the editor, in a frame', async () => {
  const opened = await open('empty.html');
  const { page, close } = opened;
  for (const title of HOSTILE) {
    const link = linkTo({ ...preset('async-leader-crash'), title });
    await page.goto(`${host.server.url}site/${link}`);
    await page.reload();
    await running(page);
    const shown = await page.locator('#scenario option:checked').textContent();
    assert.equal(shown.trim(), title.trim(), 'the title is shown as it is');
    await page.click('#share');
    for (const summary of await page.locator('.share summary').all()) await summary.click();
    await page.locator('#snippet').innerText();
    await page.keyboard.press('Escape');
    await page.click('#edit');
    await page.locator('#editor textarea, textarea').first().waitFor();
    await page.keyboard.press('Escape');
    await assertOnlyWords(opened, title);
  }
  await page.goto(`${host.server.url}empty.html`);
  await page.evaluate((links) => {
    for (const [place, link] of links.entries()) {
      const frame = document.createElement('iframe');
      Object.assign(frame, { id: `run${place}`, title: 'run', src: `site/?embed${link}` });
      document.body.append(frame);
    }
  }, HOSTILE.slice(0, 4).map((title) => linkTo({ ...preset('async-leader-crash'), title })));
  for (const place of [0, 1, 2, 3]) await heard(page, `run${place}`, 'ready');
  await assertOnlyWords(opened, 'in frames');
  await close();
});

test('hostile links, fields, names of nodes and words of a scenario are told as words', async () => {
  const opened = await open('empty.html');
  const { page, close } = opened;
  await page.goto(`${host.server.url}site/#async-leader-crash`);
  await running(page);
  const document = preset('async-leader-crash');
  const links = HOSTILE.flatMap((word) => [
    `#${encodeURIComponent(word)}`,
    `#${word}`,
    `#scenario=${word}`,
    `#scenario=async-leader-crash&seed=${word}`,
    `#scenario=async-leader-crash&${word}=1`,
    `#v1.${word}`,
    linkTo({ ...document, [word]: 1 }),
    linkTo({ ...document, cluster: { ...document.cluster, protocol: word } }),
    linkTo({ ...document, script: [{ at_ms: 1, do: 'crash', node: word }, { at_ms: 2, do: word }] }),
    linkTo({ ...document, clients: [{ read_from: word }] }),
  ]);
  const unsaid = await page.evaluate(async (links) => {
    const until = (found) => new Promise((done) => {
      const look = () => (found() ? done() : requestAnimationFrame(look));
      look();
    });
    const unsaid = [];
    for (const link of links) {
      location.hash = link;
      await until(() => document.querySelector('[data-problem]'));
      if (!document.querySelector('.problems').textContent.trim()) unsaid.push(link);
      document.querySelector('.problems button').click();
      await until(() => !document.querySelector('[data-problem]'));
    }
    return unsaid;
  }, links);
  assert.deepEqual(unsaid, []);
  await assertOnlyWords(opened, 'links');
  await close();
});

test('hostile attributes, messages and values between a page and its frames are words', async () => {
  const element = (word, place) => {
    const safe = word.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('\u0000', '');
    return `<replicarium-lab id="lab${place}" scenario="${safe}" seed="${safe}" theme="${safe}" lang="${safe}" poster="${safe}"></replicarium-lab>`;
  };
  const frame = '<iframe id="run" title="run" width="600" height="400" src="site/?embed#async-leader-crash"></iframe>';
  host.page('hostile.html', frame + HOSTILE.slice(0, 4).map(element).join(''));
  const opened = await open('hostile.html');
  const { page, close } = opened;
  await heard(page, 'run', 'ready');
  const refused = await page.evaluate(async (words) => {
    const answers = [];
    const orders = (word) => [
      { do: word }, { do: 'load', scenario: word }, { do: 'load', link: word }, { do: 'set', name: word, value: word },
      { do: 'set', name: 'theme', value: word }, { do: 'set', name: 'lang', value: word }, { do: 'seek', ms: word },
      { do: 'act', action: { do: word } }, { do: 'act', action: { do: 'crash', node: word } }, { do: 'act', action: word },
    ];
    for (const word of words) for (const order of orders(word)) answers.push(await window.ask('run', order));
    return answers.map(({ ok, what }) => [ok, typeof what]);
  }, HOSTILE);
  assert.ok(refused.every(([ok, what]) => ok === false && what === 'string'), JSON.stringify(refused));
  const posters = opened.log.complaints.filter((complaint) => /40[04]|failed to load|request failed|Failed to load/i.test(complaint));
  opened.log.complaints.splice(0, opened.log.complaints.length, ...opened.log.complaints.filter((one) => !posters.includes(one)));
  await assertOnlyWords(opened, 'messages');
  await close();
});

test('hostile files are opened as words: scenarios, runs, histories, nonsense', async () => {
  const opened = await open('site/');
  const { page, close } = opened;
  await running(page);
  const line = (word, type) => JSON.stringify({ process: 0, type, f: 'write', key: word, value: word });
  for (const word of HOSTILE) {
    const texts = [
      JSON.stringify({ ...preset('async-leader-crash'), title: word }),
      JSON.stringify({ format: 1, run: { scenario: { title: word }, view: { theme: word } } }),
      `${line(word, 'invoke')}\n${line(word, 'ok')}\n`,
      `{"format": ${word}`,
      word,
    ];
    for (const text of texts) {
      await page.evaluate(([text, name]) => {
        const data = new DataTransfer();
        data.items.add(new File([text], name, { type: 'application/json' }));
        for (const type of ['dragenter', 'dragover', 'drop']) {
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
        }
      }, [text, `${word}.json`]);
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      await page.keyboard.press('Escape');
    }
  }
  await assertOnlyWords(opened, 'files');
  await close();
});

test('a hostile scenario does not freeze the page, and can be stopped', async () => {
  const document = {
    format: 1,
    title: 'as much as is allowed',
    until_ms: 64_800_000,
    cluster: { nodes: 16, protocol: 'leaderless' },
    network: { delay: { constant_ms: 0 } },
    clients: [{ count: 60, writes_per_s: 10_000, reads_per_s: 10_000, timeout_ms: 1 }],
  };
  const opened = await open('empty.html');
  const { page, close } = opened;
  await page.goto(`${host.server.url}site/${linkTo(document)}`);
  await running(page);
  // A page that answers is not frozen: each answer waits for a frame.
  await page.waitForSelector('[data-node=n1], [data-problem]');
  for (let frame = 0; frame < 20; frame++) await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
  if (!(await page.locator('[data-problem]').count())) {
    await page.locator('.pace button[aria-label=Pause]').click();
    await page.waitForSelector('.pace[data-playing=false]');
  }
  await assertOnlyWords(opened, 'as much as is allowed');
  await close();
});
