"""What the offline model says: phrases and words kept in TOML files, numbers and days as people write them."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from agents.offline.language import Language
from stocksense.domain.reasons import show_money, show_number


def _read(file: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name(file).read_text("utf-8"))


_PHRASES = _read("phrases.toml")
_WORDS = _read("words.toml")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def phrase(name: str, language: Language, /, **values: Any) -> str:
    """A phrase with its values filled in."""
    text: str = _PHRASES[name][language]
    return text.strip("\n").format(**values)


def word(kind: str, name: str, language: Language, /, **values: Any) -> str:
    """A single word or label; a name that isn't known is shown as it is."""
    pair = _WORDS[kind].get(name)
    return (pair[0] if language == "ko" else pair[1]).format(**values) if pair else name


def name_of(row: Any, language: Language) -> str:
    """The name of a product, category or location in a result."""
    first, second = ("name_ko", "name_en") if language == "ko" else ("name_en", "name_ko")
    return str(row.get(first) or row.get(second) or row.get("sku") or "")


def money(amount: Any, currency: str, language: Language) -> str:
    """An amount of a result with its currency."""
    return show_money(Decimal(str(amount)), currency, language)


def number(value: Any) -> str:
    """Units or percentages as people write them."""
    # Rounded once, to what is shown: 3.348 is 3.3, not by way of 3.35 a 3.4.
    return show_number(round(float(value), 6))


def day(text: str, language: Language, *, year: bool = False) -> str:
    """A day of a result: `3월 13일`, `Mar 13`, with `year` also that."""
    at = date.fromisoformat(text[:10])
    if language == "ko":
        return f"{at.year}년 {at.month}월 {at.day}일" if year else f"{at.month}월 {at.day}일"
    return f"{_MONTHS[at.month - 1]} {at.day}" + (f", {at.year}" if year else "")


def span(first: str, last: str, language: Language, *, year: bool = False) -> str:
    """The days from one to another, once if they are the same."""
    if first == last:
        return day(first, language, year=year)
    mark = "~" if language == "ko" else " to "
    return f"{day(first, language, year=year)}{mark}{day(last, language, year=year)}"
