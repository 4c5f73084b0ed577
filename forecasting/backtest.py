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
MARGIN = 0.6

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
    errors, sold = _weekly_errors(actuals, said)
    error = {name: values.sum(axis=0) for name, values in errors.items()}
    with np.errstate(invalid="ignore", divide="ignore"):
        wape = {name: np.where(sold > 0, error[name] / sold, np.nan) for name in MODELS}
    choice = choose(error)
    said[CHAMPION] = [
        chosen([said[name][k] for name in MODELS], choose({name: error[name] - errors[name][k] for name in MODELS}))
        for k in range(len(origins))
    ]
    figures = {name: _mean_figures(panel, origins, actuals, said[name]) for name in said}
    days = tuple(panel.first_day + timedelta(days=origin) for origin in origins)
    return Backtest(days, figures, wape, tuple(MODELS[which] for which in choice))


def actual_units(panel: SalesPanel, origin: int) -> Doubles:
    """What sold in the 21 days from an origin, NaN on days out of stock or not yet on sale, (n, 21)."""
    days = slice(origin, origin + HORIZON_DAYS)
    counted = panel.in_stock[:, days] & (panel.launch < origin)[:, None]
    return np.where(counted, panel.units[:, days].astype(np.float64), np.nan)


def choose(error: dict[str, Doubles]) -> Ints:
    """The position in MODELS of each product's champion, (n,).

    The least error of weekly sums wins, but a simple model must have at most 0.6 of the LSTM's: nine weeks
    of one product hold so much chance that a smaller lead did not last on later days (measured on real
    grocery sales: without a margin the champions were worse than the LSTM alone).
    """
    stacked = np.stack([error[name] / (1.0 if name == LSTM else MARGIN) for name in MODELS])
    return np.asarray(np.argmin(stacked, axis=0), np.int64)


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


def _weekly_errors(
    actuals: list[Doubles], said: dict[str, list[DemandDistribution]]
) -> tuple[dict[str, Doubles], Doubles]:
    """Absolute errors of 7-day sums by model, (origins, n), and the units sold in all, (n,)."""
    errors = {}
    for name, forecasts in said.items():
        pairs = [metrics.block_sums(a, f.mean, 7) for a, f in zip(actuals, forecasts, strict=True)]
        errors[name] = np.stack([np.abs(came - forecast).sum(axis=1) for came, forecast in pairs])
    return errors, np.sum([np.nansum(actual, axis=1) for actual in actuals], axis=0)


def _mean_figures(
    panel: SalesPanel, origins: tuple[int, ...], actuals: list[Doubles], said: list[DemandDistribution]
) -> dict[str, float]:
    """The metrics of one model, averaged over the origins."""
    each = [figures_of(panel, *one) for one in zip(origins, actuals, said, strict=True)]
    return {name: float(np.mean([one[name] for one in each])) for name in each[0]}
