/* Suggests products while one types in an input[data-jump="/address"], to jump to; without script its form searches. */
(() => {
  "use strict";
  document.querySelectorAll("input[data-jump]").forEach((input, number) => {
    const list = document.createElement("ul");
    list.id = `jump-${number}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0]?.textContent || "");
    list.hidden = true;
    input.after(list);
    Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })
      .forEach(([name, value]) => input.setAttribute(name, value));
    let breaker = null, waiting = null, at = -1;

    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (next) => {
      const all = [...list.children];
      at = (next + all.length) % all.length;
      all.forEach((one, place) => one.setAttribute("aria-selected", String(place === at)));
      input.setAttribute("aria-activedescendant", all[at].id);
    };
    const option = (found, place) => {
      const one = document.createElement("li");
      one.id = `${list.id}-${place}`;
      one.setAttribute("role", "option");
      one.setAttribute("aria-selected", "false");
      one.dataset.path = found.path;
      one.textContent = found.name;
      const under = document.createElement("span");
      under.textContent = `${found.sku} · ${found.stock}`;
      one.append(under);
      one.addEventListener("mousedown", (event) => { event.preventDefault(); location.assign(found.path); });
      return one;
    };
    const look = async () => {
      breaker?.abort();
      breaker = new AbortController();
      if (!input.value.trim()) { close(); return; }
      try {
        const answer = await fetch(`${input.dataset.jump}?q=${encodeURIComponent(input.value)}`, { signal: breaker.signal });
        if (!answer.ok) return;
        const found = await answer.json();
        list.replaceChildren(...found.map(option));
        if (!found.length) { close(); return; }
        list.hidden = false;
        input.setAttribute("aria-expanded", "true");
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    };
    input.addEventListener("input", (event) => {
      if (event.isComposing) return;
      clearTimeout(waiting);
      waiting = setTimeout(look, 120);
    });
    input.addEventListener("compositionend", look);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (list.hidden || event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(at < 0 && event.key === "ArrowUp" ? -1 : at + (event.key === "ArrowDown" ? 1 : -1)); }
      if (event.key === "Enter" && at >= 0) { event.preventDefault(); location.assign(list.children[at].dataset.path); }
      if (event.key === "Escape") { event.preventDefault(); close(); }
    });
  });
})();
