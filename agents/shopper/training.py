"""Trains the ranker on goals of the train split: what its pages show, and the reward that each purchase would bring.

The model is a softmax over the products of one walk, linear in the features; what is made likely is that the best
product is taken (the marginal likelihood, so that of several good ones any will do). Weights whose meaning is known
keep their sign, so that accidents of one catalogue are not learned.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agents.shopper.bazaar import messy_shop
from agents.shopper.casework import LOOKS, Case, Look, Reader
from agents.shopper.features import AGAINST, EITHER, NAMES, SKIPPED, Rareness, held_by, listed_features, opened_features
from agents.shopper.options import Group
from agents.shopper.ranker import FORMS, LEVELS, PACES, Form, Level, Pace, Ranker
from agents.shopper.words import rarity
from stocksense.errors import BadValue
from webshop_env import Catalog, Goal
from webshop_env.goals import SPLITS, split_range

SUITES: dict[Form, tuple[str, ...]] = {"named": ("templated",), "free": ("paraphrased", "paraphrased-ko")}
TRAIN = SPLITS["train"]
POWER = 8
"""A reward counts to this power: one that is not full is little comfort."""
ROUNDS, RATE, DECAY, SQUARES = 400, 0.1, 0.9, 0.99
"""Steps of Adam, and its constants."""
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Settings:
    """What may be chosen in training: goals a form, the weight of the penalty on large weights, the seed.

    `messy` is how many goals a form are learned from in a messier copy of the shop as well (`bazaar`).
    """

    goals: int = 1_400
    penalty: float = 0.1
    seed: int = 7
    messy: int = 0

    @classmethod
    def shipped(cls) -> Settings:
        """Those of the weights that come with the project: the shipped catalogue is tidier than shops are."""
        return cls(goals=150, penalty=0.3, messy=1_200)


def train(catalog: Catalog, settings: Settings, *, watch: Callable[[str, int, int], None]) -> Ranker:
    """The ranker for a catalogue, the same for the same settings; `watch` is told what is done, how much, of how much.

    Raises BadValue if the catalogue has too few goals for a train split.
    """
    shops = [(Reader(catalog), settings)]
    if settings.messy:
        copy = messy_shop(catalog, settings.seed)
        shops.append((Reader(copy), replace(settings, goals=settings.messy)))
    weights: dict[Pace, dict[Form, dict[Level, tuple[float, ...]]]] = {pace: {} for pace in PACES}
    for pace, form in itertools.product(PACES, FORMS):
        goals = [(reader, goal) for reader, own in shops for goal in train_goals(reader.catalog, form, own)]
        cases = []
        for place, (reader, goal) in enumerate(goals, 1):
            cases.append(reader.case(goal, pace))
            watch(f"{pace}, {form}", place, len(goals))
        weights[pace][form] = train_levels(cases, LOOKS[pace], settings)
    provenance: dict[str, str | int | float] = {
        "catalogue": catalog.name,
        "split": f"train: goals {TRAIN.start} and later",
        "goals": settings.goals,
        "goals of its messy copy": settings.messy,
        "penalty": settings.penalty,
        "seed": settings.seed,
        "made by": "stocksense buy train",
    }
    return Ranker(weights, provenance)


def train_goals(catalog: Catalog, form: Form, settings: Settings) -> list[Goal]:
    """The goals to learn from, drawn by the seed from the train split of each suite of a form.

    Raises BadValue if there are none.
    """
    found: list[Goal] = []
    for suite in SUITES[form]:
        goals = catalog.goals(suite)
        numbers = list(split_range("train", len(goals)))
        random.Random(f"{settings.seed} {suite}").shuffle(numbers)
        found += [goals[number] for number in sorted(numbers[: settings.goals // len(SUITES[form])])]
    if not found:
        raise BadValue(
            f"catalogue {catalog.name!r} has no goals from number {TRAIN.start} on to learn from; give a larger one"
        )
    return found


def train_levels(cases: Sequence[Case], look: Look, settings: Settings) -> dict[Level, tuple[float, ...]]:
    """The weights of each level; each is trained on the products to which the level before it would have led."""
    rows = [_Rows(case) for case in cases]
    weights: dict[Level, Vector] = {}
    for level, keep in zip(LEVELS, (look.open, look.read, 0), strict=True):
        features = [np.array(row.features(level)) for row in rows]
        rewards = [np.array([row.case.rewards[product] for product in row.products]) for row in rows]
        weights[level] = fit(features, rewards, signs_of(level), settings.penalty)
        for row, table in zip(rows, features, strict=True):
            best = np.argsort(-(table @ weights[level]), kind="stable")[:keep]
            row.products = [row.products[place] for place in best]
    return {level: tuple(round(float(weight), 3) for weight in weights[level]) for level in LEVELS}


class _Rows:
    """The features of one walk's products, as far as they are still compared."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.products = list(case.journey.listed)
        self._rarity = rarity(listed.title for listed in case.journey.listed.values())
        self._opened: list[tuple[Group, ...]] = []

    def features(self, level: Level) -> list[tuple[float, ...]]:
        """One row a product."""
        request, journey = self.case.request, self.case.journey
        rows: list[tuple[float, ...]] = []
        if level == "opened":
            self._opened = [journey.offers[product].options for product in self.products]
        held = {product: held_by(request, journey.offers[product]) for product in self.products if level == "read"}
        rareness = Rareness(request, held.values(), self._opened)
        for product in self.products:
            listed, offered = journey.as_listed(product), journey.offers[product]
            row = listed_features(request, listed, journey.places_of(product), self._rarity)
            if level != "listed":
                row += opened_features(request, offered, self._rarity)
            rows.append(row[SKIPPED:] + rareness.features(held[product]) if level == "read" else row)
        return rows


def signs_of(level: Level) -> Vector:
    """What the sign of each weight has to be: 1, -1, or 0 where either may be."""
    return np.array([0.0 if name in EITHER else -1.0 if name in AGAINST else 1.0 for name in NAMES[level]])


def fit(features: Sequence[Vector], rewards: Sequence[Vector], signs: Vector, penalty: float) -> Vector:
    """The weights under which the best product of each walk is most likely to be taken.

    `features` are one table (products, features) a walk, `rewards` (products,) each from 0 to 1.
    """
    starts = np.cumsum([0, *(len(table) for table in features[:-1])])
    walk = np.repeat(np.arange(len(features)), [len(table) for table in features])
    whole = np.concatenate(features)
    scale = np.maximum(whole.std(axis=0), 0.05)
    whole = (whole - whole.mean(axis=0)) / scale
    good = np.concatenate(rewards) ** POWER + 1e-6
    weights, drift, size = (np.zeros(whole.shape[1]) for _ in range(3))
    for step in range(1, ROUNDS + 1):
        taken = _softmax(whole @ weights, starts, walk)
        wanted = taken * good
        wanted /= np.add.reduceat(wanted, starts)[walk]
        slope = (whole.T @ (taken - wanted) + penalty * weights) / len(features)
        drift = DECAY * drift + (1 - DECAY) * slope
        size = SQUARES * size + (1 - SQUARES) * slope**2
        weights -= RATE * (drift / (1 - DECAY**step)) / (np.sqrt(size / (1 - SQUARES**step)) + 1e-8)
        weights = np.where(weights * signs < 0, 0.0, weights)
    return np.asarray(weights / scale, dtype=np.float64)


def _softmax(worth: Vector, starts: NDArray[np.int64], walk: NDArray[np.int64]) -> Vector:
    """The probability of each product within its walk."""
    odds = np.exp(worth - np.maximum.reduceat(worth, starts)[walk])
    return np.asarray(odds / np.add.reduceat(odds, starts)[walk], dtype=np.float64)
