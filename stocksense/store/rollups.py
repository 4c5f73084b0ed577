"""Sums by day and month, location and category, kept with every sale, loss and stock-out that they count.

Each cell is counted at its location and at all of them; in its category, below each category above that, and in all
of them; and each of these by day, by week and by month. So a total of any window is read from few rows, and is the same
as if it were added up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.orm import Session

from stocksense.store.kept import note_change
from stocksense.store.states import Grain
from stocksense.store.tables import DailyLoss, DailySales, Product, Rollup, StockOut
from stocksense.store.tables.rollups import ALL, NO_CATEGORY, below
from stocksense.store.tree import above, ways_up
from stocksense.store.upsert import dialect_insert, portions

MEASURES = (
    "units",
    "amount",
    "cost",
    "costed",
    "waste_units",
    "waste_cost",
    "missing_units",
    "missing_cost",
    "stock_outs",
    "lost_units",
    "lost_amount",
)
"""What is summed; see the table `rollups`."""

KEYS = ("shop_id", "grain", "location_id", "category_id", "day")

Cell = tuple[int, int, date]
"""Location, category, day."""

Cells = Mapping[Cell, Mapping[str, Any]]
"""What came to a cell, by measure; measures that are left out are 0."""


def add_to_rollups(session: Session, shop_id: int, cells: Cells) -> None:
    """Add to the sums what came to some cells; what sums up to nothing leaves no row but that of all categories.

    Those rows tell on which days anything was sold or lost at all.
    """
    note_change(session, shop_id)
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    higher = above(session, {category_id for _, category_id, _ in cells})
    for (location_id, category_id, day), came in cells.items():
        counted_in = (category_id, *map(below, higher.get(category_id, ())), ALL)
        for place in (location_id, ALL):
            for category in counted_in:
                for grain, start in _spans(day):
                    key = (shop_id, grain, place, category, start)
                    row = rows.setdefault(key, dict.fromkeys(MEASURES, 0))
                    for name, value in came.items():
                        row[name] += value
    given = [
        dict(zip(KEYS, key, strict=True)) | row
        for key, row in sorted(rows.items(), key=_in_order)
        if key[3] == ALL or any(row.values())
    ]
    if given:
        statement = dialect_insert(session)(Rollup)
        sums = {name: getattr(Rollup, name) + statement.excluded[name] for name in MEASURES}
        session.execute(statement.on_conflict_do_update(index_elements=list(KEYS), set_=sums), given)


def move_in_rollups(session: Session, shop_id: int, moved: Mapping[int, tuple[int | None, int | None]]) -> None:
    """Take the history of products from one category into another: {product: (its old, its new category)}."""
    cells: dict[Cell, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(MEASURES, 0))
    for portion in portions(sorted(moved)):
        counted = counted_of_products()
        for row in session.execute(select(counted).where(counted.c.product_id.in_(portion))):
            old, new = (key or NO_CATEGORY for key in moved[row.product_id])
            for name in MEASURES:
                cells[row.location_id, old, row.day][name] -= getattr(row, name)
                cells[row.location_id, new, row.day][name] += getattr(row, name)
    add_to_rollups(session, shop_id, cells)


def rebuild_rollups(session: Session, shop_id: int) -> None:
    """Add up all of a shop's sums anew, from its sales by day, losses and stock-outs."""
    note_change(session, shop_id)
    session.execute(delete(Rollup).where(Rollup.shop_id == shop_id))
    _insert(session, _cells(shop_id), literal(Grain.DAY, Rollup.grain.type))
    ours = and_(Rollup.shop_id == shop_id, Rollup.grain == Grain.DAY)
    for place, category in ((ALL, Rollup.category_id), (Rollup.location_id, ALL), (ALL, ALL)):
        fine = [Rollup.location_id != ALL, Rollup.category_id != ALL]
        key = (_column(place), _column(category), Rollup.day.expression)
        _insert(session, _summed(key, *fine, ours), literal(Grain.DAY, Rollup.grain.type))
    _insert(session, _below_each(ours), literal(Grain.DAY, Rollup.grain.type))
    for grain, start in ((Grain.WEEK, _week_in(session)), (Grain.MONTH, month_of(session, Rollup.day))):
        key = (Rollup.location_id.expression, Rollup.category_id.expression, start)
        _insert(session, _summed(key, ours), literal(grain, Rollup.grain.type))
    session.expire_all()


def rollup_faults(session: Session, shop_id: int) -> tuple[str, ...]:
    """Where a kept sum isn't what its sales by day, losses and stock-outs add up to; empty where all is sound."""
    kept = _content(session, shop_id)
    with session.begin_nested() as undone:
        rebuild_rollups(session, shop_id)
        should = _content(session, shop_id)
        undone.rollback()
    return tuple(
        f"{key}: {kept.get(key)} is kept, {should.get(key)} is right"
        for key in sorted(kept.keys() | should.keys())
        if kept.get(key) != should.get(key)
    )


def week_of(day: date) -> date:
    """The first day of the week of the month that a day is in; the last week has 7 to 10 days."""
    return day.replace(day=min((day.day - 1) // 7, 3) * 7 + 1)


def month_of(session: Session, day: Any) -> ColumnElement[date]:
    """The first day of a day's month."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.date_trunc("month", day), Date)
    return func.strftime("%Y-%m-01", day, type_=Date())


def _spans(day: date) -> tuple[tuple[Grain, date], ...]:
    """The day, the week and the month that count a day, each by its first day."""
    return (Grain.DAY, day), (Grain.WEEK, week_of(day)), (Grain.MONTH, day.replace(day=1))


def _week_in(session: Session) -> ColumnElement[date]:
    """The first day of the week of a roll-up's day."""
    day = Rollup.day
    if session.get_bind().dialect.name == "postgresql":
        number = cast(func.to_char(day, "DD"), Integer)
        return cast(month_of(session, day) + _one_of_weeks(number, 21, 14, 7, 0), Date)
    number = cast(func.strftime("%d", day), Integer)
    starts = (func.strftime(f"%Y-%m-{start}", day, type_=Date()) for start in ("22", "15", "08", "01"))
    return _one_of_weeks(number, *starts)


def _one_of_weeks(number: ColumnElement[int], *values: Any) -> ColumnElement[Any]:
    """The value for the week of a day of the month, of those for the last week to the first."""
    last, third, second, first = values
    return case((number >= 22, last), (number >= 15, third), (number >= 8, second), else_=first)


def counted_of_products() -> Subquery:
    """Everything that is counted, one row a product, location, day and kind, with a column for every measure."""
    sold = {name: getattr(DailySales, name) for name in ("units", "amount", "cost", "costed")}
    lost = {name: getattr(DailyLoss, name) for name in MEASURES[4:8]}
    out = {"stock_outs": literal(1), "lost_units": StockOut.lost_units, "lost_amount": StockOut.lost_amount}
    sources: list[Select[Any]] = []
    for table, counted in ((DailySales, sold), (DailyLoss, lost), (StockOut, out)):
        nothing = {name: literal(0, Rollup.__table__.c[name].type) for name in MEASURES}
        measures: list[Any] = [counted.get(name, nothing[name]).label(name) for name in MEASURES]
        key = [getattr(table, name).label(name) for name in ("product_id", "location_id", "day")]
        sources.append(select(*key, *measures))
    return sources[0].union_all(*sources[1:]).subquery("counted")


def _cells(shop_id: int) -> Select[Any]:
    counted = counted_of_products()
    category = func.coalesce(Product.category_id, NO_CATEGORY)
    key = (counted.c.location_id, category, counted.c.day)
    sums = [func.sum(counted.c[name]) for name in MEASURES]
    joined = select(*key, *sums).join(Product, Product.id == counted.c.product_id)
    # Rows that are read together lie together.
    ours = joined.where(Product.shop_id == shop_id).group_by(*key).order_by(*key)
    return ours.add_columns(literal(shop_id, Rollup.shop_id.type))


def _summed(key: tuple[ColumnElement[Any], ...], *where: ColumnElement[bool]) -> Select[Any]:
    sums = [func.sum(getattr(Rollup, name)) for name in MEASURES]
    grouped = [column for column in key if not _is_literal(column)]
    rows = select(*key, *sums).where(*where).group_by(*grouped, Rollup.shop_id).order_by(*grouped)
    return rows.add_columns(Rollup.shop_id)


def _below_each(*where: ColumnElement[bool]) -> Select[Any]:
    """What the categories below each one sold together."""
    pairs = ways_up().subquery().c
    cells = select(pairs.category_id, below(pairs.above_id).label("cell")).subquery().c
    key = (Rollup.location_id.expression, cells.cell, Rollup.day.expression)
    return _summed(key, *where, Rollup.category_id == cells.category_id)


def _insert(session: Session, cells: Select[Any], grain: ColumnElement[Any]) -> None:
    columns = ["location_id", "category_id", "day", *MEASURES, "shop_id", "grain"]
    session.execute(insert(Rollup).from_select(columns, cells.add_columns(grain), include_defaults=False))


def _column(place: Any) -> ColumnElement[Any]:
    return literal(place, Rollup.location_id.type) if isinstance(place, int) else place.expression


def _is_literal(column: ColumnElement[Any]) -> bool:
    return column.__visit_name__ == "bindparam"


def _content(session: Session, shop_id: int) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    columns = [getattr(Rollup, name) for name in (*KEYS, *MEASURES)]
    rows = session.execute(select(*columns).where(Rollup.shop_id == shop_id))
    found = {tuple(row[: len(KEYS)]): tuple(row[len(KEYS) :]) for row in rows}
    return {key: sums for key, sums in found.items() if any(sums)}


def _in_order(item: tuple[tuple[Any, ...], Any]) -> tuple[Any, ...]:
    return item[0]
