"""Texts from outside, made harmless to keep and show: they stay text, without control characters, of bounded length."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any

SHORT = 300
LONG = 2000

_KEPT = frozenset("\u200d\ufe0e\ufe0f")
"""Invisible characters that belong to what is written: they join the parts of a pictogram."""


def plain(value: Any, limit: int = SHORT) -> str:
    """A value of a feed as one line of text of at most `limit` characters; null is empty, a list is no text.

    Control characters and marks that turn the direction of writing are dropped, so that a text cannot hide a part of
    itself or move a terminal's cursor; what remains is not interpreted.
    """
    if value is None or isinstance(value, (dict, list)):
        return ""
    # Cut before looking at each character: a hostile field may hold megabytes.
    raw = str(value)[: limit * 4]
    kept = raw if raw.isprintable() else "".join(_spaced(character) for character in raw)
    return " ".join(kept.split())[:limit].rstrip()


def _spaced(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc" or category in ("Zl", "Zp"):
        return " " if character.isspace() else ""
    return "" if category in ("Cf", "Cs", "Co") and character not in _KEPT else character


def compact_day(value: Any) -> date | None:
    """A day written as 20260723, 2026-07-23 or 2026.07.23; None if it is written otherwise or there is none."""
    digits = "".join(character for character in plain(value, 20) if character.isdecimal())[:8]
    try:
        return datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007  # a day has no time zone
    except ValueError:
        return None
