"""How a product's shelf stands, in a word, and how far its stock and its forecast reach."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from stocksense.domain.demand import Forecast

LONGEST_COVER_DAYS = 3650.0
"""Stock that lasts longer than ten years, or for ever, counts as lasting ten."""


class ShelfState(StrEnum):
    """How a shelf stands: empty, to be ordered, low with enough on the way, lasting too long, or well."""

    OUT = "out"
    LOW = "low"
    COMING = "coming"
    OVER = "over"
    ENOUGH = "enough"


@dataclass(frozen=True)
class Outlook:
    """Units expected over some days, with the band that holds about 80 % of outcomes."""

    expected: float
    low: float
    high: float


def days_of_cover(on_hand: int, daily_demand: float) -> float:
    """Days that the units on hand last at that demand, LONGEST_COVER_DAYS at most."""
    if on_hand <= 0:
        return 0.0
    return min(on_hand / daily_demand, LONGEST_COVER_DAYS) if daily_demand > 0 else LONGEST_COVER_DAYS


def shelf_state(
    on_hand: int, on_order: int, *, reorder_point: float, days_of_cover: float, max_cover_days: float
) -> ShelfState:
    """The word for a shelf. A product that nothing was decided about has `reorder_point` -1, `max_cover_days` 0."""
    if on_hand <= 0:
        return ShelfState.OUT
    if on_hand <= reorder_point:
        return ShelfState.LOW if on_hand + on_order <= reorder_point else ShelfState.COMING
    return ShelfState.OVER if 0 < max_cover_days < days_of_cover else ShelfState.ENOUGH


def outlook(forecast: Forecast, days: int) -> Outlook:
    """Units expected over the next `days` days.

    The upper end is the forecast's own 90 % level of demand over these days where it has one. The lower end is that
    of independent days, widened as much as the upper end is wider than that of independent days.
    """
    days = min(days, len(forecast.daily_mean))
    mean = sum(forecast.daily_mean[:days])
    up = sqrt(sum((high - m) ** 2 for m, high in zip(forecast.daily_mean, forecast.daily_high[:days], strict=False)))
    down = sqrt(sum((m - low) ** 2 for m, low in zip(forecast.daily_mean, forecast.daily_low[:days], strict=False)))
    leads = forecast.lead_time_demand.values()
    if not leads or not all(min(levels) <= 0.9 <= max(levels) for levels in leads):
        return Outlook(mean, max(mean - down, 0.0), mean + up)
    high = max(forecast.demand_within(days, 0.9), mean)
    wider = (high - mean) / up if up > 0 else 1.0
    return Outlook(mean, max(mean - down * wider, 0.0), high)
