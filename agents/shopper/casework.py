"""Goals of a shop as the buyer meets them: what its pages show for each, and what each purchase would bring."""

from __future__ import annotations

from dataclasses import dataclass, replace

from agents.shopper.brain import Turn
from agents.shopper.journey import PER_PAGE, TEXTS, Journey, look_at
from agents.shopper.lookout import surveys
from agents.shopper.ranker import Pace
from agents.shopper.request import Request, parse_request
from agents.shopper.verdict import Offered, choices
from webshop_env import Catalog, Goal, WebShopEnv


@dataclass(frozen=True)
class Look:
    """How far a pace looks: pages of results for each search, products opened, products read, texts of each."""

    pages: int
    open: int
    read: int
    texts: int


LOOKS: dict[Pace, Look] = {"thorough": Look(5, 30, 10, 2), "quick": Look(1, 4, 3, 1)}


@dataclass(frozen=True)
class Case:
    """One goal's walk: the journey with everything listed and read, and the reward for buying each product."""

    request: Request
    journey: Journey
    rewards: dict[str, float]


class Reader:
    """Reads a catalogue as a visitor does; a product's pages are the same for every wish, so they are read once."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._env = WebShopEnv(catalog)
        self._products: dict[str, Offered] = {}

    def case(self, goal: Goal, pace: Pace) -> Case:
        """The walk for one goal: all searches of a pace, then the pages of all that they list."""
        request = parse_request(goal.instruction)
        journey = Journey()
        self._env.reset(options={"instruction": goal.instruction})
        for query in surveys(request):
            for action in [f"search[{query}]", *["click[next >]"] * (LOOKS[pace].pages - 1)]:
                text, _, _, _, info = self._env.step(action)
                journey.take(Turn("", action, text, tuple(info["clickables"])))
                if PER_PAGE * journey.number >= look_at(text, tuple(info["clickables"])).total:
                    break
        for product in journey.listed:
            offered = self._product(product)
            journey.offers[product] = replace(offered, texts=offered.texts[: LOOKS[pace].texts])
        rewards = {product: self._reward(goal, request, offered) for product, offered in journey.offers.items()}
        return Case(request, journey, rewards)

    def _product(self, product: str) -> Offered:
        known = self._products.get(product)
        if known is None:
            self._env.session.open_item(product.upper())
            page = look_at(self._env.session.text, tuple(self._env.session.page.clicks))
            texts = []
            for name in TEXTS:
                text, _, _, _, info = self._env.step(f"click[{name}]")
                texts.append(look_at(text, tuple(info["clickables"])).body)
                self._env.step("click[< prev]")
            known = Offered(product, page.title, page.lowest, page.highest, page.options, tuple(texts))
            self._products[product] = known
        return known

    def _reward(self, goal: Goal, request: Request, offered: Offered) -> float:
        """The reward for buying a product with what the buyer would choose of its options."""
        own = self.catalog.product(offered.product.upper()).options
        chosen = {}
        for group, value in choices(request, offered).items():
            name = next((name for name in own if " ".join(name.split()) == " ".join(group.split())), group)
            chosen[name] = next((spelled for spelled in own.get(name, ()) if spelled.strip() == value.strip()), value)
        return self.catalog.score(goal, offered.product.upper(), chosen).total
