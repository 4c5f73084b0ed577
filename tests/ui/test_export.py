"""Exported files, opened again as a spreadsheet would."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from ui.export import csv_response, file_response, xlsx_response

HEADER = ("상품", "수량", "금액", "도착", "만든 때")
ROW = ("바다칩", 12, Decimal("10800.50"), date(2026, 3, 11), datetime(2026, 3, 11, 3, 4, 5, tzinfo=UTC))
TRAPS = ("=1+1", "+82", "-2", "@SUM(A1)", "\t=1", "＝1+1")


def opened_csv(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def opened_xlsx(body: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True))


def test_a_csv_file_holds_what_was_exported():
    rows = opened_csv(csv_response("orders", HEADER, [ROW]).body)

    assert rows == [list(HEADER), ["바다칩", "12", "10800.50", "2026-03-11", "2026-03-11T03:04:05+00:00"]]


def test_an_excel_file_keeps_numbers_and_days():
    rows = opened_xlsx(xlsx_response("orders", HEADER, [ROW]).body)

    assert rows[1] == ("바다칩", 12, 10800.5, datetime(2026, 3, 11), datetime(2026, 3, 11, 3, 4, 5))  # noqa: DTZ001


@pytest.mark.parametrize("trap", TRAPS)
def test_nothing_is_taken_for_a_formula(trap):
    cells = [
        opened_csv(csv_response("x", ("a",), [(trap,)]).body)[1][0],
        opened_xlsx(xlsx_response("x", ("a",), [(trap,)]).body)[1][0],
    ]

    assert cells == [f"'{trap}"] * 2


def test_negative_numbers_stay_numbers():
    assert opened_xlsx(xlsx_response("x", ("a",), [(-3,)]).body)[1] == (-3,)


def test_a_file_is_called_by_its_kind():
    assert 'filename="orders.xlsx"' in file_response("xlsx", "orders", HEADER, []).headers["content-disposition"]
