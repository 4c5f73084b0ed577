"""What customers of the sample shop want, whether it is on the shelf or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stocksense.sample.calendar import Calendar, Floats
from stocksense.sample.products import SampleProduct

Ints = NDArray[np.int32]
Rng = np.random.Generator

LOCATIONS: tuple[tuple[str, float, dict[str, float]], ...] = (
    ("새솔역점 (Saesol Station)", 1.15, {"commuter": 1.3, "evening": 1.0, "weekend": 0.8, "family": 0.65, "flat": 1.0}),
    (
        "달빛마을점 (Dalbit Village)",
        1.0,
        {"commuter": 0.75, "evening": 0.95, "weekend": 1.2, "family": 1.4, "flat": 1.0},
    ),
    ("푸른대점 (Pureun Campus)", 0.8, {"commuter": 1.05, "evening": 1.2, "weekend": 0.9, "family": 0.7, "flat": 1.0}),
)
"""Invented places: name, size, and how much each week's kind of customer comes there."""

_SCALE = 0.78
_ELASTICITY = 1.2
_WARM = {"summer": 0.05, "hot": 0.10, "icecream": 0.13, "hotpack": -0.16, "winter": -0.08, "winterish": -0.05}
_PROMOTED_SHARE = 0.7
_LASTING_DAYS = 90
_NEVER = 10**6


@dataclass(frozen=True)
class Lives:
    """When each product is sold: arrays of shape (products,) that hold days from the start of the window.

    `launched` is the first day of sale (0 if it was there before), `withdrawn` the day on which customers have
    lost interest and nothing is bought any more (after the window if never); `intermittent` marks products that
    are asked for seldom, then in several units.
    """

    launched: Ints
    withdrawn: Ints
    intermittent: NDArray[np.bool_]


@dataclass(frozen=True)
class Demand:
    """`true` units wanted, shape (products, locations, days); prices in won and promotions (products, days)."""

    true: Ints
    unit_price: Ints
    promoted: NDArray[np.bool_]
    lives: Lives
    rate: Floats


def draw_demand(rng: Rng, products: Sequence[SampleProduct], calendar: Calendar, *, keep: frozenset[str]) -> Demand:
    """Draw what customers want on every day.

    A negative binomial around rate x place x season x weekday x holiday x weather x price x promotion. Products
    whose SKU is in `keep` live through the whole window.
    """
    days = len(calendar.days)
    lives = _draw_lives(rng, products, days, keep)
    rate = _draw_rates(rng, products, lives)
    price = _draw_prices(rng, products, days)
    promoted, lift = _draw_promotions(rng, products, days)
    shelf_price = np.where(promoted, _to_hundred(price * 0.8), price)
    last = price[:, -1:].astype(np.float32)
    per_product = rate[:, None] * _alive(lives, days) * lift * (price / last) ** -_ELASTICITY
    mean = per_product[:, None, :] * _curves(rng, products, calendar)
    shape = np.where(lives.intermittent, 0.25, 6.0).astype(np.float32)[:, None, None]
    wanted = rng.poisson(mean * rng.standard_gamma(shape, size=mean.shape, dtype=np.float32) / shape)
    return Demand(wanted.astype(np.int32), shelf_price.astype(np.int32), promoted, lives, rate)


def _draw_lives(rng: Rng, products: Sequence[SampleProduct], days: int, keep: frozenset[str]) -> Lives:
    """Every twelfth product is launched within the window, some days ago; every thirtieth dies in it."""
    count = len(products)
    launched = np.zeros(count, dtype=np.int32)
    withdrawn = np.full(count, _NEVER, dtype=np.int32)
    order = rng.permutation([at for at, product in enumerate(products) if product.sku not in keep])
    fresh, young, grown, dying = np.split(order[: 8 + 6 + 22 + 14], (8, 14, 36))
    launched[fresh] = days - rng.integers(3, 13, size=len(fresh))
    launched[young] = days - rng.integers(15, 46, size=len(young))
    launched[grown] = rng.integers(60, days - 60, size=len(grown))
    withdrawn[dying] = rng.integers(days // 2, days - 8, size=len(dying))
    withdrawn[dying[:4]] = days - rng.integers(4, 12, size=4)
    lasting = [at for at in order[50:] if (products[at].shelf_life_days or _NEVER) > _LASTING_DAYS]
    intermittent = np.zeros(count, dtype=np.bool_)
    intermittent[lasting[: count // 8]] = True
    return Lives(launched, withdrawn, intermittent)


def _draw_rates(rng: Rng, products: Sequence[SampleProduct], lives: Lives) -> Floats:
    """Units a day at a middling place: the leaf's rate, the family's luck, and the first flavour sells best."""
    luck: dict[str, float] = {}
    rates = np.empty(len(products), dtype=np.float32)
    for at, product in enumerate(products):
        first = product.family not in luck
        family = luck.setdefault(product.family, float(rng.lognormal(-0.1, 0.45)))
        share = 1.0 if first else float(rng.uniform(0.4, 0.8))
        rates[at] = product.leaf.rate * family * share * _SCALE
    rates[lives.intermittent] = np.minimum(rates[lives.intermittent], 0.12)
    return rates


def _draw_prices(rng: Rng, products: Sequence[SampleProduct], days: int) -> Floats:
    """The usual price of every day: today's, less one or two rises in the past. Shape (products, days)."""
    prices = np.empty((len(products), days), dtype=np.float32)
    for at, product in enumerate(products):
        prices[at] = product.price
        for _ in range(int(rng.integers(0, 3))):
            prices[at, : int(rng.integers(40, days - 20))] *= 1 - rng.uniform(0.03, 0.09)
    at_least: Floats = np.maximum(_to_hundred(prices), np.float32(100))
    return at_least


def _draw_promotions(rng: Rng, products: Sequence[SampleProduct], days: int) -> tuple[NDArray[np.bool_], Floats]:
    """Spells of one or two weeks at a fifth off, three to six a year, and by how much they lift demand."""
    promoted = np.zeros((len(products), days), dtype=np.bool_)
    lift = np.ones((len(products), days), dtype=np.float32)
    for at, product in enumerate(products):
        if product.leaf.daily_fresh or product.price < 700 or rng.random() > _PROMOTED_SHARE:
            continue
        for start in rng.integers(0, days, size=int(rng.integers(3, 7) * days / 365)):
            spell = slice(int(start), int(start) + int(rng.choice((7, 14))))
            promoted[at, spell] = True
            lift[at, spell] = rng.uniform(1.4, 2.3)
    return promoted, lift


def _alive(lives: Lives, days: int) -> Floats:
    """0 before the launch, 1 in its prime, fading to 0 over the half year before it is withdrawn."""
    day = np.arange(days)
    since = day - lives.launched[:, None]
    left = lives.withdrawn[:, None] - day
    grown = np.where(lives.launched[:, None] > 0, np.clip(0.35 + since / 40, 0, 1), 1) * (since >= 0)
    alive: Floats = (grown * np.clip(left / 180, 0, 1)).astype(np.float32)
    return alive


def _curves(rng: Rng, products: Sequence[SampleProduct], calendar: Calendar) -> Floats:
    """Place x season x weekday x weather, shape (products, locations, days)."""
    days = len(calendar.days)
    warm = _wander(rng, days, 0.8) * 2
    rain = _wander(rng, days, 0.45) > 1.0
    passers = calendar.traffic()
    drawn: dict[tuple[str, str], Floats] = {}
    for key in sorted({(product.leaf.season, product.leaf.week) for product in products}):
        season, week = key
        weather = np.exp(_WARM.get(season, 0.0) * warm) * np.where(rain, 2.4 if season == "rain" else 0.9, 1.0)
        curve = calendar.season(season) * calendar.week(week) * passers * weather
        places = np.array([size * of_week[week] for _, size, of_week in LOCATIONS], dtype=np.float32)
        drawn[key] = places[:, None] * curve[None, :].astype(np.float32)
    crowd = np.exp(np.stack([_wander(rng, days, 0.6) for _ in LOCATIONS]) * 0.07).astype(np.float32)
    stacked: Floats = np.stack([drawn[product.leaf.season, product.leaf.week] for product in products])
    stacked *= crowd
    return stacked


def _wander(rng: Rng, days: int, memory: float) -> Floats:
    """A first-order autoregression with unit variance, shape (days,)."""
    steps = rng.standard_normal(days) * np.sqrt(1 - memory**2)
    line = np.empty(days, dtype=np.float32)
    at = float(rng.standard_normal())
    for day, step in enumerate(steps):
        at = memory * at + float(step)
        line[day] = at
    return line


def _to_hundred(won: Floats) -> Floats:
    rounded: Floats = (np.round(won / 100) * 100).astype(np.float32)
    return rounded
