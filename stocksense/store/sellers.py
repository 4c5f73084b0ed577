"""Which products sold the most and which lie on the shelf, without adding up every product of the shop.

The products that are expected to sell the most are added up: whatever the top of all is, its last product sold at least
as much as theirs. Those that can have come to the top so (`bounds.py`) are added up too, and the best are the top.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import bindparam, exists, func, select, union_all
from sqlalchemy.orm import Session

from stocksense.domain.periods import Period
from stocksense.store.among import among
from stocksense.store.bounds import may_have_sold, of_scope, products_of_some, table_of
from stocksense.store.figures import in_window
from stocksense.store.scope import Scope, facts_of, totals_of
from stocksense.store.states import Grain
from stocksense.store.tables import DailySales, ProductFacts, StockTotal
from stocksense.store.tables.rollups import ON_THE_SHELF
from stocksense.store.upsert import portions

ASKED = (100, 400, 1500)
"""Shelves that are asked one by one whether anything of them sold, in three goes, before all that sold is added up."""

BOTTOM_DAYS = 28
"""Days at the end of a window that say what lies on the shelf."""

FEW_PRODUCTS = 1500
"""Up to this many products are rather added up one by one."""

SPARK_DAYS = 28
_AT_ONCE = 5000

_SOLD, _FACTS = DailySales.__table__.c, ProductFacts.__table__.c

Sums = dict[int, tuple[int, Decimal]]
"""Units and amount by product."""


@dataclass(frozen=True)
class _Shelf:
    """A product in stock, what its stock is worth, and what it sold."""

    product_id: int
    value: Decimal
    units: int = 0
    amount: Decimal = Decimal(0)

    @property
    def rank(self) -> tuple[int, Decimal, int]:
        """What the bottom is sorted by: units, then money and product with a minus, so that more comes first."""
        return self.units, -self.value, -self.product_id


@dataclass(frozen=True)
class Seller:
    """Sales of a product in a window, what it has on hand, and its units a day over the last days of the window."""

    product_id: int
    sku: str
    name_ko: str
    name_en: str
    units: int
    amount: Decimal
    previous_units: int
    on_hand: int
    stock_value: Decimal
    spark: tuple[int, ...]

    def name(self, language: str) -> str:
        """The name in a language (`ko` or `en`), the other one where it has none, else the SKU."""
        names = (self.name_ko, self.name_en) if language == "ko" else (self.name_en, self.name_ko)
        return names[0] or names[1] or self.sku


def top_sellers(session: Session, scope: Scope, period: Period, *, limit: int = 10) -> tuple[Seller, ...]:
    """The products that sold the most units, of equals the larger amount, then by SKU."""
    places, few = scope.places, _chosen(session, scope)
    if few is None:
        sums = _candidates(session, scope, period, places=places, limit=limit)
    else:
        sums = _sums(session, period, places=places, chosen=few)
    if sums is None:
        units = _all_units(session, scope, period, places)
        last = min((count for _, count in units.most_common(limit)), default=0)
        chosen = sorted(key for key, count in units.items() if count >= last)
        sums = _sums(session, period, places=places, chosen=chosen)
    best = _best(session, sums, limit)
    return tuple(_sellers(session, period, {key: sums[key] for key in best}, places))


def bottom_sellers(
    session: Session, scope: Scope, period: Period, *, limit: int = 10, asked: Sequence[int] = ASKED
) -> tuple[Seller, ...]:
    """What lies on the shelf: active products in stock that sold the fewest units, of equals the most money first.

    Of a longer window only the last BOTTOM_DAYS days count. Of equal money the newer product comes first. Whatever
    is `asked` one by one first, the answer is the same.
    """
    period = bottom_period(period)
    shelves = _lying(session, scope, period, limit, asked)
    first = sorted(shelves, key=lambda shelf: shelf.rank)[:limit]
    sums = {shelf.product_id: (shelf.units, shelf.amount) for shelf in first}
    return tuple(_sellers(session, period, sums, scope.places))


def bottom_period(period: Period) -> Period:
    """The days of a period that say what lies on the shelf."""
    return Period("bottom", max(period.first, period.last - timedelta(BOTTOM_DAYS - 1)), period.last, period.kind)


def _lying(session: Session, scope: Scope, period: Period, limit: int, asked: Sequence[int]) -> list[_Shelf]:
    """Shelves among which the first `limit` by rank are.

    The shelves with the most money on them are asked for a sale one by one, until `limit` had none. Where hardly any
    lies unsold, or few products are there at all, adding up is quicker. What came back as often as it sold stands with
    the unsold.
    """
    places = scope.places
    shelves: list[_Shelf] = []
    sold: list[_Shelf] = []
    for number, count in enumerate(asked):
        given = {"skipped": sum(asked[:number]), "count": count, **_within(period, places)}
        rows = session.execute(_asked(scope.some), scope.given | given).all()
        for key, value, has_sold in rows:
            (sold if has_sold else shelves).append(_Shelf(key, value))
        if len(shelves) >= limit:
            return shelves + _returned(session, scope, period, places)
        if len(rows) < count:
            sums = _sums(session, period, places=places, chosen=sorted(shelf.product_id for shelf in sold))
            return shelves + [_Shelf(one.product_id, one.value, *sums[one.product_id]) for one in sold]
    return _fewest(session, scope, period, places=places, limit=limit)


def _returned(session: Session, scope: Scope, period: Period, places: tuple[int, ...]) -> list[_Shelf]:
    """The products in stock of which no more sold than came back, though there are lines of them."""
    days = [period.first + timedelta(number) for number in range(period.days)]
    found = set(session.scalars(_came_back(), {"shop": scope.shop_id, "days": days, "places": list(places)}))
    sums = _sums(session, period, places=places, chosen=sorted(found))
    few = sorted(key for key, (units, _) in sums.items() if units <= 0)
    stocked = _stocked(scope.some).where(among(_FACTS.product_id, "products"))
    return [
        _Shelf(key, value, *sums[key])
        for portion in portions(few)
        for key, value in session.execute(stocked, scope.given | {"products": portion})
    ]


def _fewest(session: Session, scope: Scope, period: Period, *, places: tuple[int, ...], limit: int) -> list[_Shelf]:
    """The first `limit` on the shelf by rank, found by adding up all that sold."""
    mine = (_SOLD.shop_id == scope.shop_id, _SOLD.day.between(period.first, period.last), _SOLD.location_id.in_(places))
    units, amount = func.sum(_SOLD.units).label("units"), func.sum(_SOLD.amount, type_=_SOLD.amount.type)
    rows = select(_SOLD.product_id, units, amount.label("amount")).where(*mine).group_by(_SOLD.product_id)
    sums = rows.subquery()
    count = func.coalesce(sums.c.units, 0)
    shelves = _stocked(scope.some).add_columns(count, func.coalesce(sums.c.amount, 0, type_=_SOLD.amount.type))
    shelves = shelves.outerjoin(sums, sums.c.product_id == _FACTS.product_id)
    best = shelves.order_by(count, _FACTS.stock_value.desc(), _FACTS.product_id.desc()).limit(limit)
    return [_Shelf(key, value, int(units), amount) for key, value, units, amount in session.execute(best, scope.given)]


def _within(period: Period, places: Iterable[int]) -> dict[str, Any]:
    return {"places": list(places), "first": period.first, "last": period.last}


@cache
def _asked(some: bool) -> Any:
    """Shelves, those with the most money first, of equals the newer product, and whether any of each sold."""
    facts = _FACTS
    stocked = select(facts.product_id, facts.stock_value).where(*facts_of(some), ON_THE_SHELF)
    ranked = stocked.order_by(facts.stock_value.desc(), facts.product_id.desc())
    shelves = ranked.offset(bindparam("skipped")).limit(bindparam("count")).subquery()
    sold = exists().where(
        _SOLD.product_id == shelves.c.product_id,
        among(_SOLD.location_id, "places"),
        _SOLD.day.between(bindparam("first"), bindparam("last")),
    )
    return select(shelves, sold.label("sold"))


@cache
def _came_back() -> Any:
    """The products of which, on some day at some place, no more sold than came back."""
    return select(_SOLD.product_id).where(
        _SOLD.shop_id == bindparam("shop"),
        among(_SOLD.day, "days"),
        among(_SOLD.location_id, "places"),
        _SOLD.units <= 0,
    )


def _stocked(some: bool) -> Any:
    """The active products in stock, each with what its stock is worth."""
    return select(_FACTS.product_id, _FACTS.stock_value).where(*facts_of(some), ON_THE_SHELF)


def sparks(
    session: Session, product_ids: Sequence[int], last: date, places: Iterable[int], *, days: int = SPARK_DAYS
) -> dict[int, tuple[int, ...]]:
    """Units a day of products over the `days` days up to `last`, the oldest first."""
    first = last - timedelta(days - 1)
    lines: dict[int, list[int]] = {key: [0] * days for key in product_ids}
    given = {"places": list(places), "first": first, "last": last, "products": list(product_ids)}
    for product_id, day, units in session.execute(_by_day(), given).all():
        lines[product_id][(day - first).days] = int(units)
    return {key: tuple(line) for key, line in lines.items()}


@cache
def _by_day() -> Any:
    """Units of products by day over a window."""
    mine = (
        among(_SOLD.product_id, "products"),
        among(_SOLD.location_id, "places"),
        _SOLD.day.between(bindparam("first"), bindparam("last")),
    )
    return select(_SOLD.product_id, _SOLD.day, func.sum(_SOLD.units)).where(*mine).group_by(_SOLD.product_id, _SOLD.day)


def _chosen(session: Session, scope: Scope) -> list[int] | None:
    """The products of the scope if it picks only a few, else None."""
    if scope.categories is None:
        return None
    if (session.scalar(_count(), scope.given) or 0) > FEW_PRODUCTS:
        return None
    return list(session.scalars(products_of_some(), scope.given))


@cache
def _count() -> Any:
    return select(func.sum(StockTotal.products)).where(*totals_of(some=True))


@cache
def _promising(some: bool) -> Any:
    """Products of a scope, those that are expected to sell the most first."""
    rows = select(_FACTS.product_id).where(*facts_of(some)).limit(bindparam("count"))
    return rows.order_by(_FACTS.predicted.desc(), _FACTS.product_id.desc())


def _candidates(session: Session, scope: Scope, period: Period, *, places: tuple[int, ...], limit: int) -> Sums | None:
    """What the products sold among which the top of a window is; None if that may be any, since hardly any sold."""
    seeds = set(session.scalars(_promising(scope.some), scope.given | {"count": 4 * limit}))
    sums = _sums(session, period, places=places, chosen=sorted(seeds))
    best = sorted((units for units, _ in sums.values()), reverse=True)[:limit]
    if len(best) < limit:
        return None
    others = may_have_sold(session, scope, period, places=places, least=best[-1]) - seeds
    return sums | _sums(session, period, places=places, chosen=sorted(others))


def _best(session: Session, sums: Sums, limit: int) -> list[int]:
    """The first `limit` of the products that sold the most; their SKUs are asked for only where some sold alike."""
    sold = {key: (-units, -amount) for key, (units, amount) in sums.items() if units or amount}
    best = sorted(sold, key=sold.__getitem__)
    best = [key for key in best if sold[key] <= sold[best[:limit][-1]]]
    if len({sold[key] for key in best}) == len(best):
        return best
    skus: dict[int, str] = {}
    for portion in portions(best):
        skus |= dict(session.execute(_skus(), {"products": portion}).all())
    return sorted(best, key=lambda key: (sold[key], skus[key]))[:limit]


@cache
def _skus() -> Any:
    return select(_FACTS.product_id, _FACTS.sku).where(among(_FACTS.product_id, "products"))


def _sums(session: Session, period: Period, *, places: tuple[int, ...], chosen: list[int]) -> Sums:
    """Units and amount of products over a window."""
    grains, given = _parts_of(period, places)
    found: Sums = {}
    for portion in portions(chosen, _AT_ONCE):
        rows = session.execute(_chosen_sums(grains), given | {"products": portion}).all()
        found |= {product_id: (int(units), amount) for product_id, units, amount in rows}
    return found


def _parts_of(period: Period, places: tuple[int, ...]) -> tuple[tuple[Grain, ...], dict[str, Any]]:
    """The grains of a window's parts, and the values that `_chosen_sums` leaves open beside the products."""
    parts = in_window(period.first, period.last)
    given: dict[str, Any] = {"places": list(places)}
    for number, (_, first, last) in enumerate(parts):
        given |= {f"first{number}": first, f"last{number}": last}
    return tuple(grain for grain, _, _ in parts), given


def _all_units(session: Session, scope: Scope, period: Period, places: tuple[int, ...]) -> Counter[int]:
    """Units over a window of every product of a scope that sold, read from the index alone."""
    found: Counter[int] = Counter()
    for grain, first, last in in_window(period.first, period.last):
        table, day = table_of(grain)
        mine = (table.shop_id == scope.shop_id, day.between(first, last), table.location_id.in_(places))
        rows = select(table.product_id, func.sum(table.units)).where(*mine).group_by(table.product_id)
        for product_id, units in session.execute(of_scope(rows, table, scope.some), scope.given):
            found[product_id] += int(units)
    return found


@lru_cache(maxsize=8)
def _chosen_sums(grains: tuple[Grain, ...]) -> Any:
    """Units and amount of products over the parts of a window; kept, since making it takes longer than running it."""
    lists = []
    for number, grain in enumerate(grains):
        table, day = table_of(grain)
        first, last = (bindparam(f"{end}{number}", type_=day.type) for end in ("first", "last"))
        columns = (table.product_id, table.units, table.amount)
        picked = (among(table.product_id, "products"), among(table.location_id, "places"), day.between(first, last))
        lists.append(select(*columns).where(*picked))
    rows = union_all(*lists).subquery().c
    units, amount = func.sum(rows.units).label("units"), func.sum(rows.amount, type_=rows.amount.type)
    return select(rows.product_id, units, amount).group_by(rows.product_id)


def _sellers(session: Session, period: Period, sums: Sums, places: tuple[int, ...]) -> list[Seller]:
    """The sellers with these sums, in their order."""
    ids = list(sums)
    if not ids:
        return []
    lines = sparks(session, ids, period.last, places)
    grains, given = _parts_of(period.previous(), places)
    told = {key: rest for key, *rest in session.execute(_told(grains), given | {"products": ids}).all()}
    found = []
    for key, (units, amount) in sums.items():
        sku, name_ko, name_en, on_hand, stock_value, earlier = told[key]
        found.append(
            Seller(key, sku, name_ko, name_en, units, amount, int(earlier), on_hand, stock_value, spark=lines[key])
        )
    return found


@lru_cache(maxsize=8)
def _told(grains: tuple[Grain, ...]) -> Any:
    """What a list of sellers tells of products beside their sales, and their units over the parts of a window."""
    f, earlier = _FACTS, _chosen_sums(grains).subquery()
    columns = (f.product_id, f.sku, f.name_ko, f.name_en, f.on_hand, f.stock_value, func.coalesce(earlier.c.units, 0))
    rows = select(*columns).outerjoin(earlier, earlier.c.product_id == f.product_id)
    return rows.where(among(f.product_id, "products"))
