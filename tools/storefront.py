"""What a shop's own pages say, whatever their layout, and how that becomes the pages that our buyer reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from tools.shop_page import BREAK

PER_PAGE = 10
SOLD_OUT = "(sold out)"
LONGEST = {"title": 300, "value": 80, "text": 4_000}
_SIGNS = {"KRW": "₩", "USD": "$"}
_BACK = ("back to search", "< prev")
_ITEM = (*_BACK, "description", "features", "reviews", "buy now")
_BUTTONS = frozenset({*_ITEM, "search", "next >"})


@dataclass(frozen=True)
class Card:
    """A product in a list of results: its number (lower-case letters and digits), address and price."""

    number: str
    title: str
    path: str
    price: Decimal | None
    sold_out: bool = False


@dataclass(frozen=True)
class Listing:
    """A list of results as far as it is loaded; `total` counts all of them."""

    cards: tuple[Card, ...]
    total: int


@dataclass(frozen=True)
class Choice:
    """One value of an option: its name, the `<option>`'s own value, and what it adds to the price."""

    name: str
    value: str
    extra: Decimal = Decimal(0)
    sold_out: bool = False


@dataclass(frozen=True)
class Group:
    """An option of a product; its values are unknown (none) while they depend on another that is not chosen yet."""

    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Item:
    """A product's page. `price` is what anybody pays for one, `coupon` what it would be with a coupon not taken."""

    title: str
    price: Decimal | None
    groups: tuple[Group, ...] = ()
    coupon: Decimal | None = None
    sold_out: bool = False


@dataclass(frozen=True)
class Basket:
    """A cart, or a checkout page: what one unit costs (None if the page does not say), and what all of it costs."""

    total: Decimal
    delivery: Decimal
    price: Decimal | None = None
    quantity: int = 0
    lines: int = 1


@dataclass(frozen=True)
class Layout:
    """One shop's pages: where they are, what to click on them (CSS selectors), and how to read them.

    Readers take HTML and raise SourceUnreadable, saying what was expected. `search` makes a path from words; `option`
    the selector of the `<select>` at a place, from 0; `tabs` are the buttons of description, features and reviews.
    `never` are beginnings of paths that are never asked for, such as where one pays.
    """

    search: Callable[[str], str]
    listed: str
    more: str
    item: str
    option: Callable[[int], str]
    tabs: dict[str, str]
    panel: str
    quantity: str
    put: str
    to_cart: str
    cart: str
    order: str
    ordered: str
    is_login: Callable[[str], bool]
    read_listing: Callable[[str], Listing]
    read_item: Callable[[str], Item]
    read_panel: Callable[[str], str]
    read_cart: Callable[[str], Basket]
    read_checkout: Callable[[str], Basket]
    popups: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


def clean(text: str, most: int = LONGEST["title"]) -> str:
    """Outside text as one part of a page: a line of its own, cut, and unable to begin another part."""
    return re.sub(r"\[\s*SEP\s*\]", "(SEP)", " ".join(text.split()), flags=re.IGNORECASE)[:most]


def option_name(text: str) -> str:
    """The name of an option's value: without brackets, which actions are written in."""
    return clean(text, LONGEST["value"]).replace("[", "(").replace("]", ")")


def start_page() -> tuple[str, tuple[str, ...]]:
    """The page on which one can only search: text and clickables."""
    return "Search", ("search",)


def listing_page(cards: tuple[Card, ...], *, number: int, total: int, currency: str) -> tuple[str, tuple[str, ...]]:
    """One page of results, as our own shop would show it."""
    parts = ["Back to Search", f"Page {number} (Total results: {total})", "Next >"]
    if number > 1:
        parts.insert(2, "< Prev")
    for card in cards:
        parts += [card.number, _titled(card.title, sold_out=card.sold_out)]
        if card.price is not None and not card.sold_out:
            parts.append(_money(card.price, currency))
    prev = ("< prev",) if number > 1 else ()
    return BREAK.join(parts), ("back to search", *prev, "next >", *(card.number for card in cards))


def item_page(item: Item, *, currency: str, highest: Decimal | None = None) -> tuple[str, tuple[str, ...]]:
    """A product's page, as our own shop would show it; `highest` is its price with the dearest of open options."""
    parts = ["Back to Search", "< Prev"]
    names: list[str] = []
    for group in item.groups:
        offered = [choice.name for choice in group.choices if not choice.sold_out and may_click(choice.name)]
        parts += [clean(group.name, LONGEST["value"]), *offered]
        names += offered
    parts += [_titled(item.title, sold_out=item.sold_out), f"Price: {_price_tag(item, currency, highest)}"]
    parts += ["Description", "Features", "Reviews", "Buy Now"]
    return BREAK.join(parts), (*_ITEM, *dict.fromkeys(names))


def detail_page(text: str) -> tuple[str, tuple[str, ...]]:
    """A page of a product's description or features, as our own shop would show it."""
    return BREAK.join(["Back to Search", "< Prev", clean(text, LONGEST["text"])]), _BACK


def may_click(name: str) -> bool:
    """Whether an option's value may be called so: not empty, and no name of our own buttons."""
    return bool(name) and name.lower() not in _BUTTONS


def _price_tag(item: Item, currency: str, highest: Decimal | None) -> str:
    if item.price is None or item.sold_out:
        return "sold out"
    lowest = _money(item.price, currency)
    return lowest if highest is None or highest <= item.price else f"{lowest} to {_money(highest, currency)}"


def _titled(title: str, *, sold_out: bool) -> str:
    return f"{clean(title)} {SOLD_OUT}" if sold_out else clean(title)


def _money(amount: Decimal, currency: str) -> str:
    return f"{_SIGNS[currency]}{amount:,}"
