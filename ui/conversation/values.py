"""Values of calls and results as people read them: numbers, days, periods, and the words of states and kinds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ui.wording import NOTHING, Words

NAMES = frozenset(
    {"text", "product", "category", "location", "keyword", "keywords", "request", "title", "brand", "sku"}
)
"""Fields of names that somebody gave, which are never words of ours."""

_NUMBER = re.compile(r"\d{4,}(\.\d+)?")
_CODE = re.compile(r"[a-z]+(_[a-z0-9]+)*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LAST_DAYS = re.compile(r"last_(\d+)_days?")


def label_of(say: Words, name: str) -> str:
    """What a field of a result is called."""
    return say(f"talk.field_{name}") if say.has(f"talk.field_{name}") else name.replace("_", " ")


def shown(say: Words, value: Any, field: str = "") -> str:
    """A value of a result as people read it; `field` is the name that it stands under."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return say(f"said.{str(value).lower()}")
    if isinstance(value, int | float):
        return say.number(value, _digits(value))
    if isinstance(value, list):
        return ", ".join(shown(say, inner, field) for inner in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{label_of(say, key)}: {shown(say, inner, key)}" for key, inner in value.items())
    return str(value) if field in NAMES else _written(say, str(value), field)


def _written(say: Words, text: str, field: str) -> str:
    if field == "source":
        return say.source(text)
    if _NUMBER.fullmatch(text) and not text.startswith("0"):
        return text if field == "period" else say.number(float(text), _digits(float(text)))
    first, dots, last = text.partition("..")
    if _DAY.fullmatch(first) and (not dots or _DAY.fullmatch(last)):
        return " – ".join(_day(say, day) for day in (first, last) if day)
    return _word(say, text) if _CODE.fullmatch(text) else text


def _word(say: Words, code: str) -> str:
    """The word for a period, a state or a kind; what has none stays as it is."""
    if days := _LAST_DAYS.fullmatch(code):
        return say("said.last_days", n=int(days[1]))
    return say(f"said.{code}") if say.has(f"said.{code}") else code


def _day(say: Words, day: str) -> str:
    try:
        return say.day(date.fromisoformat(day))
    except ValueError:
        return day


def _digits(value: float) -> int:
    return 0 if value == int(value) else len(str(value).partition(".")[2][:2])
