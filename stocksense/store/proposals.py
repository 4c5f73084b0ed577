"""Purchase proposals: at most one live one a product, and one decision on each, about exactly its terms."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from stocksense.domain.orders import OPEN_ORDERS, Approval, ProposalState, Terms
from stocksense.domain.stock import ProductStatus
from stocksense.errors import AlreadyProposed, BadValue, IllegalStep, NotApproved, UnknownName
from stocksense.store import audit
from stocksense.store.skus import unknown_sku
from stocksense.store.steps import lock_shop, take_step
from stocksense.store.tables import ApprovalRow, OrderLine, Product, Proposal, Shop, Supplier

LIVE = (ProposalState.PENDING, ProposalState.APPROVED)
"""States in which a proposal may still become an order."""


@dataclass(frozen=True)
class ProposalInfo:
    """A proposal with its terms, and who decided on it. `digest` is what a decision must name.

    `run_id` is the run that proposed it, None if a person did; `replaces` is the number of the proposal in whose place
    it stands, None if in nobody's.
    """

    id: int
    shop_id: int
    sku: str
    name_ko: str
    name_en: str
    terms: Terms
    digest: str
    state: ProposalState
    reason: str
    decision_id: int | None
    idempotency_key: str
    created_at: datetime
    run_id: int | None = None
    replaces: int | None = None
    approval: Approval | None = None

    @property
    def quantity(self) -> int:
        """Units that are proposed."""
        return self.terms.quantity

    @property
    def total(self) -> Decimal:
        """The most that they may cost, in the shop's currency."""
        return self.terms.total

    def name(self, language: str) -> str:
        """The product's name in a language (`ko` or `en`), in the other where there is none."""
        first, second = (self.name_ko, self.name_en) if language == "ko" else (self.name_en, self.name_ko)
        return first or second or self.sku


def propose(  # noqa: PLR0913  # the contract of a proposal has that many sides
    session: Session,
    shop_id: int,
    terms: Terms,
    *,
    idempotency_key: str,
    now: datetime,
    decision_id: int | None = None,
    run_id: int | None = None,
    replaces: int | None = None,
    reason: str = "",
    seen_on_order: int = 0,
    actor: str = "stocksense",
) -> ProposalInfo:
    """Propose a purchase. The same `idempotency_key` (120 characters at most) proposes once.

    `seen_on_order` are the units that were on order when this was decided: if there are others now, somebody has
    ordered meanwhile, and the decision doesn't hold. Raises IllegalStep then, and if the product is proposed or
    approved already, or may not be bought; BadValue for terms that cannot be; UnknownSku and UnknownName.
    """
    terms = replace(terms, options=tuple(sorted(terms.options)))
    lock_shop(session, shop_id)
    repeated = session.scalars(select(Proposal).where(Proposal.idempotency_key == idempotency_key)).first()
    if repeated is not None:
        if repeated.digest != terms.digest():
            raise BadValue(f"the key {idempotency_key!r} stands for another proposal; give each proposal its own")
        return proposal_of(session, repeated.id)
    product, supplier = _named(session, shop_id, terms)
    check_buyable(product)
    _check_nothing_new(session, product, seen_on_order)
    row = Proposal(
        shop_id=shop_id,
        product_id=product.id,
        supplier_id=supplier.id,
        decision_id=decision_id,
        run_id=run_id,
        replaces=replaces,
        idempotency_key=idempotency_key,
        quantity=terms.quantity,
        unit_price=terms.unit_price,
        currency=terms.currency,
        options=dict(terms.options),
        digest=terms.digest(),
        state=ProposalState.PENDING,
        reason=reason[:400],
        created_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, row, "purchase proposed", actor=actor, now=now)
    return proposal_of(session, row.id)


def proposals(
    session: Session,
    shop_id: int,
    *,
    states: Collection[ProposalState] = (),
    run_id: int | None = None,
    limit: int | None = None,
) -> tuple[ProposalInfo, ...]:
    """The newest proposals of a shop first; with `states`, only those, with `run_id`, only those of that run."""
    rows = joined().where(Proposal.shop_id == shop_id).order_by(Proposal.id.desc()).limit(limit)
    if states:
        rows = rows.where(Proposal.state.in_(list(states)))
    if run_id is not None:
        rows = rows.where(Proposal.run_id == run_id)
    return listed(session, rows)


def listed(session: Session, rows: Joined) -> tuple[ProposalInfo, ...]:
    """The proposals that a selection from `joined` finds."""
    return tuple(_info(*row) for row in _read(session, rows))


def proposal_of(session: Session, proposal_id: int) -> ProposalInfo:
    """One proposal. Raises UnknownName if there is none of that number."""
    for row in _read(session, joined().where(Proposal.id == proposal_id)):
        return _info(*row)
    raise UnknownName("proposal", proposal_id, "list the proposals with `stocksense orders`")


def live_proposals(session: Session, shop_id: int, skus: Collection[str]) -> dict[str, int]:
    """The numbers of the proposals that wait or are about to be ordered, of some products, by SKU."""
    rows = select(Product.sku, Proposal.id).join(Product, Product.id == Proposal.product_id)
    mine = rows.where(Proposal.shop_id == shop_id, Proposal.state.in_(LIVE), Product.sku.in_(skus))
    return dict(session.execute(mine).all())


def supersede_pending(
    session: Session, shop_id: int, *, now: datetime, of_runs: bool = False, actor: str = "stocksense"
) -> int:
    """Withdraw the proposals on which nobody has decided yet, with `of_runs` only those of runs; returns how many."""
    lock_shop(session, shop_id)
    withdrawn = 0
    for info in proposals(session, shop_id, states=(ProposalState.PENDING,)):
        if info.run_id is not None or not of_runs:
            supersede(session, info.id, now=now, actor=actor)
            withdrawn += 1
    return withdrawn


def supersede(session: Session, proposal_id: int, *, now: datetime, actor: str) -> None:
    """Withdraw a proposal that was not ordered yet, approved or not. Raises IllegalStep otherwise."""
    take_step(session, Proposal, proposal_id, ProposalState.SUPERSEDED)
    _note(session, session.get_one(Proposal, proposal_id), "proposal withdrawn", actor=actor, now=now)


def decide_proposal(  # noqa: PLR0913  # a decision has that many sides
    session: Session,
    proposal_id: int,
    *,
    digest: str,
    approved: bool,
    decided_by: str,
    now: datetime,
    note: str = "",
) -> Approval:
    """Approve or reject what has `digest`: the one that the decider saw. The same decision again changes nothing.

    `note` is why, in the decider's words.

    Raises NotApproved if the proposal's terms are others, IllegalStep if it was decided otherwise or withdrawn.
    """
    lock_shop(session, _shop_of(session, proposal_id))
    info = proposal_of(session, proposal_id)
    _check_digest(info, digest)
    if info.approval is not None:
        return _same_decision(info.approval, approved)
    take_step(session, Proposal, proposal_id, ProposalState.APPROVED if approved else ProposalState.REJECTED)
    session.add(
        ApprovalRow(
            proposal_id=proposal_id, digest=digest, approved=approved, decided_by=decided_by[:80], decided_at=now
        )
    )
    row = session.get_one(Proposal, proposal_id)
    action = "purchase approved" if approved else "purchase rejected"
    _note(session, row, action, actor=decided_by, now=now, **({"note": note[:400]} if note else {}))
    return Approval(proposal_id, digest, approved, decided_by[:80], now)


def approved_digest(session: Session, proposal_id: int) -> str | None:
    """The digest that was approved, None if nobody approved the proposal."""
    approved = select(ApprovalRow.digest).where(ApprovalRow.proposal_id == proposal_id, ApprovalRow.approved)
    return session.scalars(approved).first()


def approved_terms(session: Session, proposal_id: int) -> Terms:
    """The terms that were approved. Raises NotApproved if nobody approved exactly them, UnknownName."""
    info = proposal_of(session, proposal_id)
    if info.approval is None or not info.approval.approved:
        raise NotApproved(
            f"nobody has approved proposal {proposal_id} ({info.sku}); approve it first",
            in_korean=f"제안 {proposal_id}({info.sku})은(는) 아직 승인되지 않았습니다. 먼저 승인하세요.",
        )
    _check_digest(info, info.approval.digest)
    return info.terms


def check_buyable(product: Product) -> None:
    """Raises IllegalStep for a product that is recalled or discontinued."""
    if product.status is not ProductStatus.ACTIVE:
        word = "리콜" if product.status is ProductStatus.RECALLED else "단종"
        raise IllegalStep(
            f"{product.sku} is {product.status} and is not bought; set its status to active first",
            in_korean=f"{product.sku}은(는) {word} 상품이라 사지 않습니다.",
        )


def _check_digest(info: ProposalInfo, digest: str) -> None:
    """The decision must be about what is stored, and what is stored must be what was proposed."""
    if digest != info.digest or info.terms.digest() != info.digest:
        raise NotApproved(
            f"the decision is not about what proposal {info.id} proposes ({info.terms.quantity} of {info.sku} at "
            f"{info.terms.unit_price} {info.terms.currency}); look at it again and decide anew",
            in_korean=f"제안 {info.id}의 내용이 그사이에 바뀌었습니다. 다시 보고 결정하세요.",
        )


def _same_decision(approval: Approval, approved: bool) -> Approval:
    if approval.approved != approved:
        word = "approved" if approval.approved else "rejected"
        raise IllegalStep(
            f"proposal {approval.proposal_id} was {word} by {approval.decided_by} already; "
            f"withdraw it and propose anew to decide otherwise",
            in_korean=f"제안 {approval.proposal_id}은(는) {approval.decided_by}이(가) 이미 "
            f"{'승인' if approval.approved else '거절'}했습니다. 바꾸려면 거둬들이고 새로 제안하세요.",
        )
    return approval


def _named(session: Session, shop_id: int, terms: Terms) -> tuple[Product, Supplier]:
    """The product and supplier of some terms, which must be of this shop and in its currency."""
    shop = session.get_one(Shop, shop_id)
    whole = terms.unit_price.is_finite() and terms.unit_price == round(terms.unit_price, 2)
    if terms.quantity < 1 or terms.unit_price < 0 or not whole:
        raise BadValue(
            f"{terms.quantity} units at {terms.unit_price} cannot be bought; give 1 unit or more, "
            f"and a price in whole hundredths",
            in_korean=f"{terms.quantity}개를 {terms.unit_price}에 살 수는 없습니다. 수량은 1개 이상이어야 합니다.",
        )
    if (terms.shop, terms.currency) != (shop.name, shop.currency):
        raise BadValue(
            f"terms for shop {terms.shop!r} in {terms.currency} are not of {shop.name!r}, which reckons in "
            f"{shop.currency}; convert the price first"
        )
    product = session.scalars(select(Product).where(Product.shop_id == shop_id, Product.sku == terms.sku)).first()
    if product is None:
        raise unknown_sku(session, shop_id, terms.sku)
    named = select(Supplier).where(Supplier.shop_id == shop_id, Supplier.name == terms.supplier)
    supplier = session.scalars(named).first()
    if supplier is None:
        raise UnknownName("supplier", terms.supplier, "add it with the product's offers first")
    return product, supplier


def _check_nothing_new(session: Session, product: Product, seen_on_order: int) -> None:
    """Raises AlreadyProposed if the product is, or IllegalStep if other units are on order than were seen.

    The shop's lock keeps what is found true until the transaction ends.
    """
    live = select(Proposal).where(Proposal.product_id == product.id, Proposal.state.in_(LIVE))
    for row in session.scalars(live):
        raise AlreadyProposed(product.sku, row.id, row.state)
    still_open = select(OrderLine).where(OrderLine.product_id == product.id, OrderLine.state.in_(OPEN_ORDERS))
    lines = session.scalars(still_open).all()
    coming = sum(line.quantity - line.received for line in lines)
    if coming != seen_on_order:
        told = ", ".join(f"order line {line.id}, {line.state}" for line in lines) or "nothing"
        raise IllegalStep(
            f"{coming} of {product.sku} are on order already ({told}), but {seen_on_order} were when this was decided; "
            f"decide anew with what is on its way",
            in_korean=f"{product.sku} {coming}개가 이미 주문되어 오고 있습니다. 그것까지 헤아려 다시 결정하세요.",
        )


def _shop_of(session: Session, proposal_id: int) -> int:
    shop_id = session.scalar(select(Proposal.shop_id).where(Proposal.id == proposal_id))
    if shop_id is None:
        raise UnknownName("proposal", proposal_id, "list the proposals with `stocksense orders`")
    return shop_id


def _note(session: Session, row: Proposal, action: str, *, actor: str, now: datetime, **further: str) -> None:
    details: dict[str, Any] = {"digest": row.digest, "quantity": row.quantity, "unit_price": str(row.unit_price)}
    details |= further
    audit.write(session, row.shop_id, action, f"proposal {row.id}", actor=actor, now=now, details=details)


Joined = Select[Proposal, Product, Supplier, Shop, ApprovalRow]


def joined() -> Joined:
    """Proposals with their product, supplier, shop and decision, to narrow and to sort."""
    return (
        select(Proposal, Product, Supplier, Shop, ApprovalRow)
        .join(Product, Product.id == Proposal.product_id)
        .join(Supplier, Supplier.id == Proposal.supplier_id)
        .join(Shop, Shop.id == Proposal.shop_id)
        .join(ApprovalRow, ApprovalRow.proposal_id == Proposal.id, isouter=True)
    )


def _read(session: Session, rows: Joined) -> list[tuple[Proposal, Product, Supplier, Shop, ApprovalRow | None]]:
    """What the database holds now, not what the session read before."""
    found = session.execute(rows.execution_options(populate_existing=True))
    return [(proposal, product, supplier, shop, approval) for proposal, product, supplier, shop, approval in found]


def _info(
    row: Proposal, product: Product, supplier: Supplier, shop: Shop, approval: ApprovalRow | None
) -> ProposalInfo:
    return ProposalInfo(
        id=row.id,
        shop_id=row.shop_id,
        sku=product.sku,
        name_ko=product.name_ko,
        name_en=product.name_en,
        terms=Terms(
            shop=shop.name,
            sku=product.sku,
            supplier=supplier.name,
            quantity=row.quantity,
            unit_price=row.unit_price,
            currency=row.currency,
            options=tuple(sorted(row.options.items())),
        ),
        digest=row.digest,
        state=row.state,
        reason=row.reason,
        decision_id=row.decision_id,
        idempotency_key=row.idempotency_key,
        created_at=row.created_at,
        run_id=row.run_id,
        replaces=row.replaces,
        approval=None
        if approval is None
        else Approval(row.id, approval.digest, approval.approved, approval.decided_by, approval.decided_at),
    )
