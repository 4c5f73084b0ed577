"""Proposals in the place of others: with another quantity, at a new price, or because an approval was taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stocksense.domain.orders import ProposalState
from stocksense.errors import IllegalStep
from stocksense.store.proposals import LIVE, ProposalInfo, joined, listed, proposal_of, propose, supersede
from stocksense.store.steps import lock_shop
from stocksense.store.stock import level_of
from stocksense.store.tables import Proposal

ASKED = "edit"
"""What the keys of proposals begin with that a person wants so; the next run doesn't withdraw them."""


def revise(  # noqa: PLR0913  # what changes, and for whom
    session: Session,
    proposal_id: int,
    *,
    actor: str,
    now: datetime,
    quantity: int | None = None,
    unit_price: Decimal | None = None,
    asked: bool = False,
) -> ProposalInfo:
    """Withdraw a proposal and propose the same anew, changed as told; nobody has decided on the new one.

    `asked` says that a person wants it so. Of a rejected or withdrawn one only the second half is done. Raises
    IllegalStep if it was ordered, or its product is proposed otherwise by now; BadValue, UnknownName.
    """
    lock_shop(session, proposal_of(session, proposal_id).shop_id)
    before = proposal_of(session, proposal_id)
    if before.state not in (*LIVE, ProposalState.REJECTED, ProposalState.SUPERSEDED):
        raise IllegalStep(
            f"proposal {before.id} is {before.state}; what is ordered can be cancelled as an order",
            in_korean=f"제안 {before.id}은(는) 이미 주문되었습니다. 주문 화면에서 취소할 수 있습니다.",
        )
    if before.state in LIVE:
        supersede(session, before.id, now=now, actor=actor)
    terms = replace(
        before.terms,
        quantity=before.terms.quantity if quantity is None else quantity,
        unit_price=before.terms.unit_price if unit_price is None else unit_price,
    )
    origin = ASKED if asked else before.idempotency_key.partition(":")[0]
    return propose(
        session,
        before.shop_id,
        terms,
        idempotency_key=f"{origin[:80]}:renewed-{before.id}",
        replaces=before.id,
        decision_id=before.decision_id,
        run_id=None if asked else before.run_id,
        reason=before.reason,
        seen_on_order=level_of(session, before.shop_id, before.sku).on_order,
        now=now,
        actor=actor,
    )


def edit_quantity(
    session: Session, proposal_id: int, *, digest: str, quantity: int, actor: str, now: datetime
) -> ProposalInfo:
    """Propose another quantity in the place of the proposal with `digest` on which nobody has decided yet.

    Raises IllegalStep if somebody decided on it, or changed it, meanwhile; BadValue, UnknownName.
    """
    lock_shop(session, proposal_of(session, proposal_id).shop_id)
    before = proposal_of(session, proposal_id)
    if before.state is not ProposalState.PENDING or before.digest != digest:
        raise IllegalStep(
            f"proposal {before.id} is {before.state} by now and not changed; look at it again",
            in_korean=f"제안 {before.id}이(가) 그사이에 바뀌어 고치지 않았습니다. 다시 보세요.",
        )
    if quantity == before.terms.quantity:
        return before
    return revise(session, proposal_id, quantity=quantity, asked=True, actor=actor, now=now)


def newest_of(session: Session, proposal_id: int) -> ProposalInfo:
    """The proposal that stands in the place of this one by now: itself, if it was never changed. Raises UnknownName."""
    while True:
        later = session.scalar(select(func.max(Proposal.id)).where(Proposal.replaces == proposal_id))
        if later is None:
            return proposal_of(session, proposal_id)
        proposal_id = later


def predecessors(session: Session, found: Iterable[ProposalInfo]) -> dict[int, ProposalInfo]:
    """What stood in the place of each proposal before, by the number of the one that stands there now."""
    earlier = {info.id: info.replaces for info in found if info.replaces is not None}
    known = {info.id: info for info in listed(session, joined().where(Proposal.id.in_(earlier.values())))}
    return {number: known[before] for number, before in earlier.items() if before in known}
