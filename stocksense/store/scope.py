"""What a page looks at: all of a shop, or some of its locations and categories."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import UnknownName
from stocksense.store.among import among
from stocksense.store.kept import kept
from stocksense.store.shops import location_named
from stocksense.store.states import Grain
from stocksense.store.tables import Category, ProductFacts, Rollup, StockTotal
from stocksense.store.tables.rollups import ALL

Names = dict[int, tuple[tuple[str, ...], tuple[str, ...]]]
"""Names of categories by row number, English and Korean."""

LEVELS = ("main", "sub1", "sub2", "sub3")


@dataclass(frozen=True)
class Scope:
    """A shop, one of its locations or all (0), and some categories by row number or all (None).

    `category` is the way down to the categories, as it was asked for.
    """

    shop_id: int
    location_id: int = ALL
    categories: tuple[int, ...] | None = None
    location: str = ""
    category: CategoryPath | None = None

    def sums(self, grain: Grain) -> tuple[ColumnElement[bool], ...]:
        """The condition that picks this scope's rows of `rollups`; what it picks never counts anything twice."""
        mine = Rollup.category_id == ALL if self.categories is None else Rollup.category_id.in_(self.categories)
        place = Rollup.location_id == self.location_id
        return (Rollup.shop_id == self.shop_id, Rollup.grain == grain, place, mine)

    def facts(self) -> tuple[ColumnElement[bool], ...]:
        """The condition that picks this scope's rows of `product_facts`; stock is that of all locations."""
        ours = ProductFacts.shop_id == self.shop_id
        return (ours,) if self.categories is None else (ours, ProductFacts.category_id.in_(self.categories))

    @property
    def some(self) -> bool:
        """Whether it picks some categories."""
        return self.categories is not None

    @property
    def given(self) -> dict[str, Any]:
        """The values of what `facts_of` and `totals_of` leave open."""
        return {"shop": self.shop_id, "location": self.location_id, "categories": list(self.categories or ())}


def facts_of(some: bool) -> tuple[ColumnElement[bool], ...]:
    """The condition of `Scope.facts`, its values left open: for statements that are made once and kept."""
    return _left_open(ProductFacts.__table__.c, some)


def totals_of(some: bool) -> tuple[ColumnElement[bool], ...]:
    """The same of `stock_totals`."""
    return _left_open(StockTotal.__table__.c, some)


def _left_open(columns: Any, some: bool) -> tuple[ColumnElement[bool], ...]:
    ours = columns.shop_id == bindparam("shop")
    return (ours, among(columns.category_id, "categories")) if some else (ours,)


def scope_of(session: Session, shop_id: int, *, location: str = "", category: CategoryPath | None = None) -> Scope:
    """The scope of a location and a category with all below it, each left out for all.

    The path's names are English or Korean. Raises UnknownName for what the shop doesn't have.
    """
    place = location_named(session, shop_id, location).id if location else ALL
    if category is None:
        return Scope(shop_id, place, None, location)
    names = [name for name in category.levels if name]
    found: tuple[int, ...] = ()
    for ending in ("", "_ko"):
        found = found or tuple(session.scalars(_below(ending, len(names)), dict(zip(LEVELS, names, strict=False))))
    if not found:
        raise UnknownName("category", str(category), "list them with `stocksense products`")
    return Scope(shop_id, place, found, location, category)


@cache
def _below(ending: str, levels: int) -> Any:
    """The categories below the one of so many names; kept, since making it takes longer than running it."""
    same = [getattr(Category, level + ending) == bindparam(level) for level in LEVELS[:levels]]
    return select(Category.id).where(*same).order_by(Category.id)


def category_names(session: Session, shop_id: int) -> Names:
    """The categories of the shop's products by row number: English and Korean names, English twice without Korean."""
    return kept(session, shop_id, "category names", partial(_category_names, session, shop_id))


def _category_names(session: Session, shop_id: int) -> Names:
    totals = StockTotal.__table__.c
    columns = [Category.__table__.c[level + ending] for ending in ("", "_ko") for level in LEVELS]
    used = select(totals.category_id).where(totals.shop_id == shop_id)
    key = Category.__table__.c.id
    rows = session.execute(select(key, *columns).where(key.in_(used))).all()
    return {found: ((a, b, c, d), (e, f, g, h) if e else (a, b, c, d)) for found, a, b, c, d, e, f, g, h in rows}
