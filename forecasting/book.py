"""The forecasts of a shop as plain values: what every other room reads, without torch."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

import numpy as np

from forecasting.backtest import LEAD_LEVELS
from forecasting.counts import Doubles
from forecasting.distribution import LONGEST_LEAD_DAYS, DemandDistribution
from forecasting.windows import HORIZON_DAYS, LEADS
from stocksense.errors import BadValue, UnknownSku

DAY_LEVELS: Final = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Reason:
    """One thing worth knowing about a forecast."""

    code: str
    """Such as "new_product", "neighbours", "stock_outs", "intermittent", "holiday_ahead"."""
    korean: str
    english: str


@dataclass(frozen=True)
class ProductForecast:
    """The forecast of one product, as plain values."""

    sku: str
    first_day: date
    """The first of the 21 days."""
    mean: tuple[float, ...]
    """Expected units of each of 21 days."""
    low: tuple[float, ...]
    """Of each day, the units that demand stays below with 10 %."""
    high: tuple[float, ...]
    """Of each day, the units that cover demand with 90 %."""
    lead_time_units: dict[int, dict[float, float]]
    """By lead time in days (3, 5, 7, 14), then by service level: units that cover all its demand."""
    model: str
    """Which model the forecast comes from: lstm, moving_average_28, ..., or neighbours."""
    weekly_wape: dict[str, float]
    """By model, the error of weekly sums in the backtest; empty where the product sold nothing then."""
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, eq=False)
class ForecastBook:
    """Forecasts of n products from the day after the last sales known."""

    skus: tuple[str, ...]
    first_day: date
    distribution: DemandDistribution
    models: tuple[str, ...]
    """The model of each product's forecast."""
    weekly_wape: tuple[dict[str, float], ...]
    reasons: tuple[tuple[Reason, ...], ...]
    model_version: str

    @property
    def mean(self) -> Doubles:
        """Expected units, (n, 21)."""
        return self.distribution.mean

    @cached_property
    def day_quantiles(self) -> Doubles:
        """Units at 10, 50 and 90 % of each day, (n, 21, 3)."""
        return self.distribution.day_quantiles(DAY_LEVELS)

    @cached_property
    def lead_quantiles(self) -> Doubles:
        """Units that cover 3, 5, 7, 14 days at .5 .8 .9 .95 .975 .98 .99, (n, 4, 7)."""
        return self.distribution.lead_quantiles(LEADS, LEAD_LEVELS)

    def product(self, sku: str) -> ProductForecast:
        """One product's forecast. Raises UnknownSku."""
        row = self._row(sku)
        days, leads = self.day_quantiles[row], self.lead_quantiles[row]
        return ProductForecast(
            sku=sku,
            first_day=self.first_day,
            mean=tuple(float(value) for value in self.mean[row]),
            low=tuple(float(value) for value in days[:, 0]),
            high=tuple(float(value) for value in days[:, 2]),
            lead_time_units={
                lead: {level: float(leads[place, k]) for k, level in enumerate(LEAD_LEVELS)}
                for place, lead in enumerate(LEADS)
            },
            model=self.models[row],
            weekly_wape=self.weekly_wape[row],
            reasons=self.reasons[row],
        )

    def units_covering(self, sku: str, lead_time_days: float, service_level: float) -> float:
        """Units that cover the demand of `sku` over a lead time with this probability.

        Any lead time up to 60 days (part days count whole) and any level between 0 and 1; never less
        for a longer lead time or a higher level. Raises UnknownSku, BadValue.
        """
        lead = _whole_days(lead_time_days)
        one = self.distribution.only(np.array([self._row(sku)]))
        return float(one.lead_quantiles((lead,), (service_level,))[0, 0, 0])

    def mean_over(self, sku: str, lead_time_days: float) -> float:
        """Expected units of `sku` over a lead time of up to 60 days. Raises UnknownSku, BadValue."""
        one = self.distribution.only(np.array([self._row(sku)]))
        return float(one.lead_means((_whole_days(lead_time_days),))[0, 0])

    @property
    def last_day(self) -> date:
        """The last day forecast."""
        return self.first_day + timedelta(days=HORIZON_DAYS - 1)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {sku: row for row, sku in enumerate(self.skus)}

    def _row(self, sku: str) -> int:
        if sku not in self._place:
            raise UnknownSku(sku)
        return self._place[sku]


def _whole_days(lead_time_days: float) -> int:
    """Part days rounded up. Raises BadValue outside 0..60."""
    if not 0 < lead_time_days <= LONGEST_LEAD_DAYS:
        raise BadValue(f"lead time {lead_time_days} must lie above 0 and up to {LONGEST_LEAD_DAYS} days")
    return math.ceil(lead_time_days)
