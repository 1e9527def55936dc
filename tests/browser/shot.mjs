// Takes a picture of the page, to look at or to put into a review:
//
//   node tests/browser/shot.mjs OUT.png [--dist DIR] [--size 1280x800] [--dark] [--still] [--hash '#v1.…']
//                               [--wait MS] [--click SELECTOR]... [--full]

import { parseArgs } from 'node:util';
import { DIST, startBench } from './harness/browser.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dist: { type: 'string', default: DIST },
    size: { type: 'string', default: '1280x800' },
    dark: { type: 'boolean', default: false },
    still: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    hash: { type: 'string', default: '' },
    wait: { type: 'string', default: '500' },
    click: { type: 'string', multiple: true, default: [] },
  },
});
const [width, height] = values.size.split('x').map(Number);

const bench = await startBench({ folder: values.dist });
try {
  const { page, log } = await bench.open({
    hash: values.hash,
    viewport: { width, height },
    colorScheme: values.dark ? 'dark' : 'light',
    reducedMotion: values.still ? 'reduce' : 'no-preference',
  });
  for (const selector of values.click) await page.click(selector);
  await page.waitForTimeout(Number(values.wait));
  await page.screenshot({ path: positionals[0] ?? 'page.png', fullPage: values.full });
  for (const complaint of log.complaints) console.error(complaint);
} finally {
  await bench.close();
}
