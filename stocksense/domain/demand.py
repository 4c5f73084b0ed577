"""What customers are expected to want: a forecast of one product and what follows from it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import sqrt
from statistics import NormalDist

from stocksense.errors import BadValue


@dataclass(frozen=True)
class Forecast:
    """Expected sales of one SKU from the day after `made_on`.

    `daily_mean`, `daily_low` and `daily_high` are units a day, the band holding about 80 % of outcomes.
    `lead_time_demand` maps days of lead time to {service level: units sold over all of those days}.
    `backtest` maps model names to their WAPE on held-out days (0.3 = 30 % off), `model` is the one that was used.
    `notes` says in words what is special about it, by language.
    """

    sku: str
    made_on: date
    daily_mean: tuple[float, ...]
    daily_low: tuple[float, ...]
    daily_high: tuple[float, ...]
    lead_time_demand: Mapping[int, Mapping[float, float]]
    model: str
    version: str
    backtest: Mapping[str, float] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def daily_demand(self) -> float:
        """Mean expected units a day over the whole horizon."""
        return sum(self.daily_mean) / len(self.daily_mean)

    def mean_within(self, days: float) -> float:
        """Mean expected units over the next `days` days; beyond the horizon the mean day goes on."""
        whole = min(int(days), len(self.daily_mean))
        rest = self.daily_mean[whole] if whole < len(self.daily_mean) else self.daily_demand
        return sum(self.daily_mean[:whole]) + rest * (days - whole)

    def demand_within(self, days: float, service_level: float) -> float:
        """Units that demand over `days` stays within, with probability `service_level`.

        Between the lead times of the forecast it is interpolated; beyond the longest, the mean grows with the days
        and the spread with their square root. Raises BadValue for days below 0 or a level outside the forecast's.
        """
        if days < 0:
            raise BadValue(f"a lead time of {days} days lies in the past; give 0 or more")
        leads = sorted(self.lead_time_demand)
        units = [_at_level(self.lead_time_demand[lead], service_level) for lead in leads]
        if days <= leads[-1]:
            return _interpolated((0.0, *map(float, leads)), (0.0, *units), days)
        mean = self.daily_demand
        spread = max(units[-1] - mean * leads[-1], 0.0)
        return mean * days + spread * sqrt(days / leads[-1])


def _at_level(quantiles: Mapping[float, float], level: float) -> float:
    levels = sorted(quantiles)
    if not levels[0] <= level <= levels[-1]:
        raise BadValue(f"a service level of {level} is outside the forecast's {levels[0]} to {levels[-1]}")
    return _interpolated(tuple(levels), tuple(quantiles[known] for known in levels), level)


def _interpolated(xs: tuple[float, ...], ys: tuple[float, ...], x: float) -> float:
    at = bisect_left(xs, x)
    if at < len(xs) and xs[at] == x:
        return ys[at]
    share = (x - xs[at - 1]) / (xs[at] - xs[at - 1])
    return ys[at - 1] + share * (ys[at] - ys[at - 1])


@dataclass(frozen=True)
class Trial:
    """What a model expected of days that it was tried on before it had learned them.

    `units` are those of each day from `first` on, by category levels, `()` for products without a category. A day was
    forecast from those before its step: the steps are `step` days long.
    """

    first: date
    step: int
    units: Mapping[tuple[str, ...], tuple[float, ...]]

    def known_to(self, day: date) -> date:
        """The last day whose sales the model knew when it was asked about a day."""
        return day - timedelta((day - self.first).days % self.step + 1)


def safety_factor(service_level: float) -> float:
    """The z of the standard normal distribution below which `service_level` of outcomes lie.

    Raises BadValue unless 0 < service_level < 1.
    """
    if not 0 < service_level < 1:
        raise BadValue(f"a service level of {service_level} is no probability; give one between 0 and 1, such as 0.95")
    return NormalDist().inv_cdf(service_level)
