"""Everything about one product: its days, its ledger, what was decided and ordered, recalls and trends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, case, func, select
from sqlalchemy.orm import Session, aliased

from stocksense.domain.stock import LocationKind, MoveKind
from stocksense.domain.trend import Rise, rises, touches
from stocksense.errors import BadValue
from stocksense.store import trends
from stocksense.store.among import among
from stocksense.store.decisions import StoredDecision, decisions_of_product
from stocksense.store.inventory import InventoryRow, rows_of
from stocksense.store.orders import OrderLineInfo, lines_of_product
from stocksense.store.products import product_of
from stocksense.store.recalls import MatchInfo, matches_of_product
from stocksense.store.shops import ShopInfo, locations_of
from stocksense.store.skus import product_id_of
from stocksense.store.states import is_generated
from stocksense.store.stock import units_on_hand
from stocksense.store.tables import (
    DailySales,
    Location,
    Lot,
    ProductFacts,
    StockMove,
)

LONGEST_HISTORY_DAYS = 1100
"""Days that a history has at most."""


@dataclass(frozen=True)
class HistoryDay:
    """A day of a product, all stores together; `on_hand` is what they held when it ended.

    `is_empty` says that they closed without a unit, though they had carried the product before.
    """

    day: date
    units: int
    amount: Decimal
    promoted: bool
    on_hand: int
    is_empty: bool


@dataclass(frozen=True)
class LedgerLine:
    """A move of a product; `change` is by how many units it changed what the stores hold."""

    id: int
    day: date
    effective_at: datetime
    recorded_at: datetime
    kind: MoveKind
    units: int
    change: int
    origin: str
    destination: str
    lot: str
    reference: str
    actor: str


@dataclass(frozen=True)
class LedgerPage:
    """One page of a ledger, the newest first, and how many lines there are in all."""

    lines: tuple[LedgerLine, ...]
    total: int
    page: int
    pages: int


def product_row(session: Session, shop_id: int, sku: str) -> InventoryRow:
    """The product as the inventory shows it. Raises UnknownSku if the shop doesn't have it."""
    return rows_of(session, [product_id_of(session, shop_id, sku)])[0]


def neighbours(session: Session, shop_id: int, sku: str) -> tuple[str, str]:
    """The SKUs before and after one in the order of SKUs; empty at either end."""
    given = {"shop": shop_id, "sku": sku}
    return session.scalar(_neighbour(before=True), given) or "", session.scalar(_neighbour(before=False), given) or ""


@cache
def _neighbour(*, before: bool) -> Any:
    """Statements are made once and kept, since making one takes longer than running it."""
    facts = ProductFacts
    sku: BindParameter[str] = bindparam("sku")
    mine = select(facts.sku).where(facts.shop_id == bindparam("shop")).limit(1)
    if before:
        return mine.where(facts.sku < sku).order_by(facts.sku.desc())
    return mine.where(facts.sku > sku).order_by(facts.sku)


def history(session: Session, shop_id: int, sku: str, first: date, last: date) -> tuple[HistoryDay, ...]:
    """Every day of a window with what sold and what was left. Raises UnknownSku, BadValue for too long a window."""
    days = (last - first).days + 1
    if not 1 <= days <= LONGEST_HISTORY_DAYS:
        raise BadValue(f"a history of {days} days cannot be shown; give 1 to {LONGEST_HISTORY_DAYS}")
    product_id = product_id_of(session, shop_id, sku)
    sold = _sold(session, product_id, first, last)
    changed = _changed(session, shop_id, product_id, first)
    held = units_on_hand(session, shop_id, [product_id]).get(product_id, 0)
    left = held - sum(changed.values())
    carried = _carried_since(session, shop_id, product_id)
    told = []
    for day in (first + timedelta(offset) for offset in range(days)):
        left += changed.get(day, 0)
        units, amount, promoted = sold.get(day, (0, Decimal(0), False))
        is_empty = left == 0 and carried is not None and carried <= day
        told.append(HistoryDay(day, units, amount, promoted, left, is_empty))
    return tuple(told)


def ledger_page(session: Session, shop_id: int, sku: str, *, page: int = 1, per_page: int = 50) -> LedgerPage:
    """One page (from 1) of a product's moves, the newest day first. Raises UnknownSku, BadValue for no such page."""
    if page < 1 or not 1 <= per_page <= 500:
        raise BadValue(f"page {page} of {per_page} lines cannot be; give 1 or more, and 1 to 500 lines")
    product_id = product_id_of(session, shop_id, sku)
    given = {"shop": shop_id, "product": product_id, "skipped": (page - 1) * per_page, "count": per_page}
    total = session.scalar(_count_of_moves(), given) or 0
    ids = list(session.scalars(_numbers_of_moves(), given))
    rows = session.execute(_moves(), {"ids": ids})
    lines = tuple(
        LedgerLine(
            id=move.id,
            day=move.day,
            effective_at=move.effective_at,
            recorded_at=move.recorded_at,
            kind=move.kind,
            units=move.units,
            change=_change(move.units, move.left, move.came),
            origin=move.origin,
            destination=move.destination,
            lot=move.lot or "",
            reference=move.reference,
            actor=move.actor,
        )
        for move in rows
    )
    return LedgerPage(lines, total, page, max(-(-total // per_page), 1))


def decisions_of(session: Session, shop_id: int, sku: str, *, limit: int = 30) -> tuple[StoredDecision, ...]:
    """What was decided about a product, the newest first. Raises UnknownSku."""
    return decisions_of_product(session, product_id_of(session, shop_id, sku), limit=limit)


def orders_of(session: Session, shop_id: int, sku: str, *, limit: int = 30) -> tuple[OrderLineInfo, ...]:
    """The order lines of a product, the newest first. Raises UnknownSku."""
    return lines_of_product(session, product_id_of(session, shop_id, sku), limit=limit)


def recalls_of(session: Session, shop_id: int, sku: str) -> tuple[MatchInfo, ...]:
    """The recall notices that touch a product, the newest first. Raises UnknownSku."""
    return matches_of_product(session, product_id_of(session, shop_id, sku))


def trends_of(session: Session, shop: ShopInfo, sku: str, *, at_least: int = 1) -> tuple[Rise, ...]:
    """The rising keywords that name a product, the strongest first. Raises UnknownSku."""
    product = product_of(session, shop.id, sku)
    leaves = (path.leaf if path else "" for path in (product.category_ko, product.category))
    texts = (product.name_ko, product.name_en, *leaves)
    windows = trends.newest_windows(session)
    now, before = (
        [rank for rank in ranks if is_generated(rank.source) == shop.is_generated]
        for ranks in (windows.now, windows.before)
    )
    return tuple(rise for rise in rises(now, before, at_least=at_least) if touches(rise.keyword, texts))


@cache
def _count_of_moves() -> Any:
    return select(func.count()).select_from(StockMove).where(*_of_product())


@cache
def _numbers_of_moves() -> Any:
    chosen = select(StockMove.id).where(*_of_product()).order_by(StockMove.day.desc(), StockMove.id.desc())
    return chosen.offset(bindparam("skipped")).limit(bindparam("count"))


@cache
def _moves() -> Any:
    """Some moves as a ledger shows them, the newest day first."""
    origin, destination = aliased(Location), aliased(Location)
    names = ("id", "day", "effective_at", "recorded_at", "kind", "units", "reference", "actor")
    places = (origin.name.label("origin"), origin.kind.label("left"))
    ends = (destination.name.label("destination"), destination.kind.label("came"))
    return (
        select(*(getattr(StockMove, name) for name in names), *places, *ends, Lot.code.label("lot"))
        .join(origin, origin.id == StockMove.origin_id)
        .join(destination, destination.id == StockMove.destination_id)
        .outerjoin(Lot, Lot.id == StockMove.lot_id)
        .where(among(StockMove.id, "ids"))
        .order_by(StockMove.day.desc(), StockMove.id.desc())
    )


def _of_product() -> tuple[ColumnElement[bool], ...]:
    return StockMove.shop_id == bindparam("shop"), StockMove.product_id == bindparam("product")


def _sold(session: Session, product_id: int, first: date, last: date) -> dict[date, tuple[int, Decimal, bool]]:
    rows = session.execute(_sums_by_day(), {"product": product_id, "first": first, "last": last})
    return {day: (int(units), amount, bool(was)) for day, units, amount, was in rows}


@cache
def _sums_by_day() -> Any:
    promoted = func.max(case((DailySales.promoted, 1), else_=0))
    sums = select(DailySales.day, func.sum(DailySales.units), func.sum(DailySales.amount), promoted)
    days = DailySales.day.between(bindparam("first"), bindparam("last"))
    return sums.where(DailySales.product_id == bindparam("product"), days).group_by(DailySales.day)


def _changed(session: Session, shop_id: int, product_id: int, first: date) -> dict[date, int]:
    """By how many units each day from `first` on changed what the stores hold."""
    stores = [place.id for place in locations_of(session, shop_id, LocationKind.STORE)]
    given = {"shop": shop_id, "product": product_id, "stores": stores, "first": first}
    return {day: int(units) for day, units in session.execute(_changes(), given)}


@cache
def _changes() -> Any:
    came = case((among(StockMove.destination_id, "stores"), StockMove.units), else_=0)
    went = case((among(StockMove.origin_id, "stores"), StockMove.units), else_=0)
    rows = select(StockMove.day, func.sum(came - went)).where(*_of_product(), StockMove.day >= bindparam("first"))
    return rows.group_by(StockMove.day)


def _carried_since(session: Session, shop_id: int, product_id: int) -> date | None:
    found: date | None = session.scalar(_first_day(), {"shop": shop_id, "product": product_id})
    return found


@cache
def _first_day() -> Any:
    return select(func.min(StockMove.day)).where(*_of_product())


def _change(units: int, left: LocationKind, came: LocationKind) -> int:
    return units * ((came is LocationKind.STORE) - (left is LocationKind.STORE))
