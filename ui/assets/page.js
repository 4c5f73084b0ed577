/* Makes pages quicker where there is script; without it every link and form works as it stands.

   a[data-target], form[data-target]   fetch the address and swap only the element with that id
   data-quiet                          without a new entry in the browser's history
   input[data-search]                  sends its form while one types; an older answer never wins
   [data-live="topic other"][id]       fetched anew when the server says that one of the topics has changed
   body[data-stream]                   where the server says so (server-sent events)
   [data-swap-stream="/address"]       server-sent events named "swap" whose data replaces the element of the same id
   [data-copy]                         copies its text
   button[data-plot]                   see docs/pages.md
*/
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const running = new Map();
  const outdated = new Set();

  const announce = (text) => {
    const voice = $("#voice");
    if (!voice || !text) return;
    voice.textContent = "";
    setTimeout(() => { voice.textContent = text; }, 50);
  };

  const toast = (text, kind = "good") => {
    const shelf = $("#toasts");
    if (!shelf || !text) return;
    const one = document.createElement("p");
    one.className = `toast ${kind}`;
    one.textContent = text;
    shelf.append(one);
    setTimeout(() => one.remove(), kind === "bad" ? 12000 : 6000);
  };

  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

  const swap = (id, html) => {
    const old = document.getElementById(id);
    const fresh = parsed(html).getElementById(id);
    if (!old || !fresh) return false;
    const active = document.activeElement;
    const inside = active && old.contains(active);
    const path = inside && (active.id ? `#${CSS.escape(active.id)}` : active.name && `[name="${CSS.escape(active.name)}"]`);
    const caret = inside && typeof active.selectionStart === "number" ? active.selectionStart : null;
    const scrolls = [...old.querySelectorAll(".scroll")].map((box) => [box.scrollLeft, box.scrollTop]);
    const open = [...old.querySelectorAll("details[open][id]")].map((box) => box.id);
    old.replaceWith(fresh);
    open.forEach((one) => { const box = document.getElementById(one); if (box) box.open = true; });
    [...fresh.querySelectorAll(".scroll")].forEach((box, at) => {
      if (scrolls[at]) [box.scrollLeft, box.scrollTop] = scrolls[at];
    });
    const next = path && fresh.querySelector(path);
    if (next) {
      next.focus({ preventScroll: true });
      if (caret !== null && next.setSelectionRange && next.type !== "number") next.setSelectionRange(caret, caret);
    } else if (inside) {
      fresh.setAttribute("tabindex", "-1");
      fresh.focus({ preventScroll: true });
    }
    announce(fresh.dataset.announce);
    document.dispatchEvent(new CustomEvent("swapped", { detail: fresh }));
    return true;
  };

  const fetchPart = async (address, id, options = {}) => {
    running.get(id)?.breaker.abort();
    const mine = { breaker: new AbortController(), sends: options.method === "POST" };
    running.set(id, mine);
    const target = document.getElementById(id);
    target?.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, {
        ...options,
        signal: mine.breaker.signal,
        credentials: "same-origin",
        headers: { "X-Part": id, ...(options.headers || {}) },
      });
      if (answer.status === 401) { location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`); return null; }
      const html = await answer.text();
      if (!answer.ok) { toast($("[data-problem]", parsed(html))?.textContent || answer.statusText, "bad"); return null; }
      const notice = answer.headers.get("X-Notice");
      if (notice) toast(decodeURIComponent(notice));
      if (!swap(id, html)) { location.assign(answer.redirected ? answer.url : address); return null; }
      return answer;
    } catch (error) {
      if (error.name !== "AbortError") toast(document.body.dataset.offline, "bad");
      return null;
    } finally {
      if (running.get(id) === mine) {
        running.delete(id);
        document.getElementById(id)?.removeAttribute("aria-busy");
        if (outdated.delete(id)) fetchPart(location.href, id);
      }
    }
  };

  const show = async (address, id, quiet) => {
    const answer = await fetchPart(address, id);
    if (answer && !quiet) history.pushState({ part: id }, "", address);
  };

  const formAddress = (form) => {
    const query = new URLSearchParams();
    new FormData(form).forEach((value, name) => { if (value !== "") query.append(name, value); });
    const words = query.toString();
    return form.action.split("?")[0] + (words ? `?${words}` : "");
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-target]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (!document.getElementById(link.dataset.target)) return;
    event.preventDefault();
    show(link.href, link.dataset.target, "quiet" in link.dataset);
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const id = form.dataset.target;
    if (!id || !document.getElementById(id)) return;
    event.preventDefault();
    if (form.method === "get") {
      const address = formAddress(form);
      const answer = await fetchPart(address, id);
      if (answer) history[form.contains(document.activeElement) && $("input[data-search]", form) ? "replaceState" : "pushState"]({ part: id }, "", address);
      return;
    }
    const buttons = [...form.querySelectorAll("button")];
    const body = new FormData(form, event.submitter);
    buttons.forEach((button) => { button.disabled = true; });
    await fetchPart(form.action, id, { method: "POST", body: form.enctype === "multipart/form-data" ? body : new URLSearchParams(body) });
    buttons.forEach((button) => { button.disabled = false; });
  });

  let waiting;
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!("search" in field.dataset) || event.isComposing) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => field.form.requestSubmit(), 150);
  });
  document.addEventListener("compositionend", (event) => event.target.dispatchEvent(new Event("input", { bubbles: true })));
  document.addEventListener("change", (event) => { if ("send" in event.target.dataset) event.target.form.requestSubmit(); });

  addEventListener("popstate", (event) => {
    const id = event.state?.part;
    if (id && document.getElementById(id)) fetchPart(location.href, id);
    else location.reload();
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) { await navigator.clipboard.writeText(button.dataset.copy); toast(button.dataset.copied); }
  });

  // What somebody is sending is never broken off by news: the part is fetched once the answer is there.
  const renew = (id) => { if (running.get(id)?.sends) outdated.add(id); else fetchPart(location.href, id); };

  const changed = (topics) => {
    document.querySelectorAll("[data-live][id]").forEach((part) => {
      const mine = part.dataset.live.split(" ");
      if (topics.some((topic) => mine.includes(topic)) && !part.contains($("input:focus, textarea:focus, select:focus"))) renew(part.id);
    });
  };

  const listen = () => {
    const source = new EventSource(document.body.dataset.stream);
    source.addEventListener("changed", (event) => changed(event.data.split(" ")));
    addEventListener("pagehide", () => source.close());
  };
  if (document.body.dataset.stream && $("[data-live]")) listen();

  document.querySelectorAll("[data-swap-stream]").forEach((part) => {
    const source = new EventSource(part.dataset.swapStream);
    source.addEventListener("swap", (event) => { const root = $("[id]", parsed(event.data)); if (root) swap(root.id, event.data); });
    source.addEventListener("end", () => source.close());
    addEventListener("pagehide", () => source.close());
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable]")) {
      const field = $("input[type=search]");
      if (field) { event.preventDefault(); field.focus(); }
    }
  });

  document.documentElement.classList.add("scripted");
  window.stocksense = { fetchPart, toast, announce };
})();
