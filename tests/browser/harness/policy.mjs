// The content-security policy under which the page is published and tested: nothing from elsewhere, no
// inline script or style.

const DIRECTIVES = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];

export const PAGE_POLICY = DIRECTIVES.join('; ');
