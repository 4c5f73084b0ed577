"""What a page looks at: all of a shop, or some of its locations and categories."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlalchemy.orm import Session

from stocksense.domain.stock import LocationKind
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import UnknownName
from stocksense.store.among import among
from stocksense.store.kept import kept
from stocksense.store.shops import LocationInfo, location_named, locations_of
from stocksense.store.tables import Category, ProductFacts, StockTotal
from stocksense.store.tables.rollups import ALL, below
from stocksense.store.tree import ways_up

Names = dict[int, tuple[tuple[str, ...], tuple[str, ...]]]
"""Names of categories by row number, English and Korean."""

LEVELS = ("main", "sub1", "sub2", "sub3")


@dataclass(frozen=True)
class Block:
    """Cells of a shop's roll-ups, by location and by category; `cells` None for those of each category by itself."""

    shop_id: int
    places: tuple[int, ...]
    cells: tuple[int, ...] | None


@dataclass(frozen=True)
class Scope:
    """A shop, one of its locations or all (0), and some categories by row number or all (None).

    `cells` are those of the roll-ups that hold what these categories sold together. `category` is the way down to them,
    as it was asked for. `stores` are the locations that it is about.
    """

    shop_id: int
    location_id: int = ALL
    categories: tuple[int, ...] | None = None
    location: str = ""
    category: CategoryPath | None = None
    cells: tuple[int, ...] = (ALL,)
    stores: tuple[LocationInfo, ...] = ()

    @property
    def block(self) -> Block:
        """The cells of the roll-ups that hold what it sold."""
        return Block(self.shop_id, (self.location_id,), self.cells)

    @property
    def places(self) -> tuple[int, ...]:
        """The row numbers of its locations."""
        return tuple(store.id for store in self.stores)

    @property
    def some(self) -> bool:
        """Whether it picks some categories."""
        return self.categories is not None

    @property
    def given(self) -> dict[str, Any]:
        """The values of what `facts_of` and `totals_of` leave open."""
        return {"shop": self.shop_id, "location": self.location_id, "categories": list(self.categories or ())}


def facts_of(some: bool) -> tuple[ColumnElement[bool], ...]:
    """The condition that picks a scope's rows of `product_facts`, its values left open (`Scope.given`).

    Stock is that of all locations.
    """
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
    if location:
        place = location_named(session, shop_id, location)
        here = category_scope(session, shop_id, category)
        return replace(here, location_id=place.id, location=location, stores=(place,))
    stores = kept(session, shop_id, "stores", partial(locations_of, session, shop_id, LocationKind.STORE))
    return replace(category_scope(session, shop_id, category), stores=stores)


def category_scope(session: Session, shop_id: int, category: CategoryPath | None) -> Scope:
    """The scope of a category with all below it, None for all, for what is the same at every location.

    The path's names are English or Korean. Raises UnknownName for what the shop doesn't have.
    """
    if category is None:
        return Scope(shop_id)
    names = [name for name in category.levels if name]
    given = dict(zip(LEVELS, names, strict=False))
    found = tuple(session.scalars(_within("", len(names)), given))
    if found:
        # It is one node of the tree, of which the row of its own comes first.
        return Scope(shop_id, categories=found, category=category, cells=(found[0], below(found[0])))
    found = tuple(session.scalars(_within("_ko", len(names)), given))
    if not found:
        raise UnknownName("category", str(category), "list them with `stocksense products`")
    # What has the same Korean name may stand anywhere in the tree.
    return Scope(shop_id, categories=found, category=category, cells=found)


@cache
def _within(ending: str, levels: int) -> Any:
    """The category of so many names, then those below it; kept, since making it takes longer than running it."""
    same = [getattr(Category, level + ending) == bindparam(level) for level in LEVELS[:levels]]
    lower = [getattr(Category, level) for level in LEVELS[levels:]]
    return select(Category.id).where(*same).order_by(*lower)


def nodes(session: Session, shop_id: int) -> Names:
    """What `category_names` tells, and the same of the categories above those."""
    return kept(session, shop_id, "category tree", partial(_named, session, shop_id, with_above=True))


def category_names(session: Session, shop_id: int) -> Names:
    """The categories of the shop's products by row number: English and Korean names, English twice without Korean."""
    return kept(session, shop_id, "category names", partial(_named, session, shop_id, with_above=False))


def _named(session: Session, shop_id: int, *, with_above: bool) -> Names:
    totals = StockTotal.__table__.c
    columns = [Category.__table__.c[level + ending] for ending in ("", "_ko") for level in LEVELS]
    used = select(totals.category_id).where(totals.shop_id == shop_id)
    key = Category.__table__.c.id
    picked: ColumnElement[bool] = key.in_(used)
    if with_above:
        pairs = ways_up().subquery().c
        picked = or_(picked, key.in_(select(pairs.above_id).where(pairs.category_id.in_(used))))
    rows = session.execute(select(key, *columns).where(picked)).all()
    return {found: ((a, b, c, d), (e, f, g, h) if e else (a, b, c, d)) for found, a, b, c, d, e, f, g, h in rows}
