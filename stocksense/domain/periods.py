"""Spans of days as people name them, and the spans they are compared with."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stocksense.errors import BadValue

_ACCEPTED = (
    "today, yesterday, this_week, last_week, this_month, last_month, this_year, last_year, last_7_days (any number), "
    "month_3, month_3_day_5, 2026-03-05, 2026-03, 2026 or 2026-03-01..2026-03-15"
)


class PeriodKind(StrEnum):
    """By what a span is compared: days and weeks by weekday, months and years by the calendar."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    SPAN = "span"


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included."""

    name: str
    first: date
    last: date
    kind: PeriodKind = PeriodKind.SPAN

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadValue(f"the period {self.first}..{self.last} ends before it begins; swap the days")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def previous(self) -> Period:
        """The like span before: the same weekdays a week ago, the same days of last month or last year.

        Any other span is held against as many days right before it.
        """
        if self.kind in (PeriodKind.DAY, PeriodKind.WEEK):
            return self._shifted("previous", 7)
        if self.kind is PeriodKind.MONTH:
            return self._months_back("previous", 1)
        return (
            self._months_back("previous", 12) if self.kind is PeriodKind.YEAR else self._shifted("previous", self.days)
        )

    def year_before(self) -> Period:
        """The like span a year ago: the same weekdays 52 weeks ago, or the same days of the calendar."""
        if self.kind in (PeriodKind.MONTH, PeriodKind.YEAR):
            return self._months_back("year_before", 12)
        return self._shifted("year_before", 364)

    def _shifted(self, name: str, days: int) -> Period:
        return Period(name, self.first - timedelta(days), self.last - timedelta(days), self.kind)

    def _months_back(self, name: str, months: int) -> Period:
        return Period(name, _months_before(self.first, months), _last_months_before(self.last, months), self.kind)


def parse_period(text: str, today: date) -> Period:
    """Read a period's name, such as `this_week` (up to today), `last_30_days`, `2026-03`.

    Raises BadValue, listing what can be read.
    """
    name = text.strip().casefold().replace(" ", "_")
    found = _named(name, today) or _last_days(name, today) or _without_year(name, today) or _written(name)
    if found is None:
        raise BadValue(
            f"{text!r} is no period; use {_ACCEPTED}",
            in_korean=f"'{text}'은(는) 기간이 아닙니다. '이번 주', '지난달', '2026-03-01..2026-03-15'처럼 쓰세요.",
        )
    return found


def _named(name: str, today: date) -> Period | None:
    monday = today - timedelta(today.weekday())
    last_month = today.replace(day=1) - timedelta(1)
    spans = {
        "today": (today, today, PeriodKind.DAY),
        "yesterday": (today - timedelta(1), today - timedelta(1), PeriodKind.DAY),
        "this_week": (monday, today, PeriodKind.WEEK),
        "last_week": (monday - timedelta(7), monday - timedelta(1), PeriodKind.WEEK),
        "this_month": (today.replace(day=1), today, PeriodKind.MONTH),
        "last_month": (last_month.replace(day=1), last_month, PeriodKind.MONTH),
        "this_year": (today.replace(month=1, day=1), today, PeriodKind.YEAR),
        "last_year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31), PeriodKind.YEAR),
    }
    return Period(name, *spans[name]) if name in spans else None


def _last_days(name: str, today: date) -> Period | None:
    match = re.fullmatch(r"last_(\d{1,4})_days?", name)
    days = int(match.group(1)) if match else 0
    return Period(name, today - timedelta(days - 1), today) if days else None


def _without_year(name: str, today: date) -> Period | None:
    """`month_3` or `month_3_day_5`: the last one that has begun by today."""
    match = re.fullmatch(r"month_(\d{1,2})(?:_day_(\d{1,2}))?", name)
    if not match:
        return None
    for year in range(today.year, today.year - 5, -1):
        found = _span("-".join([str(year), *(part for part in match.groups() if part)]))
        if found and found.first <= today:
            return found
    return None


def _written(name: str) -> Period | None:
    ends = [_span(part) for part in name.split("..")]
    if len(ends) > 2 or any(end is None for end in ends):
        return None
    first, last = ends[0], ends[-1]
    if first is None or last is None:
        return None
    return first if len(ends) == 1 else Period(name, first.first, last.last)


def _span(text: str) -> Period | None:
    """One day, month or year, written with digits."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text.strip("_"))
    if not match:
        return None
    year, month, day = int(match.group(1)), match.group(2), match.group(3)
    try:
        if day:
            return Period(text, date(year, int(month), int(day)), date(year, int(month), int(day)), PeriodKind.DAY)
        if month:
            first = date(year, int(month), 1)
            return Period(text, first, first.replace(day=monthrange(year, int(month))[1]), PeriodKind.MONTH)
        return Period(text, date(year, 1, 1), date(year, 12, 31), PeriodKind.YEAR)
    except ValueError:
        return None


def _months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or the last one where that month is shorter."""
    at = day.year * 12 + day.month - 1 - months
    year, month = divmod(at, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _last_months_before(day: date, months: int) -> date:
    """Like `_months_before`, but the end of a month stays the end of a month."""
    earlier = _months_before(day, months)
    is_end = day.day == monthrange(day.year, day.month)[1]
    return earlier.replace(day=monthrange(earlier.year, earlier.month)[1]) if is_end else earlier
