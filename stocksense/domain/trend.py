"""Which searched-for keywords are rising, and which of them touch the shop's shelves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class KeywordRank:
    """One keyword's place in a popularity list of a category over a window of days; 1 is the most popular."""

    source: str
    category: str
    keyword: str
    rank: int
    window_start: date
    window_end: date


@dataclass(frozen=True)
class Rise:
    """A keyword that is new in the list or climbed; `before` is its rank in the window before, if it had one."""

    keyword: str
    category: str
    rank: int
    before: int | None
    window_start: date
    window_end: date
    source: str
    of: int

    @property
    def climbed(self) -> int:
        """Places won; a keyword that is new in the list counts as coming from just below its end."""
        return (self.before or self.of + 1) - self.rank


def rises(now: Iterable[KeywordRank], before: Iterable[KeywordRank], *, at_least: int = 3) -> tuple[Rise, ...]:
    """Keywords that climbed `at_least` places between two windows of the same lists, the strongest first."""
    earlier = {(row.source, row.category, row.keyword): row.rank for row in before}
    rows = list(now)
    length: dict[tuple[str, str], int] = {}
    for row in rows:
        length[row.source, row.category] = max(length.get((row.source, row.category), 0), row.rank)
    found = (
        Rise(
            row.keyword,
            row.category,
            row.rank,
            earlier.get((row.source, row.category, row.keyword)),
            row.window_start,
            row.window_end,
            row.source,
            length[row.source, row.category],
        )
        for row in rows
    )
    return tuple(sorted((r for r in found if r.climbed >= at_least), key=lambda r: (-r.climbed, r.rank, r.keyword)))


@dataclass(frozen=True)
class Candidate:
    """A rising keyword and the SKUs that it names; none means that the shop doesn't carry what is asked for."""

    rise: Rise
    skus: tuple[str, ...]


def candidates(rising: Iterable[Rise], products: Mapping[str, Iterable[str]]) -> tuple[Candidate, ...]:
    """Rising keywords held against products, given as {SKU: its names and category}; the order of the rises stays."""
    shelves = {sku: tuple(texts) for sku, texts in products.items()}
    return tuple(
        Candidate(rise, tuple(sorted(sku for sku, texts in shelves.items() if touches(rise.keyword, texts))))
        for rise in rising
    )


def touches(keyword: str, texts: Iterable[str]) -> bool:
    """Whether a keyword names one of the texts (a product's names, its category): all its words occur in one.

    Spaces and width don't count; a keyword of one letter touches nothing.
    """
    words = [_plain(word) for word in keyword.split()]
    if not words or len("".join(words)) < 2:
        return False
    return any(all(word in _plain(text) for word in words) for text in texts)


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()
