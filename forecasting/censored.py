"""Demand that an empty shelf hid, put back: no sales without stock is not no demand.

A day flagged as out of stock tells that demand was *at least* what was sold; a flagged day without any
sale tells nothing. Demand is taken as negative binomial around a local level times a weekday factor,
and the unseen part is replaced by its expectation given what was seen, over and over (the EM algorithm
of Dempster, Laird and Rubin, 1977, for right-censored counts).
"""

import numpy as np

from forecasting import counts
from forecasting.counts import Doubles
from forecasting.panel import Flags, Floats, SalesPanel

LEVEL_DAYS = 57
ROUNDS = 6
LARGEST_COUNT = 4_096


def corrected_demand(panel: SalesPanel) -> Floats:
    """Estimated daily demand, shape (n, days): sales where the shelf was full, more where it was empty.

    Days in stock are returned as they were sold; days before a product's first sale stay 0.
    """
    units = panel.units.astype(np.float64)
    hidden = ~panel.in_stock & panel.on_sale
    rows = np.flatnonzero(hidden.any(axis=1))
    if not rows.size:
        return panel.units.copy()
    demand = panel.units.copy()
    demand[rows] = _completed(units[rows], hidden[rows], panel.on_sale[rows], panel.first_day.weekday())
    return demand


def _completed(units: Doubles, hidden: Flags, on_sale: Flags, weekday: int) -> Floats:
    """Run the rounds of expectation and re-estimation on products that were out of stock, (n, days)."""
    telling = on_sale & ~(hidden & (units <= 0))
    demand = units.copy()
    at_least = hidden & (units > 0)
    for _ in range(ROUNDS):
        level = _expected(demand, telling, weekday)
        spread = np.where(telling, (demand - level) ** 2 - level, 0).sum(axis=1)
        dispersion = np.clip(spread / np.maximum((np.where(telling, level, 0) ** 2).sum(axis=1), 1e-9), 0.01, 5)
        wide = np.broadcast_to(dispersion[:, None], units.shape)
        demand[at_least] = mean_above(level[at_least], wide[at_least], units[at_least])
    return np.where(hidden, np.where(at_least, demand, level), units).astype(np.float32)


def _expected(demand: Doubles, telling: Flags, weekday: int) -> Doubles:
    """Level of the days around times the product's weekday factor, from telling days, (n, days)."""
    known = np.where(telling, demand, 0.0)
    whole = known.sum(axis=1, keepdims=True) / np.maximum(telling.sum(axis=1, keepdims=True), 1)
    near = _window_sum(telling.astype(np.float64))
    level = (_window_sum(known) + 3 * whole) / (near + 3)
    day = (np.arange(demand.shape[1]) + weekday) % 7
    factor = np.ones_like(demand)
    for which in range(7):
        pick = day == which
        seen = known[:, pick].sum(axis=1)
        expected = np.where(telling, level, 0)[:, pick].sum(axis=1)
        prior = 4 * whole[:, 0] + 1e-9
        factor[:, pick] = ((seen + prior) / (expected + prior))[:, None]
    return np.asarray(level * factor)


def _window_sum(values: Doubles) -> Doubles:
    """Sum over a window of 57 days centred on each day, cut off at the ends, (n, days)."""
    half = LEVEL_DAYS // 2
    total = np.concatenate([np.zeros((values.shape[0], 1)), np.cumsum(values, axis=1)], axis=1)
    days = np.arange(values.shape[1])
    last = np.minimum(days + half + 1, values.shape[1])
    return np.asarray(total[:, last] - total[:, np.maximum(days - half, 0)])


def mean_above(mean: Doubles, dispersion: Doubles, least: Doubles) -> Doubles:
    """Expected demand given that it is at least `least` units, shape (m,).

    Uses E[D; D >= s] = m P(D' >= s - 1), where D' has one more failure to wait for than D.
    """
    found = np.maximum(least, mean).astype(np.float64)
    size = 1 / np.maximum(dispersion, counts.LEAST_DISPERSION)
    units = np.ceil(least)
    countable = np.flatnonzero(units <= LARGEST_COUNT)
    for rows, width in counts.grouped(units[countable] + 1):
        chunk = countable[rows]
        m, r, column = mean[chunk], size[chunk], np.arange(width)[None, :]
        below = np.where(column < units[chunk, None], counts.mass(m, 1 / r, width), 0).sum(axis=1)
        more = counts.mass(m * (r + 1) / r, 1 / (r + 1), width)
        shifted = np.where(column < units[chunk, None] - 1, more, 0).sum(axis=1)
        expected = m * (1 - shifted) / np.maximum(1 - below, 1e-9)
        found[chunk] = np.where(1 - below > 1e-9, np.maximum(expected, least[chunk]), found[chunk])
    return found
