"""What a shopper scores, said so that it can be repeated: product set, suite, split, mode, n, and a 95 % interval."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from webshop_env.env import WebShopEnv
from webshop_env.goals import split_range

Z95 = 1.96
Shopper = Callable[[WebShopEnv, int], float]
"""Shops for one goal of an environment and returns the reward."""


@dataclass(frozen=True, slots=True)
class Score:
    """Rewards of a shopper over the goals of a split."""

    shopper: str
    products: str
    suite: str
    split: str
    mode: str
    seed: int
    rewards: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean reward, times 100."""
        return 100 * fmean(self.rewards) if self.rewards else math.nan

    @property
    def success(self) -> float:
        """How many purchases had full marks, in percent."""
        return 100 * fmean(reward == 1.0 for reward in self.rewards) if self.rewards else math.nan

    @property
    def mean_margin(self) -> float:
        """Half the width of the mean's 95 % interval, by the normal approximation."""
        return Z95 * 100 * stdev(self.rewards) / math.sqrt(len(self.rewards)) if len(self.rewards) > 1 else math.nan

    @property
    def success_interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the success rate, in percent."""
        n = len(self.rewards)
        if not n:
            return (math.nan, math.nan)
        share = self.success / 100
        middle = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
        half = Z95 / (1 + Z95**2 / n) * math.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
        return (100 * max(0.0, middle - half), 100 * min(1.0, middle + half))

    def __str__(self) -> str:
        low, high = self.success_interval
        return (
            f"{self.shopper}: score {self.mean:.1f} ± {self.mean_margin:.1f}, success {self.success:.1f} % "
            f"({low:.1f} to {high:.1f}) | products {self.products}, suite {self.suite}, split {self.split}, "
            f"mode {self.mode}, n {len(self.rewards)}, seed {self.seed}, 95 % intervals"
        )


def measure(name: str, shopper: Shopper, env: WebShopEnv, *, split: str = "test", most: int | None = None) -> Score:
    """Let a shopper shop for the goals of a split (at most `most` of them), and score it.

    Raises UnknownGoal for an unknown split or suite.
    """
    places: Sequence[int] = split_range(split, len(env.catalog.goals(env.suite)))[:most]
    rewards = tuple(shopper(env, index) for index in places)
    catalog = env.catalog
    return Score(name, catalog.name, env.suite, split, env.mode, catalog.seed, rewards)


def first_hit(env: WebShopEnv, goal: int) -> float:
    """The simplest rule: search for the whole instruction and buy the first product found, without options."""
    instruction = env.catalog.goal(env.suite, goal).instruction
    env.reset(options={"goal": goal})
    *_, info = env.step(f"search[{instruction}]")
    asins = [name for name in info["clickables"] if name not in ("back to search", "next >")]
    if not asins:
        return 0.0
    env.step(f"click[{asins[0]}]")
    return env.step("click[buy now]")[1]


def right_product(env: WebShopEnv, goal: int) -> float:
    """Knows the product that was meant, and buys it without options."""
    return env.score(goal, env.catalog.goal(env.suite, goal).asin, {}).total


def oracle(env: WebShopEnv, goal: int) -> float:
    """Knows the product and the options that were meant, and buys just these."""
    wanted = env.catalog.goal(env.suite, goal)
    options = {str(name or place): value for place, (name, value) in enumerate(wanted.options)}
    return env.score(goal, wanted.asin, options).total


BASELINES: dict[str, Shopper] = {"rule baseline": first_hit, "right product": right_product, "oracle": oracle}
