"""Purchase orders: their states, the owner's standing policy, and what an approval binds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from stocksense.errors import IllegalStep, NotApproved


class ProposalState(StrEnum):
    """What has become of a purchase proposal."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    ORDERED = "ordered"


class OrderState(StrEnum):
    """Where a line of a purchase order stands."""

    PLACING = "placing"
    PLACED = "placed"
    NEEDS_ATTENTION = "needs_attention"
    PARTLY_RECEIVED = "partly_received"
    RECEIVED = "received"
    CANCELLED = "cancelled"


ORDER_STEPS: frozenset[tuple[OrderState, OrderState]] = frozenset(
    {
        (OrderState.PLACING, OrderState.PLACED),
        (OrderState.PLACING, OrderState.NEEDS_ATTENTION),
        (OrderState.PLACING, OrderState.CANCELLED),
        (OrderState.NEEDS_ATTENTION, OrderState.PLACING),
        (OrderState.NEEDS_ATTENTION, OrderState.CANCELLED),
        (OrderState.PLACED, OrderState.PARTLY_RECEIVED),
        (OrderState.PLACED, OrderState.RECEIVED),
        (OrderState.PLACED, OrderState.CANCELLED),
        (OrderState.PARTLY_RECEIVED, OrderState.RECEIVED),
        (OrderState.PARTLY_RECEIVED, OrderState.CANCELLED),
    }
)
"""Every step that a purchase order may take; the database refuses all others."""

PROPOSAL_STEPS: frozenset[tuple[ProposalState, ProposalState]] = frozenset(
    {
        (ProposalState.PENDING, ProposalState.APPROVED),
        (ProposalState.PENDING, ProposalState.REJECTED),
        (ProposalState.PENDING, ProposalState.SUPERSEDED),
        (ProposalState.APPROVED, ProposalState.SUPERSEDED),
        (ProposalState.APPROVED, ProposalState.ORDERED),
    }
)
"""Every step that a proposal may take; the database refuses all others."""

OPEN_ORDERS = (OrderState.PLACING, OrderState.PLACED, OrderState.NEEDS_ATTENTION, OrderState.PARTLY_RECEIVED)
"""States whose unreceived units count as on order: a line that needs attention still holds its place."""


def check_step(before: OrderState, after: OrderState) -> None:
    """Raises IllegalStep, naming the steps that are allowed, if an order cannot go from `before` to `after`."""
    if (before, after) not in ORDER_STEPS:
        allowed = ", ".join(sorted(b for a, b in ORDER_STEPS if a is before)) or "nothing, it is final"
        raise IllegalStep(f"a purchase order that is {before} cannot become {after}; it can become {allowed}")


@dataclass(frozen=True)
class Terms:
    """Exactly what a proposal proposes, and what an approval of it covers.

    Prices are the highest that may be paid, in `currency`; `options` are pairs in a fixed order.
    """

    shop: str
    sku: str
    supplier: str
    quantity: int
    unit_price: Decimal
    currency: str
    options: tuple[tuple[str, str], ...] = ()

    @property
    def total(self) -> Decimal:
        """Quantity times the highest unit price."""
        return self.unit_price * self.quantity

    def digest(self) -> str:
        """A fingerprint (SHA-256, hexadecimal) that changes with any of the terms."""
        plain = asdict(self) | {"unit_price": f"{self.unit_price.normalize():f}"}
        return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def check_approval(terms: Terms, approved_digest: str | None, *, paid: Decimal) -> None:
    """Hold a purchase that is about to happen against its approval.

    `paid` is the total that the shop asks. Raises NotApproved if nobody approved these terms or the total exceeds them.
    """
    if approved_digest is None:
        raise NotApproved(f"nobody has approved {terms.quantity} of {terms.sku}; approve the proposal first")
    if approved_digest != terms.digest():
        raise NotApproved(
            f"the approval for {terms.sku} covers other terms than {terms.quantity} at {terms.unit_price}"
        )
    if paid > terms.total:
        raise NotApproved(f"{terms.sku} would cost {paid}, approved are at most {terms.total}; propose it anew")


@dataclass(frozen=True)
class SpendingPolicy:
    """What the owner lets the agent spend without asking, in the shop's currency; a cap of 0 means always ask."""

    per_order: Decimal
    per_week: Decimal

    def covers(self, total: Decimal, spent_this_week: Decimal) -> bool:
        """Whether one order of this total may be approved without the owner."""
        return total <= self.per_order and spent_this_week + total <= self.per_week


@dataclass(frozen=True)
class Approval:
    """A decision on a proposal: by whom, when, on which digest."""

    proposal_id: int
    digest: str
    approved: bool
    decided_by: str
    decided_at: datetime
