"""The nearest offers of a walk that ended without a purchase, each with what is wrong with it, for people and pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agents.shopper.journey import Journey, look_back
from agents.shopper.ranking import ranked
from agents.shopper.request import Request
from agents.shopper.verdict import MENDABLE, Fault, Finding, Offered, Verdict, judge
from agents.shopper.words import covered
from graphs.react import Trip
from stocksense.domain.reasons import Language, show_money

MOST = 3
LONGEST_TITLE = 90
_FITS = {"ko": "요청한 그대로이지만 사지 못함", "en": "it is what was asked for, but could not be bought"}
_NOT_OPENED = {"ko": "목록에서만 봄", "en": "it was seen in a list only"}
_TOLD_BY_LIST = frozenset({Fault.NAME, Fault.PRICE, Fault.NO_PRICE, Fault.PACK})
"""Faults that a list of results can show; of options and attributes it says nothing."""


@dataclass(frozen=True)
class Alternative:
    """One product that was seen instead: its price in the site's currency (None if none was shown), and its faults.

    Its title is the shop's own text; `page` is where it was opened, empty if it was only seen in a list.
    """

    product: str
    title: str
    price: Decimal | None
    currency: str
    page: str
    verdict: Verdict

    def why(self, language: Language) -> str:
        """Why it was not bought, in Korean or English, with prices in the site's currency."""
        if self.verdict.accepted:
            return _FITS[language] if self.page else _NOT_OPENED[language]
        return self.verdict.say(language)

    def tag(self, language: Language) -> str:
        """Its title, number and price in one line."""
        price = "" if self.price is None else f" {show_money(self.price, self.currency, language)}"
        return f"{self.title[:LONGEST_TITLE]} [{self.product}]{price}"

    def plain(self) -> dict[str, Any]:
        """As plain values to store and to show on a page."""
        return {
            "product": self.product,
            "title": self.title[:LONGEST_TITLE],
            "price": None if self.price is None else str(self.price),
            "currency": self.currency,
            "page": self.page,
            "faults": [str(fault) for fault in self.verdict.faults],
            "why": {"ko": self.why("ko"), "en": self.why("en")},
        }


def alternatives(request: Request, trip: Trip, currency: str) -> tuple[Alternative, ...]:
    """The best offers that a walk came across, best first; what shares no word with the request is none."""
    journey = look_back(trip.history)
    pages = _pages(trip)
    seen = (journey.offer(product) for product in ranked(request, journey))
    near = [offer for offer in seen if covered(f"{request.kind} {request.name}", offer.title) > 0]
    return tuple(
        Alternative(
            offer.product,
            offer.title,
            offer.highest,
            currency,
            pages.get(offer.product, ""),
            _judged(request, offer, journey),
        )
        for offer in near[:MOST]
    )


def _judged(request: Request, offer: Offered, journey: Journey) -> Verdict:
    """What is wrong with an offer: first what is certain, then what was not confirmed as far as it was read."""
    was_opened = offer.product in journey.offers
    findings = [one for one in judge(request, offer).findings if was_opened or one.fault in _TOLD_BY_LIST]
    if offer.product in journey.impossible:
        findings.append(Finding(Fault.OPTION, journey.impossible[offer.product]))
    return Verdict(tuple(sorted(findings, key=lambda finding: finding.fault in MENDABLE)))


def _pages(trip: Trip) -> dict[str, str]:
    """Where each product was opened, by the action that opened it."""
    opened = (turn for turn in trip.history if turn.action.startswith("click[") and not turn.refusal)
    return {turn.action[len("click[") : -1].lower(): turn.page for turn in opened}


def nearest_of(found: Sequence[Alternative], language: Language) -> str:
    """All of them in one line, each with why it was not bought."""
    return " / ".join(f"{one.tag(language)} ({one.why(language)})" for one in found)
