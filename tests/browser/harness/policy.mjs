// The content-security policy under which the page is published and tested: nothing from elsewhere, no inline script or
// style, and no text that becomes a script, except what the one Trusted Types policy of www/offline.js lets through.

const DIRECTIVES = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  'media-src blob:',
  "connect-src 'self'",
  "frame-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types replicarium',
];

export const PAGE_POLICY = DIRECTIVES.join('; ');
