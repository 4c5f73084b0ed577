"""How good a forecast was, by the field's names; a day that was not seen (NaN) never counts.

`actual` and `forecast` have the shape (n, days), in units.
"""

import numpy as np

from forecasting import counts
from forecasting.counts import Doubles
from forecasting.panel import Ints


def wape(actual: Doubles, forecast: Doubles) -> float:
    """Weighted absolute percentage error: sum |actual - forecast| / sum actual; NaN without sales."""
    return _ratio(np.nansum(np.abs(actual - forecast)), np.nansum(actual))


def wape_of_sums(actual: Doubles, forecast: Doubles, days: int = 21) -> float:
    """WAPE of the sums over blocks of `days` days, for WAPE21 and the weekly figure."""
    return wape(*block_sums(actual, forecast, days))


def bias(actual: Doubles, forecast: Doubles) -> float:
    """Sum of forecasts over sum of actuals, less 1: +0.02 is 2 % too much."""
    seen = np.isfinite(actual)
    return _ratio(forecast[seen].sum(), actual[seen].sum()) - 1


def mase(actual: Doubles, forecast: Doubles, past: Doubles) -> float:
    """Mean absolute error over that of "same weekday a week ago" in the past (Hyndman 2006), mean of n."""
    error = _row_mean(np.abs(actual - forecast))
    return _mean_ratio(error, _row_mean(np.abs(past[:, 7:] - past[:, :-7])))


def rmsse(actual: Doubles, forecast: Doubles, past: Doubles) -> float:
    """Root mean squared scaled error: over the past's day-to-day differences (M5, 2020), mean of n."""
    error = _row_mean((actual - forecast) ** 2)
    return _mean_ratio(np.sqrt(error), np.sqrt(_row_mean((past[:, 1:] - past[:, :-1]) ** 2)))


def weighted_quantile_loss(actual: Doubles, quantiles: Doubles, levels: tuple[float, ...]) -> float:
    """wQL: twice the pinball loss over the sum of actuals, mean of the levels.

    `quantiles` has one axis more than `actual`, of len(levels).
    """
    lost = pinball_loss(actual, quantiles, levels)
    return _ratio(2 * np.nansum(lost) / len(levels), np.nansum(actual))


def pinball_loss(actual: Doubles, quantiles: Doubles, levels: tuple[float, ...]) -> Doubles:
    """What each quantile forecast costs, in units: level x what it lacks, (1 - level) x what it has too much."""
    off = actual[..., None] - quantiles
    level = np.array(levels)
    return np.asarray(np.maximum(level * off, (level - 1) * off))


def coverage(actual: Doubles, quantile: Doubles) -> float:
    """The share of actuals at or below the quantile forecast for them."""
    seen = np.isfinite(actual)
    return _ratio(float((actual[seen] <= quantile[seen]).sum()), float(seen.sum()))


def psfa(actual: Doubles, forecast: Doubles, category: Ints) -> float:
    """Pseudo SFA (Dacon 236129), at most 1, higher is better: mean over main categories.

    Of each day, |actual - forecast| / max(both), weighted by the product's share of the category's
    sales that day; a category-day without sales weighs its products alike, and 0 against 0 is no error.
    """
    seen = np.isfinite(actual)
    known = np.where(seen, actual, 0)
    larger = np.maximum(known, forecast)
    error = np.where(seen & (larger > 0), np.abs(known - forecast) / np.maximum(larger, 1e-12), 0)
    scores = []
    for which in np.unique(category):
        rows = category == which
        total = known[rows].sum(axis=0)
        alike = seen[rows] / np.maximum(seen[rows].sum(axis=0), 1)
        share = np.where(total > 0, known[rows] / np.maximum(total, 1e-12), alike)
        scores.append(1 - float((error[rows] * share).sum(axis=0).mean()))
    return float(np.mean(scores))


def psfa_points(mean: Doubles, dispersion: Doubles, category: Ints) -> Doubles:
    """The whole number that maximises the expected PSFA of each product and day, (n, days).

    Maximises E[w(Y) min(Y, p) / max(Y, p)] with w(Y) = Y / (Y + R), R the expected sales of the rest of
    the category. It is far above the mean: for this score only, never to order by. Days on which a
    category is expected to sell next to nothing get 0.
    """
    rest, total = np.zeros_like(mean), np.zeros_like(mean)
    for which in np.unique(category):
        rows = category == which
        total[rows] = mean[rows].sum(axis=0)
    rest = np.maximum(total - mean, 0)
    best = np.zeros(mean.size)
    flat = (np.minimum(mean.ravel(), counts.LARGEST_MEAN), np.broadcast_to(dispersion, mean.shape).ravel())
    for chunk, width in counts.chunks(flat[0], flat[1]):
        units = np.arange(1, width, dtype=np.float64)[None, :]
        chance = counts.mass(flat[0][chunk], flat[1][chunk], width)[:, 1:]
        weight = chance * units / (units + rest.ravel()[chunk, None])
        below = np.cumsum(weight * units, axis=1)
        above = weight / units
        above = above.sum(axis=1, keepdims=True) - np.cumsum(above, axis=1)
        best[chunk] = 1 + np.argmax(below / units + units * above, axis=1)
    return np.where(total > 0.02, best.reshape(mean.shape), 0.0)


def block_sums(actual: Doubles, forecast: Doubles, days: int) -> tuple[Doubles, Doubles]:
    """Sums over blocks of `days` days; of a block not wholly seen, only the days that were, (n, blocks)."""
    seen = np.isfinite(actual)
    blocks = actual.shape[1] // days
    shape = (actual.shape[0], blocks, days)
    cut = slice(0, blocks * days)
    known = [np.where(seen, values, 0)[:, cut].reshape(shape).sum(axis=2) for values in (actual, forecast)]
    return known[0], known[1]


def _row_mean(values: Doubles) -> Doubles:
    seen = np.isfinite(values)
    return np.asarray(np.where(seen, values, 0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1))


def _mean_ratio(error: Doubles, scale: Doubles) -> float:
    usable = scale > 0
    return float(np.mean(error[usable] / scale[usable])) if usable.any() else float("nan")


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
