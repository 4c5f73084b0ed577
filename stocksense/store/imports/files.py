"""Any file that a shop may hand in, read into tables of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stocksense.store.imports.problems import unreadable
from stocksense.store.imports.text import read_text
from stocksense.store.imports.wording import Fault
from stocksense.store.imports.workbook import OLE_MARK, ZIP_MARK, read_workbook, unlock

MOST_BYTES = 256 << 20
MOST_ROWS = 1_048_576
"""As many as one sheet of Excel holds."""


@dataclass(frozen=True)
class RawTable:
    """One table of a file as text; row `i` of `rows` is the row that Excel numbers `i + 1`."""

    file: str
    sheet: str
    encoding: str
    rows: list[list[str]]


def read_tables(source: Path | bytes, name: str, *, password: str | None = None) -> Iterator[RawTable]:
    """Read the tables of a CSV or XLSX file one after the other; the content decides which it is, not the name.

    Raises BadImport for anything that is no table, too large, locked or damaged.
    """
    content = _content(source, name)
    if content.startswith(OLE_MARK):
        content = unlock(content, name, password)
    if content.startswith(ZIP_MARK):
        for sheet, rows in read_workbook(content, name, most_rows=MOST_ROWS):
            yield RawTable(name, sheet, "xlsx", rows)
    else:
        table = read_text(content, name, most_rows=MOST_ROWS)
        yield RawTable(name, "", table.encoding, table.rows)


def _content(source: Path | bytes, name: str) -> bytes:
    """The bytes, if they are there and not too many."""
    try:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size > MOST_BYTES:
            raise unreadable(name, Fault.TOO_LARGE, value=f"{size >> 20:,} MB", hint=f"{MOST_BYTES >> 20:,} MB")
        content = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise unreadable(name, Fault.NO_FILE) from error
    if not content.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n,;\"'"):
        raise unreadable(name, Fault.EMPTY_FILE)
    return content
