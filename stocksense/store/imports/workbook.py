"""XLSX workbooks: unlocking, limits, and their cells as text."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError

import msoffcrypto
from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet.formula import ArrayFormula

from stocksense.store.imports.cells import number_text
from stocksense.store.imports.problems import unreadable
from stocksense.store.imports.wording import Fault

OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MARK = b"PK\x03\x04"
MOST_UNPACKED_BYTES = 1 << 30
"""What a workbook may unpack to; a million rows of ten columns take about half of it."""
MOST_COLUMNS = 1024

_DAMAGED = (
    ParseError,
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    RuntimeError,
)
"""What openpyxl raises for workbooks that are not well formed: it checks little by itself."""


def unlock(content: bytes, file: str, password: str | None) -> bytes:
    """The workbook inside an encrypted one. Raises BadImport without the right password, and for the old .xls."""
    try:
        locked = msoffcrypto.OfficeFile(io.BytesIO(content))
        if not locked.is_encrypted():
            raise unreadable(file, Fault.OLD_EXCEL)
        if not password:
            raise unreadable(file, Fault.PASSWORD_NEEDED)
        opened = io.BytesIO()
        locked.load_key(password=password)
        locked.decrypt(opened)
    except (InvalidKeyError, DecryptionError) as error:
        raise unreadable(file, Fault.PASSWORD_WRONG) from error
    except (FileFormatError, OSError, ValueError, KeyError) as error:
        raise unreadable(file, Fault.BINARY) from error
    if not opened.getvalue().startswith(ZIP_MARK):
        raise unreadable(file, Fault.OLD_EXCEL)
    return opened.getvalue()


def read_workbook(content: bytes, file: str, *, most_rows: int) -> Iterator[tuple[str, list[list[str]]]]:
    """Each visible sheet's name and rows, cells as text, blank rows included.

    Raises BadImport for what is damaged, would unpack to too much, or has too many rows.
    """
    try:
        _check_package(content, file)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not shown:
            raise unreadable(file, Fault.EMPTY_FILE)
        for sheet in shown:
            yield sheet.title, _rows(sheet, file, most_rows)
    except _DAMAGED as error:
        raise unreadable(file, Fault.DAMAGED_WORKBOOK) from error


def _check_package(content: bytes, file: str) -> None:
    """Hold the package against the limits before anything of it is unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        unpacked = sum(part.file_size for part in package.infolist())
        if unpacked > MOST_UNPACKED_BYTES:
            sizes = f"{unpacked >> 20:,} MB", f"{MOST_UNPACKED_BYTES >> 20:,} MB"
            raise unreadable(file, Fault.ZIP_BOMB, value=sizes[0], hint=sizes[1])
        for part in package.infolist():
            if part.filename.endswith(".xml"):
                with package.open(part) as opened:
                    if b"<!DOCTYPE" in opened.read(1024):
                        raise unreadable(file, Fault.DAMAGED_WORKBOOK)


def _rows(sheet: ReadOnlyWorksheet, file: str, most_rows: int) -> list[list[str]]:
    sheet.reset_dimensions()  # many exports write a size that is too small, and rows beyond it would be lost
    rows: list[list[str]] = []
    for values in sheet.iter_rows(values_only=True):
        rows.append([value if isinstance(value, str) else _text(value) for value in values[:MOST_COLUMNS]])
        if len(rows) > most_rows:
            raise unreadable(file, Fault.TOO_MANY_ROWS, hint=f"{most_rows:,}")
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _text(value: Any) -> str:
    """A cell's value as text; dates in ISO form, a formula as it is written."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value.text) if isinstance(value, ArrayFormula) else str(value)
