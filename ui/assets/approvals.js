/* Counts what is ticked on the page of approvals, and keeps the ticks while the list renews itself. */
(() => {
  "use strict";
  const ticked = new Set();

  const money = (amount, bar) => {
    const number = new Intl.NumberFormat("en", { maximumFractionDigits: bar.dataset.currency === "KRW" ? 0 : 2 }).format(amount);
    return bar.dataset.money.replace("0", number);
  };

  const count = () => {
    const bar = document.getElementById("bulk");
    if (!bar) return;
    const boxes = [...document.querySelectorAll("input[name=pick]")];
    const chosen = boxes.filter((box) => box.checked);
    const total = chosen.reduce((sum, box) => sum + Number(box.dataset.total), 0);
    const left = bar.dataset.left === "" ? null : Number(bar.dataset.left);
    const over = left !== null && total > left;
    bar.querySelector("output").textContent = chosen.length
      ? bar.dataset.said.replace("{n}", chosen.length).replace("{total}", money(total, bar)) +
        (over ? ` · ${bar.dataset.over.replace("{over}", money(total - left, bar))}` : "")
      : bar.dataset.none;
    const all = document.getElementById("pick-all");
    if (all) {
      all.checked = boxes.length > 0 && chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
  };

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.id === "pick-all") {
      document.querySelectorAll("input[name=pick]").forEach((one) => {
        one.checked = box.checked;
        ticked[box.checked ? "add" : "delete"](one.value);
      });
    } else if (box.name === "pick") ticked[box.checked ? "add" : "delete"](box.value);
    count();
  });

  document.addEventListener("swapped", () => {
    document.querySelectorAll("input[name=pick]").forEach((box) => { if (ticked.has(box.value)) box.checked = true; });
    count();
  });

  count();
})();
