"""A forecast of demand as distributions: one a day, and one over each lead time."""

from dataclasses import dataclass

import numpy as np

from forecasting import counts
from forecasting.counts import Doubles
from forecasting.panel import Ints
from forecasting.windows import HORIZON_DAYS, LEADS
from stocksense.errors import BadValue

LONGEST_LEAD_DAYS = 60


@dataclass(frozen=True, eq=False)
class DemandDistribution:
    """Negative binomial demand of n products over the 21 days ahead and over lead times.

    `mean` and `dispersion` are a day's, (n, 21); `lead_dispersion` is that of the sums over the first
    3, 5, 7 and 14 days, (n, 4). The mean of a sum is the sum of the daily means.
    """

    mean: Doubles
    dispersion: Doubles
    lead_dispersion: Doubles

    def lead_means(self, leads: tuple[int, ...] = LEADS) -> Doubles:
        """Mean demand over the first `lead` days, (n, len(leads)); past day 21 its daily mean goes on."""
        daily = self.mean.mean(axis=1)
        sums = [self.mean[:, :lead].sum(axis=1) + max(lead - HORIZON_DAYS, 0) * daily for lead in leads]
        return np.stack(sums, axis=1)

    def day_quantiles(self, levels: tuple[float, ...]) -> Doubles:
        """Units that cover each day's demand with these probabilities, (n, 21, levels)."""
        return counts.quantiles(self.mean, self.dispersion, levels)

    def lead_quantiles(self, leads: tuple[int, ...], levels: tuple[float, ...]) -> Doubles:
        """Units that cover the demand over lead times with these probabilities, (n, leads, levels).

        A lead time between 3, 5, 7 and 14 days takes a dispersion in between, by the log of the days; a
        shorter one that of 3 days and a longer one, up to 60, that of 14 days, each with the mean of its
        own days. A longer lead time never needs fewer units than a shorter one.
        Raises BadValue for a lead time outside 1..60.
        """
        if not leads or min(leads) < 1 or max(leads) > LONGEST_LEAD_DAYS:
            raise BadValue(f"lead times {leads} must lie between 1 and {LONGEST_LEAD_DAYS} days")
        every = tuple(range(1, max(leads) + 1))
        found = counts.quantiles(self.lead_means(every), self.lead_dispersions(every), levels)
        return np.maximum.accumulate(found, axis=1)[:, np.array(leads) - 1]

    def lead_dispersions(self, leads: tuple[int, ...]) -> Doubles:
        """The dispersion at each lead time, in between by the log of the days, (n, leads)."""
        known = np.log(np.array(LEADS, np.float64))
        place = np.clip(np.interp(np.log(np.array(leads)), known, np.arange(len(LEADS))), 0, len(LEADS) - 1)
        left = np.minimum(place.astype(np.int64), len(LEADS) - 2)
        share = place - left
        left_part, right_part = self.lead_dispersion[:, left], self.lead_dispersion[:, left + 1]
        return np.asarray(left_part * (1 - share) + right_part * share)

    def times(self, factor: Doubles) -> "DemandDistribution":
        """The same with every mean multiplied by the product's factor, (n,)."""
        return DemandDistribution(self.mean * factor[:, None], self.dispersion, self.lead_dispersion)

    def only(self, rows: Ints) -> "DemandDistribution":
        """The same for only these products."""
        return DemandDistribution(self.mean[rows], self.dispersion[rows], self.lead_dispersion[rows])


def chosen(candidates: list[DemandDistribution], choice: Ints) -> DemandDistribution:
    """For each product the candidate at position choice[i], (n,)."""
    rows = np.arange(len(choice))
    stacked = [
        np.stack([getattr(candidate, name) for candidate in candidates])[choice, rows]
        for name in ("mean", "dispersion", "lead_dispersion")
    ]
    return DemandDistribution(*stacked)
