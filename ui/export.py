"""Tables as files to open elsewhere: CSV and XLSX, in which no cell can be taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import Literal

from fastapi.responses import Response, StreamingResponse

Cell = str | int | float | Decimal | date | datetime | None
Kind = Literal["csv", "xlsx"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets begin a formula with, wide letters included."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def safe(cell: Cell) -> Cell:
    """A cell that a spreadsheet shows as it stands: a text that reads like a formula gets an apostrophe before it."""
    if not isinstance(cell, str):
        return cell
    text = _UNPRINTABLE.sub("", cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def file_response(kind: Kind, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A file to save, called `name` with the kind's ending; the first row is the header."""
    return (csv_response if kind == "csv" else xlsx_response)(name, header, rows)


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A CSV file in UTF-8 that Excel reads as such; days as 2026-03-11, instants in UTC."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe(one) for one in header])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return _answer(text.getvalue().encode("utf-8-sig"), f"{name}.csv", "text/csv; charset=utf-8")


def csv_stream(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """The same as `csv_response`, sent while the rows are read, so that no length of it fills the memory."""

    def lines() -> Iterator[bytes]:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([safe(one) for one in header])
        yield text.getvalue().encode("utf-8-sig")
        for portion in batched(rows, 500):
            text.seek(0)
            text.truncate()
            writer.writerows([_plain(cell) for cell in row] for row in portion)
            yield text.getvalue().encode()

    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=_headers(f"{name}.csv"))


def xlsx_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """An Excel file in which numbers stay numbers and days stay days; instants are in UTC."""
    # The library takes a third of a second to load, which no page should wait for.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    sheet.append([safe(one) for one in header])
    for row in rows:
        sheet.append([_without_zone(safe(cell)) for cell in row])
    kept = io.BytesIO()
    book.save(kept)
    return _answer(kept.getvalue(), f"{name}.xlsx", _SHEET_TYPE)


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat(timespec="seconds")
    return cell.isoformat() if isinstance(cell, date) else safe(cell)


def _without_zone(cell: Cell) -> Cell:
    """Excel knows no time zones."""
    return cell.astimezone(UTC).replace(tzinfo=None) if isinstance(cell, datetime) else cell


def batched(rows: Iterable[Sequence[Cell]], size: int) -> Iterator[list[Sequence[Cell]]]:
    """Rows in portions, the last one shorter."""
    left = iter(rows)
    while portion := list(islice(left, size)):
        yield portion


def _answer(body: bytes, name: str, kind: str) -> Response:
    return Response(body, media_type=kind, headers=_headers(name))


def _headers(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
