"""Approving on a page: exactly what was shown, at the price of today, and many at once as far as the budget goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from stocksense.domain.orders import ProposalState
from stocksense.domain.reorder import order_quantity
from stocksense.domain.stock import ProductStatus
from stocksense.errors import IllegalStep
from stocksense.store.offers import OfferInfo, offers_of
from stocksense.store.proposals import LIVE, ProposalInfo, decide_proposal, joined, listed, proposal_of
from stocksense.store.revisions import revise
from stocksense.store.shops import ShopInfo
from stocksense.store.spending import spent_this_week
from stocksense.store.steps import lock_shop
from stocksense.store.tables import Product, Proposal


class Refusal(StrEnum):
    """Why something was not approved."""

    NOT_SHOWN = "not_shown"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"
    RECALLED = "recalled"
    DISCONTINUED = "discontinued"
    NO_OFFER = "no_offer"
    CHANGED = "changed"
    OVER_WEEK = "over_week"
    OVER_ORDER = "over_order"


@dataclass(frozen=True)
class Ruling:
    """What came of deciding on a proposal: it was done, or refused; `instead` waits in its place then, if anything.

    `is_new` is false where the same had been decided before.
    """

    proposal: ProposalInfo
    refusal: Refusal | None = None
    instead: ProposalInfo | None = None
    is_new: bool = True


@dataclass(frozen=True)
class Budget:
    """What may still be spent this week, and on one order, in the shop's currency; None where there is no limit."""

    week: Decimal | None = None
    order: Decimal | None = None

    def refusal(self, total: Decimal) -> Refusal | None:
        """Which limit an order of this total breaks."""
        if self.order is not None and total > self.order:
            return Refusal.OVER_ORDER
        return Refusal.OVER_WEEK if self.week is not None and total > self.week else None

    def less(self, total: Decimal) -> Budget:
        """What is left after an order of this total."""
        return Budget(None if self.week is None else self.week - total, self.order)


UNLIMITED = Budget()


def budget_of(shop: ShopInfo, spent: Decimal) -> Budget:
    """The budget of a shop when so much was spent this week; a cap of 0 is none, for there a person is asked."""
    week = max(shop.budget_per_week - spent, Decimal(0)) if shop.budget_per_week else None
    return Budget(week, shop.budget_per_order or None)


def approve_shown(
    session: Session, proposal_id: int, *, digest: str, actor: str, now: datetime, budget: Budget = UNLIMITED
) -> Ruling:
    """Approve a proposal if it still is what was shown, can be bought, and costs what its supplier asks today.

    At another price a new proposal takes its place, which asks anew. Raises UnknownName.
    """
    lock_shop(session, proposal_of(session, proposal_id).shop_id)
    info = proposal_of(session, proposal_id)
    refusal = _why_not(session, info, digest)
    if refusal is not None:
        return Ruling(info, refusal, _live(session, info), is_new=False)
    if info.approval is not None:
        return Ruling(info, is_new=False)
    offer = _offer(session, info)
    if offer is None:
        return Ruling(info, Refusal.NO_OFFER)
    if offer.unit_price != info.terms.unit_price:
        return Ruling(info, Refusal.CHANGED, _renewed(session, info, offer, actor=actor, now=now))
    over = budget.refusal(info.total)
    if over is not None:
        return Ruling(info, over)
    decide_proposal(session, info.id, digest=digest, approved=True, decided_by=actor, now=now)
    return Ruling(proposal_of(session, info.id))


def approve_many(
    session: Session, shop: ShopInfo, shown: Iterable[tuple[int, str]], *, actor: str, now: datetime
) -> tuple[Ruling, ...]:
    """Approve proposals, given by number and digest, in this order, as far as the week's budget goes.

    One that costs more than the owner lets a single order cost is left for a person to approve by itself.
    """
    budget = budget_of(shop, spent_this_week(session, shop, now))
    rulings: list[Ruling] = []
    for number, digest in shown:
        ruling = approve_shown(session, number, digest=digest, actor=actor, now=now, budget=budget)
        if ruling.refusal is None and ruling.is_new:
            budget = budget.less(ruling.proposal.total)
        rulings.append(ruling)
    return tuple(rulings)


def reject_shown(
    session: Session, proposal_id: int, *, digest: str, actor: str, now: datetime, note: str = ""
) -> Ruling:
    """Reject a proposal if it still is what was shown, with a note that says why. Raises UnknownName."""
    lock_shop(session, proposal_of(session, proposal_id).shop_id)
    info = proposal_of(session, proposal_id)
    if info.state is ProposalState.REJECTED and info.digest == digest:
        return Ruling(info, is_new=False)
    if info.digest != digest:
        return Ruling(info, Refusal.NOT_SHOWN)
    if info.state is not ProposalState.PENDING:
        return Ruling(info, Refusal.DECIDED if info.approval else Refusal.WITHDRAWN, _live(session, info))
    decide_proposal(session, info.id, digest=digest, approved=False, decided_by=actor, now=now, note=note)
    return Ruling(proposal_of(session, info.id))


def new_prices(session: Session, found: Iterable[ProposalInfo]) -> dict[int, Decimal | None]:
    """What suppliers ask today for proposals that were made at other prices, by number; None if they ask nothing."""
    changed: dict[int, Decimal | None] = {}
    for info in found:
        offer = _offer(session, info)
        if offer is None or offer.unit_price != info.terms.unit_price:
            changed[info.id] = None if offer is None else offer.unit_price
    return changed


def whole_packs(session: Session, info: ProposalInfo, quantity: int) -> int:
    """The smallest quantity from so many units on that the proposal's supplier sells: whole packs, their minimum."""
    offer = _offer(session, info)
    return quantity if offer is None else order_quantity(quantity, offer.pack_size, offer.minimum_order)


def _why_not(session: Session, info: ProposalInfo, digest: str) -> Refusal | None:
    """Why a proposal cannot be approved whatever it costs."""
    if info.state is ProposalState.SUPERSEDED:
        return Refusal.WITHDRAWN
    if info.state is ProposalState.REJECTED:
        return Refusal.DECIDED
    if digest != info.digest or info.terms.digest() != info.digest:
        return Refusal.NOT_SHOWN
    if info.approval is not None:
        return None
    ours = select(Product.status).where(Product.shop_id == info.shop_id, Product.sku == info.sku)
    status = session.scalars(ours).one()
    return None if status is ProductStatus.ACTIVE else Refusal(str(status))


def _live(session: Session, info: ProposalInfo) -> ProposalInfo | None:
    """What is proposed of the same product now, if it is another proposal."""
    same = joined().where(Product.sku == info.sku, Proposal.shop_id == info.shop_id, Proposal.state.in_(LIVE))
    return next((found for found in listed(session, same) if found.id != info.id), None)


def _offer(session: Session, info: ProposalInfo) -> OfferInfo | None:
    offered = offers_of(session, info.shop_id, info.sku)
    return next((offer for offer in offered if offer.supplier == info.terms.supplier), None)


def _renewed(
    session: Session, info: ProposalInfo, offer: OfferInfo, *, actor: str, now: datetime
) -> ProposalInfo | None:
    units = order_quantity(info.terms.quantity, offer.pack_size, offer.minimum_order)
    try:
        return revise(session, info.id, quantity=units, unit_price=offer.unit_price, actor=actor, now=now)
    except IllegalStep:
        return _live(session, info)
