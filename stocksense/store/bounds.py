"""Which products may have sold so many units in a window, without adding up every product of the shop.

After Cao and Wang, "Efficient top-k query calculation in distributed networks" (2004): the units are shared out evenly
over the days and places. What a product sold above its share on some of them, with its share on all of them, is the
most that it can have sold. Whole months stand for their days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from stocksense.domain.periods import Period
from stocksense.store.among import among
from stocksense.store.figures import Part, in_window
from stocksense.store.scope import Scope, facts_of
from stocksense.store.states import Grain
from stocksense.store.tables import DailySales, MonthlySales, ProductFacts, Rollup
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
    days = {part: _days_of(session, scope, part) for part in parts}
    weight = sum(_weight(grain) * len(days[grain, a, b]) * len(places) for grain, a, b in parts)
    share = (least - 1) / max(weight, 1)
    covered = 0
    for part in parts:
        grain, cap = part[0], int(share * _weight(part[0]))
        covered += cap * len(days[part]) * len(places)
        given = scope.given | {"days": days[part], "places": list(places), "cap": cap}
        over.update({key: int(units) for key, units in session.execute(_above(grain, scope.some), given)})
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


def _days_of(session: Session, scope: Scope, part: Part) -> Sequence[date]:
    """The days or months of a part of a window on which anything sold."""
    grain, first, last = part
    given: Mapping[str, Any] = scope.given | {"first": first, "last": last}
    return session.scalars(_days(grain), given).all()


@lru_cache(maxsize=2)
def _days(grain: Grain) -> Any:
    """Statements are made once and kept, since making one takes longer than running it."""
    sums = Rollup.__table__.c
    return select(sums.day).where(
        sums.shop_id == bindparam("shop"),
        sums.grain == grain,
        sums.location_id == bindparam("location"),
        sums.category_id == ALL,
        sums.day.between(bindparam("first"), bindparam("last")),
    )


@lru_cache(maxsize=4)
def _above(grain: Grain, some: bool) -> Any:
    """What the products of a scope sold above a cap, by product, of those that did on some day or month somewhere."""
    table, day = table_of(grain)
    cap = bindparam("cap", type_=table.units.type)
    rows = select(table.product_id, func.sum(table.units - cap)).where(
        table.shop_id == bindparam("shop"),
        among(day, "days"),
        among(table.location_id, "places"),
        table.units > cap,
    )
    return of_scope(rows, table, some).group_by(table.product_id)


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
