"""What a walk through a shop has found so far, read back from its turns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from agents.shopper.brain import BUY, Turn, parse_action
from agents.shopper.verdict import Offered
from tools.shop_page import Listed, read_page


@dataclass
class Journey:
    """The state of a walk; `at` is the product whose pages are open, `chosen` its options that were clicked.

    `found` maps each listed product to its query and page number, `places` to its place on that page, from 1;
    `refused` holds products that may not be bought.
    """

    queries: list[str] = field(default_factory=list)
    at: str = ""
    number: int = 0
    chosen: dict[str, str] = field(default_factory=dict)
    found: dict[str, tuple[str, int]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    listed: dict[str, Listed] = field(default_factory=dict)
    offers: dict[str, Offered] = field(default_factory=dict)
    read: dict[str, set[str]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    visits: Counter[str] = field(default_factory=Counter)

    def offer(self, product: str) -> Offered:
        """What is known of a product that was listed or opened."""
        listed = self.listed.get(product)
        if product in self.offers or listed is None:
            return self.offers[product]
        return Offered(product, listed.title, listed.lowest, listed.highest)

    def take(self, turn: Turn) -> None:
        """Follow one turn."""
        done = parse_action(turn.action)
        if turn.refusal or done is None:
            if turn.action == BUY:
                self.refused[self.at] = turn.refusal
            return
        verb, name = done
        page = read_page(turn.observation, turn.clickables)
        if verb == "search":
            self.queries.append(name)
        if page.kind == "results":
            self._list(turn, page.number)
        elif page.kind == "item":
            self._open(turn, name)
        elif page.kind == "detail" and self.at:
            self.read[self.at].add(name)
            self.offers[self.at] = replace(self.offers[self.at], texts=(*self.offers[self.at].texts, page.body))

    def _list(self, turn: Turn, number: int) -> None:
        self.at, self.chosen, self.number = "", {}, number
        for place, result in enumerate(read_page(turn.observation, turn.clickables).results, 1):
            self.places.setdefault(result.product, place)
            self.listed.setdefault(result.product, result)
            self.found.setdefault(result.product, (self.queries[-1] if self.queries else "", number))

    def _open(self, turn: Turn, name: str) -> None:
        page = read_page(turn.observation, turn.clickables)
        if name in self.listed and not self.at:
            self.at, self.chosen = name, {}
            self.visits[name] += 1
        if self.at not in self.offers:
            self.read[self.at] = set()
            self.offers[self.at] = Offered(self.at, page.title, page.lowest, page.highest, page.options)
        for group, values in page.options:
            for value in values:
                if plain_value(value) == name:
                    self.chosen[group] = value


def plain_value(value: str) -> str:
    """An option's value as an action names it."""
    return " ".join(value.split()).lower()


def look_back(history: tuple[Turn, ...]) -> Journey:
    """The journey of a history of turns."""
    journey = Journey()
    for turn in history:
        journey.take(turn)
    return journey
