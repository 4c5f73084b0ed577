"""The negative binomial: how many units may sell, given a mean and a dispersion.

Mean m and dispersion a give the variance m + a m^2; a = 0 is the Poisson distribution. It is the
usual model of counts whose spread exceeds their mean (Hilbe, Negative Binomial Regression, 2011).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from stocksense.errors import BadValue

Doubles = NDArray[np.float64]

LARGEST_MEAN = 500.0
LEAST_DISPERSION = 1e-4
CELLS_AT_ONCE = 2_000_000


def variance(mean: Doubles, dispersion: Doubles) -> Doubles:
    """The variance of the distribution, in units squared, same shape as `mean`."""
    return mean + dispersion * mean * mean


def dispersion_of(mean: Doubles, spread: Doubles) -> Doubles:
    """The dispersion that gives a mean this variance; never below a small positive floor."""
    safe = np.maximum(mean, 1e-6)
    return np.asarray(np.maximum((spread - safe) / (safe * safe), LEAST_DISPERSION))


def quantiles(mean: Doubles, dispersion: Doubles, levels: tuple[float, ...]) -> Doubles:
    """The smallest whole number of units that covers demand with each probability.

    `mean` and `dispersion` share any shape; a last axis of len(levels) is added. Means above 500 are
    computed at 500 with the same relative spread and scaled up, since there the steps of one unit do
    not matter. Raises BadValue for a level outside 0..1 or a negative mean.
    """
    if any(not 0 < level < 1 for level in levels):
        raise BadValue(f"quantile levels {levels} must lie between 0 and 1, such as 0.95")
    if (np.asarray(mean) < 0).any():
        raise BadValue("a mean demand below 0 has no distribution; clip it at 0")
    flat = np.asarray(mean, np.float64).ravel()
    small = np.minimum(flat, LARGEST_MEAN)
    relative = np.broadcast_to(dispersion, np.shape(mean)).astype(np.float64).ravel()
    relative = relative + 1 / np.maximum(flat, 1e-9) - 1 / np.maximum(small, 1e-9)
    relative = np.maximum(relative, LEAST_DISPERSION)
    found = np.zeros((flat.size, len(levels)))
    for chunk, width in chunks(small, relative):
        cdf = np.cumsum(mass(small[chunk], relative[chunk], width), axis=1)
        for column, level in enumerate(levels):
            found[chunk, column] = (cdf < level - 1e-9).sum(axis=1)
    found *= np.maximum(flat / np.maximum(small, 1e-9), 1)[:, None]
    return np.abs(np.ceil(found - 1e-9)).reshape(*np.shape(mean), len(levels))


def mass(mean: Doubles, dispersion: Doubles, width: int) -> Doubles:
    """The probabilities of 0 .. width-1 units, shape (len(mean), width), from the recursion in logs."""
    safe = np.maximum(mean, 1e-9)
    size = 1 / np.maximum(dispersion, LEAST_DISPERSION)
    steps = np.arange(1, width)
    log_first = -size * np.log1p(safe / size)
    log_ratio = np.log(safe / (safe + size))
    log_steps = np.log((steps[None, :] - 1 + size[:, None]) / steps[None, :]) + log_ratio[:, None]
    logs = np.concatenate([log_first[:, None], log_first[:, None] + np.cumsum(log_steps, axis=1)], axis=1)
    return np.asarray(np.exp(logs))


def chunks(mean: Doubles, dispersion: Doubles) -> Iterator[tuple[NDArray[np.int64], int]]:
    """Rows of about the same reach together, each with the number of unit steps that covers its tail."""
    reach = mean + np.sqrt(variance(mean, dispersion)) * (10 + 2 * dispersion) + 8
    yield from grouped(reach)


def grouped(reach: Doubles) -> Iterator[tuple[NDArray[np.int64], int]]:
    """Rows of one reach, rounded up to a power of two, a bounded number of cells at a time."""
    widths = 2 ** np.ceil(np.log2(np.maximum(reach, 2))).astype(np.int64)
    for width in np.unique(widths):
        rows = np.flatnonzero(widths == width)
        step = max(1, CELLS_AT_ONCE // int(width))
        for start in range(0, len(rows), step):
            yield rows[start : start + step], int(width)
