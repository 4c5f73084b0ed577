"""What questions about a shop need beside the totals: sales of one thing, its categories, how fresh the notices are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from stocksense.domain.taxonomy import CategoryPath
from stocksense.store import jobs
from stocksense.store.shops import ShopInfo, location_named
from stocksense.store.states import GENERATED, JobState
from stocksense.store.tables import Category, DailySales, Product, Recall
from stocksense.store.takings import DayTotal, ProductTotal, Totals

_LEVELS = ("main", "sub1", "sub2", "sub3")


@dataclass(frozen=True)
class CategoryCount:
    """A category of the shop in both languages, and how many products are in it."""

    path: CategoryPath
    path_ko: CategoryPath
    products: int


@dataclass(frozen=True)
class Only:
    """What sales are narrowed to: a product, a category with all below it, a location; empty for everything."""

    sku: str = ""
    category: CategoryPath | None = None
    location: str = ""


@dataclass(frozen=True)
class NoticesRead:
    """How many recall notices are on file, and when the feeds were last read without a failure; None if never."""

    count: int
    last_read: datetime | None


def sales_of(session: Session, shop_id: int, first: date, last: date, only: Only) -> Totals:
    """Sales of a window of days, both included, narrowed to something.

    Raises UnknownName for a location that the shop doesn't have.
    """
    sums = _sold(session, shop_id, first, last, only).with_only_columns(*_sums(), func.count(DailySales.day.distinct()))
    units, amount, days = session.execute(sums).one()
    return Totals(int(units), amount, days)


def sales_by_day_of(session: Session, shop_id: int, first: date, last: date, only: Only) -> tuple[DayTotal, ...]:
    """Sales of each day of a window that had some, in order, narrowed to something.

    Raises UnknownName for a location that the shop doesn't have.
    """
    sums = _sold(session, shop_id, first, last, only).with_only_columns(DailySales.day, *_sums())
    rows = session.execute(sums.group_by(DailySales.day).order_by(DailySales.day))
    return tuple(DayTotal(day, int(units), amount) for day, units, amount in rows)


def top_of_category(
    session: Session, shop_id: int, first: date, last: date, *, category: CategoryPath, limit: int
) -> tuple[ProductTotal, ...]:
    """The products of a category, with all below it, that sold the most units in a window."""
    units, amount = _sums()
    rows = (
        select(Product.sku, Product.name_ko, Product.name_en, units, amount)
        .join(DailySales, DailySales.product_id == Product.id)
        .join(Category, Category.id == Product.category_id)
        .where(Product.shop_id == shop_id, DailySales.day >= first, DailySales.day <= last, *_within(category))
        .group_by(Product.id)
        .order_by(units.desc(), amount.desc(), Product.sku)
        .limit(limit)
    )
    return tuple(ProductTotal(sku, ko, en, int(sold), paid) for sku, ko, en, sold, paid in session.execute(rows))


def categories_of(session: Session, shop_id: int) -> tuple[CategoryCount, ...]:
    """Every category that a product of the shop is in, in the order of its path."""
    columns = [getattr(Category, name) for name in (*_LEVELS, *(f"{level}_ko" for level in _LEVELS))]
    rows = (
        select(*columns, func.count(Product.id))
        .join(Product, Product.category_id == Category.id)
        .where(Product.shop_id == shop_id)
        .group_by(*columns)
        .order_by(*columns[:4])
    )
    found = []
    for *names, products in session.execute(rows):
        english, korean = names[:4], names[4:]
        found.append(CategoryCount(CategoryPath(*english), CategoryPath(*(korean if korean[0] else english)), products))
    return tuple(found)


def notices_read(session: Session, shop: ShopInfo) -> NoticesRead:
    """How many recall notices a shop can be held against, and when the feeds were last read.

    A reading that found nothing new counts as well, so a finished sweep without failures is one.
    """
    of_kind = Recall.source.startswith(GENERATED)
    kept = select(func.count(Recall.id), func.max(Recall.fetched_at))
    count, fetched = session.execute(kept.where(of_kind if shop.is_generated else ~of_kind)).one()
    sweeps = jobs.runs(session, shop.id, "recall_sweep", limit=20)
    clean = (run.finished_at for run in sweeps if run.state is JobState.DONE and not run.output.get("failures"))
    return NoticesRead(count, max((at for at in (fetched, *clean) if at is not None), default=None))


def _sold(session: Session, shop_id: int, first: date, last: date, only: Only) -> Select[Any]:
    """The rows of a window that are narrowed to something, before it is said what is wanted of them."""
    rows = (
        select(DailySales.day)
        .select_from(DailySales)
        .join(Product, Product.id == DailySales.product_id)
        .outerjoin(Category, Category.id == Product.category_id)
        .where(DailySales.shop_id == shop_id, DailySales.day >= first, DailySales.day <= last, *_within(only.category))
    )
    if only.sku:
        rows = rows.where(Product.sku == only.sku)
    if only.location:
        rows = rows.where(DailySales.location_id == location_named(session, shop_id, only.location).id)
    return rows


def _within(category: CategoryPath | None) -> list[ColumnElement[bool]]:
    levels = category.levels if category else ()
    return [getattr(Category, name) == level for name, level in zip(_LEVELS, levels, strict=False) if level]


def _sums() -> tuple[ColumnElement[int], ColumnElement[Any]]:
    return (
        func.coalesce(func.sum(DailySales.units), 0),
        func.coalesce(func.sum(DailySales.amount), 0, type_=DailySales.amount.type),
    )
