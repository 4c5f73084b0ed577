"""A first forecast for a new product: from products like it in category and price."""

from dataclasses import dataclass

import numpy as np

from forecasting.counts import Doubles
from forecasting.distribution import DemandDistribution
from forecasting.panel import Floats, Ints, SalesPanel

YOUNG_DAYS = 28
GROWN_DAYS = 56
LEAST_NEIGHBOURS = 3
OWN_DAYS_PRIOR = 14.0
PRICE_WIDTH = 0.35
MOST_DISPERSION = 5.0


@dataclass(frozen=True)
class Borrowed:
    """Forecasts of young products, and whom they were borrowed from."""

    rows: Ints
    """(m,): positions of the young products."""
    said: DemandDistribution
    """Of these m products."""
    depth: Ints
    """(m,): how many levels of the category path the neighbours share; 0 is the whole shop."""
    neighbours: Ints
    """(m,): how many neighbours there were."""


def young_products(panel: SalesPanel) -> Ints:
    """Positions of products first sold under 28 days before the panel's end, or never."""
    return np.flatnonzero(panel.launch > panel.days - YOUNG_DAYS)


def from_neighbours(panel: SalesPanel, demand: Floats, said: DemandDistribution) -> Borrowed | None:
    """Forecast the young products from grown ones; None if there are no young or no grown products.

    Neighbours share the deepest category level that holds at least three grown products, and weigh by
    exp(-|log price ratio| / 0.35). Their mean forecast counts like 14 days of the product's own sales;
    the spread between neighbours is added to the dispersion. The day of the first sale is not counted,
    since it is a sale by definition.
    """
    young = young_products(panel)
    grown = np.flatnonzero(panel.launch <= panel.days - GROWN_DAYS)
    if not young.size or not grown.size:
        return None
    price = panel.price[:, -1].astype(np.float64)
    mean, extra, leads = np.zeros((len(young), said.mean.shape[1])), np.zeros(len(young)), []
    depth, count = np.zeros(len(young), np.int64), np.zeros(len(young), np.int64)
    for place, row in enumerate(young):
        depth[place], near = _like(panel, int(row), grown)
        count[place] = len(near)
        weight = _price_weight(price[row], price[near])
        borrowed = (said.mean[near] * weight[:, None]).sum(axis=0)
        level = max(float(borrowed.mean()), 1e-6)
        apart = (weight * (said.mean[near].mean(axis=1) - level) ** 2).sum() / level**2
        own_days = max(panel.days - int(panel.launch[row]) - 1, 0)
        own = float(demand[row, panel.days - own_days :].sum()) if own_days else 0.0
        share = OWN_DAYS_PRIOR / (OWN_DAYS_PRIOR + own_days)
        mean[place] = borrowed * (share + own / (OWN_DAYS_PRIOR + own_days) / level)
        extra[place] = apart * share
        leads.append((said.lead_dispersion[near] * weight[:, None]).sum(axis=0))
    dispersion = np.stack([(said.dispersion[grown]).mean(axis=0)] * len(young))
    return Borrowed(
        young,
        DemandDistribution(
            mean,
            np.minimum(dispersion + extra[:, None], MOST_DISPERSION),
            np.minimum(np.stack(leads) + extra[:, None], MOST_DISPERSION),
        ),
        depth,
        count,
    )


def _like(panel: SalesPanel, row: int, grown: Ints) -> tuple[int, Ints]:
    """The deepest shared level with at least three grown products, and those products."""
    path = panel.categories[row]
    for depth in range(len(path), 0, -1):
        near = np.array([other for other in grown if panel.categories[other][:depth] == path[:depth]], np.int64)
        if len(near) >= LEAST_NEIGHBOURS:
            return depth, near
    return 0, grown


def _price_weight(price: float, others: Doubles) -> Doubles:
    """Weights that sum to 1, larger for a price alike; equal where a price is not known."""
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.abs(np.log(others / price))
    weight = np.exp(-np.where(np.isfinite(apart), apart, PRICE_WIDTH) / PRICE_WIDTH)
    return np.asarray(weight / weight.sum())
