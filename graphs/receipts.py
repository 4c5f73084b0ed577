"""Receipts of a site's sales, kept in the rows of the order lines that they were made for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from stocksense.store import sold
from stocksense.store.database import Sessions
from tools.site import Draft, Purchase


@dataclass(frozen=True)
class LineReceipts:
    """Each call is a transaction of its own, so that what it keeps outlives the process at once."""

    sessions: Sessions

    def announce(self, key: str, page: str) -> None:
        """Note that the line is about to be bought. Raises IllegalStep unless it is being placed."""
        with self.sessions.begin() as session:
            sold.announce(session, line_of_key(key), page)

    def announced(self, key: str) -> str:
        """The page that was about to be bought, empty if none was."""
        with self.sessions() as session:
            return sold.announced(session, line_of_key(key))

    def find(self, key: str) -> Purchase | None:
        """What was sold for the line, if anything."""
        with self.sessions() as session:
            kept = sold.sale_of(session, line_of_key(key))
        return _read(kept) if kept else None

    def keep(self, key: str, purchase: Purchase) -> Purchase:
        """Remember a sale; the line's first one stands and is returned."""
        with self.sessions.begin() as session:
            return _read(sold.keep_sale(session, line_of_key(key), _plain(purchase)))


def key_of_line(line_id: int) -> str:
    """What a site knows an order line by."""
    return f"line-{line_id}"


def line_of_key(key: str) -> int:
    """The order line of a key."""
    return int(key.removeprefix("line-"))


def _plain(purchase: Purchase) -> sold.Sale:
    return {
        "product": purchase.product,
        "title": purchase.title,
        "options": [list(pair) for pair in purchase.options],
        "price": str(purchase.price),
        "page": purchase.page,
        **({"draft": plain_draft(purchase.draft)} if purchase.draft else {}),
    }


def plain_draft(draft: Draft) -> dict[str, Any]:
    """A draft as plain values to store."""
    return {
        "cart": draft.cart,
        "packs": draft.packs,
        "total": str(draft.total),
        "delivery": str(draft.delivery),
        "coupon": None if draft.coupon is None else str(draft.coupon),
        "login": draft.login,
    }


def _draft(kept: dict[str, Any]) -> Draft:
    return Draft(
        cart=kept["cart"],
        packs=kept["packs"],
        total=Decimal(kept["total"]),
        delivery=Decimal(kept["delivery"]),
        coupon=Decimal(kept["coupon"]) if kept["coupon"] else None,
        login=kept["login"],
    )


def _read(sale: sold.Sale) -> Purchase:
    return Purchase(
        product=sale["product"],
        title=sale["title"],
        options=tuple((name, value) for name, value in sale["options"]),
        price=Decimal(sale["price"]),
        page=sale["page"],
        draft=_draft(sale["draft"]) if "draft" in sale else None,
    )
