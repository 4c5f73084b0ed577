"""What reading a sheet came to: entries to write, rows passed over, problems."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from stocksense.store.imports.problems import Problem

Entry = TypeVar("Entry")


class Skip(StrEnum):
    """Why a row without fault is not written."""

    SAME = "same"
    """What it says is in the store already."""
    TWIN = "twin"
    """An earlier row of the file says the same."""
    EXTRA = "extra"
    """It describes nothing by itself, such as a further picture of a product."""
    CANCELLED = "cancelled"
    """The order was cancelled before it was ever read in."""
    UNPAID = "unpaid"
    """The order waits for payment; it comes with a later file."""


@dataclass
class Outcome(Generic[Entry]):
    """What a sheet came to. Filled while rows are read, turned into an `ImportPlan` at the end."""

    rows: int = 0
    create: list[Entry] = field(default_factory=list)
    update: list[Entry] = field(default_factory=list)
    skipped: Counter[Skip] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
