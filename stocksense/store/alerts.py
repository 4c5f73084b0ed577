"""What needs somebody's eye: recalls that touch the shelves, proposals that wait, orders that came to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select
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
    counted = (
        select(RecallMatchRow.state, func.count())
        .join(Product, Product.id == RecallMatchRow.product_id)
        .where(Product.shop_id == shop_id, RecallMatchRow.state.in_([MatchState.PROPOSED, MatchState.QUARANTINED]))
        .group_by(RecallMatchRow.state)
    )
    by_state = {row[0]: row[1] for row in session.execute(counted)}
    return Alerts(by_state.get(MatchState.PROPOSED, 0), by_state.get(MatchState.QUARANTINED, 0))


@dataclass(frozen=True)
class Waiting:
    """Proposals that wait for somebody's word, what they come to in all, and order lines that need attention."""

    proposals: int
    total: Decimal
    attention: int


def waiting(session: Session, shop_id: int) -> Waiting:
    """What waits for the owner at a shop."""
    cost = func.sum(Proposal.quantity * Proposal.unit_price)
    worth: ColumnElement[Any] = func.coalesce(cost, 0, type_=Proposal.unit_price.type)
    pending = select(func.count(), worth).where(Proposal.shop_id == shop_id, Proposal.state == ProposalState.PENDING)
    count, total = session.execute(pending).one()
    # By its order a line is found to be the shop's sooner than by its product, of which there are many more.
    stuck = select(func.count()).select_from(OrderLine).join(PurchaseOrder, PurchaseOrder.id == OrderLine.order_id)
    mine = stuck.where(PurchaseOrder.shop_id == shop_id, OrderLine.state == OrderState.NEEDS_ATTENTION)
    return Waiting(count, total, session.scalar(mine) or 0)
