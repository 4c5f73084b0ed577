"""Public holidays as numbers a model can use: near, long, just over; lunar ones included."""

import math
from datetime import date, timedelta

import holidays
import numpy as np

from forecasting.panel import Floats

CALENDAR_FEATURES = 9
LONG_BLOCK_DAYS = 3
FADE_DAYS = 4.0


def calendar_features(first_day: date, days: int, country: str, *, seasons: bool) -> Floats:
    """One row of nine numbers a day, shape (days, 9).

    A holiday; one in a block of three or more (Seollal, Chuseok, with substitute days); how near the
    next holiday and the next long block are and how near the last one is, fading over 4 days; the day
    of the month and, where `seasons` is set, of the year, as sine and cosine. `seasons` needs two years
    of sales, since one year cannot tell a season from a trend. A country unknown to the `holidays`
    package has no holidays.
    """
    margin = 40
    start = first_day - timedelta(days=margin)
    total = days + 2 * margin
    span = [start + timedelta(days=offset) for offset in range(total)]
    free = _holidays(country, span)
    long_block = _in_long_block(free)
    found = np.zeros((total, CALENDAR_FEATURES), np.float32)
    found[:, 0], found[:, 1] = free, long_block
    found[:, 2], found[:, 3] = _nearness(free[::-1])[::-1], _nearness(long_block[::-1])[::-1]
    found[:, 4] = _nearness(free)
    for row, day in enumerate(span):
        month, year = 2 * math.pi * day.day / 31, 2 * math.pi * day.timetuple().tm_yday / 365.25
        found[row, 5:7] = math.sin(month), math.cos(month)
        if seasons:
            found[row, 7:9] = math.sin(year), math.cos(year)
    return found[margin : margin + days]


def _holidays(country: str, span: list[date]) -> Floats:
    """1 on a public holiday of the country, 0 otherwise, shape (days,)."""
    try:
        calendar = holidays.country_holidays(country, years=range(span[0].year, span[-1].year + 1))
    except NotImplementedError:
        return np.zeros(len(span), np.float32)
    return np.array([day in calendar for day in span], np.float32)


def _in_long_block(free: Floats) -> Floats:
    """1 on a day of a run of three or more holidays in a row, 0 otherwise, shape (days,)."""
    found = np.zeros_like(free)
    run = 0
    for row, value in enumerate(free):
        run = run + 1 if value else 0
        if run >= LONG_BLOCK_DAYS:
            found[row - run + 1 : row + 1] = 1
    return found


def _nearness(flags: Floats) -> Floats:
    """How recently a flag was set: 1 on the day itself, fading to 0, shape (days,)."""
    found = np.zeros_like(flags)
    since = math.inf
    for row, value in enumerate(flags):
        since = 0 if value else since + 1
        found[row] = math.exp(-since / FADE_DAYS)
    return found
