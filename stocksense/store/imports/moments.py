"""Days and times, as Korean and other systems write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from stocksense.store.imports.cells import clean
from stocksense.store.imports.wording import Fault

_DAY = r"(?P<year>\d{4})\s*[-./년]\s*(?P<month>\d{1,2})\s*[-./월]\s*(?P<day>\d{1,2})\s*[일.]?"
_WEEKDAY = r"(?:\s*\(?(?:[월화수목금토일](?:요일)?|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\)?(?=\s|$))?"
_CLOCK = (
    r"(?:[T\s]\s*(?P<half>오전|오후|AM|PM)?\s*(?P<hour>\d{1,2})\s*[:시]\s*(?P<minute>\d{1,2})?\s*분?"
    r"(?:\s*:?\s*(?P<second>\d{1,2})(?:\.(?P<fraction>\d{1,6})\d*)?\s*초?)?\s*(?P<half_after>AM|PM)?)?"
)
_ZONE = r"\s*(?P<zone>Z|UTC|KST|[+-]\d{2}:?\d{2})?"
_WRITTEN = re.compile(_DAY + _WEEKDAY + _CLOCK + _ZONE, re.IGNORECASE)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?")
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
_YEAR_LAST = re.compile(r"\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})(?:\s.*)?")
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  # a wall clock; Excel's serials count days from here
_NOON = time(12)


class Moment(NamedTuple):
    """An instant in UTC, and the day that it was in the shop."""

    at: datetime
    day: date


@lru_cache(65536)
def moment(text: str, zone: ZoneInfo) -> Moment | Fault:
    """Read a day with or without a time; what says no time zone is in the shop's.

    A day without a time counts as noon: after a count of the morning, before a count of the evening. Days that begin
    with day or month are refused, since 03/04/2026 means two things.
    """
    text = clean(text)
    if not text:
        return Fault.EMPTY
    try:
        when = _read(text, zone)
    except (ValueError, OverflowError):
        return Fault.NOT_A_DATE
    if isinstance(when, Fault):
        return when
    local = when.astimezone(zone)
    return Moment(local.astimezone(UTC), local.date())


def _read(text: str, zone: ZoneInfo) -> datetime | Fault:
    """The aware time; raises ValueError for a 13th month and its like."""
    if found := _WRITTEN.fullmatch(text):
        return _from_parts(found, zone)
    if found := _PACKED.fullmatch(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        at = time(hour, minute, second) if found.group(4) else _NOON
        return datetime.combine(date(year, month, day), at, zone)
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text)).replace(tzinfo=zone)
    return Fault.DAY_OR_MONTH if _YEAR_LAST.fullmatch(text) else Fault.NOT_A_DATE


def _from_parts(found: re.Match[str], zone: ZoneInfo) -> datetime:
    part = found.groupdict()
    day = date(int(part["year"]), int(part["month"]), int(part["day"]))
    if part["hour"] is None:
        return datetime.combine(day, _NOON, _zone(part["zone"], zone))
    hour = int(part["hour"])
    half = (part["half"] or part["half_after"] or "").upper()
    if half in {"오후", "PM"} and hour < 12:
        hour += 12
    elif half in {"오전", "AM"} and hour == 12:
        hour = 0
    micros = int((part["fraction"] or "0").ljust(6, "0"))
    clock = time(hour, int(part["minute"] or 0), int(part["second"] or 0), micros)
    return datetime.combine(day, clock, _zone(part["zone"], zone))


def _zone(text: str | None, zone: ZoneInfo) -> timezone | ZoneInfo:
    """The zone that is written after the time, or the shop's."""
    if not text:
        return zone
    if text.upper() in {"Z", "UTC"}:
        return UTC
    if text.upper() == "KST":
        return timezone(timedelta(hours=9))
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _from_serial(days: float) -> datetime:
    """Excel's count of days, to the second; a whole one has no time."""
    when = _SERIAL_ZERO + timedelta(seconds=round(days * 86400))
    return when if days % 1 else datetime.combine(when.date(), _NOON)
