"""Changing what a waiting proposal asks for: it is withdrawn, and another takes its place, to be decided anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stocksense.domain.orders import ProposalState
from stocksense.domain.reorder import order_quantity
from stocksense.errors import BadValue, IllegalStep, NotApproved
from stocksense.store import audit
from stocksense.store.audit import AuditEntry
from stocksense.store.offers import best_offer
from stocksense.store.orders import on_order
from stocksense.store.proposals import ProposalInfo, proposal_of, propose, supersede
from stocksense.store.steps import lock_shop
from stocksense.store.tables import Proposal

_KEY = "edit:"


@dataclass(frozen=True)
class Sizes:
    """In which steps a product can be ordered: whole packs, and how many units at least."""

    pack_size: int
    minimum_order: int


def amend(session: Session, proposal_id: int, *, digest: str, quantity: int, by: str, now: datetime) -> ProposalInfo:
    """Withdraw a waiting proposal, and propose the same with another quantity; nothing is approved by it.

    `digest` names what the person saw. Raises NotApproved if the proposal asks for something else, IllegalStep if it
    waits no longer, BadValue for a quantity that the supplier doesn't sell, UnknownName.
    """
    shop_id = proposal_of(session, proposal_id).shop_id
    lock_shop(session, shop_id)
    info = proposal_of(session, proposal_id)
    if digest != info.digest:
        raise NotApproved(f"proposal {proposal_id} asks for something else by now; look at it again and decide anew")
    if info.state is not ProposalState.PENDING:
        raise IllegalStep(f"proposal {proposal_id} is {info.state} and can't be changed; propose anew")
    _check(session, info, quantity)
    if quantity == info.quantity:
        return info
    supersede(session, proposal_id, now=now, actor=by)
    return propose(
        session,
        shop_id,
        replace(info.terms, quantity=quantity),
        idempotency_key=f"{_KEY}{proposal_id}:{quantity}",
        now=now,
        decision_id=info.decision_id,
        reason=info.reason,
        seen_on_order=on_order(session, shop_id).get(info.sku, 0),
        actor=by,
    )


def sizes_of(session: Session, info: ProposalInfo) -> Sizes:
    """In which steps the proposed product can be ordered; single units where no supplier offers it any more."""
    offer = best_offer(session, info.shop_id, info.sku)
    return Sizes(offer.pack_size, offer.minimum_order) if offer else Sizes(1, 1)


def successor_of(session: Session, proposal_id: int) -> int | None:
    """The number of the proposal that took this one's place when somebody changed it."""
    key = f"{_KEY}{proposal_id}:"
    return session.scalars(select(Proposal.id).where(Proposal.idempotency_key.startswith(key, autoescape=True))).first()


def predecessor_of(session: Session, info: ProposalInfo) -> ProposalInfo | None:
    """The proposal in whose place this one stands, if somebody changed one."""
    if not info.idempotency_key.startswith(_KEY):
        return None
    return proposal_of(session, int(info.idempotency_key.split(":")[1]))


def last_change(session: Session, info: ProposalInfo) -> AuditEntry | None:
    """What was done to a proposal last, by whom and when."""
    entries = audit.entries(session, info.shop_id, subject=f"proposal {info.id}", limit=1)
    return entries[0] if entries else None


def _check(session: Session, info: ProposalInfo, quantity: int) -> None:
    sizes = sizes_of(session, info)
    fits = order_quantity(max(quantity, 1), sizes.pack_size, sizes.minimum_order)
    if fits != quantity:
        raise BadValue(
            f"{quantity} of {info.sku} can't be ordered: packs hold {sizes.pack_size}, and {sizes.minimum_order} is "
            f"the least; take {fits}"
        )
