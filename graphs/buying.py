"""Places approved orders: shops for a line, buys once whatever is killed between, and notes what came of it."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from functools import partial
from typing import Any

from agents.shopper.brain import Brain
from agents.shopper.offline import OfflineShopper
from graphs.alternatives import alternatives
from graphs.buying_words import (
    about_sale,
    nobody_sells,
    not_bought,
    shop_silent,
    shop_unreadable,
    sold_what,
    unknown_outcome,
)
from graphs.diary import Diary
from graphs.errand import DOLLARS, Errand, errand_of, why_not_buy
from graphs.known import Known, brain_for, known_for, remember_failure, remember_success
from graphs.order_drafts import cart, cart_note, letter
from graphs.react import Bounds, Trip, Walk, go, transcript
from graphs.receipts import LineReceipts, key_of_line
from stocksense.errors import (
    BadSetting,
    BadValue,
    IllegalStep,
    ModelUnavailable,
    NotApproved,
    NotInstalled,
    SourceUnreachable,
    SourceUnreadable,
    UnknownName,
)
from stocksense.store import orders
from stocksense.store.orders import OrderLineInfo
from stocksense.store.walks import take_up
from tools.services import Services
from tools.shops import site_named
from tools.site import Draft, Once, Purchase, Site

log = logging.getLogger(__name__)

BOUNDS = Bounds(steps=40, repeats=3, seconds=120.0)
PATIENCE = timedelta(minutes=5)
"""At a shop that sells without our receipt a line is left alone so long: another process may be buying it."""


def place_order(services: Services, proposal_id: int) -> OrderLineInfo:
    """Buy an approved proposal, and return its order line: `placed`, or `needs_attention` with the reason.

    Where an agent does not pay, the line needs attention too: a cart waits for the owner, or a letter to the supplier.

    A proposal becomes one line and is bought once: called again, it returns the line that there is. Raises NotApproved
    unless exactly its terms were approved, IllegalStep if it was withdrawn or its product recalled, UnknownName.
    """
    with services.sessions.begin() as session:
        line = orders.start_line(session, proposal_id, services.clock())
    return pursue(services, line) if line.is_new else line


def recover_orders(services: Services) -> tuple[OrderLineInfo, ...]:
    """Bring lines to an end that a killed process left half bought; what was sold is noted, never bought again."""
    with services.sessions() as session:
        left = orders.unfinished_lines(session, services.shop(session).id)
    return tuple(pursue(services, line) for line in left if _may_recover(services, line))


def _may_recover(services: Services, line: OrderLineInfo) -> bool:
    """Whether nobody can still be buying a line, or it does no harm if somebody is."""
    site = site_named(services, line.site)
    return site is None or site.sells_by_receipt or line.changed_at < services.clock() - PATIENCE


def resume_order(services: Services, line_id: int, *, actor: str) -> OrderLineInfo:
    """Try a line again that needed attention: `actor`, a person, has seen that nothing was sold for it.

    Raises IllegalStep unless the line needs attention, UnknownName.
    """
    with services.sessions.begin() as session:
        line = take_up(session, line_id, now=services.clock(), actor=actor)
    return pursue(services, line)


def pursue(services: Services, line: OrderLineInfo) -> OrderLineInfo:
    """From a line being placed to one that is placed or needs attention: for whom began the line, or took it up."""
    try:
        site = site_named(services, line.site)
        errand = errand_of(services, line, site.currency if site else DOLLARS)
    except (BadSetting, BadValue, NotApproved, UnknownName) as refusal:
        return _stop(services, line, str(refusal))
    once = Once(key_of_line(line.id), LineReceipts(services.sessions), errand.request.quantity)
    purchase = once.receipts.find(once.key)
    if purchase is not None:
        return _finish(services, errand, purchase, {"recovered": True})
    if site is None:
        return _write_to_supplier(services, errand)
    announced = once.receipts.announced(once.key)
    if announced and not site.sells_by_receipt:
        return _stop(services, line, unknown_outcome(announced, services.settings.language))
    return _buy(services, errand, site, once)


def _write_to_supplier(services: Services, errand: Errand) -> OrderLineInfo:
    """Leave a line whose supplier has no door for agents to the owner, with an order letter to send."""
    with services.sessions() as session:
        wanted_on = services.today(session) + timedelta(days=math.ceil(errand.offer.lead_time_days))
    note = nobody_sells(errand.line.supplier, services.settings.language)
    return _stop(services, errand.line, note, {"draft": letter(errand, wanted_on=wanted_on)})


def _buy(services: Services, errand: Errand, site: Site, once: Once) -> OrderLineInfo:
    """Go shopping, and note what came of it."""
    language = services.settings.language
    known = known_for(services, errand.request, site.name)
    try:
        trip, told = _shop(services, errand, known, site, once=once)
    except SourceUnreachable as silence:
        page = "" if site.sells_by_receipt else once.receipts.announced(once.key)
        why = unknown_outcome(page, language) if page else shop_silent(str(silence), language)
        return _stop(services, errand.line, why)
    except (BadSetting, NotInstalled, SourceUnreadable) as obstacle:
        return _stop(services, errand.line, shop_unreadable(str(obstacle), language))
    if trip.purchase is not None:
        line = _finish(services, errand, trip.purchase, told)
        remember_success(services, known, trip, model=told["brain"])
        return line
    near = alternatives(errand.request, trip, errand.currency)
    remember_failure(services, known, trip, near, model=told["brain"])
    note = not_bought(trip, near, language)
    return _stop(services, errand.line, note, {**told, "alternatives": [one.plain() for one in near]})


def _shop(services: Services, errand: Errand, known: Known, site: Site, *, once: Once) -> tuple[Trip, dict[str, Any]]:
    """Walk with the brain of the settings; if its model does not answer, with the one that needs none, and say so."""
    told: dict[str, Any] = {"request": errand.request.text, "lessons": [str(lesson) for lesson in known.lessons]}
    brain = brain_for(services, known)
    gate = partial(why_not_buy, services, errand)

    def walk(brain: Brain) -> Trip:
        diary = Diary(services, errand.line.id, {**told, "brain": brain.name, "steps": []})
        with closing(site.visit(errand.request.text, once=once)) as visit:
            return go(Walk(brain, visit, errand.request, gate, BOUNDS, watch=diary))

    try:
        trip = walk(brain)
    except ModelUnavailable as silence:
        log.warning("the buyer's model did not answer, going on without it: line=%d why=%s", errand.line.id, silence)
        told["instead"] = f"{brain.name}: {silence}"
        brain = OfflineShopper(lessons=known.lessons)
        trip = walk(brain)
    told |= {
        "brain": brain.name,
        "outcome": trip.outcome,
        "reason": trip.reason,
        "steps": transcript(trip.history),
    }
    if trip.usage.tokens:
        told["tokens"] = {"in": trip.usage.tokens_in, "out": trip.usage.tokens_out, "estimated": trip.usage.estimated}
    return trip, told


def _finish(services: Services, errand: Errand, purchase: Purchase, told: Mapping[str, Any]) -> OrderLineInfo:
    """Note what was sold, or waits in a cart. If another process has noted it meanwhile, its line stands."""
    if purchase.draft is not None:
        return _leave_cart(services, errand, purchase, purchase.draft, told)
    total = errand.paid(services, purchase.price)
    notes = {**told, "about": about_sale(errand.request, services.settings.language)}
    try:
        with services.sessions.begin() as session:
            before = dict(orders.line_of(session, errand.line.id).transcript)
            before.pop("announced", None)
            line = orders.finish_line(
                session,
                errand.line.id,
                unit_price=total / errand.terms.quantity,
                total=total,
                bought=sold_what(errand.request, purchase),
                page=purchase.page,
                transcript={"sale": {}, **before, **notes},
                expected_on=services.today(session) + timedelta(days=math.ceil(errand.offer.lead_time_days)),
                now=services.clock(),
            )
    except IllegalStep:
        with services.sessions() as session:
            return orders.line_of(session, errand.line.id)
    log.info("order placed: sku=%s quantity=%d total=%s", line.sku, line.quantity, line.total)
    return line


def _leave_cart(
    services: Services, errand: Errand, purchase: Purchase, draft: Draft, told: Mapping[str, Any]
) -> OrderLineInfo:
    """Leave a cart to the owner, who pays; unless another process has brought the line to an end meanwhile."""
    total = errand.counted(services, draft.total)
    note = cart_note(errand, draft, is_over=total > errand.terms.total, language=services.settings.language)
    try:
        with services.sessions.begin() as session:
            kept = dict(orders.line_of(session, errand.line.id).transcript)
            line = orders.draft_line(
                session,
                errand.line.id,
                unit_price=total / errand.terms.quantity,
                total=total,
                bought=sold_what(errand.request, purchase),
                page=draft.cart,
                note=note,
                transcript={**kept, **told, "draft": cart(errand, purchase, draft)},
                now=services.clock(),
            )
    except IllegalStep:
        with services.sessions() as session:
            return orders.line_of(session, errand.line.id)
    log.info("order drafted: sku=%s quantity=%d total=%s", line.sku, line.quantity, line.total)
    return line


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
