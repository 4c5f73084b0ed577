"""Order lines to look through: found by text and state, those that need a person first, paged by the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from stocksense.domain.orders import OPEN_ORDERS, OrderState
from stocksense.store.orders import OrderLineInfo, joined_lines, listed_lines
from stocksense.store.tables import OrderLine, Product, PurchaseOrder, Supplier


@dataclass(frozen=True)
class LinePage:
    """One page of order lines, how many there are in all, and what those that still come cost."""

    lines: tuple[OrderLineInfo, ...]
    count: int
    outstanding: Decimal


def find_lines(
    session: Session,
    shop_id: int,
    *,
    states: Collection[OrderState] = (),
    text: str = "",
    page: int = 1,
    size: int | None = 25,
) -> LinePage:
    """A page (from 1) of a shop's lines, all of them without a `size`: what needs attention first, then the newest.

    Every word of `text` occurs in SKU, name, supplier or order.
    """
    where = _where(shop_id, states, text)
    needs = case((OrderLine.state == OrderState.NEEDS_ATTENTION, 0), else_=1)
    rows = joined_lines().where(*where).order_by(needs, OrderLine.id.desc())
    if size is not None:
        rows = rows.limit(size).offset((max(page, 1) - 1) * size)
    count = session.scalar(_from(func.count()).where(*where)) or 0
    due = session.scalars(_from(OrderLine.total).where(*where, OrderLine.state.in_(OPEN_ORDERS)))
    return LinePage(listed_lines(session, rows), count, sum(due, Decimal(0)))


def line_counts(session: Session, shop_id: int) -> Mapping[OrderState, int]:
    """How many lines of a shop stand in each state; states without any are left out."""
    rows = (
        select(OrderLine.state, func.count())
        .join(PurchaseOrder, PurchaseOrder.id == OrderLine.order_id)
        .where(PurchaseOrder.shop_id == shop_id)
        .group_by(OrderLine.state)
    )
    return dict(session.execute(rows).tuples().all())


def lines_of_proposals(session: Session, proposals: Collection[int]) -> dict[int, int]:
    """The number of the line that each proposal became; those that became none are left out."""
    rows = select(OrderLine.proposal_id, OrderLine.id).where(OrderLine.proposal_id.in_(proposals))
    return {proposal: line for proposal, line in session.execute(rows) if proposal is not None}


def _from(column: Any) -> Select[Any]:
    return (
        select(column)
        .select_from(OrderLine)
        .join(PurchaseOrder, PurchaseOrder.id == OrderLine.order_id)
        .join(Product, Product.id == OrderLine.product_id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
    )


def _where(shop_id: int, states: Collection[OrderState], text: str) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [PurchaseOrder.shop_id == shop_id]
    if states:
        where.append(OrderLine.state.in_(list(states)))
    for word in text.split():
        texts = (Product.sku, Product.name_ko, Product.name_en, Supplier.name, PurchaseOrder.reference)
        where.append(or_(*(one.icontains(word, autoescape=True) for one in texts)))
    return where
