"""What was sold, read from the daily roll-up: totals by day, location, category and product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from stocksense.domain.stock import ProductStatus
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue
from stocksense.store.shops import location_named
from stocksense.store.tables import Category, DailySales, Location, Product

_LEVELS = ("main", "sub1", "sub2", "sub3")


@dataclass(frozen=True)
class Totals:
    """Units, money in the shop's currency, and the number of days on which something was sold or returned."""

    units: int
    amount: Decimal
    days: int


@dataclass(frozen=True)
class DayTotal:
    """Sales of one day."""

    day: date
    units: int
    amount: Decimal


@dataclass(frozen=True)
class LocationTotal:
    """Sales at one location."""

    location: str
    units: int
    amount: Decimal


@dataclass(frozen=True)
class CategoryTotal:
    """Sales of one category; both paths are empty for products without a category."""

    path: CategoryPath | None
    path_ko: CategoryPath | None
    units: int
    amount: Decimal


@dataclass(frozen=True)
class ProductTotal:
    """Sales of one product."""

    sku: str
    name_ko: str
    name_en: str
    units: int
    amount: Decimal

    def name(self, language: str) -> str:
        """The name in a language (`ko` or `en`), the other one where it has none, else the SKU."""
        names = (self.name_ko, self.name_en) if language == "ko" else (self.name_en, self.name_ko)
        return names[0] or names[1] or self.sku


def totals(session: Session, shop_id: int, first: date, last: date, *, location: str | None = None) -> Totals:
    """Sales of a window of days, both included, at all locations or at one. Raises UnknownName for the location."""
    sums = select(_units(), _amount(), func.count(DailySales.day.distinct())).where(*_window(shop_id, first, last))
    if location is not None:
        sums = sums.where(DailySales.location_id == location_named(session, shop_id, location).id)
    units, amount, days = session.execute(sums).one()
    return Totals(int(units), amount, days)


def daily_totals(session: Session, shop_id: int, first: date, last: date) -> tuple[DayTotal, ...]:
    """Sales of each day of a window that had some, in order."""
    sums = select(DailySales.day, _units(), _amount()).where(*_window(shop_id, first, last))
    rows = session.execute(sums.group_by(DailySales.day).order_by(DailySales.day))
    return tuple(DayTotal(day, int(units), amount) for day, units, amount in rows)


def totals_by_location(session: Session, shop_id: int, first: date, last: date) -> tuple[LocationTotal, ...]:
    """Sales of a window at each location that had some, the largest amount first."""
    sums = select(Location.name, _units(), _amount()).join(DailySales, DailySales.location_id == Location.id)
    by_place = sums.where(*_window(shop_id, first, last)).group_by(Location.name)
    rows = session.execute(by_place.order_by(_amount().desc(), Location.name))
    return tuple(LocationTotal(name, int(units), amount) for name, units, amount in rows)


def totals_by_category(
    session: Session, shop_id: int, first: date, last: date, *, level: int = 1
) -> tuple[CategoryTotal, ...]:
    """Sales of a window by category down to a level (1 to 4), the largest amount first.

    Raises BadValue for another level.
    """
    if not 1 <= level <= 4:
        raise BadValue(f"a category has levels 1 to 4, not {level}")
    names = [getattr(Category, name) for name in _LEVELS[:level]]
    # Categories that share a name share its translation, so any of them will do.
    in_korean = [func.max(getattr(Category, f"{name}_ko")) for name in _LEVELS[:level]]
    rows = session.execute(
        select(_units(), _amount(), *names, *in_korean)
        .join(Product, Product.id == DailySales.product_id)
        .outerjoin(Category, Category.id == Product.category_id)
        .where(*_window(shop_id, first, last))
        .group_by(*names)
        .order_by(_amount().desc(), *names)
    )
    return tuple(
        CategoryTotal(_path(paths[:level]), _path(paths[level:]), int(units), amount) for units, amount, *paths in rows
    )


def top_products(
    session: Session, shop_id: int, first: date, last: date, *, limit: int = 10, ascending: bool = False
) -> tuple[ProductTotal, ...]:
    """The products that sold the most units in a window, of equals the larger amount.

    With `ascending` those that sold the fewest, active products without any sale included.
    """
    sold = and_(DailySales.product_id == Product.id, *_window(shop_id, first, last))
    ours = select(Product.sku, Product.name_ko, Product.name_en, _units(), _amount()).where(Product.shop_id == shop_id)
    if ascending:
        rows = ours.outerjoin(DailySales, sold).where(Product.status == ProductStatus.ACTIVE)
    else:
        rows = ours.join(DailySales, sold)
    order = (_units(), _amount()) if ascending else (_units().desc(), _amount().desc())
    listed = session.execute(rows.group_by(Product.id).order_by(*order, Product.sku).limit(limit))
    return tuple(ProductTotal(sku, ko, en, int(units), amount) for sku, ko, en, units, amount in listed)


def daily_rows(
    session: Session, shop_id: int, first: date, last: date, *, sku: str | None = None
) -> Iterator[tuple[str, date, int, Decimal, bool]]:
    """Each product's sales by day, summed over locations: (sku, day, units, amount, promoted), by SKU and day.

    Days without sales have no row; with `sku` only that product's.
    """
    promoted = func.max(case((DailySales.promoted, 1), else_=0))
    rows = (
        select(Product.sku, DailySales.day, _units(), _amount(), promoted)
        .join(Product, Product.id == DailySales.product_id)
        .where(*_window(shop_id, first, last))
        .group_by(Product.sku, DailySales.day)
        .order_by(Product.sku, DailySales.day)
    )
    if sku is not None:
        rows = rows.where(Product.sku == sku)
    for name, day, units, amount, was_promoted in session.execute(rows):
        yield name, day, int(units), amount, bool(was_promoted)


def first_and_last_day(session: Session, shop_id: int) -> tuple[date, date] | None:
    """The first and the last day with sales; None if nothing was ever sold."""
    ours = DailySales.shop_id == shop_id
    # Asked for one by one, each is found at an end of the index; together they would be looked for in all of it.
    first = session.scalar(select(func.min(DailySales.day)).where(ours))
    last = session.scalar(select(func.max(DailySales.day)).where(ours))
    return (first, last) if first and last else None


def first_sale_days(session: Session, shop_id: int) -> dict[str, date]:
    """The day on which each SKU that was ever sold was first sold."""
    firsts = select(Product.sku, func.min(DailySales.day)).join(DailySales, DailySales.product_id == Product.id)
    rows = session.execute(firsts.where(Product.shop_id == shop_id, DailySales.units > 0).group_by(Product.sku))
    return dict(rows.all())


def mean_daily_sales(session: Session, shop_id: int, first: date, last: date) -> dict[str, float]:
    """Units a day of each SKU that sold in a window, over all of its days, those without a sale included."""
    days = (last - first).days + 1
    if days < 1:
        raise BadValue(f"the window {first} to {last} holds no day; give first <= last")
    sums = select(Product.sku, _units()).join(DailySales, DailySales.product_id == Product.id)
    rows = session.execute(sums.where(*_window(shop_id, first, last)).group_by(Product.sku))
    return {sku: int(units) / days for sku, units in rows}


def _window(shop_id: int, first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    return (DailySales.shop_id == shop_id, DailySales.day >= first, DailySales.day <= last)


def _units() -> ColumnElement[int]:
    return func.coalesce(func.sum(DailySales.units), 0)


def _amount() -> ColumnElement[Any]:
    return func.coalesce(func.sum(DailySales.amount), 0, type_=DailySales.amount.type)


def _path(names: list[str | None]) -> CategoryPath | None:
    return CategoryPath(*(name or "" for name in names)) if names[0] else None
