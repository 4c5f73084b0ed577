"""Small files, built in code, as other systems would write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

import openpyxl
import pytest

CsvFile = Callable[..., bytes]


@pytest.fixture
def csv_file() -> CsvFile:
    """Write rows as CSV bytes, in any encoding and with any separator."""

    def write(*rows: Sequence[object], encoding: str = "utf-8", separator: str = ",") -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=separator).writerows(rows)
        return text.getvalue().encode(encoding)

    return write


@pytest.fixture
def xlsx_file() -> Callable[..., bytes]:
    """Write rows as a workbook of one sheet."""

    def write(*rows: Sequence[object]) -> bytes:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(list(row))
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    return write
