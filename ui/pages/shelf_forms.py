"""The forms with which a person changes a shelf: what they show, on the inventory and on a product's page."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from stocksense.domain.orders import OrderState
from stocksense.domain.stock import Adjustment, LocationKind
from stocksense.store.orders import OrderLineInfo
from stocksense.store.product_page import orders_of
from stocksense.store.products import product_of
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo, locations_of
from stocksense.store.stock import held_at

Deed = Literal["count", "adjust", "receive"]
DEEDS: tuple[Deed, ...] = ("count", "adjust", "receive")
ADJUSTMENTS = tuple(str(why) for why in Adjustment)
_ARRIVING = (OrderState.PLACED, OrderState.PARTLY_RECEIVED)


@dataclass(frozen=True)
class StoreShelf:
    """What a store holds of the product; `shown` and `counted` are those of a count that came too late."""

    id: int
    name: str
    held: int
    shown: int | None = None
    counted: str = ""


@dataclass(frozen=True)
class Opened:
    """An open form: for which product, what to do, and what it is filled with.

    `problem` is the key of what was wrong with the last try, `key` makes sending the form twice harmless.
    """

    sku: str
    name: str
    do: Deed
    stores: tuple[StoreShelf, ...]
    lines: tuple[OrderLineInfo, ...]
    key: str
    delivery: str
    expires_on: date | None
    problem: str = ""

    @property
    def is_late(self) -> bool:
        """Whether the shelf changed while the last form was open."""
        return any(store.shown is not None for store in self.stores)


def product_path(sku: str) -> str:
    """The address of a product's page."""
    return f"/inventory/{quote(sku, safe='')}"


def opened_form(session: Session, shop: ShopInfo, asked: Mapping[str, str], *, today: date, name: str) -> Opened | None:
    """The form that the query asks for (`open`, `do`, what went wrong in `late` and `problem`), None if it asks none.

    Raises UnknownSku.
    """
    sku, do = asked.get("open", ""), asked.get("do", "")
    if not sku or do not in DEEDS:
        return None
    product = product_of(session, shop.id, sku)
    held = held_at(session, shop.id, sku)
    late = _late(asked.get("late", ""))
    places = locations_of(session, shop.id, LocationKind.STORE)
    stores = tuple(StoreShelf(at.id, at.name, held.get(at.name, 0), *late.get(at.id, (None, ""))) for at in places)
    lines = orders_of(session, shop.id, sku, limit=50) if do == "receive" else ()
    key = secrets.token_urlsafe(9)
    keeps = product.shelf_life_days
    return Opened(
        sku=sku,
        name=product.name(name),
        do=next(one for one in DEEDS if one == do),
        stores=stores,
        lines=tuple(line for line in lines if line.state in _ARRIVING),
        key=key,
        delivery=f"{today:%m%d}-{secrets.token_hex(2)}",
        expires_on=None if keeps is None else today + timedelta(days=keeps),
        problem=asked.get("problem", ""),
    )


def way_back(asked: str) -> str:
    """Where a form leads back to: an address below the inventory, else the inventory."""
    parts = urlsplit(asked)
    ours = not parts.scheme and not parts.netloc and asked.startswith("/inventory") and "\\" not in asked
    return asked if ours else "/inventory"


def with_form(back: str, **values: str) -> str:
    """An address with further names in its query."""
    parts = urlsplit(back)
    query = dict(parse_qsl(parts.query)) | values
    return f"{parts.path}?{urlencode(query)}"


def late_of(stale: Mapping[int, tuple[int, str]]) -> str:
    """Stale counts {store: (units shown, units counted)} as a value for the query."""
    return "_".join(f"{place}.{shown}.{counted}" for place, (shown, counted) in stale.items())


def _late(asked: str) -> dict[int, tuple[int, str]]:
    found = {}
    for one in asked.split("_"):
        parts = one.split(".")
        if len(parts) == 3 and all(part.lstrip("-").isdecimal() for part in parts):
            found[int(parts[0])] = (int(parts[1]), parts[2])
    return found
