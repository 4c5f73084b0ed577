"""What the model sees: 112 days as 16 weekly patches, and everything known of the 21 days ahead."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecasting.censored import corrected_demand
from forecasting.holidays_ahead import CALENDAR_FEATURES, calendar_features
from forecasting.panel import Floats, Ints, SalesPanel

HORIZON_DAYS: Final = 21
WINDOW_DAYS: Final = 112
PATCH_DAYS: Final = 7
PATCHES: Final = WINDOW_DAYS // PATCH_DAYS
LONG_DAYS: Final = 182
LEADS: Final = (3, 5, 7, 14)
AVERAGES: Final = (7, 14, 28, 56, 112, 182)
SAME_WEEKDAYS: Final = (4, 8, 16)
BASES: Final = len(AVERAGES) + len(SAME_WEEKDAYS)
PATCH_CHANNELS: Final = 9
STEP_FEATURES: Final = 7 + CALENDAR_FEATURES + 4
STATIC_FEATURES: Final = 2 * len(AVERAGES) + 10 + 7
SEASON_DAYS: Final = 540
LEAST_SCALE: Final = 0.02

Vocabulary = dict[str, int]


class TargetScale:
    """Sales as multiples of a product's own recent mean, in log1p; undone by the same object."""

    def __init__(self, scale: Floats) -> None:
        """`scale`: units a day of each product, shape (batch,), above 0."""
        self.scale = np.maximum(scale, LEAST_SCALE).astype(np.float32)

    def apply(self, units: Floats) -> Floats:
        """log1p(units / scale), same shape (batch, days)."""
        return np.asarray(np.log1p(units / self.scale[:, None]))

    def undo(self, scaled: Floats) -> Floats:
        """Units again, same shape (batch, days)."""
        return np.expm1(scaled) * self.scale[:, None]


@dataclass(frozen=True)
class Batch:
    """Windows of B products, each at its own origin (the first day to forecast)."""

    patches: Floats
    """(B, 16, 7 x channels): the past, a week a row."""
    statics: Floats
    """(B, features): statistics of the past 182 days, price, age, weekday of the origin."""
    categories: Ints
    """(B, 2): the main category and the one below it, 0 for one never seen."""
    steps: Floats
    """(B, 21, features): what is known of each day ahead."""
    bases: Floats
    """(B, 21, bases): logs of simple forecasts over the scale; the model blends and corrects them."""
    scale: Floats
    """(B,): units a day."""


@dataclass(frozen=True)
class Targets:
    """What came in the 21 days after the origins of a batch."""

    units: Floats
    """(B, 21): demand, stock-outs corrected."""
    seen: Floats
    """(B, 21): 1 where the shelf was full and the day lies in the panel, else 0."""


class History:
    """A panel made ready for windows: demand corrected, categories summed up, days in front padded."""

    def __init__(self, panel: SalesPanel, vocabulary: tuple[Vocabulary, Vocabulary]) -> None:
        self.panel = panel
        self.demand = corrected_demand(panel)
        self.launch = panel.launch
        self._weekday = panel.first_day.weekday()
        telling = panel.on_sale & (panel.in_stock | (panel.units > 0))
        self._units = _padded(np.where(telling, self.demand, 0))
        self._told = _padded(telling.astype(np.float32))
        self._price = _padded(panel.price, fill=np.nan)
        self._promotion = _padded(panel.promotion.astype(np.float32))
        seasons = panel.days >= SEASON_DAYS
        days_ahead = panel.days + HORIZON_DAYS
        self._calendar = _padded_rows(calendar_features(panel.first_day, days_ahead, panel.country, seasons=seasons))
        paths = panel.categories
        self.codes = np.array(
            [
                [words.get(_prefix(path, depth), 0) for depth, words in ((1, vocabulary[0]), (2, vocabulary[1]))]
                for path in paths
            ],
            np.int64,
        ).reshape(len(paths), 2)
        self._groups = [_groups(paths, depth) for depth in (1, 2)]
        self._totals = [_totals(group, self._units) for group in self._groups]
        self._last_year = _last_year(self._totals[0])

    def batch(self, rows: Ints, origins: Ints) -> Batch:
        """The windows of these products at these origins (day indices into the panel), each (B,)."""
        past = origins[:, None] + np.arange(LONG_DAYS)[None, :]
        units, told = self._units[rows[:, None], past], self._told[rows[:, None], past]
        window = slice(LONG_DAYS - WINDOW_DAYS, None)
        scale = _scale(units[:, window], told[:, window])
        totals = [self._totals[k][self._groups[k][rows][:, None], past[:, window]] for k in (0, 1)]
        weekly = _weekly_profile(totals[0])
        levels = _levels(units, told, scale)
        bases = self._bases(units, told, scale, (levels, weekly))
        price = self._price[rows[:, None], past[:, window]]
        promotion = self._promotion[rows[:, None], past[:, window]]
        holiday = self._calendar[past[:, window], 0]
        patches = _patches(units[:, window], told[:, window], scale, (price, promotion, holiday, *totals))
        statics = self._statics(rows, origins, (units, told, scale, levels, price, promotion))
        return Batch(patches, statics, self.codes[rows], self._steps(rows, origins, weekly), bases, scale)

    def targets(self, rows: Ints, origins: Ints) -> Targets:
        """What came after these origins, each (B,); days past the panel's end are not seen."""
        ahead = origins[:, None] + np.arange(HORIZON_DAYS)[None, :]
        inside = ahead < self.panel.days
        column = np.minimum(ahead, self.panel.days - 1)
        seen = inside & self.panel.in_stock[rows[:, None], column]
        units = np.where(inside, self.demand[rows[:, None], column], 0)
        return Targets(units.astype(np.float32), seen.astype(np.float32))

    def _bases(self, units: Floats, told: Floats, scale: Floats, known: tuple[Floats, Floats]) -> Floats:
        """Logs of moving averages with the category's week and of same-weekday means, (B, 21, bases)."""
        levels, weekly = known
        day = np.arange(HORIZON_DAYS) % 7
        found = [levels[:, None, k] + np.log(weekly[:, day]) for k in range(len(AVERAGES))]
        weeks, seen = units.reshape(len(units), -1, 7), told.reshape(len(told), -1, 7)
        prior = 2.0
        smooth = np.exp(levels[:, 3:4]) * weekly * scale[:, None]
        for count in SAME_WEEKDAYS:
            total = weeks[:, -count:].sum(axis=1) + prior * smooth
            mean = total / (seen[:, -count:].sum(axis=1) + prior)
            found.append(np.log(np.maximum(mean / scale[:, None], 1e-4))[:, day])
        return np.stack(found, axis=2).astype(np.float32)

    def _steps(self, rows: Ints, origins: Ints, weekly: Floats) -> Floats:
        """Weekday, holidays, the category's week and the same time last year, (B, 21, features)."""
        ahead = origins[:, None] + np.arange(HORIZON_DAYS)[None, :]
        weekday = (ahead + self._weekday) % 7
        last_year = self._last_year[self._groups[0][rows][:, None], ahead]
        known = np.isfinite(last_year)
        return np.concatenate(
            [
                np.eye(7, dtype=np.float32)[weekday],
                self._calendar[ahead + LONG_DAYS],
                np.log(weekly[:, np.arange(HORIZON_DAYS) % 7])[:, :, None],
                np.where(known, last_year, 0)[:, :, None].astype(np.float32),
                known[:, :, None].astype(np.float32),
                np.broadcast_to(np.linspace(0, 1, HORIZON_DAYS, dtype=np.float32)[None, :, None], (*ahead.shape, 1)),
            ],
            axis=2,
        ).astype(np.float32)

    def _statics(self, rows: Ints, origins: Ints, seen: tuple[Floats, ...]) -> Floats:
        """Statistics of the past, (B, features), each of the order of 1."""
        units, told, scale, levels, price, promotion = seen
        sold = (units > 0).astype(np.float32)
        shares = [sold[:, -k:].sum(axis=1) / np.maximum(told[:, -k:].sum(axis=1), 1) for k in AVERAGES]
        quiet = np.where(sold.any(axis=1), np.argmax(sold[:, ::-1], axis=1), LONG_DAYS)
        relative = units[:, -WINDOW_DAYS:] / scale[:, None]
        rough = np.sqrt((relative**2).mean(axis=1))
        burst = units.max(axis=1) / scale
        age = np.clip(origins - self.launch[rows], 0, 730)
        latest = price[:, -1]
        with np.errstate(invalid="ignore", divide="ignore"):
            change = np.nan_to_num(np.log(latest / _typical(price)), posinf=0, neginf=0)
            money = np.nan_to_num(np.log(latest), posinf=0, neginf=0)
        columns = [
            *levels.T, *shares, np.log1p(quiet) / 3, np.log1p(age) / 3, np.log(scale), np.log1p(rough),
            np.log1p(burst) / 2, np.clip(change, -1, 1) * 3, money / 3, promotion[:, -7:].mean(axis=1),
            promotion[:, -28:].mean(axis=1), told[:, -28:].mean(axis=1),
        ]  # fmt: skip
        weekday = np.eye(7, dtype=np.float32)[(origins + self._weekday) % 7]
        return np.concatenate([np.stack(columns, axis=1), weekday], axis=1).astype(np.float32)


def vocabularies(panel: SalesPanel) -> tuple[Vocabulary, Vocabulary]:
    """Numbers, from 1, for each main category and each second-level category of a panel."""
    found: list[Vocabulary] = []
    for depth in (1, 2):
        words = sorted({_prefix(path, depth) for path in panel.categories})
        found.append({word: number for number, word in enumerate(words, start=1)})
    return found[0], found[1]


def _prefix(path: tuple[str, ...], depth: int) -> str:
    return " > ".join(path[:depth])


def _groups(paths: tuple[tuple[str, ...], ...], depth: int) -> Ints:
    names = sorted({_prefix(path, depth) for path in paths})
    number = {name: row for row, name in enumerate(names)}
    return np.array([number[_prefix(path, depth)] for path in paths], np.int64)


def _totals(group: Ints, units: Floats) -> Floats:
    """Units of each group a day, (groups, padded days)."""
    found = np.zeros((int(group.max(initial=0)) + 1, units.shape[1]), np.float32)
    np.add.at(found, group, units)
    return found


def _last_year(totals: Floats) -> Floats:
    """Log of a group's week around this day a year ago over its four weeks before, NaN if unknown.

    Shape (groups, days + 21), indexed by day of the panel; 364 days keep the weekday.
    """
    groups, padded = totals.shape
    days = padded - LONG_DAYS
    found = np.full((groups, days + HORIZON_DAYS), np.nan, np.float32)
    running = np.concatenate([np.zeros((groups, 1), np.float64), np.cumsum(totals, axis=1)], axis=1)
    day = np.arange(max(364 + 28, 0), days + HORIZON_DAYS)
    middle = day - 364 + LONG_DAYS
    inside = middle + 4 <= padded
    day, middle = day[inside], middle[inside]
    week = (running[:, middle + 4] - running[:, middle - 3]) / 7
    before = (running[:, middle - 3] - running[:, middle - 31]) / 28
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(week / before)
    found[:, day] = np.where(np.isfinite(ratio), np.clip(ratio, -1, 1), np.nan)
    return found


def _padded(values: Floats, fill: float = 0.0) -> Floats:
    """The same with 182 days of `fill` in front, so that every origin has a full past."""
    front = np.full((values.shape[0], LONG_DAYS), fill, np.float32)
    return np.concatenate([front, values.astype(np.float32)], axis=1)


def _padded_rows(values: Floats) -> Floats:
    return np.concatenate([np.zeros((LONG_DAYS, values.shape[1]), np.float32), values])


def _scale(units: Floats, told: Floats) -> Floats:
    """Mean units a day over the days that tell, at least a small floor, (B,)."""
    return np.asarray(np.maximum(units.sum(axis=1) / np.maximum(told.sum(axis=1), 14), LEAST_SCALE), np.float32)


def _levels(units: Floats, told: Floats, scale: Floats) -> Floats:
    """Logs of moving averages over the scale, pulled to it by one day's worth, (B, averages)."""
    found = [(units[:, -k:].sum(axis=1) + scale) / (told[:, -k:].sum(axis=1) + 1) / scale for k in AVERAGES]
    return np.asarray(np.log(np.maximum(np.stack(found, axis=1), 1e-3)), np.float32)


def _weekly_profile(totals: Floats) -> Floats:
    """A category's share of each day of the week from the origin's weekday on, mean 1, (B, 7)."""
    weeks = totals.reshape(len(totals), -1, 7).sum(axis=1)
    whole = weeks.mean(axis=1, keepdims=True)
    prior = 10.0
    return np.asarray((weeks + prior) / (whole + prior), np.float32)


def _typical(price: Floats) -> Floats:
    """Mean known price of a window, NaN where none is known, (B,)."""
    known = np.isfinite(price)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, price, 0).sum(axis=1) / known.sum(axis=1), np.float32)


def _patches(units: Floats, told: Floats, scale: Floats, beside: tuple[Floats, ...]) -> Floats:
    """Nine channels a day, seven days a patch, (B, 16, 63)."""
    price, promotion, holiday, main, below = beside
    with np.errstate(invalid="ignore", divide="ignore"):
        dear = np.nan_to_num(np.log(price / _typical(price)[:, None]), posinf=0, neginf=0)
    ratio = [total / (total.mean(axis=1, keepdims=True) + 0.1) for total in (main, below)]
    channels = [
        TargetScale(scale).apply(units), (units > 0), told, np.clip(dear, -1, 1) * 3, promotion, holiday,
        np.clip(ratio[0] - 1, -1, 3), np.clip(ratio[1] - 1, -1, 3), np.minimum(units / scale[:, None], 10) / 3,
    ]  # fmt: skip
    stacked = np.stack([np.asarray(channel, np.float32) for channel in channels], axis=2)
    return stacked.reshape(len(units), PATCHES, PATCH_DAYS * PATCH_CHANNELS)
