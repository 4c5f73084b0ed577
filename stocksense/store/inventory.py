"""One page of the inventory, sorted and filtered by the database, whatever the number of products."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from stocksense.domain.reorder import Decision, Situation
from stocksense.domain.shelf import ShelfState
from stocksense.domain.stock import ProductStatus
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue
from stocksense.store.facts import UNKNOWN_LAST
from stocksense.store.scope import LEVELS, Scope, scope_of
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


_COLUMNS = {Sort.CATEGORY: "category_id", Sort.AVAILABLE: "on_hand", Sort.ACCURACY: "wape"}


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
    scope = scope_of(session, shop_id, category=query.category)
    where = _where(session, scope, query)
    total = _total(session, scope, query, where)
    ids = _ids(session, query, where, total)
    return InventoryPage(rows_of(session, ids), total, query.page, max(-(-total // query.per_page), 1))


def inventory_row(session: Session, shop_id: int, product_id: int) -> InventoryRow | None:
    """One product as the inventory shows it, None if the shop has no such row."""
    return next(iter(rows_of(session, [product_id])), None)


def state_counts(session: Session, shop_id: int, query: InventoryQuery) -> Mapping[ShelfState, int]:
    """How many products of a query stand how, its own states and text aside."""
    scope = scope_of(session, shop_id, category=query.category)
    columns = {"status": query.statuses, "reason": query.reasons}
    counted = select(StockTotal.state, func.sum(StockTotal.products)).where(*_totals(scope, columns))
    found = {state: int(count) for state, count in session.execute(counted.group_by(StockTotal.state))}
    return {state: found.get(state, 0) for state in ShelfState}


def rows_of(session: Session, product_ids: list[int]) -> tuple[InventoryRow, ...]:
    """Products as the inventory shows them, in the order given."""
    rows = session.execute(
        select(ProductFacts, Category, DecisionRow)
        .outerjoin(Category, Category.id == ProductFacts.category_id)
        .outerjoin(DecisionRow, DecisionRow.id == ProductFacts.decision_id)
        .where(ProductFacts.product_id.in_(product_ids))
    )
    found = {facts.product_id: _row(facts, category, decided) for facts, category, decided in rows}
    return tuple(found[key] for key in product_ids if key in found)


def _where(session: Session, scope: Scope, query: InventoryQuery) -> list[ColumnElement[bool]]:
    where = list(scope.facts())
    if query.text.strip():
        found = matching(session, scope.shop_id, query.text, limit=_MOST_FOUND)
        where.append(ProductFacts.product_id.in_(found))
    for column, wanted in (
        (ProductFacts.state, query.states),
        (ProductFacts.status, query.statuses),
        (ProductFacts.reason, query.reasons),
    ):
        if wanted:
            where.append(column.in_(wanted))
    return where


def _total(session: Session, scope: Scope, query: InventoryQuery, where: list[ColumnElement[bool]]) -> int:
    """How many products a query picks; without a text, from the totals of stock instead of row by row."""
    if query.text.strip():
        return session.scalar(select(func.count()).select_from(ProductFacts).where(*where)) or 0
    columns = {"state": query.states, "status": query.statuses, "reason": query.reasons}
    return int(session.scalar(select(func.sum(StockTotal.products)).where(*_totals(scope, columns))) or 0)


def _totals(scope: Scope, columns: Mapping[str, tuple[Any, ...]]) -> list[ColumnElement[bool]]:
    where = [StockTotal.shop_id == scope.shop_id]
    if scope.categories is not None:
        where.append(StockTotal.category_id.in_(scope.categories))
    return where + [getattr(StockTotal, name).in_(wanted) for name, wanted in columns.items() if wanted]


def _ids(session: Session, query: InventoryQuery, where: list[ColumnElement[bool]], total: int) -> list[int]:
    """The products of a page; pages beyond the middle are read from the end."""
    first = (query.page - 1) * query.per_page
    count = min(query.per_page, total - first)
    if count <= 0:
        return []
    from_end = first > total // 2
    picked: Select[Any] = select(ProductFacts.product_id).where(*where)
    rows = _ordered(picked, query.sort, query.descending != from_end)
    offset = total - first - count if from_end else first
    ids = list(session.scalars(rows.offset(offset).limit(count)))
    return ids[::-1] if from_end else ids


def _ordered(rows: Select[Any], sort: Sort, descending: bool) -> Select[Any]:
    columns: list[Any] = [getattr(ProductFacts, _COLUMNS.get(sort, sort.value))]
    if sort is Sort.CATEGORY:
        rows = rows.outerjoin(Category, Category.id == ProductFacts.category_id)
        columns = [getattr(Category, level) for level in LEVELS]
    columns.append(ProductFacts.product_id)
    return rows.order_by(*(column.desc() if descending else column.asc() for column in columns))


def _row(facts: ProductFacts, category: Category | None, decided: DecisionRow | None) -> InventoryRow:
    english = None if category is None else CategoryPath(*(getattr(category, level) for level in LEVELS))
    korean = english
    if category is not None and category.main_ko:
        korean = CategoryPath(*(getattr(category, f"{level}_ko") for level in LEVELS))
    foreseen, was_decided = facts.forecast_on is not None, facts.decided_on is not None
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
        decision=None if decided is None else _decision(decided),
    )


def _decision(row: DecisionRow) -> Decision:
    return Decision(Situation.from_json(row.situation), row.reason, row.order_quantity, row.wanted)
