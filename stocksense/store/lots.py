"""Which lots of many products expire next, in two queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from stocksense.domain.stock import LocationKind, Lot, lots_on_hand, past_sale
from stocksense.store import tables
from stocksense.store.shops import locations_of
from stocksense.store.tables import StockMove
from stocksense.store.upsert import portions

_FEW = 500
"""Products that a statement names by number; of more it reads them all."""

_USUALLY = 6
"""Lots of a product that what is on hand usually fits into; more are read only where it doesn't."""


@dataclass(frozen=True)
class Expiry:
    """The lot that expires first among those on hand: its last day, and its units; `dated` are all with a last day."""

    expires_on: date
    units: int
    lot: str
    dated: tuple[Lot, ...] = ()


def next_expiries(session: Session, shop_id: int, on_hand: Mapping[int, int]) -> dict[int, Expiry]:
    """The next expiry of products given as {row number: units on hand}; those without a dated lot are left out.

    The units on hand are taken to be those that expire last (FEFO, `lots_on_hand`).
    """
    held = {product_id: units for product_id, units in on_hand.items() if units > 0}
    received = _received(session, shop_id, held, newest=_USUALLY) if held else {}
    short = [key for key in held if sum(lot.units for lot in received.get(key, ())) < held[key]]
    if short:
        received |= _received(session, shop_id, short)
    found = {}
    for product_id, mine in received.items():
        dated = [lot for lot in lots_on_hand(mine, held[product_id]) if lot.expires_on]
        if dated and dated[0].expires_on is not None:
            found[product_id] = Expiry(dated[0].expires_on, dated[0].units, dated[0].code, tuple(dated))
    return found


def past_sale_of(session: Session, shop_id: int, on_hand: Mapping[int, int], today: date) -> dict[int, int]:
    """Units on hand whose last day is over, of products given as {row number: units on hand}; others are left out."""
    lots = tables.Lot
    over = select(lots.product_id).join(tables.Product, tables.Product.id == lots.product_id).distinct()
    over = over.where(tables.Product.shop_id == shop_id, lots.expires_on < today)
    if len(on_hand) <= _FEW:
        over = over.where(lots.product_id.in_(on_hand))
    past: dict[int, int] = {}
    for portion in portions([key for key in session.scalars(over) if on_hand.get(key, 0) > 0]):
        found = next_expiries(session, shop_id, {key: on_hand[key] for key in portion})
        past |= {key: units for key, expiry in found.items() if (units := past_sale(expiry.dated, today))}
    return past


def _received(
    session: Session, shop_id: int, product_ids: Collection[int], *, newest: int | None = None
) -> dict[int, list[Lot]]:
    """The lots of products with what is left of them by their own moves; with `newest`, the last so many to expire."""
    lots = tables.Lot
    order = (func.coalesce(lots.expires_on, date.max).desc(), lots.received_on.desc(), lots.code.desc())
    place = func.row_number().over(partition_by=lots.product_id, order_by=order).label("place")
    columns = (lots.id, lots.product_id, lots.code, lots.received_on, lots.expires_on)
    chosen = select(*columns, place).where(lots.product_id.in_(product_ids)).subquery()
    stores = [at.id for at in locations_of(session, shop_id, LocationKind.STORE)]
    came = case((StockMove.destination_id.in_(stores), StockMove.units), else_=0)
    went = case((StockMove.origin_id.in_(stores), StockMove.units), else_=0)
    key = (chosen.c.product_id, chosen.c.code, chosen.c.received_on, chosen.c.expires_on)
    rows = select(*key, func.sum(came - went)).join(StockMove, StockMove.lot_id == chosen.c.id).group_by(*key)
    if newest is not None:
        rows = rows.where(chosen.c.place <= newest)
    received: dict[int, list[Lot]] = defaultdict(list)
    for product_id, code, day, expires, units in session.execute(rows):
        if units > 0:
            received[product_id].append(Lot(code, day, int(units), expires))
    return received
