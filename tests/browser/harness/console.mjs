// Listens to a page: whatever it complains about, and whatever it asks for. A page in order complains about
// nothing, and asks nobody but its own host.

import assert from 'node:assert/strict';

/** Watches `page` from now on. `origin` is the only host that it may ask. */
export function watchConsole(page, origin) {
  const complaints = [];
  const requests = [];
  page.on('console', (message) => {
    // Playwright and Puppeteer name warnings differently.
    if (['error', 'warning', 'warn', 'assert'].includes(message.type())) {
      complaints.push(`console.${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    requests.push(url);
    const own = url.startsWith(`${origin}/`) || url.startsWith('data:') || url.startsWith('blob:');
    if (!own) complaints.push(`asks elsewhere: ${url}`);
  });
  page.on('requestfailed', (request) => {
    complaints.push(`request failed: ${request.url()} (${request.failure()?.errorText})`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  return {
    complaints,
    requests,
    /**
     * Fails the test with everything that the page has complained about so far. A page that was `left` or loaded again
     * gave up what it was still asking for.
     */
    assertClean({ left = false } = {}) {
      const meant = complaints.filter((complaint) => !(left && complaint.includes('net::ERR_ABORTED')));
      assert.deepEqual(meant, [], 'the page complained');
    },
  };
}
