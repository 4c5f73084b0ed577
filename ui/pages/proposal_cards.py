"""Cards of proposals, asked for by the chat: how each stands now, and deciding on exactly what was shown."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response

from stocksense.errors import BadValue, IllegalStep
from stocksense.store.approving import approve_shown, reject_shown, whole_packs
from stocksense.store.proposals import proposal_of
from stocksense.store.revisions import edit_quantity
from ui.errands import errands_of
from ui.gate import Approver, Viewer, Visit, services_of
from ui.page import words_of
from ui.proposal_card import card_of

router = APIRouter()


@router.get("/proposal-cards/{number}")
def look(request: Request, visit: Viewer, number: int) -> Response:
    """How a proposal stands now, with the token that a decision must bring."""
    return _shown(request, visit, number)


@router.post("/proposal-cards/{number}/decision")
def decide(
    request: Request, visit: Approver, number: int, digest: Annotated[str, Form()], approved: Annotated[bool, Form()]
) -> Response:
    """Approve or reject what the card showed; what was approved is bought right away."""
    services = services_of(request)
    rule = approve_shown if approved else reject_shown
    with services.sessions.begin() as session:
        ruling = rule(session, number, digest=digest, actor=visit.person.email, now=services.clock())
    if ruling.refusal is not None:
        return _shown(request, visit, number, notice=f"talk.refused_{ruling.refusal}")
    if approved and ruling.is_new:
        errands_of(request).buy([number])
    return _shown(request, visit, number)


@router.post("/proposal-cards/{number}/quantity")
def change(
    request: Request, visit: Approver, number: int, digest: Annotated[str, Form()], quantity: Annotated[int, Form()]
) -> Response:
    """Propose another quantity instead, in whole packs; it waits for a decision of its own."""
    services, actor = services_of(request), visit.person.email
    try:
        with services.sessions.begin() as session:
            units = whole_packs(session, proposal_of(session, number), quantity)
            edit_quantity(session, number, digest=digest, quantity=units, actor=actor, now=services.clock())
    except BadValue:
        return _shown(request, visit, number, notice="talk.refused_BadValue")
    except IllegalStep:
        return _shown(request, visit, number, notice="talk.refused_IllegalStep")
    return _shown(request, visit, number, notice="" if units == quantity else "talk.rounded")


def _shown(request: Request, visit: Visit, number: int, *, notice: str = "") -> Response:
    """The card as it stands now; `notice` is the word for why something was not done. Raises UnknownName."""
    services, say = services_of(request), words_of(request)
    with services.sessions() as session:
        card = card_of(session, number, person=visit.person, say=say)
    shown: dict[str, Any] = {**card.plain, "csrf": visit.login.csrf, "notice": say(notice) if notice else ""}
    return JSONResponse(shown, 409 if "refused_" in notice else 200, headers=_HEADERS)


_HEADERS = {"Cache-Control": "no-store"}
