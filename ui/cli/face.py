"""What every command shares: settings, language, the console, and how values and errors are shown."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from stocksense.domain.reasons import Language
from ui.cli import rooms

if TYPE_CHECKING:
    from stocksense.settings import Settings
    from tools.services import Services

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


@dataclass(frozen=True)
class Face:
    """The context of one call of the command line."""

    settings: Settings

    @property
    def language(self) -> Language:
        """The language of everything that is shown."""
        return self.settings.language

    def services(self) -> Services:
        """The parts joined: database, forecaster, sources, simulated shop, outbox."""
        return rooms.opening.open_services(self.settings)

    def words(self, korean: str, english: str) -> str:
        """One of two wordings, by the language."""
        return korean if self.language == "ko" else english


def face_of(context: typer.Context) -> Face:
    """The face that the root command made."""
    face = context.find_object(Face)
    assert face is not None
    return face


def print_json(value: object) -> None:
    """Print any of our values as JSON: dataclasses as objects, money and days as text."""
    console.print_json(json.dumps(plain(value), ensure_ascii=False))


def plain(value: Any) -> Any:
    """A value with nothing in it but what JSON knows."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (Decimal, date, datetime, Path)):
        return str(value)
    return value


def new_table(title: str, *columns: str, right: tuple[int, ...] = ()) -> Table:
    """A quiet table; the columns at the places `right` hold numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place in right else "left", overflow="fold")
    return table
