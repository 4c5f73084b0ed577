"""Every number of an answer is found in the tool result that it comes from."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from graphs.answers import StepTaken
from graphs.figures import figures_in


def called(result, **arguments):
    return StepTaken("buyer", "list_proposals", arguments, 0.01, result=json.dumps(result, ensure_ascii=False))


def paths(text, *steps, question=""):
    return {f.text: f.source and (f.source.step, f.source.path) for f in figures_in(text, steps, question=question)}


def test_money_dates_and_shares_are_found_as_people_write_them():
    step = called({"amount": "1234000", "day": "2026-03-09", "change": -0.0441, "days_left": 15.54})

    assert paths("3월 9일 매출은 1,234,000원(-4.4%), ₩1,234,000, 15.5일치", step) == {
        "3": (0, "day"),
        "9": (0, "day"),
        "1,234,000": (0, "amount"),
        "-4.4": (0, "change"),
        "15.5": (0, "days_left"),
    }


def test_how_many_rows_there_are_and_what_they_sum_up_to_is_traced():
    step = called({"rows": [{"name": "가", "total": "17600"}, {"name": "나", "total": "56000"}]})

    assert paths("2건, 합계 73,600원", step) == {"2": (0, "count rows"), "73,600": (0, "total rows.total")}


def test_a_number_that_no_tool_told_is_told_apart():
    step = called({"units": 120}, days=7)

    assert paths("7일 동안 120개, 내년에는 9,999개", step) == {
        "7": (0, "argument.days"),
        "120": (0, "units"),
        "9,999": None,
    }


def test_what_the_user_said_and_the_marks_of_a_list_need_no_source():
    assert paths("1. 우유 24개\n2. 차 12개", called({"a": 12}), question="우유 24개 주문해 줘") == {"12": (0, "a")}


def test_numbers_in_names_are_found_within_the_name():
    assert paths("생수 330ml, A4 용지", called({"name": "생수 330ml", "other": "A4 용지"})) == {
        "330": (0, "name"),
        "4": (0, "other"),
    }


@given(st.decimals(0, 10**9, places=2), st.integers(0, 2))
def test_a_number_is_found_however_it_is_rounded(value, digits):
    written = f"{value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):,}"

    assert all(figure.source for figure in figures_in(f"{written}원", [called({"value": float(value)})]))
