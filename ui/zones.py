"""Time zones to choose from."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

_ABROAD = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@cache
def zones() -> tuple[tuple[str, str], ...]:
    """Names of time zones with how they are shown: Seoul first, then all by name."""
    names = sorted(name for name in available_timezones() if name.startswith(_ABROAD) or name == "UTC")
    return tuple((name, name.replace("_", " ")) for name in ("Asia/Seoul", *(n for n in names if n != "Asia/Seoul")))
