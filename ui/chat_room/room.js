// Loaded with Chainlit's page: tells the cards when the server says that something has changed.
(() => {
  'use strict';
  // As bright or dark as the device, until somebody chooses here.
  const THEME = 'vite-ui-theme';
  if (!localStorage.getItem(THEME)) localStorage.setItem(THEME, 'system');

  // Chainlit reads an element's file anew whenever anything on its page changes. A component of the same name stays the
  // same one here: else its buttons would be replaced under the finger, and what was typed into it would be gone.
  const components = {};
  window.lasting = (name, component) => (components[name] ??= component);

  // Chainlit asks for its settings again once a profile is chosen, and connects a second time if they are long in
  // coming: what is asked meanwhile is lost with the first connection. They are the same for all profiles.
  const fetched = window.fetch;
  let settings = null;
  window.fetch = async (...wanted) => {
    if (!new URL(wanted[0].url || wanted[0], location).pathname.endsWith('/project/settings')) return fetched(...wanted);
    settings ??= fetched(...wanted);
    try {
      const answer = await settings;
      if (!answer.ok) settings = null;
      return answer.clone();
    } catch (error) {
      settings = null;
      throw error;
    }
  };

  // A conversation that has begun gets its own address, so that a reload comes back to it; one that is opened again
  // shows its end.
  let open = null;
  window.addEventListener('message', (event) => {
    const { conversation, resumed } = (event.source === window && event.data) || {};
    if (conversation && !location.pathname.includes('/thread/')) {
      history.replaceState(history.state, '', `/chat/thread/${encodeURIComponent(conversation)}`);
    }
    if (resumed && resumed !== open) showEnd();
    open = resumed || conversation || open;
  });

  // Cards and plots come one after the other, and grow: for a while the end is followed, unless the reader moves.
  const SETTLED = 10000;
  const MOVES = ['wheel', 'touchstart', 'pointerdown', 'keydown'];
  function showEnd() {
    const until = Date.now() + SETTLED;
    const stop = () => {
      clearInterval(following);
      MOVES.forEach((move) => window.removeEventListener(move, stop));
    };
    const following = setInterval(() => {
      const last = [...document.querySelectorAll('[data-step-type]')].pop();
      const room = last && last.closest('.overflow-y-auto');
      if (room) room.scrollTop += last.getBoundingClientRect().bottom - room.getBoundingClientRect().bottom;
      if (Date.now() > until) stop();
    }, 100);
    MOVES.forEach((move) => window.addEventListener(move, stop, { passive: true }));
  }

  const source = new EventSource('/events');
  source.addEventListener('changed', (event) => {
    window.dispatchEvent(new CustomEvent('stocksense', { detail: event.data }));
  });
  window.addEventListener('pagehide', () => source.close());
})();
