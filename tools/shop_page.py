"""Reads a shop's page from its text: what is listed, offered, priced, and which options there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Literal

BREAK = " [SEP] "
PageKind = Literal["start", "results", "item", "detail", "done"]

_BUTTONS = frozenset({"search", "back to search", "< prev", "next >", "description", "features", "reviews", "buy now"})
_PRODUCT = re.compile(r"[a-z0-9]{4,12}", re.ASCII)
_AMOUNT = r"\d[\d,]*(?:\.\d+)?"
_PRICE = re.compile(rf"[$₩]\s*({_AMOUNT})|({_AMOUNT}) ?원")
_PRICE_TAG = re.compile(rf"(?:{_PRICE.pattern})(?: to (?:{_PRICE.pattern}))?")
_COUNT = re.compile(r"Page (\d+) \(Total results: (\d+)\)")


@dataclass(frozen=True)
class Listed:
    """A product in a list; prices in the site's currency, the highest first asked for when it depends on options."""

    product: str
    title: str
    lowest: Decimal | None
    highest: Decimal | None


@dataclass(frozen=True)
class Page:
    """What one page says. Fields that its kind does not have are empty."""

    kind: PageKind
    results: tuple[Listed, ...] = ()
    number: int = 0
    total: int = 0
    title: str = ""
    lowest: Decimal | None = None
    highest: Decimal | None = None
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    body: str = ""


@lru_cache(maxsize=16_384)
def read_page(text: str, clickables: tuple[str, ...]) -> Page:
    """Read a page from its text, whose parts stand between ` [SEP] `, and the names that can be clicked on it."""
    parts = [part.strip() for part in text.split(BREAK.strip())]
    if "buy now" in clickables:
        return _item(parts, clickables)
    if "next >" in clickables:
        return _results(parts, clickables)
    if "back to search" in clickables:
        return Page("detail", body=" ".join(_after(parts, "< Prev")))
    return Page("start") if "search" in clickables else Page("done", body=" ".join(parts))


def prices(text: str) -> tuple[Decimal, ...]:
    """The amounts that a text shows, in order, such as $9.99, ₩12,900 or 12,900원; without their currency."""
    return tuple(Decimal((signed or worded).replace(",", "")) for signed, worded in _PRICE.findall(text))


def _after(parts: list[str], mark: str) -> list[str]:
    """What follows the last such button at the page's head."""
    return parts[parts.index(mark) + 1 :] if mark in parts else parts


def _results(parts: list[str], clickables: tuple[str, ...]) -> Page:
    number, total = next(((int(m[1]), int(m[2])) for m in map(_COUNT.fullmatch, parts) if m), (1, 0))
    offered = {name for name in clickables if name not in _BUTTONS and _PRODUCT.fullmatch(name)}
    return Page("results", results=tuple(_listed(_after(parts, "Next >"), offered)), number=number, total=total)


def _listed(parts: list[str], offered: set[str]) -> Iterator[Listed]:
    """The products of a list: each its number, then its title, then its price."""
    at = [place for place, part in enumerate(parts) if part.lower() in offered]
    for start, end in pairwise([*at, len(parts)]):
        own = parts[start + 1 : end]
        # A title may speak of money too, so only a part that is nothing but a price is one.
        amounts = prices(own[-1]) if own and _PRICE_TAG.fullmatch(own[-1]) else ()
        title = " ".join(own[:-1] if amounts else own)
        yield Listed(parts[start].lower(), title, min(amounts, default=None), max(amounts, default=None))


def _item(parts: list[str], clickables: tuple[str, ...]) -> Page:
    head = _after(parts, "< Prev")
    # The price stands in a part of its own; titles may say "Price:" too, so the last one counts.
    at = max((place for place, part in enumerate(head) if part.startswith("Price:")), default=len(head))
    amounts = prices(head[at]) if at < len(head) else ()
    return Page(
        "item",
        title=head[at - 1] if at else "",
        lowest=min(amounts, default=None),
        highest=max(amounts, default=None),
        options=_options(head[: max(at - 1, 0)], {name.strip() for name in clickables}),
    )


def _options(parts: list[str], offered: set[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Groups of options: a name that cannot be clicked, then the values that can."""
    groups: list[tuple[str, list[str]]] = []
    for part in parts:
        if part in offered and groups:
            groups[-1][1].append(part)
        elif part:
            groups.append((part, []))
    return tuple((name, tuple(values)) for name, values in groups if values)
