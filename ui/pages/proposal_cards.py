"""Cards of proposals, asked for by the chat: how each stands now, and deciding on exactly what was shown."""

from __future__ import annotations

import logging
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Form, Request
from fastapi.responses import JSONResponse, Response

from graphs.buying import place_order
from stocksense.errors import StockSenseError
from stocksense.store.amending import amend
from stocksense.store.proposals import decide_proposal
from tools.services import Services
from ui.gate import Approver, Viewer, Visit, services_of
from ui.page import words_of
from ui.problems import status_of
from ui.proposal_card import card_of

log = logging.getLogger(__name__)

router = APIRouter()


@router.get("/proposal-cards/{number}")
def look(request: Request, visit: Viewer, number: int) -> Response:
    """How a proposal stands now, with the token that a decision must bring."""
    return _shown(request, visit, number)


@router.post("/proposal-cards/{number}/decision")
def decide(
    request: Request,
    visit: Approver,
    number: int,
    later: BackgroundTasks,
    digest: Annotated[str, Form()],
    approved: Annotated[bool, Form()],
) -> Response:
    """Approve or reject what the card showed; what was approved is bought right away."""
    services = services_of(request)
    try:
        with services.sessions.begin() as session:
            decide_proposal(
                session, number, digest=digest, approved=approved, decided_by=visit.person.email, now=services.clock()
            )
    except StockSenseError as error:
        return _shown(request, visit, number, error=error)
    if approved:
        later.add_task(_buy, services, number)
    return _shown(request, visit, number)


@router.post("/proposal-cards/{number}/quantity")
def change(
    request: Request, visit: Approver, number: int, digest: Annotated[str, Form()], quantity: Annotated[int, Form()]
) -> Response:
    """Propose another quantity instead; it waits for a decision of its own."""
    services = services_of(request)
    try:
        with services.sessions.begin() as session:
            now, by = services.clock(), visit.person.email
            number = amend(session, number, digest=digest, quantity=quantity, by=by, now=now).id
    except StockSenseError as error:
        return _shown(request, visit, number, error=error)
    return _shown(request, visit, number)


def _shown(request: Request, visit: Visit, number: int, *, error: StockSenseError | None = None) -> Response:
    """The card; with an error, what went wrong beside how things stand now. Raises UnknownName."""
    services, say = services_of(request), words_of(request)
    with services.sessions() as session:
        card = card_of(session, number, person=visit.person, say=say)
    shown: dict[str, Any] = {**card.plain, "csrf": visit.login.csrf, "notice": ""}
    if error is None:
        return JSONResponse(shown, headers=_HEADERS)
    key = f"talk.refused_{type(error).__name__}"
    shown["notice"] = say(key) if say.has(key) else str(error)
    return JSONResponse(shown, status_of(error), headers=_HEADERS)


_HEADERS = {"Cache-Control": "no-store"}


def _buy(services: Services, number: int) -> None:
    """Let the agent buy what was approved; a failure is logged, and shows on the order."""
    try:
        line = place_order(services, number)
    except StockSenseError as error:
        log.warning("approved order could not be placed: proposal=%d error=%s", number, error)
        return
    log.info("approved order: proposal=%d line=%d state=%s", number, line.id, line.state)
