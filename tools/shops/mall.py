"""A mall on the web whose pages draw themselves by script: where things are on them, and how they are read.

The address is the setting STOCKSENSE_MALL_URL, such as that of the replica which `stocksense shop mall` serves.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from urllib.parse import quote_plus, urlsplit

from bs4 import BeautifulSoup, Tag

from stocksense.errors import SourceUnreadable
from stocksense.settings import Settings
from stocksense.sources.browser import open_tab
from tools.page_shop import PageShop
from tools.storefront import Basket, Card, Choice, Group, Item, Layout, Listing, clean, option_name

NAME = "mall"
CURRENCY = "KRW"
_LABELS = {
    "맛": "flavor", "색상": "color", "사이즈": "size", "향": "scent", "에디션": "edition", "종류": "variety",
    "타입": "type", "스타일": "style", "테마": "theme", "디자인": "design", "시리즈": "series", "구수": "outlets",
    "소재": "material", "캐릭터": "character", "플러그": "plug",
}  # fmt: skip
"""What the mall's words for options mean to our buyer."""
_NUMBER = re.compile(r"[a-z0-9]{4,12}", re.ASCII)
_WON = re.compile(r"(\d[\d,]*)\s*원")
_EXTRA = re.compile(r"\(\+(\d[\d,]*)\s*원\)")
_SOLD_OUT = re.compile(r"\s*\(품절\)\s*$")


def open_site(settings: Settings) -> PageShop | None:
    """The mall of the settings, None where they name none."""
    if not settings.mall_url:
        return None
    opener = partial(open_tab, chromium=settings.chromium)
    return PageShop(NAME, CURRENCY, settings.mall_url, LAYOUT, opener, settings.source_timeout_seconds)


def read_listing(html: str) -> Listing:
    """The cards of a list of results. What somebody pays for without a coupon is the price, whatever else is shown."""
    page = BeautifulSoup(html, "html.parser")
    count = _one(page, ".search-count strong", "the number of results").get_text()
    cards = tuple(_card(card) for card in page.select("ul.product-list > li"))
    return Listing(cards, _count(count))


def read_item(html: str) -> Item:
    """A product's page: of its three prices (list, sale, with coupon) the sale price is what anybody pays."""
    page = BeautifulSoup(html, "html.parser")
    price = _won(_one(page, ".sale-price strong", "the sale price").get_text())
    coupon = page.select_one(".coupon-price:not([hidden]) em")
    return Item(
        title=clean(_one(page, ".product__title", "the title").get_text()),
        price=price,
        groups=tuple(_group(group) for group in page.select(".product__options .option-group")),
        coupon=_won(coupon.get_text()) if coupon else None,
        sold_out=page.select_one(".sold-out:not([hidden])") is not None,
    )


def read_panel(html: str) -> str:
    """What the open tab of a product's page says."""
    panel = _one(BeautifulSoup(html, "html.parser"), ".tab-panel", "the tab's text")
    return " ".join(part.get_text(" ") for part in panel.select("p"))


def read_cart(html: str) -> Basket:
    """What is in the cart, and what it costs before the checkout."""
    page = BeautifulSoup(html, "html.parser")
    lines = page.select(".cart__line")
    return Basket(
        total=_sum(page, ".cart__total"),
        delivery=_sum(page, ".cart__delivery"),
        price=_sum(page, ".cart__price"),
        quantity=sum(_count(_one(line, ".cart__quantity", "the quantity").get_text()) for line in lines),
        lines=len(lines),
    )


def read_checkout(html: str) -> Basket:
    """What the checkout page asks for all of it."""
    page = BeautifulSoup(html, "html.parser")
    return Basket(total=_sum(page, ".checkout__total"), delivery=_sum(page, ".checkout__delivery"))


LAYOUT = Layout(
    search=lambda words: f"/search?q={quote_plus(words)}",
    listed=".search-count:not([hidden])",
    more="button.more:not([hidden])",
    item=".product__title:not(:empty)",
    option=lambda place: f".product__options label:nth-of-type({place + 1}) select",
    tabs={name: f"[role=tab][data-tab={name}]" for name in ("description", "features", "reviews")},
    panel=".tab-panel[data-tab]",
    quantity=".quantity input",
    put="button.put",
    to_cart=".to-cart",
    cart="table.cart",
    order="a.order",
    ordered=".checkout__total, form.login",
    is_login=lambda url: urlsplit(url).path == "/login",
    read_listing=read_listing,
    read_item=read_item,
    read_panel=read_panel,
    read_cart=read_cart,
    read_checkout=read_checkout,
    popups=(".layer-popup__close",),
    never=("/pay",),
)


def _card(card: Tag) -> Card:
    number = str(card.get("data-number", ""))
    link = _one(card, "a.product-list__link", "a product's link")
    if not _NUMBER.fullmatch(number):
        raise SourceUnreadable(f"expected a product's number, but the list says {number[:40]!r}; the layout is new")
    return Card(
        number=number,
        title=clean(_one(card, ".product-list__title", "a product's title").get_text()),
        path=str(link["href"]),
        price=_won(_one(card, ".product-list__price", "a product's price").get_text()),
        sold_out=card.select_one(".badge") is not None,
    )


def _group(group: Tag) -> Group:
    label = clean(_one(group, ".option-group__name", "an option's name").get_text())
    select = _one(group, "select", "an option's values")
    own = [option for option in select.select("option") if option.get("value")]
    choices = () if select.has_attr("disabled") else tuple(_choice(option) for option in own)
    return Group(_LABELS.get(label, label), choices)


def _choice(option: Tag) -> Choice:
    text = option.get_text()
    extra = _EXTRA.search(text)
    name = _EXTRA.sub("", _SOLD_OUT.sub("", text))
    return Choice(
        name=option_name(name).lower(),
        value=str(option["value"]),
        extra=_amount(extra[1]) if extra else Decimal(0),
        sold_out=option.has_attr("disabled"),
    )


def _one(within: BeautifulSoup | Tag, selector: str, what: str) -> Tag:
    """The first element that fits. Raises SourceUnreadable naming what was expected."""
    found = within.select_one(selector)
    if found is None:
        raise SourceUnreadable(
            f"expected {what} ({selector}) on the mall's page, but it is not there; the layout is new"
        )
    return found


def _sum(page: BeautifulSoup, selector: str) -> Decimal:
    text = _one(page, selector, "a sum").get_text()
    won = _won(text)
    if won is None:
        raise SourceUnreadable(f"expected a sum in won at {selector}, but the mall's page says {text[:40]!r}")
    return won


def _won(text: str) -> Decimal | None:
    """The amount in a text such as 12,900원, None if it shows none."""
    found = _WON.search(text)
    return _amount(found[1]) if found else None


def _count(text: str) -> int:
    digits = re.sub(r"\D", "", text)
    if not digits:
        raise SourceUnreadable(f"expected a number on the mall's page, but it says {text[:40]!r}; the layout is new")
    return int(digits)


def _amount(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))
