"""Every word that pages show, in Korean and English, and how numbers, money, days and instants are written.

The words lie in `words/<topic>.toml`: one key a line, both languages side by side.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_compact_decimal, format_currency

from stocksense.store.states import GENERATED, is_generated

FOLDER = Path(__file__).parent / "words"
NOTHING = "–"
"""What stands where a number is not known."""

Wording = str | Mapping[str, str]
"""A text, or an English text by number: `one` and `other`."""
Number = int | float | Decimal


@cache
def catalogue() -> Mapping[str, Mapping[str, Wording]]:
    """All wordings by `topic.key`, then by language. Raises ValueError for one that lacks a language."""
    found: dict[str, Mapping[str, Wording]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for key, wordings in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if not isinstance(wordings, dict) or set(wordings) != {"ko", "en"}:
                raise ValueError(f"{path.name}: {key} needs exactly ko and en")
            found[f"{path.stem}.{key}"] = wordings
    return found


@dataclass(frozen=True)
class Words:
    """The words of one language; instants are shown in `time_zone`, money in `currency`."""

    language: str = "ko"
    time_zone: str = "Asia/Seoul"
    currency: str = "KRW"

    def __call__(self, key: str, /, **values: object) -> str:
        """The wording of a key with values put in; numbers and days among them are written out.

        A plural goes by the value `n`. Raises KeyError for a key that no catalogue holds.
        """
        wording = catalogue()[key][self.language]
        if not isinstance(wording, str):
            wording = wording["one" if values.get("n") == 1 else "other"]
        return wording.format_map({name: self.plain(value) for name, value in values.items()}) if values else wording

    def has(self, key: str) -> bool:
        """Whether a catalogue holds the key."""
        return key in catalogue()

    def plain(self, value: object) -> str:
        """A value as a person writes it: numbers with separators, days and instants in words."""
        if isinstance(value, bool) or value is None:
            return NOTHING if value is None else str(value)
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.day(value)
        return self.number(value) if isinstance(value, int | float | Decimal) else str(value)

    def number(self, value: Number | None, digits: int | None = None) -> str:
        """A number with thousands separated; without `digits` whole numbers stay whole, others get one decimal."""
        if value is None or value != value:  # noqa: PLR0124  # a float that isn't a number is unequal to itself
            return NOTHING
        if isinstance(value, int) and not digits:
            return f"{value:,}".replace("-", "−")
        if digits is None:
            digits = 0 if value == int(value) else 1
        return f"{_rounded(value, digits):,}".replace("-", "−")

    def money(self, amount: Number | None, currency: str = "") -> str:
        """An amount in the shop's currency, or in another: `12,300원`, `₩12,300`, `$9.10`."""
        if amount is None:
            return NOTHING
        unit = currency or self.currency
        if unit != "KRW":
            return format_currency(Decimal(str(amount)), unit, locale=self.language)
        number = self.number(amount, 0)
        if self.language == "ko":
            return f"{number}원"
        return f"−₩{number[1:]}" if number.startswith("−") else f"₩{number}"

    def compact(self, value: Number | None) -> str:
        """A number in a few letters, for axes: `1.2만`, `12K`."""
        size = 0.0 if value is None else abs(float(value))
        if value is None or size < 1000:
            return self.number(value, 0 if size >= 100 else None)
        return format_compact_decimal(value, locale=self.language, fraction_digits=1)

    def percent(self, share: Number | None, digits: int = 0) -> str:
        """A share (1 is all) in per cent."""
        return NOTHING if share is None else f"{self.number(float(share) * 100, digits)}%"

    def change(self, share: Number | None, digits: int = 0) -> str:
        """A change (0.1 is a tenth more) in per cent, with its sign."""
        if share is None:
            return NOTHING
        written = self.percent(share, digits)
        return f"+{written}" if share > 0 else written

    def day(self, value: date | None) -> str:
        """A day with its year: `2026년 3월 11일`, `11 March 2026`."""
        return NOTHING if value is None else _day(value, "long", self.language)

    def short_day(self, value: date | None) -> str:
        """A day without its year, with its weekday: `3월 11일 (수)`, `Wed 11 Mar`."""
        pattern = "MMM d일 (E)" if self.language == "ko" else "E d MMM"
        return NOTHING if value is None else _day(value, pattern, self.language)

    def moment(self, value: datetime | None) -> str:
        """An instant in the person's time zone: `3월 11일 오후 3:04`, `11 Mar 15:04`."""
        if value is None:
            return NOTHING
        pattern = "MMM d일 aaaa h:mm" if self.language == "ko" else "d MMM HH:mm"
        return _moment(value.astimezone(UTC), pattern, self.time_zone, self.language)

    def ago(self, value: datetime | None, now: datetime) -> str:
        """How long ago, or in how long: `3분 전`, `in 2 hours`."""
        if value is None:
            return NOTHING
        return format_timedelta(value - now, add_direction=True, locale=self.language)

    def duration(self, seconds: Number | None) -> str:
        """A length of time in words; below a minute whole or with one decimal."""
        if seconds is None:
            return NOTHING
        if seconds < 60:
            return f"{self.number(seconds)}{'초' if self.language == 'ko' else ' s'}"
        return format_timedelta(timedelta(seconds=float(seconds)), locale=self.language, threshold=1.2)

    def units(self, value: Number | None) -> str:
        """A count of units: `12개`, `1 unit`."""
        return NOTHING if value is None else self("shell.units", n=value)

    def source(self, name: str) -> str:
        """What people call a source of notices or ranks, and that its answers were made up; unknown names stay."""
        plain = name.removeprefix(GENERATED)
        key = f"shell.source_{plain.replace('-', '_')}"
        called = self(key) if self.has(key) else plain
        return self("shell.source_generated", name=called) if is_generated(name) else called

    def local(self, value: datetime) -> datetime:
        """An instant by the person's clock."""
        return value.astimezone(ZoneInfo(self.time_zone))


def _rounded(value: Number, digits: int) -> Decimal:
    """Rounded as people do, so that 2.5 is 3; never minus nought."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)


@lru_cache(maxsize=4096)
def _day(value: date, pattern: str, language: str) -> str:
    return format_date(value, pattern, locale="en_GB" if language == "en" else "ko")


@lru_cache(maxsize=4096)
def _moment(value: datetime, pattern: str, time_zone: str, language: str) -> str:
    return format_datetime(value, pattern, tzinfo=ZoneInfo(time_zone), locale="en_GB" if language == "en" else "ko")


def language_of(accepted: str) -> str:
    """The language to greet a stranger in, by the browser's Accept-Language: Korean unless English comes first."""
    for wish in accepted.lower().split(","):
        for language in ("ko", "en"):
            if wish.strip().startswith(language):
                return language
    return "ko" if not accepted else "en"
