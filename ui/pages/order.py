"""One order line: how it came about, the buyer's walk through the shop as it happens, and what to do about it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from stocksense.domain.orders import OrderState
from stocksense.domain.stock import LocationKind
from stocksense.errors import BadValue
from stocksense.store import audit, orders
from stocksense.store.audit import AuditEntry
from stocksense.store.orders import OrderLineInfo, line_of
from stocksense.store.proposals import proposal_of
from stocksense.store.receipts import receive_line
from stocksense.store.session import Session
from stocksense.store.shops import locations_of
from stocksense.store.walks import take_up
from ui.elsewhere import as_if_at
from ui.errands import errands_of, is_left
from ui.evidence import evidence_of, why
from ui.gate import Approver, Counter, Viewer, services_of
from ui.page import done, render, words_of
from ui.pages.orders import is_late
from ui.stopped import link, why_stopped

router = APIRouter()

LOOK_SECONDS = 0.3
"""How often a line is looked at while the buyer shops for it."""

LONGEST_SECONDS = 600
"""How long one stream lasts; the browser then asks anew."""

TO_RECEIVE = (OrderState.PLACED, OrderState.PARTLY_RECEIVED)
Text = Annotated[str, Form()]


@router.get("/orders/{number:int}")
def order_page(request: Request, visit: Viewer, number: int) -> Response:
    """Everything about one line."""
    return _page(request, number)


@router.get("/orders/{number:int}/live", include_in_schema=False)
async def live(request: Request, visit: Viewer, number: int) -> StreamingResponse:
    """The page's matter anew after each step of the buyer, until the line is placed or left to a person."""
    return StreamingResponse(_steps(request, number), media_type="text/event-stream", headers=_NOT_KEPT)


_NOT_KEPT = {"Cache-Control": "no-store"}


async def _steps(request: Request, number: int) -> AsyncIterator[str]:
    shown: tuple[Any, ...] = ()
    for _ in range(int(LONGEST_SECONDS / LOOK_SECONDS)):
        line = await run_in_threadpool(_look, request, number)
        stand = (line.state, line.changed_at, len(line.transcript.get("steps", ())))
        if stand != shown:
            shown = stand
            part = await run_in_threadpool(_page, as_if_at(request, f"/orders/{number}", part="order"), number)
            lines = bytes(part.body).decode().splitlines()
            yield "event: swap\n" + "".join(f"data: {one}\n" for one in lines) + "\n"
        if line.state is not OrderState.PLACING:
            yield "event: end\ndata: done\n\n"
            return
        await asyncio.sleep(LOOK_SECONDS)


def _look(request: Request, number: int) -> OrderLineInfo:
    with services_of(request).sessions() as session:
        return line_of(session, number)


@router.post("/orders/{number:int}/settle")
def settle(request: Request, visit: Approver, number: int, total: Text, expected: Text = "") -> Response:
    """Note that a person bought it by hand, and for how much in all."""
    services, actor = services_of(request), visit.person.email
    paid = amount({"total": total.replace(",", "").strip()}, "total")
    try:
        day = date.fromisoformat(expected) if expected else None
    except ValueError:
        return _page(request, number, wrong_total=words_of(request)("order.wrong_expires"))
    if paid is None or not paid.is_finite() or paid < 0:
        return _page(request, number, wrong_total=words_of(request)("order.wrong_total"))
    with services.sessions.begin() as session:
        line = orders.settle_line(session, number, total=paid, expected_on=day, actor=actor, now=services.clock())
    return done(request, f"/orders/{number}", "order.settled", name=line.name(visit.person.language))


@router.post("/orders/{number:int}/retry")
def retry(request: Request, visit: Approver, number: int) -> Response:
    """Send the buyer once more; the person has seen that nothing was sold."""
    services = services_of(request)
    with services.sessions.begin() as session:
        line = take_up(session, number, now=services.clock(), actor=visit.person.email)
    errands_of(request).go_on(line)
    return done(request, f"/orders/{number}", "order.sent_again")


@router.post("/orders/{number:int}/recover")
def recover(request: Request, visit: Approver, number: int) -> Response:
    """Bring to an end what its process left."""
    errands_of(request).recover()
    return done(request, f"/orders/{number}", "order.recovering")


@router.post("/orders/{number:int}/cancel")
def cancel(request: Request, visit: Approver, number: int, why: Text = "") -> Response:
    """Give up what has not arrived."""
    services = services_of(request)
    with services.sessions.begin() as session:
        line = orders.cancel_line(session, number, actor=visit.person.email, note=why, now=services.clock())
    return done(request, f"/orders/{number}", "order.cancelled", name=line.name(visit.person.language))


@router.post("/orders/{number:int}/receive")
def receive(  # noqa: PLR0913, PLR0917  # the fields of the form
    request: Request,
    visit: Counter,
    number: int,
    units: Text,
    delivery: Text = "",
    expires: Text = "",
    place: Annotated[int | None, Form()] = None,
    seen: Annotated[int, Form()] = 0,
) -> Response:
    """Book units that arrived as a lot; a form that is sent twice books once."""
    services, say = services_of(request), words_of(request)
    line = _look(request, number)
    due = line.quantity - seen
    if not units.strip().isdecimal() or not 1 <= int(units) <= due:
        return _page(request, number, wrong_units=say("order.wrong_units", most=due))
    try:
        day = date.fromisoformat(expires) if expires else None
    except ValueError:
        return _page(request, number, wrong_expires=say("order.wrong_expires"))
    slip = f"{seen}-{delivery.strip()}"[:80] if delivery.strip() else f"web-{seen}-{units.strip()}"
    with services.sessions.begin() as session:
        line = receive_line(
            session, number, int(units), delivery=slip, actor=visit.person.email, now=services.clock(),
            location_id=place, expires_on=day,
        )  # fmt: skip
    return done(request, f"/orders/{number}", "order.received_now", n=int(units), name=line.name(say.language))


def _page(request: Request, number: int, **wrong: str) -> Response:
    """The page of a line; what was wrong with a form stands at its field."""
    services, say = services_of(request), words_of(request)
    with services.sessions() as session:
        shop, line = services.shop(session), line_of(session, number)
        if line.shop_id != shop.id:
            raise BadValue(
                f"order line {number} is of another shop", in_korean=f"주문 {number}은(는) 다른 매장의 것입니다."
            )
        proposal = proposal_of(session, line.proposal_id) if line.proposal_id else None
        told = evidence_of(session, shop, [proposal], say.language)[proposal.id] if proposal else None
        values: dict[str, Any] = {
            "line": line, "proposal": proposal, "evidence": told, "events": _events(session, line),
            "places": [(place.id, place.name) for place in locations_of(session, shop.id, LocationKind.STORE)],
            "late": is_late(line, services.today(session)), "is_left": is_left(line, services),
            "can_receive": line.state in TO_RECEIVE and line.outstanding > 0,
            "told": line.transcript, "draft": line.transcript.get("draft") or {}, "now": services.clock(),
        }  # fmt: skip
    wrongs: dict[str, Any] = {name: wrong.get(name, "") for name in ("wrong_total", "wrong_units", "wrong_expires")}
    page = as_if_at(request, f"/orders/{number}")
    status = 400 if wrong else 200
    return render(
        page,
        "order.html",
        status=status,
        why=why,
        stopped=why_stopped(say, line),
        link=link,
        amount=amount,
        **wrongs,
        **values,
    )


def _events(session: Session, line: OrderLineInfo) -> list[AuditEntry]:
    """What happened to a line and its proposal, the first thing first."""
    subjects = [f"order line {line.id}", *([f"proposal {line.proposal_id}"] if line.proposal_id else [])]
    found = [entry for one in subjects for entry in audit.entries(session, line.shop_id, subject=one)]
    return sorted(found, key=lambda entry: entry.id)


def amount(details: Mapping[str, Any], name: str) -> Decimal | None:
    """An amount among an entry's details, None if it isn't there or is no number."""
    try:
        return Decimal(str(details[name]))
    except (KeyError, InvalidOperation):
        return None
