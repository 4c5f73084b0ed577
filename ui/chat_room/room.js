// Loaded with Chainlit's page: tells the cards when the server says that something has changed.
(() => {
  'use strict';
  // As bright or dark as the device, until somebody chooses here.
  const THEME = 'vite-ui-theme';
  if (!localStorage.getItem(THEME)) localStorage.setItem(THEME, 'system');

  const source = new EventSource('/events');
  source.addEventListener('changed', (event) => {
    window.dispatchEvent(new CustomEvent('stocksense', { detail: event.data }));
  });
  window.addEventListener('pagehide', () => source.close());
})();
