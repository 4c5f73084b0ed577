"""One table of a file whose header is known: its rows, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from stocksense.store.imports.cells import clean
from stocksense.store.imports.files import RawTable, read_tables
from stocksense.store.imports.formats import KNOWN
from stocksense.store.imports.headers import HEADER_WITHIN, Header, find_header, fold
from stocksense.store.imports.kinds import Field, Kind
from stocksense.store.imports.problems import Problem, unreadable
from stocksense.store.imports.wording import Fault

T = TypeVar("T")

_NEEDED = {
    Kind.PRODUCTS: ((Field.SKU, Field.GTIN),),
    Kind.STOCK: ((Field.ON_HAND,),),
    Kind.SALES: ((Field.DAY,), (Field.QUANTITY,)),
}
"""Of each of these groups a table has at least one column, else no row of it makes sense."""

_TOTALS = frozenset({"합계", "총계", "소계", "총합계", "total", "grandtotal", "subtotal"})


@dataclass(frozen=True)
class Sheet:
    """A table that we know how to read, as `kind`; `also` holds what else could be read from it."""

    table: RawTable
    header: Header
    kind: Kind

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.table.file

    @property
    def format(self) -> str:
        """The name of the format."""
        return self.header.format.name

    @property
    def also(self) -> tuple[Kind, ...]:
        """What else the same file could be read as."""
        return tuple(kind for kind in self.header.format.kinds if kind is not self.kind)

    def has(self, field: Field) -> bool:
        """Whether the table has a column for this."""
        return field in self.header.columns

    def problem(self, fault: Fault, *, value: str = "", hint: str = "") -> Problem:
        """Something that is wrong with the whole table."""
        return Problem(self.file, 0, "", value, fault, hint)


class Row:
    """One row being read: it gives its cells by field, and gathers what is wrong with them."""

    __slots__ = ("cells", "number", "problems", "sheet")

    def __init__(self, sheet: Sheet, number: int, cells: list[str]) -> None:
        self.sheet = sheet
        self.number = number
        self.cells = cells
        self.problems: list[Problem] = []

    def text(self, field: Field) -> str:
        """The first filled cell of the field's columns, untouched; empty if there is none."""
        cells = self.cells
        for index in self.sheet.header.columns.get(field, ()):
            if index < len(cells) and cells[index] and not cells[index].isspace():
                return cells[index]
        return ""

    def texts(self, field: Field) -> list[str]:
        """All filled cells of the field's columns, in the order of preference."""
        columns = self.sheet.header.columns.get(field, ())
        return [self.cells[index] for index in columns if index < len(self.cells) and self.cells[index].strip()]

    def read(self, field: Field, parse: Callable[[str], T | Fault], *, hint: str = "") -> T | None:
        """The field's value, or None with a problem noted."""
        value = parse(self.text(field))
        if isinstance(value, Fault):
            self.note(field, value, hint=hint)
            return None
        return value

    def note(self, field: Field, fault: Fault, *, value: str | None = None, hint: str = "") -> None:
        """Note what is wrong with a field."""
        value = self.text(field) if value is None else value
        self.problems.append(Problem(self.sheet.file, self.number, self._column(field), value, fault, hint))

    @property
    def is_good(self) -> bool:
        """Whether nothing worse than a warning was noted."""
        return all(problem.is_warning for problem in self.problems)

    def _column(self, field: Field) -> str:
        """The name of the column from which the field's value comes."""
        columns = self.sheet.header.columns.get(field, ())
        filled = (index for index in columns if index < len(self.cells) and self.cells[index].strip())
        index = next(filled, columns[0] if columns else None)
        return field.value if index is None else self.sheet.header.names[index]


def read_import(source: Path | bytes, name: str, *, kind: Kind | None = None, password: str | None = None) -> Sheet:
    """Read a file and find the first table in it whose header is known, and that holds `kind` if one is given.

    Raises BadImport, in both languages, for what cannot be read, has no known header, or holds something else.
    """
    seen: list[RawTable] = []
    other: list[Header] = []
    for table in read_tables(source, name, password=password):
        seen.append(table)
        header = find_header(table.rows)
        if header and (kind is None or kind in header.format.kinds):
            return _complete(Sheet(table, header, kind or header.format.kinds[0]))
        other += [header] if header else []
    if other and kind:
        hint = ", ".join(other[0].format.kinds)
        raise unreadable(name, Fault.WRONG_KIND, value=kind.value, hint=hint)
    if not any(any(row) for table in seen for row in table.rows):
        raise unreadable(name, Fault.EMPTY_FILE)
    known = ", ".join(known.name for known in KNOWN)
    raise unreadable(name, Fault.NO_HEADER, value=_first_words(seen), hint=known)


def data_rows(sheet: Sheet) -> Iterator[Row]:
    """The rows below the header that say something; rows of totals are left out, continued ones filled up.

    A row with more cells than the header carries a problem.
    """
    width = len(sheet.header.names)
    shifts = sheet.table.encoding != "xlsx"
    fill = _Continuation(sheet)
    start = sheet.header.row + 1
    for number, cells in enumerate(sheet.table.rows[start:], start + 1):
        if not any(cells) or _is_total(cells) or not any(cell.strip() for cell in cells):
            continue
        row = Row(sheet, number, fill(cells))
        if shifts and len(cells) > width and any(cells[width:]):
            extra = ", ".join(cell for cell in cells[width:] if cell)
            row.problems.append(Problem(sheet.file, number, "", extra, Fault.SHIFTED))
        yield row


def _complete(sheet: Sheet) -> Sheet:
    """The sheet, unless it lacks a column without which it says nothing: then BadImport is raised."""
    for group in _NEEDED[sheet.kind]:
        if not any(sheet.has(field) for field in group) and not sheet.header.locations:
            names = sheet.header.format.columns.get(group[0], (group[0].value,))
            raise unreadable(sheet.file, Fault.MISSING_COLUMN, value=group[0].value, hint=names[0])
    return sheet


class _Continuation:
    """Fills the fields that a system writes only into the first of several rows with the same handle."""

    def __init__(self, sheet: Sheet) -> None:
        columns = sheet.header.columns
        self._handle = columns.get(Field.HANDLE, (None,))[0] if sheet.header.format.continued else None
        self._filled = [index for field in sheet.header.format.continued for index in columns.get(field, ())]
        self._first: list[str] = []

    def __call__(self, cells: list[str]) -> list[str]:
        handle = self._handle
        if handle is None or handle >= len(cells):
            return cells
        if not self._first or cells[handle] != self._first[handle]:
            self._first = cells
            return cells
        filled = list(cells)
        for index in self._filled:
            if index < len(filled) and not filled[index]:
                filled[index] = self._first[index] if index < len(self._first) else ""
        return filled


def _is_total(cells: list[str]) -> bool:
    """Whether the row sums up the others: its first filled cell says so."""
    first = next((cell for cell in cells if cell), "")
    return len(first) < 16 and fold(first) in _TOTALS


def _first_words(tables: list[RawTable]) -> str:
    """What stands in the first filled rows, for somebody who wonders why no header was found."""
    rows = (row for table in tables for row in table.rows[:HEADER_WITHIN] if any(row))
    return ", ".join(clean(cell) for cell in next(rows, []) if cell)
