// Gives plain frames of Replicarium the height that they ask for. Every <iframe data-replicarium> of the page is
// looked after, also those that come later; nothing else is listened to.

addEventListener('message', ({ source, data }) => {
  if (data === null || typeof data !== 'object' || data.replicarium !== 1 || data.event !== 'height') return;
  const { height } = data;
  // No run needs more, and no frame is to push a page apart.
  if (typeof height !== 'number' || !(height >= 120 && height <= 4000)) return;
  for (const frame of document.querySelectorAll('iframe[data-replicarium]')) {
    if (frame.contentWindow === source) frame.style.height = `${Math.ceil(height)}px`;
  }
});
