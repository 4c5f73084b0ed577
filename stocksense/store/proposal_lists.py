"""Proposals to look through: found by text, supplier and origin, sorted and paged by the database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from stocksense.domain.orders import ProposalState
from stocksense.store.facts import UNKNOWN_LAST
from stocksense.store.proposals import ProposalInfo, joined, listed
from stocksense.store.tables import Product, ProductFacts, Proposal, Supplier


class Origin(StrEnum):
    """Why something is proposed; the values are what the keys of such proposals begin with."""

    REORDER = "run"
    TRIAL = "trial"
    CHAT = "chat"
    EDIT = "edit"


class Order(StrEnum):
    """How proposals are sorted; with a minus before it the other way round."""

    URGENCY = "urgency"
    TOTAL = "total"
    NAME = "name"
    NEWEST = "newest"


@dataclass(frozen=True)
class Wanted:
    """Which proposals; what is left out picks all. Every word of `text` occurs in SKU or name."""

    states: tuple[ProposalState, ...] = (ProposalState.PENDING,)
    text: str = ""
    supplier: str = ""
    origin: Origin | None = None


@dataclass(frozen=True)
class Stand:
    """How the product of a proposal stands now: units, and days that they last (None if nobody knows)."""

    on_hand: int
    on_order: int
    days_of_cover: float | None
    predicted: float | None


@dataclass(frozen=True)
class Listed:
    """One page of proposals, with how many there are in all, and what they cost together."""

    proposals: tuple[ProposalInfo, ...]
    count: int
    total: Decimal


def origin_of(info: ProposalInfo) -> Origin | None:
    """Why something is proposed, None if its key doesn't tell."""
    word = info.idempotency_key.partition(":")[0].partition("-")[0]
    return Origin(word) if word in {str(one) for one in Origin} else None


def find_proposals(
    session: Session, shop_id: int, wanted: Wanted, *, order: str = "urgency", page: int = 1, size: int = 25
) -> Listed:
    """A page (from 1) of the proposals that are wanted."""
    where = _where(shop_id, wanted)
    counted = (
        select(func.count(), func.coalesce(func.sum(Proposal.quantity * Proposal.unit_price), 0))
        .select_from(Proposal)
        .join(Product, Product.id == Proposal.product_id)
        .join(Supplier, Supplier.id == Proposal.supplier_id)
        .where(*where)
    )
    count, total = session.execute(counted).one()
    rows = joined().outerjoin(ProductFacts, ProductFacts.product_id == Proposal.product_id).where(*where)
    rows = rows.order_by(*_sorted(order)).limit(size).offset((max(page, 1) - 1) * size)
    return Listed(listed(session, rows), int(count), _money(total))


def suppliers_of(session: Session, shop_id: int, states: tuple[ProposalState, ...]) -> tuple[str, ...]:
    """The suppliers of the proposals in some states, by name."""
    names = select(Supplier.name).join(Proposal, Proposal.supplier_id == Supplier.id).distinct()
    ours = names.where(Proposal.shop_id == shop_id, Proposal.state.in_(states)).order_by(Supplier.name)
    return tuple(session.scalars(ours))


def count_waiting(session: Session, shop_id: int) -> int:
    """How many proposals wait for a person."""
    waiting = select(func.count()).where(Proposal.shop_id == shop_id, Proposal.state == ProposalState.PENDING)
    return session.scalar(waiting) or 0


def stands(session: Session, shop_id: int, skus: set[str]) -> dict[str, Stand]:
    """How products stand now, by SKU."""
    rows = select(ProductFacts).where(ProductFacts.shop_id == shop_id, ProductFacts.sku.in_(skus))
    return {
        row.sku: Stand(
            row.on_hand,
            row.on_order,
            None if row.days_of_cover >= UNKNOWN_LAST else row.days_of_cover,
            None if row.predicted < 0 else row.predicted,
        )
        for row in session.scalars(rows)
    }


def _where(shop_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [Proposal.shop_id == shop_id, Proposal.state.in_(wanted.states)]
    for word in wanted.text.split():
        texts = (Product.sku, Product.name_ko, Product.name_en)
        where.append(or_(*(text.icontains(word, autoescape=True) for text in texts)))
    if wanted.supplier:
        where.append(Supplier.name == wanted.supplier)
    if wanted.origin is not None:
        where.append(Proposal.idempotency_key.startswith(str(wanted.origin), autoescape=True))
    return where


def _sorted(order: str) -> tuple[Any, ...]:
    columns: dict[str, Any] = {
        Order.URGENCY: func.coalesce(ProductFacts.days_of_cover, UNKNOWN_LAST),
        Order.TOTAL: Proposal.quantity * Proposal.unit_price,
        Order.NAME: Product.name_ko,
        Order.NEWEST: Proposal.id,
    }
    column = columns.get(order.removeprefix("-"), columns[Order.URGENCY])
    return (column.desc() if order.startswith("-") else column.asc(), Proposal.id)


def _money(total: Any) -> Decimal:
    """A sum of money as the database gives it: typed as money, or as bare hundredths."""
    return total if isinstance(total, Decimal) else Decimal(int(total)) / 100
