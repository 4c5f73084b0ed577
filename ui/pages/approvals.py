"""Proposals that wait for a person: the evidence, what is left to spend, and deciding on exactly what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from stocksense.domain.orders import ProposalState
from stocksense.errors import BadValue
from stocksense.store import orders
from stocksense.store.approving import (
    Budget,
    Ruling,
    approve_many,
    approve_shown,
    budget_of,
    new_prices,
    reject_shown,
    whole_packs,
)
from stocksense.store.order_lists import lines_of_proposals
from stocksense.store.proposal_lists import Order, Origin, Wanted, count_waiting, find_proposals, suppliers_of
from stocksense.store.proposals import ProposalInfo, proposal_of
from stocksense.store.revisions import edit_quantity, predecessors, revise
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from stocksense.store.spending import seen_spent
from ui.elsewhere import as_if_at
from ui.errands import errands_of, errands_open
from ui.evidence import Evidence, evidence_of, why
from ui.gate import Approver, Viewer, services_of
from ui.page import Nav, render, words_of

router = APIRouter(lifespan=errands_open)

SIZE = 20
SHOW = {
    "waiting": (ProposalState.PENDING,),
    "approved": (ProposalState.APPROVED,),
    "decided": (ProposalState.REJECTED, ProposalState.SUPERSEDED, ProposalState.ORDERED),
}
Show = Literal["waiting", "approved", "decided"]
Text = Annotated[str, Form()]


def waiting(session: Session, shop: ShopInfo) -> int:
    """How many proposals wait for a decision."""
    return count_waiting(session, shop.id)


NAV = Nav("approvals", "/approvals", icon="approvals", place=30, primary=True, count=waiting)


@dataclass(frozen=True)
class Card:
    """One proposal as it is shown: what it rests on, what stood there before, and what its supplier asks today."""

    info: ProposalInfo
    evidence: Evidence
    before: ProposalInfo | None
    is_changed: bool
    asked: Decimal | None
    over: str
    line: int | None


@dataclass(frozen=True)
class Told:
    """What came of one decision, to be told above the list: `kind` is the word for it."""

    ruling: Ruling
    kind: str
    line: int | None = None

    @property
    def info(self) -> ProposalInfo:
        """What was decided on."""
        return self.ruling.proposal


@router.get("/approvals")
def approvals_page(request: Request, visit: Viewer) -> Response:
    """What waits for a decision, or what was decided."""
    return _page(request)


@router.get("/approvals/{number:int}/{act}")
@router.get("/approvals/many")
def back(visit: Viewer) -> Response:
    """Lead back whoever opens the address of a form."""
    return RedirectResponse("/approvals", 303)


@router.post("/approvals/many")
def decide_many(
    request: Request, visit: Approver, act: Text = "", pick: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Approve what was ticked as far as the budget goes and have it bought, or reject it all."""
    services, shown = services_of(request), [_picked(one) for one in pick or ()]
    actor, now = visit.person.email, services.clock()
    with services.sessions.begin() as session:
        shop = services.shop(session)
        if act == "reject":
            rulings = tuple(reject_shown(session, n, digest=digest, actor=actor, now=now) for n, digest in shown)
        else:
            rulings = approve_many(session, shop, shown, actor=actor, now=now)
    if act == "reject":
        return _page(request, [_told(ruling, "rejected") for ruling in rulings])
    errands_of(request).buy([one.proposal.id for one in rulings if one.refusal is None and one.is_new])
    return _page(request, [_told(ruling, "buying") for ruling in rulings])


@router.post("/approvals/{number:int}/approve")
def approve(request: Request, visit: Approver, number: int, digest: Text, then: Text = "") -> Response:
    """Approve what was shown; unless it is to wait, the buyer sets out at once."""
    services, now = services_of(request), services_of(request).clock()
    line = None
    with services.sessions.begin() as session:
        ruling = approve_shown(session, number, digest=digest, actor=visit.person.email, now=now)
        if ruling.refusal is None and then != "wait":
            line = orders.start_line(session, number, now, actor=visit.person.email)
    if line is not None and line.is_new:
        errands_of(request).go_on(line)
    return _page(request, [_told(ruling, "buying" if line else "approved", line.id if line else None)])


@router.post("/approvals/{number:int}/buy")
def buy(request: Request, visit: Approver, number: int) -> Response:
    """Send the buyer for what was approved before."""
    services = services_of(request)
    with services.sessions.begin() as session:
        line = orders.start_line(session, number, services.clock(), actor=visit.person.email)
    if line.is_new:
        errands_of(request).go_on(line)
    return RedirectResponse(f"/orders/{line.id}", 303)


@router.post("/approvals/{number:int}/reject")
def reject(request: Request, visit: Approver, number: int, digest: Text, why: Text = "") -> Response:
    """Reject what was shown, saying why."""
    services, actor = services_of(request), visit.person.email
    with services.sessions.begin() as session:
        ruling = reject_shown(session, number, digest=digest, actor=actor, now=services.clock(), note=why)
    return _page(request, [_told(ruling, "rejected")])


@router.post("/approvals/{number:int}/edit")
def edit(request: Request, visit: Approver, number: int, digest: Text, quantity: Text) -> Response:
    """Propose another quantity, in whole packs; it asks anew."""
    services, actor = services_of(request), visit.person.email
    if not quantity.strip().isdecimal() or not 1 <= int(quantity) <= 1_000_000:
        told = words_of(request)("approvals.wrong_quantity")
        raise BadValue(told, in_korean=told)
    with services.sessions.begin() as session:
        before = proposal_of(session, number)
        units = whole_packs(session, before, int(quantity))
        made = edit_quantity(session, number, digest=digest, quantity=units, actor=actor, now=services.clock())
    kind = "same" if made.id == before.id else "edited" if units == int(quantity) else "rounded"
    return _page(request, [Told(Ruling(before, instead=made), kind)])


@router.post("/approvals/{number:int}/again")
def again(request: Request, visit: Approver, number: int) -> Response:
    """Take an approval back before it is ordered, or propose anew what was rejected."""
    services, actor = services_of(request), visit.person.email
    with services.sessions.begin() as session:
        before = proposal_of(session, number)
        was_approved = before.state is ProposalState.APPROVED
        made = revise(session, number, asked=not was_approved, actor=actor, now=services.clock())
    return _page(request, [Told(Ruling(before, instead=made), "taken_back" if was_approved else "again")])


def _told(ruling: Ruling, done: str, line: int | None = None) -> Told:
    return Told(ruling, f"refused_{ruling.refusal}" if ruling.refusal else done, line)


def _picked(value: str) -> tuple[int, str]:
    number, _, digest = value.partition(":")
    if not number.isdecimal():
        raise BadValue(
            f"{value[:80]!r} names no proposal; tick some on the page of approvals",
            in_korean="고른 제안이 없습니다. 승인 화면에서 골라 주세요.",
        )
    return int(number), digest


def _page(request: Request, told: Sequence[Told] = ()) -> Response:
    """The page as its address asks for it, with what came of a decision above the list."""
    asked = request.query_params
    show = asked.get("show", "waiting") if asked.get("show") in SHOW else "waiting"
    origin = Origin(asked["origin"]) if asked.get("origin") in set(Origin) else None
    wanted = Wanted(SHOW[show], asked.get("q", ""), asked.get("supplier", ""), origin)
    order = asked.get("sort", "") or ("-newest" if show != "waiting" else str(Order.URGENCY))
    page = int(asked["page"]) if asked.get("page", "").isdecimal() else 1
    services = services_of(request)
    with services.sessions() as session:
        shop = services.shop(session)
        spent = seen_spent(session, shop, services.clock())
        found = find_proposals(session, shop.id, wanted, order=order, page=page, size=SIZE)
        budget = budget_of(shop, spent)
        cards = _cards(session, shop, found.proposals, budget, words_of(request).language)
        suppliers = suppliers_of(session, shop.id, SHOW[show])
    values: dict[str, Any] = {
        "found": found, "cards": cards, "suppliers": suppliers, "budget": budget, "spent": spent, "told": tuple(told),
        "show": show, "why": why, "wanted": wanted,
        "origin": str(origin or ""), "order": order, "page": page, "size": SIZE,
        "origins": tuple(Origin), "orders": ("urgency", "-total", "name", "-newest"),
        "query": f"?{request.url.query}" if request.url.query else "",
    }  # fmt: skip
    return render(as_if_at(request, "/approvals"), "approvals.html", **values)


def _cards(
    session: Session, shop: ShopInfo, found: Sequence[ProposalInfo], budget: Budget, language: str
) -> tuple[Card, ...]:
    pending = [info for info in found if info.state is ProposalState.PENDING]
    prices, before = new_prices(session, pending), predecessors(session, found)
    evidence = evidence_of(session, shop, found, language)
    lines = lines_of_proposals(session, [info.id for info in found])
    return tuple(
        Card(
            info,
            evidence[info.id],
            before.get(info.id),
            info.id in prices,
            prices.get(info.id),
            str(budget.refusal(info.total) or "") if info.state is ProposalState.PENDING else "",
            lines.get(info.id),
        )
        for info in found
    )
