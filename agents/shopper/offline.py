"""A buyer without a language model: plans queries, reads pages, compares words, and says why at every step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agents.shopper.brain import BUY, Thought, Turn
from agents.shopper.journey import Journey, look_back, plain_value
from agents.shopper.lessons import Insight, Plan, plan_from
from agents.shopper.ranking import promise, ranked, weigh
from agents.shopper.request import Request
from agents.shopper.verdict import MENDABLE, Fault, Offered, choices, judge
from tools.shop_page import Page, read_page

_PER_PAGE = 10


@dataclass(frozen=True)
class Profile:
    """How long to look: `steps` in all, result `pages` a query, products to `open`, what to `read` of each.

    With `must_buy` the best offer is bought although something is wrong with it: for benchmarks, never for a shop.
    """

    steps: int = 30
    pages: int = 2
    open: int = 6
    read: tuple[str, ...] = ("features", "description")
    must_buy: bool = False

    @property
    def look(self) -> int:
        """Steps that it takes to look at one more product: open it, read of it, and return each time."""
        return 2 + 2 * len(self.read)


PATIENT = Profile()
QUICK = Profile(steps=15, pages=1, open=5, read=(), must_buy=True)


@dataclass(frozen=True)
class OfflineShopper:
    """The brain without a language model; `lessons` are what earlier failures of the same kind taught."""

    profile: Profile = PATIENT
    lessons: tuple[Insight, ...] = ()
    name: str = "offline"

    def think(
        self, observation: str, clickables: tuple[str, ...], *, history: tuple[Turn, ...], request: Request
    ) -> Thought:
        """The next thought and action, from words on pages alone."""
        walk = _Walk(self.profile, request, look_back(history), plan_from(self.lessons), len(history))
        page = read_page(observation, clickables)
        if page.kind == "detail":
            return Thought(walk.about_detail(), "click[< prev]")
        if page.kind == "done":
            return Thought("The shop confirms the purchase.", "stop[bought]")
        return walk.at_item() if page.kind == "item" else walk.among_results(page)


@dataclass(frozen=True)
class _Walk:
    """One decision: the request, what was found so far, and how far the walk may still go."""

    profile: Profile
    request: Request
    journey: Journey
    plan: Plan
    taken: int

    def among_results(self, page: Page) -> Thought:
        """On the start page or a list of results: open the most promising, turn the page, or search anew."""
        best = self._best()
        if best and self._must_settle(best):
            return self._go_to(best)
        nearest = self._next_to_open(page)
        if nearest:
            listed = self.journey.listed[nearest]
            return Thought(f"'{listed.title}' fits the words best of what is listed; I open it.", f"click[{nearest}]")
        more = page.kind == "results" and page.total > _PER_PAGE * page.number
        if more and page.number < self.profile.pages and self._may_open_more():
            return Thought("Nothing more on this page is worth opening; I turn it.", "click[next >]")
        query = next((query for query in queries(self.request, self.plan) if query not in self.journey.queries), "")
        if query and self._may_open_more():
            return Thought(f"I search for {query!r}{self._why(query)}.", f"search[{query}]")
        if best and self.profile.must_buy:
            return self._go_to(best)
        return Thought("I have looked everywhere that the request leads to.", f"stop[{self.conclusion()}]")

    def at_item(self) -> Thought:
        """On a product's page: read on, choose options, buy, or go back."""
        here = self.journey.at
        offered = self.journey.offer(here)
        verdict = judge(self.request, offered)
        settle = self._best() == here and (self._must_settle(here) or self.journey.visits[here] > 1)
        if here not in self.journey.refused and (verdict.accepted or (settle and self.profile.must_buy)):
            return self._buy(offered, str(verdict))
        unread = next((name for name in self.profile.read if name not in self.journey.read.get(here, ())), "")
        if unread and here not in self.journey.refused and self._worth_reading(verdict.faults):
            return Thought(f"So far {verdict}; I read its {unread}.", f"click[{unread}]")
        return Thought(f"I leave it: {self.journey.refused.get(here) or verdict}.", "click[< prev]")

    def about_detail(self) -> str:
        """What a page of features or of the description added."""
        return f"Having read this, I find: {judge(self.request, self.journey.offer(self.journey.at))}."

    def conclusion(self) -> str:
        """Why nothing was bought, in one sentence."""
        best = self._best()
        if not best:
            return "nothing was found that may be bought"
        offer = self.journey.offer(best)
        return f"nothing fits; the nearest is {offer.title[:80]!r}: {judge(self.request, offer)}".replace("]", ")")

    def _buy(self, offered: Offered, verdict: str) -> Thought:
        for group, value in choices(self.request, offered).items():
            if self.journey.chosen.get(group) != value:
                return Thought(f"The request asks for {group} '{value}'.", f"click[{plain_value(value)}]")
        return Thought(f"'{offered.title}' at {offered.highest} dollars: {verdict}. I buy it.", BUY)

    def _worth_reading(self, faults: Iterable[Fault]) -> bool:
        """Whether further reading could help: what the title, options and price decide, no sub-page changes."""
        return self.profile.must_buy or all(fault in MENDABLE for fault in faults)

    def _next_to_open(self, page: Page) -> str:
        if page.kind != "results" or not self._may_open_more():
            return ""
        weights = weigh(self.journey.listed)
        fits = {
            result.product: promise(self.request, result, place, weights)
            for place, result in enumerate(page.results, 1)
            if result.product not in self.journey.offers
        }
        best = max(fits, key=lambda product: fits[product], default="")
        return best if best and fits[best] > 0 else ""

    def _may_open_more(self) -> bool:
        most = max(self.profile.open // 2, 1) if self.plan.hurry else self.profile.open
        return len(self.journey.offers) < most and self.taken < self.profile.steps - 2

    def _best(self) -> str:
        in_order = ranked(self.request, self.journey)
        return next((product for product in in_order if product not in self.journey.refused), "")

    def _must_settle(self, best: str) -> bool:
        """Whether the steps left barely suffice to reach the best offer and buy it."""
        if not self.profile.must_buy:
            return False
        needed = 2 + len(self.request.options) + self.journey.found[best][1]
        return self.profile.steps - self.taken < needed + self.profile.look

    def _go_to(self, best: str) -> Thought:
        """From a list of results to the page of a product that was seen before."""
        query, number = self.journey.found[best]
        why = f"'{self.journey.listed[best].title}' is the best that I found; I go back to it."
        if not self.journey.queries or self.journey.queries[-1] != query or self.journey.number > number:
            return Thought(why, f"search[{query}]")
        return Thought(why, f"click[{best}]" if self.journey.number == number else "click[next >]")

    def _why(self, query: str) -> str:
        if not self.journey.queries:
            return f": {self.plan.reason}" if self.plan.reason else ", the words of the request"
        return f", because {self.journey.queries[-1]!r} brought nothing that fits"


def queries(request: Request, plan: Plan) -> tuple[str, ...]:
    """What to search for, in order: all the words, then fewer."""
    values = [value for _, value in request.options]
    exact = [request.name, *values] if request.name else [*request.attributes, request.kind, *values]
    if plan.name_pack:
        exact.append(f"pack of {request.pack_size}")
    drafts = [exact, [request.name or request.kind], [request.kind, *request.attributes], [request.kind]]
    if plan.broaden:
        drafts = [*drafts[1:], drafts[0]]
    return tuple(dict.fromkeys(query for draft in drafts if (query := _query(draft))))


def _query(parts: Iterable[str]) -> str:
    return " ".join(_once(word for part in parts for word in part.replace("[", " ").replace("]", " ").lower().split()))


def _once(words: Iterable[str]) -> Iterator[str]:
    yield from dict.fromkeys(words)
