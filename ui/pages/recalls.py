"""Recalls that touch the shop: the evidence, what was done, and deciding about it."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from stocksense.domain.recall import MatchState
from stocksense.store import recalls
from stocksense.store.alerts import open_alerts
from stocksense.store.answers import notices_read
from stocksense.store.quarantine import settle_match
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from tools.recalls import check_recalls
from ui.gate import Approver, Viewer, services_of
from ui.page import Nav, done, render, words_of
from ui.wording import Words

router = APIRouter()

OPEN = (MatchState.PROPOSED, MatchState.QUARANTINED)


def waiting(session: Session, shop: ShopInfo) -> int:
    """How many matches wait for a decision."""
    return open_alerts(session, shop.id).to_decide


NAV = Nav("recalls", "/recalls", icon="recalls", place=60, count=waiting)


def evidence_in_words(say: Words, evidence: str) -> str:
    """Why a notice touches a product, with its nouns in the reader's language."""

    def translated(found: re.Match[str]) -> str:
        return say(f"recalls.by_{found[0]}")

    return re.sub(r"\b(barcode|brand|model|name)\b(?=\s)", translated, evidence)


@router.get("/recalls")
def recalls_page(request: Request, visit: Viewer, show: str = "open") -> Response:
    """The matches that are open, or all, with how fresh the feeds are."""
    services = services_of(request)
    with services.sessions() as session:
        shop = services.shop(session)
        found = recalls.matches(session, shop.id, states=() if show == "all" else OPEN)
        read = notices_read(session, shop)
    say = words_of(request)
    sources = tuple(say.source(source.name) for source in services.recall_sources)
    values: dict[str, Any] = {"matches": found, "read": read, "sources": sources, "show": show, "now": services.clock()}
    return render(request, "recalls.html", evidence=evidence_in_words, **values)


@router.post("/recalls/check")
def check_now(request: Request, visit: Approver) -> Response:
    """Ask the feeds now; nothing is taken off sale by it."""
    checked = check_recalls(services_of(request))
    return done(request, "/recalls", "recalls.checked", n=checked.new_notices)


@router.post("/recalls/{number}/{state}")
def decide(request: Request, visit: Approver, number: int, state: MatchState) -> Response:
    """Take the goods of a match off sale, put them back, or say that it is another product."""
    services = services_of(request)
    with services.sessions.begin() as session:
        settled = settle_match(session, number, state, decided_by=visit.person.email, now=services.clock())
    name = settled.name(visit.person.language)
    return done(request, "/recalls", f"recalls.now_{settled.state}", name=name)
