"""How single cells are understood."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocksense.store.imports.cells import (
    barcode,
    check_digit_fits,
    clean,
    escape,
    identifier,
    looks_like_formula,
    money,
    number_text,
    unescape,
    whole,
    words,
)
from stocksense.store.imports.wording import WORDS, Fault


@pytest.mark.parametrize("text", ["1234", "1,234", "１２３４", "1,234개", "1234 EA", " 1234 ", "+1,234", "1 234"])
def test_units_are_read_however_people_write_them(text: str) -> None:
    assert whole(text) == 1234


@pytest.mark.parametrize("text", ["-1,234", "(1,234)", "−1234", "△1,234", "▲1234", "1,234-", "－１２３４"])
def test_negative_units_are_read_however_accountants_write_them(text: str) -> None:
    assert whole(text) == -1234


@pytest.mark.parametrize("text", ["1200", "₩1,200", "1,200원", "￦1,200", "1200.00", "KRW 1,200", "１，２００원"])
def test_won_are_read_however_people_write_them(text: str) -> None:
    assert money(text, "KRW") == Decimal(1200)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.EMPTY),
        ("두 개", Fault.NOT_A_NUMBER),
        ("12,34", Fault.NOT_A_NUMBER),
        ("2.5", Fault.NOT_WHOLE),
        ("=B2*2", Fault.FORMULA),
        ("#N/A", Fault.ERROR_CELL),
        ("8.80E+12", Fault.SHORTENED),
        ("8801234567893", Fault.TOO_BIG),
    ],
)
def test_a_number_of_units_that_cannot_be_read_says_why(text: str, fault: Fault) -> None:
    assert whole(text) is fault


def test_money_of_another_currency_is_refused() -> None:
    assert money("$12.50", "KRW") is Fault.OTHER_CURRENCY


def test_money_is_never_rounded() -> None:
    assert money("10.005", "USD") is Fault.DECIMALS


@pytest.mark.parametrize("text", ["1.23E+13", "2.02301E+15", "1e+10"])
def test_an_order_number_that_excel_has_shortened_is_refused(text: str) -> None:
    assert identifier(text) is Fault.SHORTENED


@pytest.mark.parametrize("text", ["00123", "12E5", "A-1.20", "2026070112345671"])
def test_an_identifier_stays_the_text_it_is(text: str) -> None:
    assert identifier(text) == text


def test_a_number_too_long_for_excel_is_refused_as_an_identifier() -> None:
    assert identifier(number_text(2026070112345670)) is Fault.SHORTENED


def test_a_formula_in_a_name_stays_text() -> None:
    assert words('=HYPERLINK("http://x","녹차")') == '=HYPERLINK("http://x","녹차")'


def test_a_barcode_keeps_its_leading_zeros() -> None:
    assert barcode("0012345678905") == ("0012345678905", None)


def test_a_wrong_check_digit_is_doubted_but_kept() -> None:
    assert barcode("8801234567890") == ("8801234567890", Fault.CHECK_DIGIT)


@pytest.mark.parametrize("text", ["없음", "ABC-123", "123456789012345"])
def test_what_is_no_barcode_is_left_out(text: str) -> None:
    assert barcode(text) == ("", Fault.NOT_A_BARCODE)


def test_text_from_a_mac_equals_text_from_windows() -> None:
    assert clean(unicodedata.normalize("NFD", "녹차")) == "녹차"


def test_invisible_characters_leave_a_text() -> None:
    assert clean("\ufeffTEA\u200b-1\x00\u00a0") == "TEA-1"


@given(st.text())
def test_what_was_cleaned_is_clean(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text())
def test_escaping_is_undone_exactly(text: str) -> None:
    assert unescape(escape(text)) == text


@given(st.sampled_from("=+-@\t"), st.text())
def test_no_escaped_text_starts_a_formula(opening: str, text: str) -> None:
    assert escape(opening + text)[0] == "'"
    assert looks_like_formula(opening + text)


@given(st.integers(-1_000_000_000, 1_000_000_000))
def test_a_number_is_the_same_with_and_without_commas(units: int) -> None:
    assert whole(f"{units:,}") == whole(str(units)) == units


@given(st.integers(0, 999_999_999_999))
def test_one_changed_digit_breaks_a_barcode(number: int) -> None:
    body = f"{number:012d}"
    fitting = [digit for digit in "0123456789" if check_digit_fits(body + digit)]

    assert len(fitting) == 1


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_is_said_in_both_languages(fault: Fault) -> None:
    wording = WORDS[fault]

    assert all(wording)
    assert any("가" <= letter <= "힣" for letter in wording.ko + wording.remedy_ko)
