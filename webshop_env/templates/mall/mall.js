"use strict";

const won = (amount) => `${amount.toLocaleString("ko-KR")}원`;
const find = (selector, root = document) => root.querySelector(selector);
const ask = async (path, options) => (await fetch(path, options)).json();

function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

function card(ware) {
  const item = element("li", "product-list__item");
  item.dataset.number = ware.number;
  const link = element("a", "product-list__link");
  link.href = `/products/${ware.number}`;
  link.append(element("span", "product-list__title", ware.title));
  item.append(link);
  if (ware.listPrice) item.append(element("del", "product-list__list-price", won(ware.listPrice)));
  item.append(element("strong", "product-list__price", won(ware.price)));
  if (ware.coupon) item.append(element("em", "product-list__coupon", `쿠폰할인가 ${won(ware.price - ware.coupon)}`));
  if (ware.soldOut) item.append(element("span", "badge", "품절"));
  return item;
}

function search() {
  const list = find("main ul");
  const more = find(".more");
  const words = list.dataset.words;
  const load = async () => {
    more.disabled = true;
    const found = await ask(`/api/search?q=${encodeURIComponent(words)}&from=${list.children.length}`);
    list.append(...found.cards.map(card));
    const count = find("main > p");
    find("b", count).textContent = words;
    find("strong", count).textContent = found.total.toLocaleString("ko-KR");
    count.hidden = false;
    find(".search-none").hidden = found.total > 0;
    more.hidden = !found.more;
    more.disabled = false;
  };
  more.addEventListener("click", load);
  load();
}

function product() {
  const page = find(".product");
  const base = `/api/products/${page.dataset.number}`;
  const selects = () => [...page.querySelectorAll("select")];
  const chosen = () => selects().map((select) => select.value).filter(Boolean);

  const showPrice = async () => {
    const query = chosen().map((name) => `chosen=${encodeURIComponent(name)}`).join("&");
    const ware = await ask(`${base}?${query}`);
    find(".sale-price strong", page).textContent = won(ware.price);
    find(".order-sum strong", page).textContent = won(ware.price * Number(find(".quantity input", page).value));
    return ware;
  };
  const fill = async (place) => {
    const select = selects()[place];
    const first = place ? selects()[0].value : "";
    const values = await ask(`${base}/values?place=${place}&first=${encodeURIComponent(first)}`);
    select.replaceChildren(select.options[0]);
    for (const value of values) {
      const extra = value.extra ? ` (+${won(value.extra)})` : "";
      const option = element("option", "", `${value.name}${extra}${value.soldOut ? " (품절)" : ""}`);
      option.value = value.name;
      option.disabled = value.soldOut;
      select.append(option);
    }
    select.disabled = false;
  };
  const put = async () => {
    const wanted = {
      number: page.dataset.number,
      chosen: chosen(),
      quantity: Number(find(".quantity input", page).value),
    };
    const headers = { "Content-Type": "application/json" };
    const answer = await ask("/api/cart", { method: "POST", headers, body: JSON.stringify(wanted) });
    const message = find(".product__message", page);
    message.textContent = answer.why || "장바구니에 담았습니다. ";
    if (answer.why) return "";
    const link = element("a", "to-cart", "장바구니 보기");
    link.href = answer.cart;
    message.append(link);
    return answer.cart;
  };
  const begin = async () => {
    const ware = await showPrice();
    find(".product__category", page).textContent = ware.category;
    find(".product__title", page).textContent = ware.title;
    if (ware.listPrice) {
      find(".list-price del", page).textContent = won(ware.listPrice);
      find(".list-price", page).hidden = false;
    }
    if (ware.coupon) {
      find(".coupon-price em", page).textContent = won(ware.price - ware.coupon);
      find(".coupon-price", page).hidden = false;
    }
    find(".sold-out", page).hidden = !ware.soldOut;
    for (const button of page.querySelectorAll(".product__buttons button")) button.disabled = ware.soldOut;
    const options = find(".product__options", page);
    ware.labels.forEach((label, place) => {
      const holder = element("label", "option-group");
      holder.append(element("span", "option-group__name", label));
      const select = element("select");
      select.append(element("option", "", `${label} 선택`));
      select.options[0].value = "";
      select.disabled = place > 0;
      select.addEventListener("change", async () => {
        if (place === 0) for (let later = 1; later < selects().length; later += 1) await fill(later);
        await showPrice();
      });
      holder.append(select);
      options.append(holder);
    });
    if (ware.labels.length) await fill(0);
  };
  find(".quantity input", page).addEventListener("change", showPrice);
  find(".coupon", page).addEventListener("click", async () => {
    await ask(`${base}/coupon`, { method: "POST" });
    find(".coupon-price", page).hidden = true;
    await showPrice();
  });
  find(".put", page).addEventListener("click", put);
  find(".buy-now", page).addEventListener("click", async () => {
    const cart = await put();
    if (cart) location.href = cart.replace("/cart/", "/checkout/");
  });
  for (const tab of page.querySelectorAll("[role=tab]")) {
    tab.addEventListener("click", async () => {
      const texts = await ask(`${base}/about/${tab.dataset.tab}`);
      const panel = find(".tab-panel", page);
      panel.dataset.tab = tab.dataset.tab;
      panel.replaceChildren(...texts.map((text) => element("p", "", text)));
    });
  }
  begin();
}

function popup() {
  const layer = find(".layer-popup");
  if (!layer || sessionStorage.getItem("popup") === "closed") return;
  // It comes late, over whatever the visitor is doing by then.
  setTimeout(() => { layer.hidden = false; }, 200);
  find(".layer-popup__close", layer).addEventListener("click", () => {
    layer.hidden = true;
    sessionStorage.setItem("popup", "closed");
  });
}

popup();
const begin = { search, product }[document.body.dataset.page];
if (begin) begin();
