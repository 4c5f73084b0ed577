"""Finding the header row of a table, the system that wrote it, and what each column holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from stocksense.store.imports.formats import KNOWN, Format
from stocksense.store.imports.kinds import Field, Kind
from stocksense.store.imports.synonyms import GENERIC

HEADER_WITHIN = 15
"""Rows in which the header must stand; guides above it rarely take more than three."""

_DECORATION = re.compile(r"\[?\(?(?:필수|선택|required|optional)\)?\]?|[*※\s_\u200b\ufeff]")
_NAMES = (Field.NAME, Field.NAME_KO, Field.NAME_EN)
_TELLS_OF_PRODUCTS = (Field.PRICE, Field.CATEGORY, Field.MAIN, Field.BRAND, Field.GTIN, Field.NAME_KO, Field.NAME_EN)


@dataclass(frozen=True)
class Header:
    """Which format a table has, and where its columns are (counted from 0)."""

    row: int
    format: Format
    names: tuple[str, ...]
    columns: dict[Field, tuple[int, ...]]
    locations: dict[str, int] = field(default_factory=dict)

    @property
    def unread(self) -> tuple[str, ...]:
        """The columns that nothing is read from."""
        used = {index for columns in self.columns.values() for index in columns} | set(self.locations.values())
        return tuple(name for index, name in enumerate(self.names) if name and index not in used)


class _Candidate(NamedTuple):
    score: int
    header: Header


def find_header(rows: Sequence[Sequence[str]]) -> Header | None:
    """The first row that is a known format's header, else the row that reads most like somebody's own."""
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        if known := _known(number, row):
            return known
    own = [found for number, row in enumerate(rows[:HEADER_WITHIN]) if (found := _generic(number, row))]
    return max(own, key=lambda candidate: candidate.score).header if own else None


@lru_cache(4096)
def fold(name: str) -> str:
    """A column's name without case, width, spaces, underscores and marks of duty, by which names are compared."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", name).casefold())


def _known(number: int, row: Sequence[str]) -> Header | None:
    """The header as one of the known formats; of several, the one that explains the most columns."""
    names = tuple(map(fold, row))
    present = set(names)
    fitting = [known for known in KNOWN if all(fold(mark) in present for mark in known.marks)]
    headers = [
        Header(number, known, _shown(row), _columns(known.columns, names), _locations(known, row)) for known in fitting
    ]
    return max(headers, key=lambda header: sum(map(len, header.columns.values())), default=None)


def _generic(number: int, row: Sequence[str]) -> _Candidate | None:
    """The row as the header of somebody's own table, if it names a product and one fact about it."""
    columns = _columns(GENERIC, tuple(map(fold, row)))
    kinds = _kinds(columns)
    if not kinds:
        return None
    if Kind.SALES not in kinds and Kind.STOCK in kinds and Field.ON_HAND not in columns:
        columns[Field.ON_HAND] = columns.pop(Field.QUANTITY)
    own = Format("generic", kinds, (), GENERIC)
    return _Candidate(sum(map(len, columns.values())), Header(number, own, _shown(row), columns))


def _kinds(columns: dict[Field, tuple[int, ...]]) -> tuple[Kind, ...]:
    """What a table with these columns can be read as, most likely first."""
    coded = Field.SKU in columns or Field.GTIN in columns
    named = any(name in columns for name in _NAMES)
    if not (coded or named):
        return ()
    if Field.DAY in columns and Field.QUANTITY in columns:
        return (Kind.SALES,)
    products = (Kind.PRODUCTS,) if coded and named else ()
    if Field.ON_HAND not in columns and Field.QUANTITY not in columns:
        return products
    rich = any(told in columns for told in _TELLS_OF_PRODUCTS)
    return (*products, Kind.STOCK) if rich else (Kind.STOCK, *products)


def _columns(fields: Mapping[Field, tuple[str, ...]], names: tuple[str, ...]) -> dict[Field, tuple[int, ...]]:
    """Where each field's columns are, in the order in which the format prefers them; of two alike, the first."""
    places = {name: index for index, name in reversed(list(enumerate(names))) if name}
    found = {
        known: tuple(dict.fromkeys(places[fold(wanted)] for wanted in wanteds if fold(wanted) in places))
        for known, wanteds in fields.items()
    }
    return {known: indexes for known, indexes in found.items() if indexes}


def _locations(known: Format, row: Sequence[str]) -> dict[str, int]:
    """Columns such as `Current Quantity Main Street`, by the location's name."""
    if not known.stock_columns:
        return {}
    opening = known.stock_columns
    return {
        name.removeprefix(opening).strip(): index
        for index, name in enumerate(_shown(row))
        if name.startswith(opening) and name != opening
    }


def _shown(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in row)
