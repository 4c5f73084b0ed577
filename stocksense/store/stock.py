"""What the shop holds: levels, lots, quarantine, counts; every change is a move in the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from stocksense.domain.orders import OPEN_ORDERS
from stocksense.domain.stock import LocationKind, Lot, MoveKind, Shortfall, StockLevel, lots_on_hand
from stocksense.errors import BadValue
from stocksense.store import tables
from stocksense.store.lots import past_sale_of
from stocksense.store.moves import Move, Recorded, record_moves
from stocksense.store.shops import location_of_kind, locations_of
from stocksense.store.skus import product_id_of, product_ids
from stocksense.store.steps import lock_shop
from stocksense.store.stock_outs import refresh_stock_outs, stock_out_days, stock_outs_known_to
from stocksense.store.tables import Balance, CountRequest, Location, OrderLine, Product, ProductFacts, StockMove

__all__ = [
    "Count",
    "Move",
    "Recorded",
    "balance_faults",
    "correct_to_count",
    "held_at",
    "ledger_sum",
    "level_of",
    "levels",
    "lots_of",
    "open_counts",
    "quarantine",
    "record_moves",
    "refresh_stock_outs",
    "release",
    "stock_out_days",
    "stock_outs_known_to",
    "units_on_hand",
]


@dataclass(frozen=True)
class Count:
    """Units of a product that somebody counted at a location; `key` makes counting the same again harmless."""

    sku: str
    location_id: int
    units: int
    reference: str = ""
    key: str | None = None


def level_of(session: Session, shop_id: int, sku: str, today: date | None = None) -> StockLevel:
    """Units of one product on hand, on order and in quarantine; with `today`, also those past their date then.

    Raises UnknownSku if the shop doesn't have it.
    """
    product_id = product_id_of(session, shop_id, sku)
    level = _levels(session, _held(one=True), _on_order(one=True), {"shop": shop_id, "product": product_id})[sku]
    past = past_sale_of(session, shop_id, {product_id: level.on_hand}, today) if today else {}
    return replace(level, past_sale=past.get(product_id, 0))


def units_on_hand(session: Session, shop_id: int, product_ids: Collection[int]) -> dict[int, int]:
    """Units on hand of some products, by row number."""
    facts = select(ProductFacts.product_id, ProductFacts.on_hand).where(ProductFacts.shop_id == shop_id)
    return dict(session.execute(facts.where(ProductFacts.product_id.in_(product_ids))).all())


def levels(session: Session, shop_id: int, today: date | None = None) -> dict[str, StockLevel]:
    """The level of every product of the shop, by SKU; with `today`, also the units that are past their date then."""
    found = _levels(session, _held(one=False), _on_order(one=False), {"shop": shop_id})
    if today is not None:
        ids = product_ids(session, shop_id)
        past = past_sale_of(session, shop_id, {ids[sku]: level.on_hand for sku, level in found.items()}, today)
        found |= {sku: replace(level, past_sale=past[ids[sku]]) for sku, level in found.items() if ids[sku] in past}
    return found


def held_at(session: Session, shop_id: int, sku: str) -> dict[str, int]:
    """Units of a product at each store of the shop, by its name; stores that hold none included."""
    given = {"shop": shop_id, "product": product_id_of(session, shop_id, sku)}
    return dict(session.execute(_held_at(), given).all())


@cache
def _held_at() -> Any:
    """Statements are made once and kept, since making one takes longer than running it."""
    here = and_(Balance.location_id == Location.id, Balance.product_id == bindparam("product"))
    stores = select(Location.name, func.coalesce(Balance.units, 0)).outerjoin(Balance, here)
    ours = (Location.shop_id == bindparam("shop"), Location.kind == LocationKind.STORE)
    return stores.where(*ours).order_by(Location.id)


def quarantine(session: Session, shop_id: int, sku: str, *, reference: str, actor: str, now: datetime) -> int:
    """Take all units of a product off sale, by moving them from every store into quarantine; returns the units.

    Doing it again moves only what came since. `reference` names the reason, and is what `release` undoes.
    """
    lock_shop(session, shop_id)
    away = location_of_kind(session, shop_id, LocationKind.QUARANTINE).id
    places = {place.name: place.id for place in locations_of(session, shop_id, LocationKind.STORE)}
    moves = [
        Move(sku, places[name], away, units, MoveKind.QUARANTINE, now, reference)
        for name, units in held_at(session, shop_id, sku).items()
        if units > 0
    ]
    record_moves(session, shop_id, moves, actor=actor, now=now)
    return sum(move.units for move in moves)


def release(session: Session, shop_id: int, sku: str, *, reference: str, actor: str, now: datetime) -> int:
    """Put back what was quarantined for that reference, to the stores that it came from; returns the units.

    Units that left quarantine meanwhile stay away. Doing it again moves nothing.
    """
    lock_shop(session, shop_id)
    product_id = product_id_of(session, shop_id, sku)
    away = location_of_kind(session, shop_id, LocationKind.QUARANTINE).id
    left = session.scalar(select(Balance.units).where(Balance.product_id == product_id, Balance.location_id == away))
    moves: list[Move] = []
    for store_id, taken in _quarantined(session, (shop_id, product_id), away, reference):
        units = min(taken, (left or 0) - sum(move.units for move in moves))
        if units > 0:
            moves.append(Move(sku, away, store_id, units, MoveKind.RELEASE, now, reference))
    record_moves(session, shop_id, moves, actor=actor, now=now)
    return sum(move.units for move in moves)


def correct_to_count(session: Session, shop_id: int, count: Count, *, actor: str, now: datetime) -> int:
    """Bring the ledger to what was counted at a store; returns the units added, negative if some were missing.

    Settles what asked for the count. Raises BadValue for a count below zero.
    """
    if count.units < 0:
        raise BadValue(f"a count of {count.units} units cannot be; give 0 or more")
    lock_shop(session, shop_id)
    product_id = product_id_of(session, shop_id, count.sku)
    here = (Balance.product_id == product_id, Balance.location_id == count.location_id)
    difference = count.units - (session.scalar(select(Balance.units).where(*here)) or 0)
    losses = location_of_kind(session, shop_id, LocationKind.LOSS).id
    ends = (losses, count.location_id) if difference > 0 else (count.location_id, losses)
    if difference:
        move = Move(count.sku, *ends, abs(difference), MoveKind.CORRECTION, now, count.reference, count.key)
        record_moves(session, shop_id, [move], actor=actor, now=now)
    asked = (CountRequest.product_id == product_id, CountRequest.location_id == count.location_id)
    session.execute(update(CountRequest).where(*asked, CountRequest.settled_at.is_(None)).values(settled_at=now))
    return difference


def open_counts(session: Session, shop_id: int) -> tuple[Shortfall, ...]:
    """The shelves that somebody should count, because more left them than the ledger knew of; the oldest first."""
    asked = (
        select(Product.sku, Location.name, CountRequest.held, CountRequest.taken)
        .join(Product, Product.id == CountRequest.product_id)
        .join(Location, Location.id == CountRequest.location_id)
        .where(Product.shop_id == shop_id, CountRequest.settled_at.is_(None))
        .order_by(CountRequest.id)
    )
    return tuple(Shortfall(*row) for row in session.execute(asked))


def lots_of(session: Session, shop_id: int, sku: str) -> tuple[Lot, ...]:
    """The lots that the units on hand belong to, if the earliest to expire leave first (FEFO).

    Moves that name a lot are taken from that lot; all others from the earliest. Raises UnknownSku.
    """
    product_id = product_id_of(session, shop_id, sku)
    rows = session.execute(_lots(), {"product": product_id})
    lots = [Lot(code, received, int(units), expires) for code, received, units, expires in rows if units > 0]
    return lots_on_hand(lots, level_of(session, shop_id, sku).on_hand)


def ledger_sum(session: Session, shop_id: int) -> dict[str, int]:
    """The sum of every product's balances over all locations, by SKU: 0 for each, or the ledger is broken."""
    sums = select(Product.sku, func.sum(Balance.units)).join(Balance, Balance.product_id == Product.id)
    rows = session.execute(sums.where(Product.shop_id == shop_id).group_by(Product.sku))
    return {sku: int(units) for sku, units in rows}


def balance_faults(session: Session, shop_id: int) -> tuple[tuple[str, str, int, int], ...]:
    """Where a kept balance isn't the sum of the moves: (SKU, location, kept, by the moves). Empty in a sound ledger."""
    into = select(StockMove.product_id, StockMove.destination_id.label("location_id"), StockMove.units.label("units"))
    out = select(StockMove.product_id, StockMove.origin_id, -StockMove.units)
    both = into.where(StockMove.shop_id == shop_id).union_all(out.where(StockMove.shop_id == shop_id)).subquery()
    by_moves = select(both.c.product_id, both.c.location_id, func.sum(both.c.units).label("units"))
    derived = by_moves.group_by(both.c.product_id, both.c.location_id).subquery()
    kept = select(Balance).join(Product).where(Product.shop_id == shop_id).subquery()
    same = and_(kept.c.product_id == derived.c.product_id, kept.c.location_id == derived.c.location_id)
    product_id = func.coalesce(kept.c.product_id, derived.c.product_id)
    location_id = func.coalesce(kept.c.location_id, derived.c.location_id)
    was, should = func.coalesce(kept.c.units, 0), func.coalesce(derived.c.units, 0)
    rows = (
        select(Product.sku, Location.name, was, should)
        .select_from(kept.join(derived, same, full=True))
        .join(Product, Product.id == product_id)
        .join(Location, Location.id == location_id)
        .where(was != should)
    )
    return tuple((sku, place, int(a), int(b)) for sku, place, a, b in session.execute(rows))


@cache
def _lots() -> Any:
    """A product's lots and what came of each less what left."""
    origin, destination = aliased(Location), aliased(Location)
    stores = (destination.kind == LocationKind.STORE, origin.kind == LocationKind.STORE)
    net = case((stores[0], StockMove.units), else_=0) - case((stores[1], StockMove.units), else_=0)
    return (
        select(tables.Lot.code, tables.Lot.received_on, func.sum(net), tables.Lot.expires_on)
        .join(StockMove, StockMove.lot_id == tables.Lot.id)
        .join(origin, origin.id == StockMove.origin_id)
        .join(destination, destination.id == StockMove.destination_id)
        .where(tables.Lot.product_id == bindparam("product"))
        .group_by(tables.Lot.id)
    )


@cache
def _held(*, one: bool) -> Any:
    """Units at stores and in quarantine, one row a product."""

    def at(kind: LocationKind) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((Location.kind == kind, Balance.units), else_=0)), 0)

    return (
        select(Product.sku, at(LocationKind.STORE), at(LocationKind.QUARANTINE))
        .outerjoin(Balance, Balance.product_id == Product.id)
        .outerjoin(Location, Location.id == Balance.location_id)
        .where(*_products(one=one))
        .group_by(Product.sku)
        .order_by(Product.sku)
    )


@cache
def _on_order(*, one: bool) -> Any:
    """Units ordered and not yet received, one row a product of which there are some."""
    return (
        select(Product.sku, func.sum(OrderLine.quantity - OrderLine.received))
        .join(OrderLine, OrderLine.product_id == Product.id)
        .where(*_products(one=one), OrderLine.state.in_(OPEN_ORDERS))
        .group_by(Product.sku)
    )


def _products(*, one: bool) -> tuple[ColumnElement[bool], ...]:
    ours = Product.shop_id == bindparam("shop")
    return (ours, Product.id == bindparam("product")) if one else (ours,)


def _levels(session: Session, held: Any, ordered: Any, given: Mapping[str, int]) -> dict[str, StockLevel]:
    on_order = {sku: int(units) for sku, units in session.execute(ordered, given)}
    return {
        sku: StockLevel(sku, int(on_hand), on_order.get(sku, 0), quarantined=int(quarantined))
        for sku, on_hand, quarantined in session.execute(held, given)
    }


def _quarantined(session: Session, whose: tuple[int, int], away: int, reference: str) -> Iterable[tuple[int, int]]:
    """Units of (shop, product) taken from each store for a reference and not put back yet: (store's number, units)."""
    into = StockMove.kind == MoveKind.QUARANTINE
    store_id = case((into, StockMove.origin_id), else_=StockMove.destination_id)
    ours = or_(into, StockMove.kind == MoveKind.RELEASE)
    rows = session.execute(
        select(store_id, func.sum(case((into, StockMove.units), else_=-StockMove.units)))
        .where(StockMove.shop_id == whose[0], StockMove.product_id == whose[1], StockMove.reference == reference, ours)
        .where(or_(StockMove.destination_id == away, StockMove.origin_id == away))
        .group_by(store_id)
        .order_by(store_id)
    )
    return [(place, int(units)) for place, units in rows]
