"""Which products may have sold so many units in a window, without adding up every product of the shop.

After Cao and Wang, "Efficient top-k query calculation in distributed networks" (2004): the units are shared out evenly
over the days and places. What a product sold above its share on some of them, with its share on all of them, is the
most that it can have sold. Whole months stand for their days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select, union_all
from sqlalchemy.orm import Session

from stocksense.domain.periods import Period
from stocksense.store.among import among
from stocksense.store.figures import Part, in_window, windows
from stocksense.store.scope import Block, Scope, facts_of
from stocksense.store.states import Grain
from stocksense.store.tables import DailySales, MonthlySales, ProductFacts
from stocksense.store.tables.rollups import ALL

MONTH_WEIGHT = 10
"""A month's share against a day's: less than its days, since single days vary more."""

IN_MONTHS = 7
"""From so many days on, what a category sold is bounded by the months that a window touches.

A share of a day is less than a unit there, and most of the shop's days would be read for the category's few products.
"""


def may_have_sold(
    session: Session, scope: Scope, period: Period, *, places: tuple[int, ...], least: int
) -> frozenset[int]:
    """The products of a scope among which all are that sold `least` units, 1 or more, in a window."""
    parts, over = in_window(period.first, period.last), Counter[int]()
    if scope.some and period.days >= IN_MONTHS:
        parts, outside = _in_months(period)
        # A month may hold less than its days in the window, where more came back than sold on days outside.
        given = scope.given | {"days": outside, "places": list(places)}
        over.update({key: -int(units) for key, units in session.execute(_came_back(), given)})
    days = _days_of(session, scope, parts)
    weights = [_weight(grain) for grain, _, _ in parts]
    shares = sum(weight * len(each) for weight, each in zip(weights, days, strict=True))
    share = (least - 1) / max(shares * len(places), 1)
    given, covered = scope.given | {"places": list(places)}, 0
    for number, (weight, each) in enumerate(zip(weights, days, strict=True)):
        cap = int(share * weight)
        covered += cap * len(each) * len(places)
        given |= {f"days{number}": each, f"cap{number}": cap}
    statement = _above(tuple(grain for grain, _, _ in parts), scope.some)
    over.update({key: int(units) for key, units in session.execute(statement, given).all()})
    # With its share on every day and place, and what it sold above that, a product must come to the least.
    return frozenset(key for key, units in over.items() if covered + units >= least)


def of_scope(rows: Any, table: Any, some: bool) -> Any:
    """Rows of a table with a `product_id`, those of a scope's categories where it picks some; values left open."""
    return rows.where(table.product_id.in_(products_of_some())) if some else rows


@cache
def products_of_some() -> Any:
    """The products of a scope that picks some categories, its values left open."""
    return select(ProductFacts.__table__.c.product_id).where(*facts_of(some=True))


def table_of(grain: Grain) -> tuple[Any, Any]:
    """The columns that hold what each product sold by day or month, and that of the days."""
    months, days = MonthlySales.__table__.c, DailySales.__table__.c
    return (months, months.month) if grain is Grain.MONTH else (days, days.day)


def _in_months(period: Period) -> tuple[list[Part], list[date]]:
    """The months that a window touches, and the days of them that are outside of it."""
    first = period.first.replace(day=1)
    after = (period.last.replace(day=1) + timedelta(32)).replace(day=1)
    ends = ((first, period.first), (period.last + timedelta(1), after))
    outside = [start + timedelta(number) for start, end in ends for number in range((end - start).days)]
    return [(Grain.MONTH, first, after - timedelta(1))], outside


def _days_of(session: Session, scope: Scope, parts: Sequence[Part]) -> list[list[date]]:
    """The days or months of each part of a window on which anything sold, of whatever category."""
    block = Block(scope.shop_id, (scope.location_id,), (ALL,))
    found = windows(session, block, [[part] for part in parts], by="day", names=("units",))
    return [[day for number, day in found if number == place] for place in range(len(parts))]


@lru_cache(maxsize=8)
def _above(grains: tuple[Grain, ...], some: bool) -> Any:
    """What the products of a scope sold above caps, by product, of those that did on some day or month somewhere.

    Each part of a window has its own cap. Kept, since making it takes longer than running it.
    """
    lists = []
    for number, grain in enumerate(grains):
        table, day = table_of(grain)
        cap = bindparam(f"cap{number}", type_=table.units.type)
        rows = select(table.product_id, (table.units - cap).label("units")).where(
            table.shop_id == bindparam("shop"),
            among(day, f"days{number}"),
            among(table.location_id, "places"),
            table.units > cap,
        )
        lists.append(of_scope(rows, table, some))
    above = union_all(*lists).subquery().c
    return select(above.product_id, func.sum(above.units)).group_by(above.product_id)


@cache
def _came_back() -> Any:
    """By product, the units of those days and places on which more came back than sold."""
    sold, _ = table_of(Grain.DAY)
    rows = select(sold.product_id, func.sum(sold.units)).where(
        sold.shop_id == bindparam("shop"), among(sold.day, "days"), among(sold.location_id, "places"), sold.units < 0
    )
    return of_scope(rows, sold, some=True).group_by(sold.product_id)


def _weight(grain: Grain) -> int:
    return MONTH_WEIGHT if grain is Grain.MONTH else 1
