// What a static host, a search engine and a phone are told about the site: headers, sitemap, robots, manifest.

import { PAGE_POLICY } from '../../tests/browser/harness/policy.mjs';

/** For every file: the policy, for frames on other hosts, and that names stay while contents change. */
const HEADERS = [
  ['Content-Security-Policy', PAGE_POLICY],
  ['Access-Control-Allow-Origin', '*'],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'strict-origin-when-cross-origin'],
  ['Cache-Control', 'public, max-age=0, must-revalidate'],
];

export function buildHost(site) {
  const names = site.files();
  site.write('_headers', headers(names));
  const pages = names.filter((name) => name.endsWith('.html'));
  const addresses = pages.map((name) => site.origin + name.replace(/(^|\/)index\.html$/, '$1'));
  site.write('sitemap.xml', sitemap(addresses));
  site.write('robots.txt', `User-agent: *\nAllow: /\n\nSitemap: ${site.origin}sitemap.xml\n`);
  site.write('site.webmanifest', `${JSON.stringify(manifest(), null, 2)}\n`);
}

/** In the form that Netlify and Cloudflare Pages read. */
function headers(names) {
  const lines = (pairs) => pairs.map(([name, value]) => `  ${name}: ${value}\n`).join('');
  const programs = names.filter((name) => name.endsWith('.wasm'));
  const typed = programs.map((name) => `/${name}\n${lines([['Content-Type', 'application/wasm']])}`);
  return `/*\n${lines(HEADERS)}${typed.join('')}`;
}

function sitemap(addresses) {
  const rows = addresses.map((address) => `  <url><loc>${address.replaceAll('&', '&amp;')}</loc></url>\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${rows.join('')}</urlset>\n`;
}

function manifest() {
  const icon = (size) => ({ src: `./icon-${size}.png`, sizes: `${size}x${size}`, type: 'image/png' });
  return {
    name: 'Replicarium',
    short_name: 'Replicarium',
    description: 'A replicated database that runs inside a page, to be watched, broken and understood.',
    id: './',
    start_url: './',
    scope: './',
    display: 'standalone',
    background_color: '#fbfaf6',
    theme_color: '#fbfaf6',
    icons: [{ src: './icon.svg', sizes: 'any', type: 'image/svg+xml' }, icon(192), icon(512)],
  };
}
