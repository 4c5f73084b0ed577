"""Files of every make become rows of text, or say why not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msoffcrypto.format.ooxml
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stocksense.errors import BadImport
from stocksense.store.imports import files, workbook
from stocksense.store.imports.files import read_tables

HEADER, ROW = ("상품코드", "상품명", "재고"), ("TEA-1", "녹차, 현미", "3")


def rows_of(content: bytes, password: str | None = None) -> list[list[str]]:
    return next(iter(read_tables(content, "stock.csv", password=password))).rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "euc-kr", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_csv_is_read_in_any_encoding_and_with_any_separator(
    csv_file: Callable[..., bytes], encoding: str, separator: str
) -> None:
    content = csv_file(HEADER, ROW, encoding=encoding, separator=separator)

    assert rows_of(content) == [list(HEADER), list(ROW)]


def test_a_western_file_is_read_as_such() -> None:
    assert rows_of("sku,name\n1,Crème brûlée\n".encode("cp1252"))[1] == ["1", "Crème brûlée"]


def test_a_quoted_line_break_stays_within_its_cell() -> None:
    assert rows_of(b'sku,name\r\n1,"two\r\nlines"\r\n2,x\r\n')[1:] == [["1", "two\r\nlines"], ["2", "x"]]


def test_rows_keep_the_numbers_that_excel_shows(csv_file: Callable[..., bytes]) -> None:
    assert rows_of(b"sku,name\n\n1,x\n")[2] == ["1", "x"]


def test_excels_own_line_about_the_separator_is_obeyed() -> None:
    assert rows_of(b"sep=;\na;b,c\n")[1] == ["a", "b,c"]


def test_a_workbook_is_read_as_text(xlsx_file: Callable[..., bytes]) -> None:
    content = xlsx_file(("code", "price", "day", "ok"), ("007", 0.1 + 0.2, date(2026, 7, 1), True))

    assert rows_of(content)[1] == ["007", "0.3", "2026-07-01", "TRUE"]


def test_a_formula_in_a_workbook_stays_text(xlsx_file: Callable[..., bytes]) -> None:
    assert rows_of(xlsx_file(("name",), ('=HYPERLINK("http://x")',)))[1] == ['=HYPERLINK("http://x")']


def test_a_workbook_that_lies_about_its_size_is_read_whole(xlsx_file: Callable[..., bytes]) -> None:
    content = rewritten(xlsx_file(HEADER, ROW), b'<dimension ref="A1:C2"/>', b'<dimension ref="A1"/>')

    assert rows_of(content) == [list(HEADER), list(ROW)]


def test_a_hidden_sheet_is_not_read() -> None:
    book = openpyxl.Workbook()
    book.active.append(["hidden"])
    book.active.sheet_state = "hidden"
    book.create_sheet("shown").append(["shown"])

    assert rows_of(saved(book)) == [["shown"]]


def test_a_locked_workbook_opens_with_its_password(xlsx_file: Callable[..., bytes]) -> None:
    assert rows_of(locked(xlsx_file(HEADER, ROW), "secret"), "secret") == [list(HEADER), list(ROW)]


@pytest.mark.parametrize(("password", "says"), [(None, "protected by a password"), ("wrong", "password does not open")])
def test_a_locked_workbook_says_what_it_needs(xlsx_file: Callable[..., bytes], password: str | None, says: str) -> None:
    with pytest.raises(BadImport, match=says) as refused:
        rows_of(locked(xlsx_file(HEADER, ROW), "secret"), password)

    assert "암호" in refused.value.in_korean


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a table"),
        (bytes(range(256)) * 8, "not a table"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        (b"PK\x03\x04" + b"junk" * 40, "damaged"),
        (workbook.OLE_MARK + b"junk" * 400, "not a table"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(content: bytes, says: str) -> None:
    with pytest.raises(BadImport, match=says):
        rows_of(content)


def test_a_stray_control_character_does_not_spoil_a_file() -> None:
    assert len(rows_of(b"sku,name\n" + b"1,Tea\n" * 20 + b"2,Te\x1fa\n")) == 22


def test_damaged_utf8_names_the_row_of_the_damage() -> None:
    content = "상품코드,상품명\n1,녹차\n2,홍차\n".encode().replace("홍".encode(), "홍".encode()[:2])

    with pytest.raises(BadImport, match="row 3"):
        rows_of(content)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadImport, match="cannot be opened"):
        list(read_tables(tmp_path / "none.csv", "none.csv"))


def test_a_file_over_the_limit_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 10)

    with pytest.raises(BadImport, match="too large"):
        rows_of(b"a" * 11)


def test_rows_over_the_limit_are_refused_and_not_cut_off(
    monkeypatch: pytest.MonkeyPatch, xlsx_file: Callable[..., bytes]
) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 2)

    for content in (b"a\nb\nc\n", xlsx_file(("a",), ("b",), ("c",))):
        with pytest.raises(BadImport, match="too many rows"):
            rows_of(content)


def test_a_zip_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch, xlsx_file: Callable[..., bytes]) -> None:
    monkeypatch.setattr(workbook, "MOST_UNPACKED_BYTES", 8 << 20)
    bomb = io.BytesIO(xlsx_file(HEADER))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/big.bin", bytes(9 << 20))

    assert len(bomb.getvalue()) < 1 << 20
    with pytest.raises(BadImport, match="would unpack to 9 MB"):
        rows_of(bomb.getvalue())


def test_a_row_number_beyond_all_sheets_does_not_run_away(
    monkeypatch: pytest.MonkeyPatch, xlsx_file: Callable[..., bytes]
) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 1000)
    content = rewritten(xlsx_file(HEADER, ROW), b'<row r="2"', b'<row r="99999999999"')

    with pytest.raises(BadImport, match="too many rows"):
        rows_of(content)


def test_a_workbook_with_entities_of_its_own_is_refused(xlsx_file: Callable[..., bytes]) -> None:
    content = rewritten(xlsx_file(HEADER), b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet')

    with pytest.raises(BadImport, match="damaged"):
        rows_of(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_refused(content: bytes) -> None:
    try:
        rows = rows_of(content)
    except BadImport as refused:
        assert refused.in_korean != str(refused)
    else:
        assert all(isinstance(cell, str) for row in rows for cell in row)


@pytest.fixture
def small_book(xlsx_file: Callable[..., bytes]) -> bytes:
    """A workbook of two rows."""
    return xlsx_file(HEADER, ROW)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_workbook_with_one_wrong_byte_is_read_or_refused(small_book: bytes, place: int, byte: int) -> None:
    content = bytearray(small_book)
    content[place % len(content)] = byte

    try:
        rows_of(bytes(content))
    except BadImport as refused:
        assert "stock.csv" in str(refused)


def saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def locked(content: bytes, password: str) -> bytes:
    result = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(content)).encrypt(password, result)
    return result.getvalue()


def rewritten(content: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with something replaced in its sheet."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            text = before.read(part)
            after.writestr(part.filename, text.replace(old, new) if "worksheets/" in part.filename else text)
    return result.getvalue()
