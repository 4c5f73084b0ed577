"""The past as a judge: every model forecasts days that it has not seen, product by product."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from forecasting import baselines, metrics
from forecasting.censored import corrected_demand
from forecasting.counts import Doubles
from forecasting.distribution import DemandDistribution, chosen
from forecasting.panel import Ints, SalesPanel
from forecasting.windows import HORIZON_DAYS, LEADS

LSTM = "lstm"
CHAMPION = "champion"
MODELS = (LSTM, *baselines.BASELINES)
DAY_LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
LEAD_LEVELS = (0.5, 0.8, 0.9, 0.95, 0.975, 0.98, 0.99)
LEAST_PAST = 49
WEEKLY_MARGIN, LEAD_MARGIN = 0.5, 0.9

Asked = Callable[[int], DemandDistribution]


@dataclass(frozen=True, eq=False)
class Backtest:
    """What each model would have said on held-out days, and which one did best for each product."""

    origins: tuple[date, ...]
    """The first day of each forecast of 21 days."""
    figures: dict[str, dict[str, float]]
    """By model, then by metric, mean of the origins. "champion" takes for each product the model that did
    best at the *other* origins, so that it too is judged on days that it was not chosen by."""
    weekly_wape: dict[str, Doubles]
    """By model, (n,): error of the 7-day sums over the sales, NaN for a product that sold nothing."""
    champions: tuple[str, ...]
    """The model chosen for each product."""
    said: Doubles
    """(n, days): units a day that "champion" expected of each product on the held-out days."""

    @property
    def held_out(self) -> str:
        """Which days were held out, in words."""
        last = self.origins[-1] + timedelta(days=HORIZON_DAYS - 1)
        return f"{self.origins[0]} to {last}: {len(self.origins)} x {HORIZON_DAYS} days"


def held_out_origins(days: int) -> tuple[int, ...]:
    """Day indices of the origins: three of 21 days at the end, fewer for a short panel, oldest first."""
    count = min(3, max(1, (days - 4 * LEAST_PAST) // HORIZON_DAYS))
    return tuple(days - HORIZON_DAYS * back for back in range(count, 0, -1))


def run_backtest(panel: SalesPanel, origins: tuple[int, ...], asked: Asked) -> Backtest:
    """Forecast from each origin with every model, knowing only the days before it, and compare.

    `asked(origin)` gives the LSTM's forecast, from a network that was not fitted to these days. Days out
    of stock do not count.
    """
    said: dict[str, list[DemandDistribution]] = {name: [] for name in MODELS}
    actuals = []
    for origin in origins:
        known = panel.until(origin)
        demand = corrected_demand(known)
        said[LSTM].append(asked(origin))
        for name in baselines.BASELINES:
            said[name].append(baselines.forecast(name, demand, known.on_sale))
        actuals.append(actual_units(panel, origin))
    errors = _errors(actuals, said)
    sold = np.sum([np.nansum(actual, axis=1) for actual in actuals], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        wape = {name: np.where(sold > 0, errors.weekly[name].sum(axis=0) / sold, np.nan) for name in MODELS}
    every = list(range(len(origins)))
    choice = choose(errors, every)
    said[CHAMPION] = [
        chosen([said[name][k] for name in MODELS], choose(errors, [other for other in every if other != k]))
        for k in every
    ]
    figures = {name: _mean_figures(panel, origins, actuals, said[name]) for name in said}
    days = tuple(panel.first_day + timedelta(days=origin) for origin in origins)
    means = np.concatenate([each.mean for each in said[CHAMPION]], axis=1)
    return Backtest(days, figures, wape, tuple(MODELS[which] for which in choice), means)


def actual_units(panel: SalesPanel, origin: int) -> Doubles:
    """What sold in the 21 days from an origin, NaN on days out of stock or not yet on sale, (n, 21)."""
    days = slice(origin, origin + HORIZON_DAYS)
    counted = panel.in_stock[:, days] & (panel.launch < origin)[:, None]
    return np.where(counted, panel.units[:, days].astype(np.float64), np.nan)


@dataclass(frozen=True, eq=False)
class Errors:
    """How far off each model was at each origin, product by product."""

    weekly: dict[str, Doubles]
    """By model, absolute errors of the 7-day sums, (origins, n), in units."""
    leads: dict[str, Doubles]
    """By model, quantile loss of the lead-time demand, (origins, n), in units."""


def choose(errors: Errors, origins: list[int]) -> Ints:
    """The position in MODELS of each product's champion by its errors at these origins, (n,).

    A simple model takes a product over where its weekly error is at most half of the LSTM's and its
    lead-time quantile loss at most 0.9 of it; of several such, the one with the least weekly error. Nine
    weeks of one product hold much chance: on real grocery sales smaller leads did not last on later
    days, and champions chosen without a margin were worse than the LSTM alone.
    """
    weekly = np.stack([errors.weekly[name][origins].sum(axis=0) for name in MODELS])
    leads = np.stack([errors.leads[name][origins].sum(axis=0) for name in MODELS])
    able = (weekly <= WEEKLY_MARGIN * weekly[0]) & (leads <= LEAD_MARGIN * leads[0])
    able[0] = True
    return np.asarray(np.argmin(np.where(able, weekly, np.inf), axis=0), np.int64)


def figures_of(panel: SalesPanel, origin: int, actual: Doubles, said: DemandDistribution) -> dict[str, float]:
    """All metrics of one forecast from one origin."""
    category = main_categories(panel)
    past = np.where(panel.on_sale[:, :origin], panel.units[:, :origin].astype(np.float64), np.nan)
    points = metrics.psfa_points(said.mean, said.dispersion, category)
    found = {
        "psfa_raw": metrics.psfa(actual, said.mean, category),
        "psfa_optimal": metrics.psfa(actual, points, category),
        "wape": metrics.wape(actual, said.mean),
        "wape7": metrics.wape_of_sums(actual, said.mean, 7),
        "wape21": metrics.wape_of_sums(actual, said.mean),
        "mase": metrics.mase(actual, said.mean, past),
        "rmsse": metrics.rmsse(actual, said.mean, past),
        "bias": metrics.bias(actual, said.mean),
        "wql": metrics.weighted_quantile_loss(actual, said.day_quantiles(DAY_LEVELS), DAY_LEVELS),
    }
    quantiles = said.lead_quantiles(LEADS, LEAD_LEVELS)
    for row, lead in enumerate(LEADS):
        came = actual[:, :lead].sum(axis=1)
        found[f"l{lead}_wql"] = metrics.weighted_quantile_loss(came, quantiles[:, row], LEAD_LEVELS)
        found[f"l{lead}_coverage95"] = metrics.coverage(came, quantiles[:, row, 3])
    return found


def main_categories(panel: SalesPanel) -> Ints:
    """A number for each product's main category, (n,)."""
    names = np.array([(path or ("",))[0] for path in panel.categories])
    return np.asarray(np.unique(names, return_inverse=True)[1], np.int64)


def _errors(actuals: list[Doubles], said: dict[str, list[DemandDistribution]]) -> Errors:
    """The errors of every model at every origin."""
    weekly, leads = {}, {}
    for name, forecasts in said.items():
        each = list(zip(actuals, forecasts, strict=True))
        pairs = [metrics.block_sums(actual, forecast.mean, 7) for actual, forecast in each]
        weekly[name] = np.stack([np.abs(came - forecast).sum(axis=1) for came, forecast in pairs])
        leads[name] = np.stack([_lead_loss(actual, forecast) for actual, forecast in each])
    return Errors(weekly, leads)


def _lead_loss(actual: Doubles, said: DemandDistribution) -> Doubles:
    """Pinball loss over all lead times and levels, (n,); a lead time not wholly seen does not count."""
    came = np.stack([actual[:, :lead].sum(axis=1) for lead in LEADS], axis=1)
    lost = metrics.pinball_loss(came, said.lead_quantiles(LEADS, LEAD_LEVELS), LEAD_LEVELS)
    return np.asarray(np.nansum(lost, axis=(1, 2)))


def _mean_figures(
    panel: SalesPanel, origins: tuple[int, ...], actuals: list[Doubles], said: list[DemandDistribution]
) -> dict[str, float]:
    """The metrics of one model, averaged over the origins."""
    each = [figures_of(panel, *one) for one in zip(origins, actuals, said, strict=True)]
    return {name: float(np.mean([one[name] for one in each])) for name in each[0]}
