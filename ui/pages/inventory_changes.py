"""Counting a shelf, booking what was lost or found, receiving goods, and taking any of it back."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel

from stocksense.domain.stock import Adjustment
from stocksense.errors import BadValue, IllegalStep, NotEnoughStock
from stocksense.store.shelf_changes import Count, Shelf, adjust_shelf, count_shelves, receive_delivery, take_back
from stocksense.store.skus import names_of
from ui.gate import Counter, Visit, services_of
from ui.page import done
from ui.pages.shelf_forms import Deed, late_of, way_back, with_form

router = APIRouter()

Text = Annotated[str, Form()]


class CountForm(BaseModel):
    """A count: what was shown and counted at each store; what was left empty was not counted."""

    sku: str
    key: str
    back: str = ""
    location: list[int]
    shown: list[int]
    counted: list[str]


class AdjustForm(BaseModel):
    """Units that left a shelf, or came to light there, and why."""

    sku: str
    key: str
    back: str = ""
    location: int
    why: Adjustment
    units: int
    note: str = ""


class ReceiveForm(BaseModel):
    """A delivery for an order line: `shown` is how many units were expected when the form was drawn."""

    sku: str
    back: str = ""
    line: str
    location: int
    units: int
    delivery: str
    expires_on: str = ""


@router.post("/inventory/do/count")
def count(request: Request, visit: Counter, form: Annotated[CountForm, Form()]) -> Response:
    """Book a count at each store where one was made; where the shelf changed meanwhile, ask again."""
    given = [
        (place, shown, counted.strip())
        for place, shown, counted in zip(form.location, form.shown, form.counted, strict=False)
        if counted.strip()
    ]
    if not given:
        return _again(request, form.back, form.sku, "count", problem="nothing")
    if not all(counted.isdecimal() and len(counted) < 8 for _, _, counted in given):
        return _again(request, form.back, form.sku, "count", problem="number")
    services = services_of(request)
    counts = {place: Count(int(counted), shown) for place, shown, counted in given}
    with services.sessions.begin() as session:
        shop_id = services.shop(session).id
        results = count_shelves(
            session, shop_id, form.sku, counts, key=form.key, actor=visit.person.email, now=services.clock()
        )
    stale = {place: (shown, counted) for place, shown, counted in given if results[place].is_stale}
    if stale:
        return _again(request, form.back, form.sku, "count", late=late_of(stale))
    difference = sum(result.difference for result in results.values())
    return _told(request, visit, form.back, "inventory.counted", sku=form.sku, change=difference)


@router.post("/inventory/do/adjust")
def adjust(request: Request, visit: Counter, form: Annotated[AdjustForm, Form()]) -> Response:
    """Book what was lost or found."""
    if not 1 <= form.units < 10_000_000:
        return _again(request, form.back, form.sku, "adjust", problem="number")
    services = services_of(request)
    try:
        with services.sessions.begin() as session:
            adjust_shelf(
                session,
                services.shop(session).id,
                Shelf(form.sku, form.location),
                form.why,
                form.units,
                key=form.key,
                actor=visit.person.email,
                now=services.clock(),
                note=form.note,
            )
    except NotEnoughStock:
        return _again(request, form.back, form.sku, "adjust", problem="not_enough")
    change = form.units if form.why is Adjustment.FOUND else -form.units
    return _told(request, visit, form.back, "inventory.adjusted", sku=form.sku, change=change)


@router.post("/inventory/do/receive")
def receive(request: Request, visit: Counter, form: Annotated[ReceiveForm, Form()]) -> Response:
    """Book a delivery, or a part of one, as a lot."""
    line, _, shown = form.line.partition(".")
    day = _day(form.expires_on)
    if not (line.isdecimal() and shown.isdecimal()) or (form.expires_on and day is None) or form.units < 1:
        return _again(request, form.back, form.sku, "receive", problem="number")
    services = services_of(request)
    try:
        with services.sessions.begin() as session:
            booked = receive_delivery(
                session,
                int(line),
                form.units,
                shown=int(shown),
                delivery=form.delivery.strip(),
                location_id=form.location,
                actor=visit.person.email,
                now=services.clock(),
                expires_on=day,
            )
    except (BadValue, IllegalStep):
        return _again(request, form.back, form.sku, "receive", problem="not_expected")
    if booked.is_stale:
        return _again(request, form.back, form.sku, "receive", problem="expected_changed")
    return done(request, way_back(form.back), "inventory.received", n=form.units, left=booked.after)


@router.post("/inventory/do/undo")
def undo(request: Request, visit: Counter, move: Annotated[int, Form()], back: Text = "") -> Response:
    """Take a change back by a move that runs the other way."""
    services = services_of(request)
    with services.sessions.begin() as session:
        gone = take_back(session, services.shop(session).id, move, actor=visit.person.email, now=services.clock())
    return _told(request, visit, back, "inventory.undone", sku=gone.sku, change=-gone.change)


def _told(request: Request, visit: Visit, back: str, what: str, *, sku: str, change: int) -> Response:
    """Back to where the form was, with what became of the product, called by its name."""
    services = services_of(request)
    with services.sessions() as session:
        name = names_of(session, services.shop(session).id, [sku], visit.person.language).get(sku, sku)
    return done(request, way_back(back), what, name=name, difference=_signed(change))


def _again(request: Request, back: str, sku: str, do: Deed, **values: str) -> Response:
    """Show the form once more, with what went wrong."""
    return done(request, with_form(way_back(back), open=sku, do=do, **values), "")


def _signed(units: int) -> str:
    return f"+{units:,}" if units > 0 else f"{units:,}".replace("-", "−")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
