"""The simple forecasts that a model has to beat, with the spread that they had in the past."""

from collections.abc import Callable

import numpy as np

from forecasting import counts
from forecasting.counts import Doubles
from forecasting.distribution import DemandDistribution
from forecasting.panel import Flags, Floats
from forecasting.windows import HORIZON_DAYS, LEADS

Baseline = Callable[[Doubles, Flags], Doubles]

SMOOTHING = 0.1
LOOK_BACKS = 10
LOOK_BACK_STEP = 11
PRIOR_LOOK_BACKS = 5.0


def seasonal_naive(demand: Doubles, on_sale: Flags) -> Doubles:
    """The last seven days again, three times over, (n, 21)."""
    return np.tile(demand[:, -7:], (1, HORIZON_DAYS // 7))


def moving_average(demand: Doubles, on_sale: Flags) -> Doubles:
    """The mean of the last 28 days on sale, every day, (n, 21)."""
    known = on_sale[:, -28:]
    mean = (demand[:, -28:] * known).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.repeat(mean[:, None], HORIZON_DAYS, axis=1)


def tsb(demand: Doubles, on_sale: Flags) -> Doubles:
    """Chance of a sale times its size, each smoothed by 0.1 (Teunter, Syntetos and Babai, 2011), (n, 21)."""
    sold = (demand > 0) & on_sale
    first = min(28, demand.shape[1])
    early = on_sale[:, :first].sum(axis=1)
    chance = sold[:, :first].sum(axis=1) / np.maximum(early, 1)
    size = demand.sum(axis=1) / np.maximum(sold.sum(axis=1), 1)
    for day in range(demand.shape[1]):
        open_ = on_sale[:, day]
        chance = np.where(open_, chance + SMOOTHING * (sold[:, day] - chance), chance)
        size = np.where(sold[:, day], size + SMOOTHING * (demand[:, day] - size), size)
    return np.repeat((chance * size)[:, None], HORIZON_DAYS, axis=1)


BASELINES: dict[str, Baseline] = {
    "seasonal_naive_7": seasonal_naive,
    "moving_average_28": moving_average,
    "tsb": tsb,
}


def forecast(name: str, demand: Floats, on_sale: Flags) -> DemandDistribution:
    """A baseline's forecast from the end of `demand` (n, days), its spread measured at past origins.

    The same rule is applied at up to ten origins 11 days apart; what it missed by gives each product's
    dispersion a day and over each lead time, pulled to the shop's where little is known.
    """
    rule, known = BASELINES[name], demand.astype(np.float64)
    mean = rule(known, on_sale)
    days = known.shape[1]
    origins = [days - HORIZON_DAYS - LOOK_BACK_STEP * back for back in range(LOOK_BACKS)]
    origins = [origin for origin in origins if origin >= 56]
    daily, leads = _Spread(len(known)), [_Spread(len(known)) for _ in LEADS]
    for origin in origins:
        said = rule(known[:, max(0, origin - 182) : origin], on_sale[:, max(0, origin - 182) : origin])
        came, usable = known[:, origin : origin + HORIZON_DAYS], on_sale[:, origin]
        daily.add(came, said, usable)
        for spread, lead in zip(leads, LEADS, strict=True):
            spread.add(came[:, :lead].sum(1, keepdims=True), said[:, :lead].sum(1, keepdims=True), usable)
    dispersion = np.repeat(daily.dispersion()[:, None], HORIZON_DAYS, axis=1)
    return DemandDistribution(mean, dispersion, np.stack([spread.dispersion() for spread in leads], axis=1))


class _Spread:
    """Adds up how far forecasts missed, and turns it into a dispersion."""

    def __init__(self, products: int) -> None:
        self.excess, self.square, self.count = np.zeros(products), np.zeros(products), np.zeros(products)

    def add(self, came: Doubles, said: Doubles, usable: Flags) -> None:
        """Take in forecasts and what came, each (n, k); only of products on sale at the origin."""
        level = (said.mean(axis=1) + came.mean(axis=1)) / 2
        self.excess += usable * (((came - said) ** 2).mean(axis=1) - level)
        self.square += usable * level**2
        self.count += usable

    def dispersion(self) -> Doubles:
        """Per product, (n,), pulled to the whole shop's by five origins' worth."""
        whole = self.excess.sum() / max(self.square.sum(), 1e-9)
        own = self.excess / np.maximum(self.square, 1e-9)
        mixed = (own * self.count + whole * PRIOR_LOOK_BACKS) / (self.count + PRIOR_LOOK_BACKS)
        return np.asarray(np.clip(mixed, counts.LEAST_DISPERSION, 20.0))
