"""Which lots of many products expire next, in two queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from stocksense.domain.stock import LocationKind, Lot, lots_on_hand
from stocksense.store import tables
from stocksense.store.shops import locations_of
from stocksense.store.tables import StockMove


@dataclass(frozen=True)
class Expiry:
    """The lot that expires first among those on hand: its last day, and its units."""

    expires_on: date
    units: int
    lot: str


def next_expiries(session: Session, shop_id: int, on_hand: Mapping[int, int]) -> dict[int, Expiry]:
    """The next expiry of products given as {row number: units on hand}; those without a dated lot are left out.

    The units on hand are taken to be those that expire last (FEFO, `lots_on_hand`).
    """
    held = {product_id: units for product_id, units in on_hand.items() if units > 0}
    if not held:
        return {}
    stores = [place.id for place in locations_of(session, shop_id, LocationKind.STORE)]
    came = case((StockMove.destination_id.in_(stores), StockMove.units), else_=0)
    went = case((StockMove.origin_id.in_(stores), StockMove.units), else_=0)
    lots = tables.Lot
    rows = session.execute(
        select(lots.product_id, lots.code, lots.received_on, lots.expires_on, func.sum(came - went))
        .join(StockMove, StockMove.lot_id == lots.id)
        .where(lots.product_id.in_(held))
        .group_by(lots.id)
    )
    received: dict[int, list[Lot]] = defaultdict(list)
    for product_id, code, day, expires, units in rows:
        if units > 0:
            received[product_id].append(Lot(code, day, int(units), expires))
    found = {}
    for product_id, mine in received.items():
        dated = [lot for lot in lots_on_hand(mine, held[product_id]) if lot.expires_on]
        if dated and dated[0].expires_on is not None:
            found[product_id] = Expiry(dated[0].expires_on, dated[0].units, dated[0].code)
    return found
