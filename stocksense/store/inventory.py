"""One page of the inventory, sorted and filtered by the database, whatever the number of products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from stocksense.domain.reorder import Decision, Situation
from stocksense.domain.shelf import ShelfState
from stocksense.domain.stock import ProductStatus
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue
from stocksense.store.among import among
from stocksense.store.facts import UNKNOWN_LAST
from stocksense.store.scope import LEVELS, Scope, category_names, category_scope, facts_of, totals_of
from stocksense.store.suggest import matching
from stocksense.store.tables import Category, DecisionRow, ProductFacts, StockTotal

PAGE_LIMIT = 500
"""Rows that a page has at most."""

_MOST_FOUND = 20_000
"""Products that a text may find; a filter that finds more is no filter."""


class Sort(StrEnum):
    """What an inventory can be sorted by."""

    SKU = "sku"
    NAME_KO = "name_ko"
    NAME_EN = "name_en"
    CATEGORY = "category"
    ON_HAND = "on_hand"
    AVAILABLE = "available"
    ON_ORDER = "on_order"
    QUARANTINED = "quarantined"
    STOCK_VALUE = "stock_value"
    PREDICTED = "predicted"
    REORDER_POINT = "reorder_point"
    DAYS_OF_COVER = "days_of_cover"
    STATE = "state"
    REASON = "reason"
    ACCURACY = "accuracy"


_FACTS = (
    "product_id", "sku", "name_ko", "name_en", "status", "on_hand", "on_order", "quarantined", "unit_cost",
    "stock_value", "predicted", "predicted_low", "predicted_high", "daily_demand", "forecast_on", "reorder_point",
    "days_of_cover", "state", "reason", "wape", "decided_on",
)  # fmt: skip
_DECIDED = ("situation", "reason", "order_quantity", "wanted")

_COLUMNS: dict[Sort, Any] = {
    Sort.CATEGORY: ProductFacts.category_id,
    Sort.AVAILABLE: ProductFacts.on_hand - ProductFacts.past_sale,
    Sort.ACCURACY: ProductFacts.wape,
}
"""What is sorted by where it isn't the column of that name; each has an index."""


@dataclass(frozen=True)
class InventoryQuery:
    """Which products, in which order, which page (from 1). What is left out picks all.

    `reasons` are reason codes, "" for products that nothing was decided about.
    """

    text: str = ""
    category: CategoryPath | None = None
    states: tuple[ShelfState, ...] = ()
    statuses: tuple[ProductStatus, ...] = ()
    reasons: tuple[str, ...] = ()
    sort: Sort = Sort.SKU
    descending: bool = False
    page: int = 1
    per_page: int = 50


@dataclass(frozen=True)
class InventoryRow:
    """A product as the inventory shows it; what nobody knows yet is None.

    `predicted` is what the newest forecast expects over the next OUTLOOK_DAYS days, with the band of about 80 %.
    `wape` is the error of its model on held-out weeks. `decision` is the newest, made on `decided_on`.
    """

    product_id: int
    sku: str
    name_ko: str
    name_en: str
    category: CategoryPath | None
    category_ko: CategoryPath | None
    status: ProductStatus
    on_hand: int
    available: int
    on_order: int
    quarantined: int
    unit_cost: Decimal | None
    stock_value: Decimal
    predicted: float | None
    predicted_low: float | None
    predicted_high: float | None
    daily_demand: float | None
    forecast_on: date | None
    reorder_point: float | None
    days_of_cover: float | None
    state: ShelfState
    reason: str
    wape: float | None
    decided_on: date | None
    decision: Decision | None = field(repr=False)

    def name(self, language: str) -> str:
        """The name in a language (`ko` or `en`), the other one where it has none, else the SKU."""
        names = (self.name_ko, self.name_en) if language == "ko" else (self.name_en, self.name_ko)
        return names[0] or names[1] or self.sku


@dataclass(frozen=True)
class InventoryPage:
    """One page, and how many products and pages there are in all."""

    rows: tuple[InventoryRow, ...]
    total: int
    page: int
    pages: int


def inventory_page(session: Session, shop_id: int, query: InventoryQuery) -> InventoryPage:
    """One page of the products that a query picks; beyond the last page, an empty one.

    Raises BadValue for a page below 1 or of more than PAGE_LIMIT rows, UnknownName for a category.
    """
    if query.page < 1 or not 1 <= query.per_page <= PAGE_LIMIT:
        raise BadValue(
            f"page {query.page} of {query.per_page} rows cannot be; give 1 or more, and 1 to {PAGE_LIMIT} rows"
        )
    picked = _picked(session, shop_id, query)
    rows = rows_of(session, _ids(session, picked))
    return InventoryPage(rows, picked.total, query.page, max(-(-picked.total // query.per_page), 1))


def inventory_row(session: Session, shop_id: int, product_id: int) -> InventoryRow | None:
    """One product as the inventory shows it, None if the shop has no such row."""
    return next(iter(rows_of(session, [product_id])), None)


def state_counts(session: Session, shop_id: int, query: InventoryQuery) -> Mapping[ShelfState, int]:
    """How many products of a query stand how, its own states and text aside."""
    scope = category_scope(session, shop_id, query.category)
    columns = {"status": query.statuses, "reason": query.reasons}
    counted = select(StockTotal.state, func.sum(StockTotal.products)).where(*_totals(scope, columns))
    rows = session.execute(counted.group_by(StockTotal.state), scope.given)
    found = {state: int(count) for state, count in rows}
    return {state: found.get(state, 0) for state in ShelfState}


def rows_of(session: Session, product_ids: Sequence[int]) -> tuple[InventoryRow, ...]:
    """Products as the inventory shows them, in the order given."""
    rows = session.execute(_shown(), {"products": list(product_ids)})
    found = {row.product_id: _row(row) for row in rows}
    return tuple(found[key] for key in product_ids if key in found)


@dataclass(frozen=True)
class _Picked:
    """The products that a query picks: the condition and its values, how many, what its text finds in order of SKUs."""

    scope: Scope
    query: InventoryQuery
    where: tuple[ColumnElement[bool], ...]
    found: tuple[int, ...] | None
    total: int = 0

    @property
    def given(self) -> dict[str, Any]:
        """The values that the condition leaves open."""
        return self.scope.given | {"found": list(self.found or ())}

    @property
    def is_by_text(self) -> bool:
        """Whether the text alone picks them."""
        return self.found is not None and self.scope.categories is None and not any(self.columns.values())

    @property
    def columns(self) -> dict[str, tuple[Any, ...]]:
        """The values that are picked, by column of the facts and of the totals."""
        query = self.query
        return {"state": query.states, "status": query.statuses, "reason": query.reasons}


def _picked(session: Session, shop_id: int, query: InventoryQuery) -> _Picked:
    scope = category_scope(session, shop_id, query.category)
    found = matching(session, shop_id, query.text, limit=_MOST_FOUND) if query.text.strip() else None
    picked = _Picked(scope, query, (), found)
    where = [getattr(ProductFacts, name).in_(wanted) for name, wanted in picked.columns.items() if wanted]
    if found is not None:
        where.append(among(ProductFacts.product_id, "found"))
    picked = replace(picked, where=(*facts_of(scope.some), *where))
    return replace(picked, total=_total(session, picked))


def _total(session: Session, picked: _Picked) -> int:
    """How many products are picked; without a text, from the totals of stock instead of row by row."""
    if picked.found is None:
        sums = select(func.sum(StockTotal.products)).where(*_totals(picked.scope, picked.columns))
        return int(session.scalar(sums, picked.given) or 0)
    if picked.is_by_text:
        return len(picked.found)
    return session.scalar(select(func.count()).select_from(ProductFacts).where(*picked.where), picked.given) or 0


def _totals(scope: Scope, columns: Mapping[str, tuple[Any, ...]]) -> list[ColumnElement[bool]]:
    """The condition that picks rows of the totals; `scope.given` are the values that it leaves open."""
    return [
        *totals_of(scope.some),
        *(getattr(StockTotal, name).in_(wanted) for name, wanted in columns.items() if wanted),
    ]


def _ids(session: Session, picked: _Picked) -> Sequence[int]:
    """The products of a page; pages beyond the middle are read from the end."""
    query = picked.query
    first = (query.page - 1) * query.per_page
    count = min(query.per_page, picked.total - first)
    if count <= 0:
        return ()
    if picked.found is not None and picked.is_by_text and query.sort is Sort.SKU:
        return (picked.found[::-1] if query.descending else picked.found)[first : first + count]
    if query.sort is Sort.CATEGORY:
        return _by_category(session, picked, first, count)
    from_end = first > picked.total // 2
    rows = _ordered(select(ProductFacts.product_id).where(*picked.where), query.sort, query.descending != from_end)
    offset = picked.total - first - count if from_end else first
    ids = list(session.scalars(rows.offset(offset).limit(count), picked.given))
    return ids[::-1] if from_end else ids


def _by_category(session: Session, picked: _Picked, first: int, count: int) -> list[int]:
    """`count` products from the place `first` on, by the names of their categories: found category by category."""
    names = category_names(session, picked.scope.shop_id)
    descending = picked.query.descending
    ids: list[int] = []
    for key, products in sorted(
        _counts(session, picked).items(), key=lambda pair: names.get(pair[0], ((), ()))[0], reverse=descending
    ):
        if first < products and len(ids) < count:
            mine = select(ProductFacts.product_id).where(*picked.where, ProductFacts.category_id == key)
            rows = _ordered(mine, Sort.CATEGORY, descending).offset(first).limit(count - len(ids))
            ids += session.scalars(rows, picked.given)
        first = max(first - products, 0)
    return ids


def _counts(session: Session, picked: _Picked) -> dict[int, int]:
    """How many products are picked of each category."""
    if picked.found is not None:
        counts = select(ProductFacts.category_id, func.count()).where(*picked.where)
        return dict(session.execute(counts.group_by(ProductFacts.category_id), picked.given).all())
    sums = select(StockTotal.category_id, func.sum(StockTotal.products)).where(*_totals(picked.scope, picked.columns))
    rows = session.execute(sums.group_by(StockTotal.category_id), picked.given)
    return {key: int(products) for key, products in rows}


def _ordered(rows: Select[Any], sort: Sort, descending: bool) -> Select[Any]:
    by = _COLUMNS[sort] if sort in _COLUMNS else getattr(ProductFacts, sort.value)
    columns: list[Any] = [by, ProductFacts.product_id]
    return rows.order_by(*(column.desc() if descending else column.asc() for column in columns))


@cache
def _shown() -> Select[Any]:
    """What a row shows, as columns instead of objects; made once, since making it takes longer than running it."""
    decision = [getattr(DecisionRow, name).label(f"decided_{name}") for name in _DECIDED]
    categories = [getattr(Category, level + ending) for ending in ("", "_ko") for level in LEVELS]
    rows = select(*(getattr(ProductFacts, name) for name in _FACTS), *categories, *decision)
    joined = rows.outerjoin(Category, Category.id == ProductFacts.category_id)
    joined = joined.outerjoin(DecisionRow, DecisionRow.id == ProductFacts.decision_id)
    return joined.where(among(ProductFacts.product_id, "products"))


def _row(facts: Any) -> InventoryRow:
    english = None if facts.main is None else CategoryPath(*(getattr(facts, level) for level in LEVELS))
    korean = english
    if facts.main_ko:
        korean = CategoryPath(*(getattr(facts, f"{level}_ko") for level in LEVELS))
    foreseen, was_decided = facts.forecast_on is not None, facts.decided_on is not None
    decision = None
    if facts.decided_situation is not None:
        situation = Situation.from_json(facts.decided_situation)
        decision = Decision(situation, facts.decided_reason, facts.decided_order_quantity, facts.decided_wanted)
    return InventoryRow(
        product_id=facts.product_id,
        sku=facts.sku,
        name_ko=facts.name_ko,
        name_en=facts.name_en,
        category=english,
        category_ko=korean,
        status=facts.status,
        on_hand=facts.on_hand,
        available=facts.on_hand,
        on_order=facts.on_order,
        quarantined=facts.quarantined,
        unit_cost=facts.unit_cost,
        stock_value=facts.stock_value,
        predicted=facts.predicted if foreseen else None,
        predicted_low=facts.predicted_low if foreseen else None,
        predicted_high=facts.predicted_high if foreseen else None,
        daily_demand=facts.daily_demand if foreseen else None,
        forecast_on=facts.forecast_on,
        reorder_point=facts.reorder_point if was_decided else None,
        days_of_cover=facts.days_of_cover if facts.days_of_cover < UNKNOWN_LAST else None,
        state=facts.state,
        reason=facts.reason,
        wape=facts.wape if facts.wape < UNKNOWN_LAST else None,
        decided_on=facts.decided_on,
        decision=decision,
    )
