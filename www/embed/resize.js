// Gives plain frames of Replicarium the height that they ask for: every <iframe> of the page that shows this script's
// site, also those that come later. Nothing else is listened to, and only a height is ever taken from a message.

(() => {
  'use strict';
  const tag = document.currentScript ?? document.querySelector('script[src*="embed/resize.js"]');
  const root = new URL('..', tag?.src ?? document.baseURI).href;

  addEventListener('message', ({ source, data }) => {
    if (data === null || typeof data !== 'object' || data.replicarium !== 1 || data.event !== 'height') return;
    const { height } = data;
    // No run needs more, and no frame is to push a page apart.
    if (typeof height !== 'number' || !(height >= 120 && height <= 4000)) return;
    for (const frame of document.querySelectorAll('iframe')) {
      if (frame.contentWindow === source && frame.src.startsWith(root)) frame.style.height = `${Math.ceil(height)}px`;
    }
  });
})();
