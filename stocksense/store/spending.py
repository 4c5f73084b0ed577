"""What was spent in a week, and approving within the owner's caps so that they hold against concurrent approvals."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from stocksense.domain.orders import Approval, OrderState, ProposalState, SpendingPolicy
from stocksense.store.proposals import decide_proposal, proposal_of
from stocksense.store.shops import ShopInfo, shop_of
from stocksense.store.steps import lock_shop
from stocksense.store.tables import ApprovalRow, OrderLine, Proposal


def spent_since(session: Session, shop_id: int, day: date) -> Decimal:
    """What was approved since a day began by the shop's clock, in its currency, less what was cancelled since.

    Orders count with what they cost, approvals that aren't placed yet with the most that they may cost. Until the
    transaction ends nobody else can approve for the shop, so that what is decided on the sum still holds. In a shop
    that is frozen at a day, all approvals are of that day.
    """
    lock_shop(session, shop_id)
    return _spent(session, shop_of(session, shop_id), day)


def seen_spent(session: Session, shop: ShopInfo, now: datetime) -> Decimal:
    """What was spent in the week so far, to be shown: nothing may be decided on it, since others go on approving."""
    return _spent(session, shop, monday_of(shop.today(now)))


def _spent(session: Session, shop: ShopInfo, day: date) -> Decimal:
    wanted = (
        select(Proposal.quantity, Proposal.unit_price, OrderLine)
        .join(ApprovalRow, ApprovalRow.proposal_id == Proposal.id)
        .join(OrderLine, OrderLine.proposal_id == Proposal.id, isouter=True)
        .where(
            Proposal.shop_id == shop.id,
            ApprovalRow.approved,
            Proposal.state.in_((ProposalState.APPROVED, ProposalState.ORDERED)),
        )
    )
    if shop.as_of is None:
        wanted = wanted.where(ApprovalRow.decided_at >= datetime.combine(day, time(), ZoneInfo(shop.time_zone)))
    elif shop.as_of < day:
        return Decimal(0)
    rows = session.execute(wanted.execution_options(populate_existing=True))
    return sum((_cost(quantity * price, line) for quantity, price, line in rows), Decimal(0))


def monday_of(day: date) -> date:
    """The day on which the ISO week of a day begins."""
    return day - timedelta(days=day.weekday())


def spent_this_week(session: Session, shop: ShopInfo, now: datetime) -> Decimal:
    """What was spent in the ISO week of the shop's day. Holds the shop until the transaction ends."""
    return spent_since(session, shop.id, monday_of(shop.today(now)))


def approve_within_caps(
    session: Session, proposal_id: int, *, now: datetime, decided_by: str = "policy"
) -> Approval | None:
    """Approve a proposal if the owner's caps per order and per week cover it; None leaves it to a person.

    Raises IllegalStep if it was rejected or withdrawn, NotApproved if its terms were tampered with, UnknownName.
    """
    info = proposal_of(session, proposal_id)
    lock_shop(session, info.shop_id)
    shop = shop_of(session, info.shop_id)
    policy = SpendingPolicy(shop.budget_per_order, shop.budget_per_week)
    if info.approval is None and not policy.covers(info.total, spent_this_week(session, shop, now)):
        return None
    return decide_proposal(session, proposal_id, digest=info.digest, approved=True, decided_by=decided_by, now=now)


def _cost(approved: Decimal, line: OrderLine | None) -> Decimal:
    """What an approved proposal costs as far as is known: with a line in doubt, the larger of both amounts."""
    if line is None:
        return approved
    if line.state is OrderState.CANCELLED:
        return line.unit_price * line.received
    if line.state in (OrderState.PLACING, OrderState.NEEDS_ATTENTION):
        return max(approved, line.total)
    return line.total
