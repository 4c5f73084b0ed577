"""What a walk through a shop has found so far, read back from its turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from agents.shopper.brain import BUY, Turn, parse_action
from agents.shopper.verdict import OWN_PAGE, Offered
from tools.shop_page import Listed, Page, read_page

PER_PAGE = 10
TEXTS = ("features", "description")
"""The pages of a product that say what it is like."""
Walk = tuple[Turn, ...]


@dataclass
class Journey:
    """The state of a walk; `at` is the product whose pages are open, `chosen` its options that were clicked.

    `found` maps each listed product to its query and page number, `places` to the best place in the shop's own order
    that a search gave it, from 1, `ranks` to that of each query; `seen` maps each query to the last page number seen
    and the number of its results;
    `lists` counts the pages of results; `refused` holds products that may not be bought, `impossible` those whose
    wanted options could not be chosen together, and which these are.
    """

    queries: list[str] = field(default_factory=list)
    at: str = ""
    number: int = 0
    chosen: dict[str, str] = field(default_factory=dict)
    found: dict[str, tuple[str, int]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    ranks: dict[str, dict[str, int]] = field(default_factory=dict)
    listed: dict[str, Listed] = field(default_factory=dict)
    offers: dict[str, Offered] = field(default_factory=dict)
    read: dict[str, set[str]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    impossible: dict[str, str] = field(default_factory=dict)
    visits: Counter[str] = field(default_factory=Counter)
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)
    lists: int = 0

    def offer(self, product: str) -> Offered:
        """What is known of a product that was listed or opened."""
        return self.offers[product] if product in self.offers else self.as_listed(product)

    def places_of(self, product: str) -> tuple[int, ...]:
        """The place of a product in each search in turn, 0 where it was not listed."""
        ranks = self.ranks[product]
        return tuple(ranks.get(query, 0) for query in self.seen)

    def as_listed(self, product: str) -> Offered:
        """What the list of results says of a product; of one that is not listed, nothing."""
        listed = self.listed.get(product)
        if listed is None:
            return Offered(product, "")
        return Offered(product, listed.title, listed.lowest, listed.highest, unread=(OWN_PAGE,))

    def set_out(self) -> None:
        """Begin another walk: what was seen of products and lists stays known, where one stood does not."""
        self.queries, self.at, self.number, self.chosen, self.refused = [], "", 0, {}, {}

    def take(self, turn: Turn) -> None:
        """Follow one turn."""
        done = parse_action(turn.action)
        if turn.refusal or done is None:
            if turn.action == BUY:
                self.refused[self.at] = turn.refusal
            elif done is not None and self.at in self.offers:
                self._fail_to_choose(done[1])
            return
        verb, name = done
        page = look_at(turn.observation, turn.clickables)
        if verb == "search":
            self.queries.append(name)
        if page.kind == "results":
            self._list(page)
        elif page.kind == "item":
            self._open(page, name, turn.clickables)
        elif page.kind == "detail" and self.at and name not in self.read[self.at]:
            self.read[self.at].add(name)
            offer = self.offers[self.at]
            unread = tuple(text for text in offer.unread if text != name)
            self.offers[self.at] = replace(offer, texts=(*offer.texts, page.body), unread=unread)

    def _fail_to_choose(self, name: str) -> None:
        """Note that a value of the open product cannot be had beside those that were chosen before."""
        for group, values in self.offers[self.at].options:
            if name in map(plain_value, values):
                both = [
                    *(f"{one} '{value}'" for one, value in self.chosen.items() if one != group),
                    f"{group} '{name}'",
                ]
                self.impossible[self.at] = " + ".join(both)
                self.refused[self.at] = f"it cannot be had with {self.impossible[self.at]}"

    def _list(self, page: Page) -> None:
        self.at, self.chosen, self.number = "", {}, page.number
        query = self.queries[-1] if self.queries else ""
        most, _ = self.seen.get(query, (0, 0))
        for place, result in enumerate(page.results, PER_PAGE * (page.number - 1) + 1):
            self.places[result.product] = min(self.places.get(result.product, place), place)
            self.ranks.setdefault(result.product, {}).setdefault(query, place)
            self.listed.setdefault(result.product, result)
            self.found.setdefault(result.product, (query, page.number))
        if page.number > most:
            self.seen[query] = (page.number, page.total)
            self.lists += 1

    def _open(self, page: Page, name: str, clickables: tuple[str, ...]) -> None:
        if name in self.listed and not self.at:
            self.at, self.chosen = name, {}
            self.visits[name] += 1
        if self.at not in self.offers:
            self.read[self.at] = set()
            unread = tuple(text for text in TEXTS if text in clickables)
            self.offers[self.at] = Offered(self.at, page.title, page.lowest, page.highest, page.options, unread=unread)
        for group, values in page.options:
            for value in values:
                if plain_value(value) == name:
                    self.chosen[group] = value


def look_at(observation: str, clickables: tuple[str, ...]) -> Page:
    """A page without the instruction at its head, so that a product's page is the same page in every walk."""
    start = observation.find("Back to Search")
    return read_page(observation[start:] if start > 0 else observation, clickables)


def plain_value(value: str) -> str:
    """An option's value as an action names it."""
    return " ".join(value.split()).lower()


def look_back(history: Walk) -> Journey:
    """The journey of a history of turns."""
    return look_back_over([history])


def look_back_over(walks: Iterable[Walk]) -> Journey:
    """What several walks found together; it stands where the last one ended."""
    journey = Journey()
    for walk in walks:
        journey.set_out()
        for turn in walk:
            journey.take(turn)
    return journey
