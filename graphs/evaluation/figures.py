"""What the episodes say: score and success with their intervals, by trial, and what a task cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from graphs.evaluation.episodes import Episode
from graphs.evaluation.plan import Plan
from webshop_env import Catalog, WebShopEnv
from webshop_env.scores import BASELINES, Score

UNITS = {
    "score": "mean reward x 100, 0 to 100",
    "success_rate": "percent of tasks with reward 1.0, 0 to 100",
    "success_interval": "percent, Wilson's 95 % interval",
    "score_interval": "as score, 95 % interval by the normal approximation",
    "steps_mean": "actions a task, all its trials together",
    "page_views_mean": "pages that the shop was asked for a task, all its trials together",
    "seconds_mean": "seconds a task, all its trials together",
    "tokens_mean": "tokens a task, all its trials together; null without a chat model; estimated if tokens_estimated",
}


@dataclass(frozen=True)
class Figures:
    """The result of an evaluation. `by_trial[k]` is the result had the run ended after k + 1 trials.

    Costs are means over tasks, of all their trials together. `unfinished` counts the tasks that have no result
    because the model was not available; they are in no mean.
    """

    plan: Plan
    by_trial: tuple[Score, ...]
    steps_mean: float
    page_views_mean: float
    seconds_mean: float
    seconds_median: float
    tokens_mean: float | None
    tokens_estimated: bool = False
    unfinished: int = 0
    baselines: tuple[Score, ...] = ()

    @property
    def final(self) -> Score:
        """The result after the last trial."""
        return self.by_trial[-1]

    def label(self) -> str:
        """What has to stand beside every printed score, so that it can be repeated."""
        score, plan = self.final, self.plan
        return (
            f"products {score.products}, suite {score.suite}, split {score.split}, mode {score.mode}, "
            f"n {len(score.rewards)}, seed {score.seed}, profile {plan.profile}, evaluator {plan.evaluator}"
        )

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain values, named for a program; `units` says what the numbers are."""
        plan = self.plan
        return {
            **score_dict(self.final),
            "profile": plan.profile,
            "evaluator": plan.evaluator,
            "brain": plan.brain,
            "model": plan.model,
            "trials": plan.trials,
            "unfinished": self.unfinished,
            "steps_mean": self.steps_mean,
            "page_views_mean": self.page_views_mean,
            "seconds_mean": self.seconds_mean,
            "seconds_median": self.seconds_median,
            "tokens_mean": self.tokens_mean,
            "tokens_estimated": self.tokens_estimated,
            "by_trial": [score_dict(score) | {"trial": place} for place, score in enumerate(self.by_trial, 1)],
            "baselines": [score_dict(score) for score in self.baselines],
            "units": UNITS,
        }


def score_dict(score: Score) -> dict[str, Any]:
    """A score with everything that names it, as plain values."""
    low, high = score_interval(score)
    return {
        "shopper": score.shopper,
        "score": round(score.mean, 4),
        "score_interval": [round(low, 4), round(high, 4)],
        "success_rate": round(score.success, 4),
        "success_interval": [round(edge, 4) for edge in score.success_interval],
        "n": len(score.rewards),
        "products": score.products,
        "suite": score.suite,
        "split": score.split,
        "mode": score.mode,
        "seed": score.seed,
    }


def score_interval(score: Score) -> tuple[float, float]:
    """The 95 % interval of the mean reward x 100; of one task it is everything from 0 to 100."""
    margin = score.mean_margin if len(score.rewards) > 1 else 100.0
    return max(0.0, score.mean - margin), min(100.0, score.mean + margin)


def figures(
    plan: Plan,
    catalog: Catalog,
    episodes: Sequence[Episode],
    *,
    unfinished: int = 0,
    baselines: tuple[Score, ...] = (),
) -> Figures:
    """Reckon the result of episodes, of which there must be one at least."""
    tokens = [trial.tokens for episode in episodes for trial in episode.trials if trial.tokens is not None]
    seconds = [sum(trial.seconds for trial in episode.trials) for episode in episodes]
    return Figures(
        plan=plan,
        by_trial=tuple(
            _score(plan, catalog, plan.shopper, tuple(episode.after(k).reward for episode in episodes))
            for k in range(1, plan.trials + 1)
        ),
        steps_mean=fmean(sum(trial.steps for trial in episode.trials) for episode in episodes),
        page_views_mean=fmean(sum(trial.page_views for trial in episode.trials) for episode in episodes),
        seconds_mean=fmean(seconds),
        seconds_median=median(seconds),
        tokens_mean=sum(tokens) / len(episodes) if tokens else None,
        tokens_estimated=any(trial.estimated for episode in episodes for trial in episode.trials),
        unfinished=unfinished,
        baselines=baselines,
    )


def measure_baselines(plan: Plan, catalog: Catalog, goals: Sequence[int]) -> tuple[Score, ...]:
    """What simple rules and those who know the answer score on the same goals."""
    env = WebShopEnv(catalog, suite=plan.suite, mode=plan.mode)
    named: Mapping[str, Any] = BASELINES
    return tuple(
        _score(plan, catalog, f"baseline: {name}", tuple(shop(env, goal) for goal in goals))
        for name, shop in named.items()
    )


def _score(plan: Plan, catalog: Catalog, shopper: str, rewards: tuple[float, ...]) -> Score:
    return Score(shopper, catalog.name, plan.suite, plan.split, plan.mode, catalog.seed, rewards)
