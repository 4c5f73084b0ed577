"""What a shopper is asked to buy: goals made from the attribute file, goals written by people, and their splits."""

import itertools
import random
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from webshop_env.errors import UnknownGoal
from webshop_env.product import Product

GOAL_ORDER_SEED = 233
NO_CAP = 1_000_000.0
CAPS = range(10, 1000, 10)
SPLITS: Mapping[str, slice] = {"test": slice(0, 500), "dev": slice(500, 1500), "train": slice(1500, None)}


@dataclass(frozen=True, slots=True)
class Goal:
    """One purchase to make. `options` pairs a group's name with the value wanted; people's goals name no group."""

    asin: str
    instruction: str
    attributes: tuple[str, ...]
    options: tuple[tuple[str | None, str], ...]
    price_upper: float
    weight: float = 1.0
    category: str = ""
    query: str = ""
    name: str = ""
    product_category: str = ""

    @property
    def goal_options(self) -> dict[str, str] | list[str]:
        """The options wanted: name to value, or a list of values in a goal written by a person."""
        if self.options and self.options[0][0] is None:
            return [value for _, value in self.options]
        return {str(name): value for name, value in self.options}


def draw_cap(price: float, rng: random.Random) -> float:
    """A price cap somewhat above a price, in dollars; 1,000,000 when the product is too dear to cap."""
    above = [cap for cap in CAPS if cap > price][:4]
    return float(max(rng.sample(above, 2))) if len(above) >= 2 else NO_CAP


def cap_text(cap: float) -> str:
    """How an instruction says the price cap."""
    return "" if cap == NO_CAP else f", and price lower than {cap:.2f} dollars"


def templated_goals(products: Iterable[Product], prices: Mapping[str, float], rng: random.Random) -> list[Goal]:
    """One goal for every combination of options of every product that has an instruction, weighted, unshuffled."""
    goals: list[Goal] = []
    for product in products:
        if product.instruction is None:
            continue
        cap = draw_cap(prices[product.asin], rng)
        names = sorted(product.options)
        for values in itertools.product(*(product.options[name] for name in names)):
            chosen = tuple(zip(names, values, strict=True))
            wish = ", and ".join(f"{name}: {value}" for name, value in chosen)
            text = product.instruction + (f" with {wish}" if wish else "") + cap_text(cap)
            goals.append(_goal(product, text, product.instruction_attributes, chosen, cap=cap))
    counts = Counter(attribute for goal in goals for attribute in goal.attributes)
    return [replace(goal, weight=_rarity(goal, counts)) for goal in goals]


def human_goals(
    products: Mapping[str, Product],
    prices: Mapping[str, float],
    written: Mapping[str, Sequence[Mapping[str, Any]]],
    rng: random.Random,
) -> list[Goal]:
    """One goal for every instruction with attributes that a person wrote for one of the products, unshuffled."""
    goals = []
    for asin in products:
        for entry in written.get(asin, ()):
            attributes = tuple(entry.get("instruction_attributes") or ())
            if not attributes:
                continue
            cap = draw_cap(prices[asin], rng)
            options = tuple((None, value) for value in entry.get("instruction_options") or ())
            text = str(entry["instruction"]).strip(".") + cap_text(cap)
            goals.append(_goal(products[asin], text, attributes, options, cap=cap))
    return goals


def _goal(
    product: Product,
    instruction: str,
    attributes: tuple[str, ...],
    options: tuple[tuple[str | None, str], ...],
    *,
    cap: float,
) -> Goal:
    """A goal to buy this product."""
    return Goal(
        asin=product.asin,
        instruction=instruction,
        attributes=attributes,
        options=options,
        price_upper=cap,
        category=product.category,
        query=product.query,
        name=product.title,
        product_category=product.product_category,
    )


def _rarity(goal: Goal, counts: Mapping[str, int]) -> float:
    """The mean of 1 / how many goals share the attribute, so that common wishes are drawn less often."""
    if not goal.attributes:
        return 1.0
    return sum(1.0 / counts[attribute] for attribute in goal.attributes) / len(goal.attributes)


def shuffled(goals: Sequence[Goal], seed: int = GOAL_ORDER_SEED) -> tuple[Goal, ...]:
    """The goals in the order which everybody's results refer to."""
    order = list(goals)
    random.Random(seed).shuffle(order)
    return tuple(order)


def filter_goals(goals: Sequence[Goal], keep: Callable[[int, Goal], bool]) -> list[Goal]:
    """The goals for which `keep(index, goal)` is true, in order."""
    return [goal for index, goal in enumerate(goals) if keep(index, goal)]


def limit_goals(goals: Sequence[Goal], count: int, rng: random.Random) -> list[Goal]:
    """At most `count` goals, drawn by weight without repetition; all of them in order when there are fewer."""
    if count >= len(goals):
        return list(goals)
    remaining, drawn = list(goals), []
    for _ in range(count):
        at = draw_goal([goal.weight for goal in remaining], rng)
        drawn.append(remaining.pop(at))
    return drawn


def draw_goal(weights: Sequence[float], rng: random.Random) -> int:
    """The index of one goal, drawn with the odds that the weights say."""
    cumulative = list(itertools.accumulate(weights))
    return min(bisect(cumulative, rng.random() * cumulative[-1]), len(cumulative) - 1)


def split_range(split: str, count: int) -> range:
    """The indices of a split of `count` goals: test 0..499, dev 500..1499, train the rest, or all.

    Raises UnknownGoal for another name.
    """
    if split == "all":
        return range(count)
    if split not in SPLITS:
        raise UnknownGoal(f"no split is called {split!r}; choose from all, {', '.join(SPLITS)}")
    return range(count)[SPLITS[split]]
