"""Ranks offers for a request by their words: which to open first, and which is the best of those that were read."""

from __future__ import annotations

from collections.abc import Mapping

from agents.shopper.journey import Journey
from agents.shopper.request import Request
from agents.shopper.verdict import Fault, Offered, judge
from agents.shopper.words import rarity, weighed_cover, word_set
from tools.shop_page import Listed

Weights = Mapping[str, float]
ORDER = 4.0
"""How much the first place of a list counts beside a title that holds every word.

This and the next two were chosen on WebShop's templated goals from number 2000 on."""
OPTIONS = 6.0
"""How much lacking every option, or costing too much, takes from an offer's merit."""
PLACE = 3.0
"""How much the first place of a list adds to an offer's merit."""


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
    """How good an offer is, as far as it was read: its options count most, then what its words say of the rest."""
    faults = judge(request, offered).faults
    said = " ".join((offered.title, *offered.texts))
    missing = faults.count(Fault.OPTION) / len(request.options) if request.options else 0.0
    dear = Fault.PRICE in faults or Fault.NO_PRICE in faults
    kind = weighed_cover(word_set(request.kind), said, weights)
    return kind + weighed_cover(wanted_words(request), said, weights) - OPTIONS * missing - OPTIONS * dear


def ranked(request: Request, journey: Journey) -> list[str]:
    """Products that were listed, best first; those that were opened come before the others."""
    weights = weigh(journey.listed)
    worth = {
        product: merit(request, journey.offer(product), weights) + PLACE / (journey.places[product] + 1)
        for product in journey.listed
    }
    return sorted(worth, key=lambda product: (product not in journey.offers, -worth[product]))
