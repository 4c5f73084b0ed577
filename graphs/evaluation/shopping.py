"""Shops for one goal of a benchmark: the brain sees pages and the instruction, the bench alone sees the reward."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import get_usage_metadata_callback

from agents.shopper.brain import Brain
from agents.shopper.request import Request, parse_request
from graphs.evaluation.episodes import Episode, TrialResult, page_views, walked
from graphs.evaluation.plan import Plan
from graphs.react import Bounds, Gate, Trip, Walk, go, open_gate
from tools.simulated_shop import ShopVisit
from webshop_env import Catalog, Goal, WebShopEnv


@dataclass(frozen=True)
class Bench:
    """A benchmark shop, in which one walk follows the other."""

    env: WebShopEnv
    bounds: Bounds

    @classmethod
    def of(cls, plan: Plan, catalog: Catalog, bounds: Bounds) -> Bench:
        """The shop of a plan."""
        return cls(WebShopEnv(catalog, suite=plan.suite, mode=plan.mode), bounds)

    def goal(self, number: int) -> Goal:
        """What is meant, which no brain is told but for the instruction."""
        return self.env.catalog.goal(self.env.suite, number)

    def request(self, number: int) -> Request:
        """What the buyer is asked for, read from the instruction alone."""
        return parse_request(self.goal(number).instruction)

    def walk(self, brain: Brain, number: int, gate: Gate = open_gate) -> tuple[Trip, TrialResult]:
        """One walk for a goal from the start page. Raises ModelUnavailable if a chat model does not answer."""
        visit = ShopVisit(self.env, where=lambda: "", wish={"goal": number})
        with get_usage_metadata_callback() as counted:
            trip = go(Walk(brain, visit, self.request(number), gate, self.bounds))
        tokens = [usage["total_tokens"] for usage in counted.usage_metadata.values()]
        return trip, self._result(trip, sum(tokens) if tokens else None)

    def _result(self, trip: Trip, tokens: int | None) -> TrialResult:
        bought, reward = trip.purchase, self.env.session.reward
        told: dict[str, Any] | None = None
        if bought:
            told = {
                "product": bought.product.upper(),
                "title": bought.title,
                "options": dict(bought.options),
                "price": float(bought.price),
            }
        return TrialResult(
            reward=reward.total if bought and reward else 0.0,
            outcome=trip.outcome,
            reason=trip.reason,
            bought=told,
            parts=reward.parts() if bought and reward else None,
            steps=len(trip.history),
            page_views=page_views(trip.history),
            seconds=trip.seconds,
            tokens=tokens,
            walk=walked(trip.history),
        )


def shop_once(bench: Bench, brain: Brain, number: int) -> Episode:
    """An episode of one walk."""
    _, result = bench.walk(brain, number)
    return Episode(number, bench.goal(number).instruction, wanted(bench.goal(number)), (result,), (0,))


def wanted(goal: Goal) -> dict[str, Any]:
    """What was meant, for whoever reads the report."""
    return {
        "product": goal.asin,
        "title": goal.name,
        "attributes": list(goal.attributes),
        "options": [[name or "", value] for name, value in goal.options],
        "price_upper": goal.price_upper,
    }


Shopper = Callable[[int], Episode]
"""Shops for the goal of a number. Raises ModelUnavailable if a chat model does not answer."""
