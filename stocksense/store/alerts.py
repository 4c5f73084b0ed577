"""What needs somebody's eye: recalls that touch the shelves, proposals that wait, orders that came to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from stocksense.domain.orders import OrderState, ProposalState
from stocksense.domain.recall import MatchState
from stocksense.store.tables import OrderLine, Product, Proposal, PurchaseOrder, RecallMatchRow


@dataclass(frozen=True)
class Alerts:
    """Recall matches that wait for a decision, and those whose goods are off sale."""

    to_decide: int = 0
    quarantined: int = 0


def open_alerts(session: Session, shop_id: int) -> Alerts:
    """What is open at a shop, in one query."""
    by_state = {row[0]: row[1] for row in session.execute(_open(), {"shop": shop_id})}
    return Alerts(by_state.get(MatchState.PROPOSED, 0), by_state.get(MatchState.QUARANTINED, 0))


@cache
def _open() -> Any:
    """Statements are made once and kept, since making one takes longer than running it."""
    states = RecallMatchRow.state.in_([MatchState.PROPOSED, MatchState.QUARANTINED])
    return (
        select(RecallMatchRow.state, func.count())
        .join(Product, Product.id == RecallMatchRow.product_id)
        .where(Product.shop_id == bindparam("shop"), states)
        .group_by(RecallMatchRow.state)
    )


@dataclass(frozen=True)
class Waiting:
    """Proposals that wait for somebody's word, what they come to in all, and order lines that need attention."""

    proposals: int
    total: Decimal
    attention: int


def waiting(session: Session, shop_id: int) -> Waiting:
    """What waits for the owner at a shop."""
    return Waiting(*session.execute(_waiting(), {"shop": shop_id}).one())


@cache
def _waiting() -> Any:
    """How many proposals wait, what they cost, and how many order lines need attention."""
    mine, line, order = Proposal.__table__.c, OrderLine.__table__, PurchaseOrder.__table__
    worth: ColumnElement[Any] = func.coalesce(func.sum(mine.quantity * mine.unit_price), 0, type_=mine.unit_price.type)
    # By its order a line is found to be the shop's sooner than by its product, of which there are many more.
    stuck = select(func.count()).select_from(line.join(order, order.c.id == line.c.order_id))
    stuck = stuck.where(order.c.shop_id == bindparam("shop"), line.c.state == OrderState.NEEDS_ATTENTION)
    pending = (mine.shop_id == bindparam("shop"), mine.state == ProposalState.PENDING)
    return select(func.count(), worth, stuck.scalar_subquery()).where(*pending)
