"""The buyer of a real shop: opens what promises to fit, and buys only what the verdict accepts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agents.shopper.brain import BUY, Thought
from agents.shopper.journey import PER_PAGE, Journey, plain_value
from agents.shopper.lessons import Plan
from agents.shopper.lookout import queries
from agents.shopper.profile import Profile
from agents.shopper.ranking import promise, ranked, weigh
from agents.shopper.request import Request
from agents.shopper.verdict import MENDABLE, Fault, Offered, choices, judge, told_price
from tools.shop_page import Page


@dataclass(frozen=True)
class Careful:
    """One decision: the request, what was found so far, and how far the walk may still go.

    Only what the verdict accepts is bought; without such an offer the walk stops and says why.
    """

    profile: Profile
    request: Request
    journey: Journey
    plan: Plan
    taken: int

    def at(self, page: Page) -> Thought:
        """The next thought and action on a page."""
        if page.kind == "detail":
            return Thought(self.about_detail(), "click[< prev]")
        return self.at_item() if page.kind == "item" else self.among_results(page)

    def among_results(self, page: Page) -> Thought:
        """On the start page or a list of results: open the most promising, turn the page, or search anew."""
        nearest = self._next_to_open(page)
        if nearest:
            listed = self.journey.listed[nearest]
            return Thought(f"'{listed.title}' fits the words best of what is listed; I open it.", f"click[{nearest}]")
        more = page.kind == "results" and page.total > PER_PAGE * page.number
        if more and page.number < self.profile.pages and self._may_open_more():
            return Thought("Nothing more on this page is worth opening; I turn it.", "click[next >]")
        query = next((query for query in queries(self.request, self.plan) if query not in self.journey.queries), "")
        if query and self._may_open_more():
            return Thought(f"I search for {query!r}{self._why(query)}.", f"search[{query}]")
        return Thought("I have looked everywhere that the request leads to.", f"stop[{self.conclusion()}]")

    def at_item(self) -> Thought:
        """On a product's page: read on, choose options, buy, or go back."""
        here = self.journey.at
        offered = self.journey.offer(here)
        verdict = judge(self.request, offered)
        if here not in self.journey.refused and verdict.accepted:
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
        return Thought(f"'{offered.title}' at {told_price(self.request, offered)}: {verdict}. I buy it.", BUY)

    def _worth_reading(self, faults: Iterable[Fault]) -> bool:
        """Whether further reading could help: what the title, options and price decide, no sub-page changes."""
        return all(fault in MENDABLE for fault in faults)

    def _next_to_open(self, page: Page) -> str:
        if page.kind != "results" or not self._may_open_more():
            return ""
        weights = weigh(self.journey.listed)
        fits = {
            result.product: promise(self.request, result, place, weights)
            for place, result in enumerate(page.results, 1)
            if result.product not in self.journey.offers and result.product not in self.plan.avoid
        }
        best = max(fits, key=lambda product: fits[product], default="")
        return best if best and fits[best] > 0 else ""

    def _may_open_more(self) -> bool:
        most = max(self.profile.open // 2, 1) if self.plan.hurry else self.profile.open
        return len(self.journey.offers) < most and self.taken < self.profile.steps - 2

    def _best(self) -> str:
        in_order = ranked(self.request, self.journey)
        return next((product for product in in_order if product not in self.journey.refused), "")

    def _why(self, query: str) -> str:
        if not self.journey.queries:
            return f": {self.plan.reason}" if self.plan.reason else ", the words of the request"
        return f", because {self.journey.queries[-1]!r} brought nothing that fits"
