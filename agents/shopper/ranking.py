"""Ranks offers for a request by their words: which to open first, and which is the best of those that were read."""

from __future__ import annotations

from collections.abc import Mapping

from agents.shopper.journey import Journey
from agents.shopper.request import Request
from agents.shopper.verdict import Fault, Offered, choices, judge
from agents.shopper.words import rarity, weighed_cover, word_set
from tools.shop_page import Listed

Weights = Mapping[str, float]
ORDER = 2.0
"""How much the first place of a list counts beside a title that holds every word (chosen on goals from 2000 on)."""


def wanted_words(request: Request) -> frozenset[str]:
    """Every word that an offer should hold."""
    values = [value for _, value in request.options]
    return word_set(" ".join([request.kind, request.name, *request.attributes, *values]))


def weigh(listed: Mapping[str, Listed]) -> Weights:
    """Weights of words, from the titles that were listed so far."""
    return rarity(result.title for result in listed.values())


def promise(request: Request, listed: Listed, place: int, weights: Weights) -> float:
    """How promising a listed product is; 0 says not worth opening. `place` counts from 1 in the shop's own order.

    The shop's order knows what titles do not say (options, descriptions), so it counts as well as the title's words.
    A product that is asked for by name has to carry all of the name's words; none may cost more than the cap.
    """
    over = request.price_cap is not None and listed.lowest is not None and listed.lowest > request.price_cap
    if over or (request.name and not word_set(request.name) <= word_set(listed.title)):
        return 0.0
    return ORDER / (place + 1) + weighed_cover(wanted_words(request), listed.title, weights)


def merit(request: Request, offered: Offered, weights: Weights) -> float:
    """How good an offer is, as far as it was read: the share of what was asked for that it has."""
    verdict = judge(request, offered)
    kind = weighed_cover(word_set(request.kind), " ".join((offered.title, *offered.texts)), weights)
    had = len(request.attributes) - verdict.faults.count(Fault.ATTRIBUTE)
    had += min(len(choices(request, offered)), len(request.options))
    had += Fault.PRICE not in verdict.faults
    asked = len(request.attributes) + len(request.options) + 1
    return (had / asked + 2 * kind + weighed_cover(wanted_words(request), offered.title, weights)) / 4


def ranked(request: Request, journey: Journey) -> list[str]:
    """Products that were listed, best first; those that were opened come before the others."""
    weights = weigh(journey.listed)
    worth = {product: merit(request, journey.offer(product), weights) for product in journey.listed}
    return sorted(worth, key=lambda product: (product not in journey.offers, -worth[product]))
