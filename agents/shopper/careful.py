"""The buyer of a real shop: opens what promises to fit, and buys only what the verdict accepts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agents.shopper.aloud import Told, page_named, price_of, remembering, thought, told
from agents.shopper.brain import BUY, Thought
from agents.shopper.journey import PER_PAGE, Journey, plain_value
from agents.shopper.lessons import Plan
from agents.shopper.lookout import queries
from agents.shopper.profile import Profile
from agents.shopper.ranking import promise, ranked, weigh
from agents.shopper.request import Request
from agents.shopper.verdict import MENDABLE, Fault, Offered, Verdict, choices, judge
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
            return thought(
                "have read", "click[< prev]", verdict=judge(self.request, self.journey.offer(self.journey.at))
            )
        return self.at_item() if page.kind == "item" else self.among_results(page)

    def among_results(self, page: Page) -> Thought:
        """On the start page or a list of results: open the most promising, turn the page, or search anew."""
        nearest = self._next_to_open(page)
        if nearest:
            listed = self.journey.listed[nearest]
            return thought("open", f"click[{nearest}]", title=listed.title)
        more = page.kind == "results" and page.total > PER_PAGE * page.number
        if more and page.number < self.profile.pages and self._may_open_more():
            return thought("turn", "click[next >]")
        query = next((query for query in queries(self.request, self.plan) if query not in self.journey.queries), "")
        if query and self._may_open_more():
            return thought("search", f"search[{query}]", query=query, why=self._why())
        return thought("everywhere", f"stop[{self.conclusion()}]")

    def at_item(self) -> Thought:
        """On a product's page: read on, choose options, buy, or go back."""
        here = self.journey.at
        offered = self.journey.offer(here)
        verdict = judge(self.request, offered)
        if here not in self.journey.refused and verdict.accepted:
            return self._buy(offered, verdict)
        unread = next((name for name in self.profile.read if name not in self.journey.read.get(here, ())), "")
        if unread and here not in self.journey.refused and self._worth_reading(verdict.faults):
            return thought("so far", f"click[{unread}]", verdict=verdict, page=page_named(unread))
        return thought("leave", "click[< prev]", why=self.journey.refused.get(here) or verdict)

    def conclusion(self) -> str:
        """Why nothing was bought, in one sentence."""
        best = self._best()
        if not best:
            return "nothing was found that may be bought"
        offer = self.journey.offer(best)
        return f"nothing fits; the nearest is {offer.title[:80]!r}: {judge(self.request, offer)}".replace("]", ")")

    def _buy(self, offered: Offered, verdict: Verdict) -> Thought:
        for group, value in choices(self.request, offered).items():
            if self.journey.chosen.get(group) != value:
                return thought("option", f"click[{plain_value(value)}]", group=group, value=value)
        price = price_of(offered, self.request.currency)
        return thought("buy", BUY, title=offered.title, price=price, verdict=verdict)

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

    def _why(self) -> Told:
        if self.journey.queries:
            return told("in vain", last=self.journey.queries[-1])
        return remembering(self.plan.lesson) if self.plan.lesson else told("asked")
