"""Shops for one goal of a benchmark: the brain sees pages and the instruction, the bench alone sees the reward.

Each trial ends with what the buyer would buy, and the simulated shop sells it at once, so that the benchmark knows its
reward; the evaluator judges after that and decides on another trial. What stands after trial k is the purchase that
the evaluator prefers of the first k, knowing what all k saw: what would have been bought had there been no more trials.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.shopper.ranker import Ranker, shipped_ranker
from agents.shopper.request import Request, parse_request
from graphs.evaluation.episodes import Episode, TrialResult, page_views, walked
from graphs.evaluation.plan import EvaluatorName
from graphs.judging import Evaluator, Judgement, RewardEvaluator, VerifierEvaluator
from graphs.react import Bounds, Trip
from graphs.reflexion import Campaign, Forgets, Learner, Remembers, Trial, best_of, try_and_reflect
from tools.simulated_shop import ShopVisit
from tools.site import Visit
from webshop_env import Goal, Reward, WebShopEnv

Shopper = Callable[[int], Episode]
"""Shops for the goal of a number. Raises ModelUnavailable if a chat model does not answer."""


@dataclass(frozen=True)
class Bench:
    """A benchmark shop, and who shops there how often: the same for each goal, one goal after the other.

    Nothing is learned from one goal for the next; `memory` may only show examples. Our own evaluator puts what was
    bought in order by the `ranker`.
    """

    env: WebShopEnv
    learner: Learner
    evaluator: EvaluatorName
    trials: int
    bounds: Bounds
    memory: Remembers = field(default_factory=Forgets)
    ranker: Ranker = field(default_factory=shipped_ranker)

    def shop(self, number: int) -> Episode:
        """All trials for a goal. Raises ModelUnavailable if a chat model does not answer."""
        goal = self.env.catalog.goal(self.env.suite, number)
        request = parse_request(goal.instruction)
        watched = _Watched(self._evaluator(request), self.env)
        campaign = Campaign(
            request,
            visit=lambda: self._visit(number),
            evaluator=watched,
            learner=self.learner,
            bounds=self.bounds,
            memory=self.memory,
            trials=self.trials,
        )
        trials = try_and_reflect(campaign)
        standing = tuple(best_of(trials[:count], watched).number - 1 for count in range(1, len(trials) + 1))
        results = [_result(trial, reward) for trial, reward in zip(trials, watched.rewards, strict=True)]
        return Episode(number, goal.instruction, wanted(goal), tuple(results), standing)

    def _visit(self, number: int) -> Visit:
        return ShopVisit(self.env, where=lambda: "", wish={"goal": number})

    def _evaluator(self, request: Request) -> Evaluator:
        if self.evaluator == "verifier":
            return VerifierEvaluator(request, ranker=self.ranker)
        return RewardEvaluator(request, lambda: self.env.session.reward.total if self.env.session.reward else 0.0)


@dataclass
class _Watched:
    """An evaluator beside which the benchmark notes the reward of each trial; who shops is never told."""

    inner: Evaluator
    env: WebShopEnv
    rewards: list[Reward | None] = field(default_factory=list)

    def judge(self, trip: Trip, earlier: Sequence[Trip] = ()) -> Judgement:
        """As the evaluator judges."""
        self.rewards.append(self.env.session.reward if trip.purchase else None)
        return self.inner.judge(trip, earlier)

    def prefer(self, trips: Sequence[Trip], judgements: Sequence[Judgement]) -> int:
        """As the evaluator prefers."""
        return self.inner.prefer(trips, judgements)


def _result(trial: Trial, reward: Reward | None) -> TrialResult:
    trip, usage = trial.trip, trial.usage
    return TrialResult(
        reward=reward.total if reward else 0.0,
        outcome=trip.outcome,
        reason=trip.reason,
        bought=_bought(trip),
        parts=reward.parts() if reward else None,
        steps=len(trip.history),
        page_views=page_views(trip.history),
        seconds=trial.seconds,
        tokens=usage.tokens or None,
        estimated=usage.estimated,
        accepted=trial.judgement.passed,
        verdict=trial.judgement.evidence,
        lesson=trial.lesson,
        walk=walked(trip.history),
    )


def _bought(trip: Trip) -> dict[str, Any] | None:
    bought = trip.purchase
    if bought is None:
        return None
    return {
        "product": bought.product.upper(),
        "title": bought.title,
        "options": dict(bought.options),
        "price": None if bought.price is None else float(bought.price),
    }


def wanted(goal: Goal) -> dict[str, Any]:
    """What was meant, for whoever reads the report."""
    return {
        "product": goal.asin,
        "title": goal.name,
        "attributes": list(goal.attributes),
        "options": [[name or "", value] for name, value in goal.options],
        "price_upper": goal.price_upper,
    }
