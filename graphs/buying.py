"""Places approved orders: shops for a line, buys once whatever is killed between, and notes what came of it."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from agents.shopper.brain import Brain
from agents.shopper.chat import ChatShopper
from agents.shopper.journey import look_back
from agents.shopper.lessons import Insight, insight_from
from agents.shopper.offline import OfflineShopper
from agents.shopper.ranking import ranked
from agents.shopper.request import Request
from agents.shopper.verdict import Offered, Verdict, judge
from graphs.buying_words import about_sale, nobody_sells, not_bought, shop_silent, sold_what, unknown_outcome
from graphs.errand import Errand, errand_of, why_not_buy
from graphs.react import Bounds, Trip, Walk, go, transcript
from graphs.receipts import LineReceipts, key_of_line
from memory.reflection import Reflection
from stocksense.errors import BadValue, IllegalStep, ModelUnavailable, NotApproved, SourceUnreachable, UnknownName
from stocksense.store import orders, sold
from stocksense.store.orders import OrderLineInfo
from tools.reflections import book_of
from tools.services import Services
from tools.simulated_shop import open_site
from tools.site import Once, Purchase, Site

log = logging.getLogger(__name__)

BOUNDS = Bounds(steps=40, repeats=3, seconds=120.0)
PATIENCE = timedelta(minutes=5)
"""At a shop that sells without our receipt a line is left alone so long: another process may be buying it."""
ALTERNATIVES = 3


def place_order(services: Services, proposal_id: int) -> OrderLineInfo:
    """Buy an approved proposal, and return its order line: `placed`, or `needs_attention` with the reason.

    A proposal becomes one line and is bought once: called again, it returns the line that there is. Raises NotApproved
    unless exactly its terms were approved, IllegalStep if it was withdrawn or its product recalled, UnknownName.
    """
    with services.sessions.begin() as session:
        line = orders.start_line(session, proposal_id, services.clock())
    return _pursue(services, line) if line.is_new else line


def recover_orders(services: Services) -> tuple[OrderLineInfo, ...]:
    """Bring lines to an end that a killed process left half bought; what was sold is noted, never bought again."""
    site = _site(services)
    before = None if site.sells_by_receipt else services.clock() - PATIENCE
    with services.sessions() as session:
        left = orders.unfinished_lines(session, services.shop(session).id, before=before)
    return tuple(_pursue(services, line) for line in left)


def resume_order(services: Services, line_id: int, *, actor: str) -> OrderLineInfo:
    """Try a line again that needed attention: `actor`, a person, has seen that nothing was sold for it.

    Raises IllegalStep unless the line needs attention, UnknownName.
    """
    with services.sessions.begin() as session:
        line = orders.resume_line(session, line_id, now=services.clock(), actor=actor)
        sold.retract(session, line_id)
    return _pursue(services, line)


def _pursue(services: Services, line: OrderLineInfo) -> OrderLineInfo:
    """From a line being placed to one that is placed or needs attention."""
    site = _site(services)
    once = Once(key_of_line(line.id), LineReceipts(services.sessions))
    try:
        errand = errand_of(services, line)
    except (BadValue, NotApproved, UnknownName) as refusal:
        return _stop(services, line, str(refusal))
    purchase = once.receipts.find(once.key)
    if purchase is not None:
        return _finish(services, errand, purchase, {"recovered": True})
    if obstacle := _obstacle(services, line, site, once):
        return _stop(services, line, obstacle)
    return _buy(services, errand, site, once)


def _obstacle(services: Services, line: OrderLineInfo, site: Site, once: Once) -> str:
    """Why nobody may go shopping for a line; empty if somebody may."""
    announced = once.receipts.announced(once.key)
    if announced and not site.sells_by_receipt:
        return unknown_outcome(announced, services.settings.language)
    return "" if line.site == site.name else nobody_sells(line.supplier, services.settings.language)


def _buy(services: Services, errand: Errand, site: Site, once: Once) -> OrderLineInfo:
    """Go shopping, and note what came of it."""
    language = services.settings.language
    try:
        trip, told = _shop(services, errand, site, once)
    except SourceUnreachable as silence:
        page = "" if site.sells_by_receipt else once.receipts.announced(once.key)
        why = unknown_outcome(page, language) if page else shop_silent(str(silence), language)
        return _stop(services, errand.line, why)
    if trip.purchase is not None:
        return _finish(services, errand, trip.purchase, told)
    return _give_up(services, errand, trip, told)


def _shop(services: Services, errand: Errand, site: Site, once: Once) -> tuple[Trip, dict[str, Any]]:
    """Walk with the brain of the settings; if its model does not answer, with the one that needs none, and say so."""
    lessons = recollected(services, errand.request, site.name)
    told: dict[str, Any] = {}
    brain = brain_for(services, lessons)
    gate = partial(why_not_buy, services, errand)
    walk = Walk(brain, site.visit(errand.request.text, once=once), errand.request, gate, BOUNDS)
    try:
        trip = go(walk)
    except ModelUnavailable as silence:
        log.warning("the buyer's model did not answer, going on without it: line=%d why=%s", errand.line.id, silence)
        told["instead"] = f"{brain.name}: {silence}"
        brain = OfflineShopper(lessons=lessons)
        trip = go(replace(walk, brain=brain, visit=site.visit(errand.request.text, once=once)))
    told |= {
        "brain": brain.name,
        "request": errand.request.text,
        "lessons": [str(lesson) for lesson in lessons],
        "outcome": trip.outcome,
        "reason": trip.reason,
        "steps": transcript(trip.history),
    }
    return trip, told


def brain_for(services: Services, lessons: tuple[Insight, ...]) -> Brain:
    """The chat model of the settings as a buyer, else the buyer without a model; both know the lessons."""
    settings = services.settings
    if not (settings.model_base_url or settings.upstage_api_key):
        return OfflineShopper(lessons=lessons)
    # The client libraries take seconds to load, which a buyer without a model should not pay for.
    from agents.model import chat_model, model_name

    return ChatShopper(chat_model(settings), tuple(str(lesson) for lesson in lessons), model_name(settings))


def recollected(services: Services, request: Request, site: str) -> tuple[Insight, ...]:
    """What earlier failures of the same kind teach; only lessons of our fixed list count, whoever wrote the row."""
    known = {str(insight): insight for insight in Insight}
    found = book_of(services).recollect(site, request.text, now=services.clock(), category=request.kind)
    return tuple(known[reflection.lesson] for reflection in found if reflection.lesson in known)


def _finish(services: Services, errand: Errand, purchase: Purchase, told: Mapping[str, Any]) -> OrderLineInfo:
    """Note what was sold. If another process has noted it meanwhile, its line stands."""
    total = errand.paid(services, purchase.price)
    notes = {**told, "about": about_sale(errand.request, services.settings.language)}
    try:
        with services.sessions.begin() as session:
            kept = sold.sale_of(session, errand.line.id)
            line = orders.finish_line(
                session,
                errand.line.id,
                unit_price=total / errand.terms.quantity,
                total=total,
                bought=sold_what(errand.request, purchase),
                page=purchase.page,
                transcript={**notes, "sale": dict(kept or {})},
                expected_on=services.today(session) + timedelta(days=math.ceil(errand.offer.lead_time_days)),
                now=services.clock(),
            )
    except IllegalStep:
        with services.sessions() as session:
            return orders.line_of(session, errand.line.id)
    log.info("order placed: sku=%s quantity=%d total=%s", line.sku, line.quantity, line.total)
    return line


def _give_up(services: Services, errand: Errand, trip: Trip, told: Mapping[str, Any]) -> OrderLineInfo:
    """Leave the line to the owner with the nearest offers, and write down what the failure teaches."""
    near = nearest(errand.request, trip)
    _reflect(services, errand, trip, near, model=str(told["brain"]))
    note = not_bought(trip, errand.request, near, services.settings.language)
    return _stop(services, errand.line, note, told)


def nearest(request: Request, trip: Trip) -> tuple[Offered, ...]:
    """The best offers that a walk came across, best first."""
    journey = look_back(trip.history)
    return tuple(journey.offer(product) for product in ranked(request, journey)[:ALTERNATIVES])


def _reflect(services: Services, errand: Errand, trip: Trip, near: tuple[Offered, ...], *, model: str) -> None:
    """Write a lesson of our fixed list. Its evidence is numbers and our own words, never the page's."""
    insight = Insight.HURRY if trip.outcome in ("steps", "seconds") else Insight.BROADEN
    verdict = judge(errand.request, near[0]) if near else Verdict(())
    if trip.outcome == "stopped" and near:
        insight = insight_from(verdict)
    evidence = f"{trip.outcome} after {len(trip.history)} steps; nearest {near[0].product}" if near else trip.outcome
    book_of(services).write(
        Reflection(
            at=services.clock(),
            site=errand.line.site,
            request=errand.request.text,
            lesson=str(insight),
            category=errand.request.kind,
            evidence=f"{evidence}: {', '.join(verdict.faults)}",
            model=model,
        )
    )


def _stop(services: Services, line: OrderLineInfo, note: str, told: Mapping[str, Any] | None = None) -> OrderLineInfo:
    """Leave a line to a person, unless another process has brought it to an end meanwhile."""
    try:
        with services.sessions.begin() as session:
            before = dict(orders.line_of(session, line.id).transcript)
            stopped = orders.stop_line(
                session, line.id, note=note, now=services.clock(), transcript={**before, **(told or {})}
            )
    except IllegalStep:
        with services.sessions() as session:
            return orders.line_of(session, line.id)
    log.info("order needs attention: sku=%s line=%d", line.sku, line.id)
    return stopped


def _site(services: Services) -> Site:
    return services.site or open_site(services.settings.webshop_url)
