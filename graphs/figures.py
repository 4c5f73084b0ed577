"""Which tool result every number of an answer comes from, or that it comes from none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from graphs.answers import StepTaken

_NUMBER = r"[-+−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+−]?\d+(?:\.\d+)?"
_FIGURE = re.compile(rf"(?<![\w.,])(?:{_NUMBER})(?!\d)|(?<=[A-Za-z₩$])\d[\d,]*(?:\.\d+)?")
_LIST_MARK = re.compile(r"^\s*\d+[.)](?=\s)", re.MULTILINE)
_IN_TEXT = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")

ARGUMENT, COUNT, TOTAL = "argument", "count", "total"
"""What a source's path begins with where the number isn't a value of the result itself."""


@dataclass(frozen=True)
class Source:
    """One number that a call brought: where it stands in the result, such as `products[0].units`."""

    step: int
    path: str
    value: Decimal


@dataclass(frozen=True)
class Figure:
    """A number in an answer, at `start` to `end` of its text; `source` is None where no tool told it."""

    text: str
    start: int
    end: int
    source: Source | None


def figures_in(text: str, steps: Sequence[StepTaken], *, question: str = "") -> tuple[Figure, ...]:
    """Every number of a text with the call that it comes from; numbers that the user said need no source.

    A number matches a value that rounds to it, a share that it is the percentage of, how many rows a list of the
    result has, or the sum of one column of such a list.
    """
    marks = [range(*mark.span()) for mark in _LIST_MARK.finditer(text)]
    said = {_decimal(found[0]) for found in _IN_TEXT.finditer(question)}
    sources = [source for at, step in enumerate(steps) for source in _sources(at, step)]
    by_value: dict[Decimal, Source] = {}
    for one in sources:
        by_value.setdefault(abs(one.value), one)
    found: list[Figure] = []
    for match in _FIGURE.finditer(text):
        if any(match.start() in mark for mark in marks):
            continue
        value = abs(_decimal(match[0]))
        source: Source | None = by_value.get(value) or _rounded(value, match[0], sources)
        if source is None and value in said:
            continue
        found.append(Figure(match[0], match.start(), match.end(), source))
    return tuple(found)


def _rounded(value: Decimal, written: str, sources: Sequence[Source]) -> Source | None:
    digits = Decimal(1).scaleb(-len(written.partition(".")[2]))
    for source in sources:
        for shown in (abs(source.value), abs(source.value) * 100):
            if shown.quantize(digits, ROUND_HALF_UP) == value:
                return source
    return None


def _sources(at: int, step: StepTaken) -> Iterator[Source]:
    """All numbers of a call: of its result first, then those that follow from it, then its arguments."""
    for path, value in _leaves(json.loads(step.result), "") if step.result else ():
        yield Source(at, path, value)
    for path, value in _leaves({"error": step.error}, ""):
        yield Source(at, path, value)
    for path, value in _derived(json.loads(step.result), "") if step.result else ():
        yield Source(at, path, value)
    for path, value in _leaves(dict(step.arguments), ARGUMENT):
        yield Source(at, path, value)


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Decimal]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{at}]")
    elif isinstance(value, str):
        for found in _IN_TEXT.finditer(value):
            yield path, _decimal(found[0])
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, Decimal(str(value))


def _derived(value: Any, path: str) -> Iterator[tuple[str, Decimal]]:
    """How many rows each list has, and what its columns sum up to."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _derived(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        yield f"{COUNT} {path}", Decimal(len(value))
        rows = [row for row in value if isinstance(row, Mapping)]
        for column in rows[0] if rows else ():
            amounts = [_amount(row.get(column)) for row in rows]
            known = [amount for amount in amounts if amount is not None]
            if len(known) == len(rows):
                yield f"{TOTAL} {path}.{column}", sum(known, Decimal(0))


def _amount(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _decimal(written: str) -> Decimal:
    return Decimal(written.replace(",", "").replace("−", "-"))
