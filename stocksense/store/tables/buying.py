"""Proposals, approvals and purchase orders."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from stocksense.domain.orders import OrderState, ProposalState
from stocksense.store.tables.table import Table
from stocksense.store.types import Key, word

_LIVE = text("state IN ('pending', 'approved')")
"""A proposal that may still become an order: a product has at most one of them."""


class Proposal(Table):
    """A purchase that is proposed; `digest` fixes its terms, an approval covers only that digest.

    `run_id` is the firing of a job that proposed it, None if a person did; `replaces` is the proposal in whose place it
    stands, None if in nobody's.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        Index(None, "shop_id", "state"),
        Index("uq_proposals_live", "product_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        CheckConstraint("quantity > 0", name="positive"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    run_id: Mapped[int | None] = mapped_column(Key, index=True)
    replaces: Mapped[int | None] = mapped_column(Key, index=True)
    idempotency_key: Mapped[str] = mapped_column(String(120), unique=True)
    quantity: Mapped[int]
    unit_price: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[ProposalState] = mapped_column(word(ProposalState), default=ProposalState.PENDING)
    reason: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime]


class ApprovalRow(Table):
    """Who decided on a proposal, and on exactly what; one decision a proposal."""

    __tablename__ = "approvals"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    approved: Mapped[bool]
    decided_by: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime]


class PurchaseOrder(Table):
    """What was ordered together from one supplier."""

    __tablename__ = "purchase_orders"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    reference: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime]


class OrderLine(Table):
    """One product of a purchase order, from placing to receiving. A proposal becomes at most one line."""

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("received >= 0 AND received <= quantity", name="received"),
        Index(None, "product_id", "state"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_orders.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"), unique=True)
    state: Mapped[OrderState] = mapped_column(word(OrderState), default=OrderState.PLACING)
    quantity: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    unit_price: Mapped[Decimal]
    total: Mapped[Decimal]
    bought: Mapped[str] = mapped_column(String(300), default="")
    page: Mapped[str] = mapped_column(String(1000), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    transcript: Mapped[dict[str, Any]] = mapped_column(default=dict)
    expected_on: Mapped[date | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Step(Table):
    """Which state may follow which, per kind of row; triggers hold every change of a state against it."""

    __tablename__ = "steps"

    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    before: Mapped[str] = mapped_column(String(24), primary_key=True)
    after: Mapped[str] = mapped_column(String(24), primary_key=True)
