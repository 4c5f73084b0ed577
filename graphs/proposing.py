"""Turns decisions into proposals, and lets the owner's standing policy approve what it covers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from stocksense.domain.orders import ProposalState
from stocksense.domain.reasons import Language, sentence, show_money, show_number
from stocksense.domain.reorder import Reason, order_quantity
from stocksense.domain.stock import ProductStatus
from stocksense.domain.trend import Rise
from stocksense.errors import IllegalStep
from stocksense.store import decisions, offers, products, proposals, rising, spending
from stocksense.store.proposal_lists import Origin, origin_of
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from tools.orders import terms_of

TRIALS = 3
"""At most so many trial orders are proposed a run; a trend is a hint, and a person decides."""


def withdraw_earlier(session: Session, shop: ShopInfo, *, now: datetime) -> None:
    """Withdraw what earlier runs proposed and nobody decided on; what a person asked for stays."""
    proposals.supersede_pending(session, shop.id, of_runs=True, now=now, actor="replenish")


def propose_reorders(
    session: Session, shop: ShopInfo, run_id: int, *, language: Language, now: datetime
) -> tuple[str, ...]:
    """Write one proposal for each product that this run decided to order; returns why some could not be proposed."""
    asked = offers.best_offers(session, shop.id)
    refusals: list[str] = []
    for made in decisions.decisions_of_run(session, shop.id, run_id):
        if made.decision.reason is not Reason.ORDERED:
            continue
        product = products.product_of(session, shop.id, made.sku)
        try:
            proposals.propose(
                session,
                shop.id,
                terms_of(shop, product, asked[made.sku], made.decision.order_quantity),
                decision_id=made.id,
                run_id=run_id,
                reason=sentence(made.decision, language, shop.currency),
                idempotency_key=f"run-{run_id}:{made.sku}",
                seen_on_order=made.decision.situation.on_order,
                now=now,
            )
        except IllegalStep as refusal:
            refusals.append(str(refusal))
    return tuple(refusals)


def propose_trials(session: Session, shop: ShopInfo, run_id: int, *, language: Language, now: datetime) -> None:
    """Propose the smallest order of products that a rising keyword names; no policy approves these.

    Only products that are on sale, have stock enough (else they are ordered anyway) and nothing on its way.
    """
    asked = offers.best_offers(session, shop.id)
    live = {waiting.sku for waiting in proposals.proposals(session, shop.id, states=proposals.LIVE)}
    settled = {made.sku for made in decisions.decisions_of_run(session, shop.id, run_id) if _leaves_room(made)} - live
    named = {sku: found.rise for found in rising.rising(session, shop) for sku in found.skus}
    for sku in [sku for sku in named if sku in settled and sku in asked][:TRIALS]:
        product, rise = products.product_of(session, shop.id, sku), named[sku]
        if product.status is not ProductStatus.ACTIVE:
            continue
        quantity = order_quantity(1, asked[sku].pack_size, asked[sku].minimum_order)
        proposals.propose(
            session,
            shop.id,
            terms_of(shop, product, asked[sku], quantity),
            run_id=run_id,
            reason=_trial_reason(rise, quantity, asked[sku].unit_price * quantity, shop.currency, language),
            idempotency_key=f"trial-{run_id}:{sku}",
            now=now,
        )


def _trial_reason(rise: Rise, quantity: int, cost: Decimal, currency: str, language: Language) -> str:
    """Why a trial is proposed, with the evidence: keyword, ranks, window and source."""
    window = f"{rise.window_start:%m-%d} – {rise.window_end:%m-%d}, {rise.source} {rise.category}"
    units, money = show_number(quantity), show_money(cost, currency, language)
    if language == "ko":
        return (
            f"'{rise.keyword}' 검색 순위 {rise.before or '–'} → {rise.rank} ({window}): 시험 주문 {units}개, {money}."
        )
    return f"Searches for '{rise.keyword}' rose {rise.before or '–'} → {rise.rank} ({window}): try {units}, {money}."


def _leaves_room(made: decisions.StoredDecision) -> bool:
    return made.decision.reason is Reason.ENOUGH_STOCK and not made.decision.situation.on_order


def approve_reorders(session: Session, shop: ShopInfo, run_id: int, *, now: datetime) -> None:
    """Approve this run's reorders as far as the owner's caps per order and per week go; the rest waits for a person."""
    for proposal in reversed(proposals.proposals(session, shop.id, states=(ProposalState.PENDING,), run_id=run_id)):
        if origin_of(proposal) is Origin.REORDER:
            spending.approve_within_caps(session, proposal.id, now=now)
