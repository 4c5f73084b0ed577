"""What the days of a Korean year do to a shop: seasons, weekdays, holidays, and the weeks before them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import holidays
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SEASONS: dict[str, tuple[float, ...]] = {
    "flat": (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
    "summer": (0.75, 0.75, 0.85, 0.95, 1.1, 1.25, 1.4, 1.4, 1.15, 0.95, 0.8, 0.75),
    "hot": (0.4, 0.4, 0.6, 0.8, 1.1, 1.5, 1.9, 1.9, 1.3, 0.8, 0.5, 0.4),
    "icecream": (0.25, 0.28, 0.45, 0.75, 1.2, 1.7, 2.3, 2.3, 1.4, 0.7, 0.35, 0.25),
    "springsummer": (0.8, 0.85, 1, 1.1, 1.2, 1.2, 1.15, 1.1, 1.05, 0.95, 0.85, 0.8),
    "cool": (1.15, 1.1, 1.05, 1, 0.95, 0.85, 0.8, 0.8, 0.95, 1.05, 1.15, 1.2),
    "winterish": (1.35, 1.3, 1.1, 0.95, 0.8, 0.7, 0.65, 0.65, 0.8, 1.05, 1.3, 1.4),
    "winter": (1.7, 1.6, 1.2, 0.8, 0.5, 0.35, 0.3, 0.3, 0.5, 1, 1.6, 1.9),
    "hotpack": (2.8, 2.4, 1.1, 0.25, 0.05, 0.03, 0.02, 0.02, 0.08, 0.7, 2.0, 2.9),
    "rain": (0.5, 0.5, 0.7, 0.9, 1, 1.7, 2.2, 1.7, 1.2, 0.6, 0.6, 0.5),
    "dust": (1, 1.1, 1.7, 1.6, 1.1, 0.7, 0.6, 0.6, 0.7, 0.9, 1, 1),
    "school": (0.8, 1.1, 1.8, 1, 0.9, 0.9, 0.7, 0.9, 1.3, 0.9, 0.9, 0.8),
    "chocolate": (1.1, 1.3, 1.2, 0.95, 0.85, 0.75, 0.65, 0.65, 0.85, 1, 1.2, 1.3),
    "gift": (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
    "gifty": (0.9, 0.9, 0.95, 1, 1.15, 1, 1, 1, 0.95, 0.95, 1, 1.3),
    "holidaygift": (0.3, 0.3, 0.15, 0.1, 0.1, 0.1, 0.1, 0.15, 0.3, 0.2, 0.1, 0.15),
}
"""Demand in the middle of each month, January first, against the year's usual."""

WEEKS: dict[str, tuple[float, ...]] = {
    "flat": (1, 1, 1, 1, 1, 1, 1),
    "commuter": (1.1, 1.1, 1.1, 1.12, 1.18, 0.8, 0.6),
    "evening": (0.9, 0.92, 0.95, 1.0, 1.2, 1.15, 0.88),
    "weekend": (0.8, 0.8, 0.82, 0.9, 1.15, 1.35, 1.18),
    "family": (0.9, 0.85, 0.88, 0.92, 1.0, 1.25, 1.2),
}
"""Demand on each weekday, Monday first, against the week's usual."""

_GIFT_DAYS = 14
_GIFT_PEAK = {"gift": 2.2, "holidaygift": 45.0}
_MONTH_DAY_PEAKS: dict[str, dict[tuple[int, int], float]] = {
    "chocolate": {(2, 14): 5.0, (3, 14): 4.0, (11, 11): 6.0},
    "gifty": {(5, 5): 3.5, (12, 24): 3.0, (12, 25): 2.5},
}
_EMPTY_STREETS = {0: 0.55, 1: 0.75, -1: 0.85}


@dataclass(frozen=True)
class Calendar:
    """The days of a window, oldest first, and what is known about them: arrays of shape (days,)."""

    days: tuple[date, ...]
    weekday: NDArray[np.int64]
    holiday: NDArray[np.bool_]
    feast: tuple[date, ...]

    @classmethod
    def until(cls, last: date, days: int) -> Calendar:
        """The `days` days that end with `last`."""
        window = tuple(last - timedelta(days=back) for back in range(days - 1, -1, -1))
        public = korean_holidays(range(window[0].year, last.year + 2))
        feast = tuple(sorted(day for day, name in public.items() if _is_feast(name)))
        return cls(
            days=window,
            weekday=np.array([day.weekday() for day in window]),
            holiday=np.array([day in public for day in window]),
            feast=feast,
        )

    def season(self, name: str) -> Floats:
        """The curve of one season with its special days: shape (days,)."""
        curve = _through_year(SEASONS[name], self.days)
        for (month, of_month), peak in _MONTH_DAY_PEAKS.get(name, {}).items():
            for back, share in enumerate((1.0, 0.6, 0.3)):
                at = [
                    (day + timedelta(days=back)).month == month and (day + timedelta(days=back)).day == of_month
                    for day in self.days
                ]
                curve[at] *= 1 + (peak - 1) * share
        if name in _GIFT_PEAK:
            curve *= 1 + (_GIFT_PEAK[name] - 1) * self._before_feast()
        return curve

    def week(self, name: str) -> Floats:
        """The curve of one week; a public holiday is a Sunday. Shape (days,)."""
        sunday = np.where(self.holiday, 6, self.weekday)
        curve: Floats = np.array(WEEKS[name], dtype=np.float32)[sunday]
        return curve

    def traffic(self) -> Floats:
        """How many people are about: fewer around the day of Seollal and of Chuseok. Shape (days,)."""
        passers = np.ones(len(self.days), dtype=np.float32)
        for feast in self.feast:
            for offset, share in _EMPTY_STREETS.items():
                at = (feast - self.days[0]).days + offset
                if 0 <= at < len(self.days):
                    passers[at] *= share
        return passers

    def _before_feast(self) -> Floats:
        """0 far from Seollal and Chuseok, rising to 1 two days before."""
        ahead = np.array([min((f - day).days for f in self.feast if f >= day) for day in self.days])
        rise = 1 - (ahead - 2) / _GIFT_DAYS
        near: Floats = np.where(ahead >= 2, np.clip(rise, 0, 1), 0.3 * (ahead == 1)).astype(np.float32)
        return near


def korean_holidays(years: Iterable[int]) -> dict[date, str]:
    """South Korea's public holidays of these years, by their English names."""
    public: Any = holidays.country_holidays("KR", years=list(years), language="en_US")
    return dict(public.items())


def _is_feast(name: str) -> bool:
    return any(part in ("Korean New Year", "Chuseok") for part in name.split("; "))


def _through_year(months: tuple[float, ...], days: tuple[date, ...]) -> Floats:
    """Twelve mid-month values drawn into a line over the days of the year."""
    middles = np.arange(-0.5, 13.5) * 365.25 / 12
    values = np.array((months[-1], *months, months[0]))
    curve: Floats = np.interp([day.timetuple().tm_yday for day in days], middles, values).astype(np.float32)
    return curve
