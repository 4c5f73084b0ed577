"""Which products sold the most and which lie on the shelf, without adding up every product of the shop.

The top of a window is found as in Fagin, Lotem and Naor, "Optimal aggregation algorithms for middleware" (2003): the
best of each day and place are looked at, as deep as it takes until no product beyond them can reach the top. Whole
months stand for their days. What comes out is exact; where sales are spread so evenly that it would take too deep a
look, all products are added up after all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, select, union_all
from sqlalchemy.orm import Session

from stocksense.domain.periods import Period
from stocksense.domain.stock import LocationKind, ProductStatus
from stocksense.store.figures import in_window
from stocksense.store.scope import Scope
from stocksense.store.shops import locations_of
from stocksense.store.states import Grain
from stocksense.store.tables import DailySales, MonthlySales, ProductFacts, Rollup
from stocksense.store.tables.rollups import ALL
from stocksense.store.upsert import portions

DEPTHS = (16, 64, 256)
"""How many products of each day and place are looked at, one after the other."""

FEW_PRODUCTS = 1500
"""Up to this many products are rather added up one by one."""

SPARK_DAYS = 28

Sums = dict[int, tuple[int, Decimal]]
"""Units and amount by product."""


@dataclass(frozen=True)
class Seller:
    """Sales of a product in a window, what it has on hand, and its units a day over the last days of the window."""

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
    places = _places(session, scope)
    chosen = _chosen(session, scope)
    sums = None
    if chosen is None:
        for depth in DEPTHS:
            sums = _top_within(session, scope, period, places=places, depth=depth, limit=limit)
            if sums is not None:
                break
    if sums is None:
        sums = _sums(session, scope, period, places=places, chosen=chosen)
    sold = {key: pair for key, pair in sums.items() if any(pair)}
    best = sorted(sold, key=lambda key: (-sold[key][0], -sold[key][1]))
    # Ties at the end of the list are settled by SKU, so those that tie are looked at too.
    cut = [key for key in best if len(best) <= limit or sold[key] >= sold[best[limit - 1]]]
    sellers = _sellers(session, period, {key: sold[key] for key in cut}, places)
    return tuple(sorted(sellers, key=lambda s: (-s.units, -s.amount, s.sku))[:limit])


def bottom_sellers(session: Session, scope: Scope, period: Period, *, limit: int = 10) -> tuple[Seller, ...]:
    """What lies on the shelf: active products in stock that sold the fewest units, of equals the most money first."""
    places = _places(session, scope)
    facts = ProductFacts
    stocked = (*scope.facts(), facts.status == ProductStatus.ACTIVE, facts.on_hand > 0)
    sold = exists().where(
        DailySales.product_id == facts.product_id,
        DailySales.location_id.in_(places),
        DailySales.day.between(period.first, period.last),
    )
    order = (facts.stock_value.desc(), facts.product_id.desc())
    unsold = list(session.scalars(select(facts.product_id).where(*stocked, ~sold).order_by(*order).limit(limit)))
    sums: Sums = {key: (0, Decimal(0)) for key in unsold}
    if len(unsold) < limit:
        ids = set(session.scalars(select(facts.product_id).where(*stocked, sold)))
        all_sums = _sums(session, scope, period, places=places, chosen=None)
        sums |= {key: all_sums.get(key, (0, Decimal(0))) for key in ids}
        worst = sorted(sums, key=lambda key: sums[key])
        sums = {key: sums[key] for key in worst if len(worst) <= limit or sums[key] <= sums[worst[limit - 1]]}
    sellers = _sellers(session, period, sums, places)
    return tuple(sorted(sellers, key=lambda s: (s.units, -s.stock_value, s.sku))[:limit])


def sparks(
    session: Session, product_ids: Sequence[int], last: date, places: Iterable[int], *, days: int = SPARK_DAYS
) -> dict[int, tuple[int, ...]]:
    """Units a day of products over the `days` days up to `last`, the oldest first."""
    first = last - timedelta(days - 1)
    lines: dict[int, list[int]] = {key: [0] * days for key in product_ids}
    rows = select(DailySales.product_id, DailySales.day, DailySales.units).where(
        DailySales.product_id.in_(product_ids), DailySales.location_id.in_(places), DailySales.day.between(first, last)
    )
    for product_id, day, units in session.execute(rows):
        lines[product_id][(day - first).days] += units
    return {key: tuple(line) for key, line in lines.items()}


def _places(session: Session, scope: Scope) -> tuple[int, ...]:
    if scope.location_id != ALL:
        return (scope.location_id,)
    return tuple(place.id for place in locations_of(session, scope.shop_id, LocationKind.STORE))


def _chosen(session: Session, scope: Scope) -> list[int] | None:
    """The products of the scope if it picks only a few, else None."""
    if scope.categories is None:
        return None
    ids = list(session.scalars(select(ProductFacts.product_id).where(*scope.facts()).limit(FEW_PRODUCTS + 1)))
    return ids if len(ids) <= FEW_PRODUCTS else None


def _top_within(
    session: Session, scope: Scope, period: Period, *, places: tuple[int, ...], depth: int, limit: int
) -> Sums | None:
    """The sums of all products that are among the `depth` best of a day or month at a place; None if that is not
    deep enough to be sure that the best `limit` of the window are among them."""
    candidates: set[int] = set()
    beyond = 0
    for grain, first, last in in_window(period.first, period.last):
        cuts = _cuts(scope, grain, (first, last), places=places, depth=depth)
        beyond += int(session.scalar(select(func.coalesce(func.sum(cuts.c.cut), 0))) or 0)
        candidates.update(session.scalars(_above(scope, grain, cuts)))
    sums = _sums(session, scope, period, places=places, chosen=sorted(candidates))
    best = sorted((units for units, _ in sums.values()), reverse=True)[:limit]
    if beyond == 0 or (len(best) == limit and best[-1] > beyond):
        return sums
    return None


def _cuts(scope: Scope, grain: Grain, window: tuple[date, date], *, places: tuple[int, ...], depth: int) -> Any:
    """Each day or month at each place with the most that a product can have sold there without being looked at."""
    table, day = _table(grain)
    mine = table.product_id.in_(select(ProductFacts.product_id).where(*scope.facts()))
    one = (
        select(table.units)
        .where(table.shop_id == scope.shop_id, day == Rollup.day, table.location_id == Rollup.location_id)
        .where(*(() if scope.categories is None else (mine,)))
        .order_by(table.units.desc(), table.product_id.desc())
        .offset(depth)
        .limit(1)
        .correlate(Rollup)
        .scalar_subquery()
    )
    cut = case((func.coalesce(one, 0) > 0, one), else_=0)
    buckets = select(Rollup.day, Rollup.location_id, cut.label("cut")).where(
        Rollup.shop_id == scope.shop_id,
        Rollup.grain == grain,
        Rollup.category_id == ALL,
        Rollup.location_id.in_(places),
        Rollup.day.between(*window),
    )
    return buckets.cte("buckets")


def _above(scope: Scope, grain: Grain, cuts: Any) -> Select[Any]:
    table, day = _table(grain)
    joined = (
        select(table.product_id)
        .distinct()
        .join(
            cuts,
            and_(
                table.shop_id == scope.shop_id,
                day == cuts.c.day,
                table.location_id == cuts.c.location_id,
                table.units > cuts.c.cut,
            ),
        )
    )
    if scope.categories is None:
        return joined
    return joined.where(table.product_id.in_(select(ProductFacts.product_id).where(*scope.facts())))


def _sums(session: Session, scope: Scope, period: Period, *, places: tuple[int, ...], chosen: list[int] | None) -> Sums:
    """Units and amount of products over a window: of the chosen ones, or of every one of the scope that sold."""
    found: dict[int, list[Any]] = defaultdict(lambda: [0, Decimal(0)])
    for portion in portions(chosen) if chosen is not None else (None,):
        for product_id, units, amount in session.execute(_added_up(scope, period, places=places, chosen=portion)):
            found[product_id][0] += int(units)
            found[product_id][1] += amount
    return {key: (units, amount) for key, (units, amount) in found.items()}


def _added_up(scope: Scope, period: Period, *, places: tuple[int, ...], chosen: list[int] | None) -> Select[Any]:
    parts = []
    for grain, first, last in in_window(period.first, period.last):
        table, day = _table(grain)
        rows = select(table.product_id, table.units, table.amount)
        rows = rows.where(table.location_id.in_(places), day.between(first, last))
        if chosen is not None:
            parts.append(rows.where(table.product_id.in_(chosen)))
            continue
        rows = rows.where(table.shop_id == scope.shop_id)
        if scope.categories is not None:
            rows = rows.where(table.product_id.in_(select(ProductFacts.product_id).where(*scope.facts())))
        parts.append(rows)
    both = union_all(*parts).subquery()
    return select(both.c.product_id, func.sum(both.c.units), func.sum(both.c.amount)).group_by(both.c.product_id)


def _table(grain: Grain) -> tuple[Any, Any]:
    return (MonthlySales, MonthlySales.month) if grain is Grain.MONTH else (DailySales, DailySales.day)


def _sellers(session: Session, period: Period, sums: Sums, places: tuple[int, ...]) -> list[Seller]:
    ids = sorted(sums)
    if not ids:
        return []
    lines = sparks(session, ids, period.last, places)
    before = period.previous()
    earlier = _sums(session, Scope(0), before, places=places, chosen=ids)
    rows = session.scalars(select(ProductFacts).where(ProductFacts.product_id.in_(ids)))
    return [
        Seller(
            sku=row.sku,
            name_ko=row.name_ko,
            name_en=row.name_en,
            units=sums[row.product_id][0],
            amount=sums[row.product_id][1],
            previous_units=earlier.get(row.product_id, (0, Decimal(0)))[0],
            on_hand=row.on_hand,
            stock_value=row.stock_value,
            spark=lines[row.product_id],
        )
        for row in rows
    ]
