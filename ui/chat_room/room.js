// Loaded with Chainlit's page: tells the cards when the server says that something has changed.
(() => {
  'use strict';
  // As bright or dark as the device, until somebody chooses here.
  const THEME = 'vite-ui-theme';
  if (!localStorage.getItem(THEME)) localStorage.setItem(THEME, 'system');

  // A conversation that has begun gets its own address, so that a reload comes back to it.
  window.addEventListener('message', (event) => {
    const thread = event.source === window && event.data && event.data.conversation;
    if (thread && !location.pathname.includes('/thread/')) {
      history.replaceState(history.state, '', `/chat/thread/${encodeURIComponent(thread)}`);
    }
  });

  const source = new EventSource('/events');
  source.addEventListener('changed', (event) => {
    window.dispatchEvent(new CustomEvent('stocksense', { detail: event.data }));
  });
  window.addEventListener('pagehide', () => source.close());
})();
