"""Reading DataLab's rank lists: pages, windows that aren't published yet, and being shut out."""

from __future__ import annotations

import json
from datetime import date

import pytest

from stocksense.errors import BadValue, SourceUnreachable, SourceUnreadable
from stocksense.sources.datalab import DataLab
from stocksense.sources.recorded import RecordedFetch

WEEK = (date(2026, 9, 10), date(2026, 9, 16))


@pytest.fixture
def lab(source, fetch):
    return DataLab(fetch, source.url)


def page(first, last, **changed):
    ranks = [{"rank": rank, "keyword": f"낱말{rank}", "linkId": f"낱말{rank}"} for rank in range(first, last + 1)]
    return json.dumps({"message": None, "statusCode": 200, "returnCode": 0, "ranks": ranks} | changed)


def test_ranks_come_in_order_whatever_order_they_were_sent_in(source, lab):
    source.answers(page(1, 3, ranks=[{"rank": 2, "keyword": "두부"}, {"rank": 1, "keyword": "김"}]))

    ranks = lab.ranks("50000006", *WEEK)

    assert [(row.rank, row.keyword) for row in ranks] == [(1, "김"), (2, "두부")]
    assert (ranks[0].source, ranks[0].category, ranks[0].window_end) == ("datalab", "식품", date(2026, 9, 16))


def test_the_question_looks_like_the_page_that_asks_it(source, lab):
    source.answers(page(1, 2))

    lab.ranks("50000006", *WEEK)

    asked = source.asked[0]
    assert (asked.method, asked.path) == ("POST", "/shoppingInsight/getCategoryKeywordRank.naver")
    assert asked.values["startDate"] == "2026-09-10"
    assert asked.values["page"] == "1"
    assert asked.headers["x-requested-with"] == "XMLHttpRequest"
    assert asked.headers["referer"] == f"{source.url}/shoppingInsight/sCategory.naver"
    assert asked.headers["user-agent"].startswith("Mozilla/")


def test_pages_are_turned_until_enough_ranks_are_there(source, lab):
    source.answers(page(1, 20), page(21, 40), page(41, 60))

    assert len(lab.ranks("50000006", *WEEK, most=30)) == 30
    assert [question.values["page"] for question in source.asked] == ["1", "2"]


def test_pages_are_turned_no_further_than_the_list_goes(source, lab):
    source.answers(page(1, 20), page(21, 25))

    assert len(lab.ranks("50000006", *WEEK, most=500)) == 25
    assert len(source.asked) == 2


def test_a_source_that_repeats_a_page_ends_the_turning(source, lab):
    source.answers(page(1, 20))

    assert len(lab.ranks("50000006", *WEEK, most=500)) == 20
    assert len(source.asked) == 2


def test_a_day_not_yet_published_has_no_ranks(source, lab):
    source.answers(page(1, 0))

    assert lab.ranks("50000006", *WEEK) == ()


@pytest.mark.parametrize("status", [403, 418])
def test_being_shut_out_is_unreachable(source, lab, reply, status):
    source.answers(reply(status=status, body="<html>blocked</html>"))

    with pytest.raises(SourceUnreachable, match=f"status {status}.*wait an hour"):
        lab.ranks("50000006", *WEEK)


def test_a_web_page_instead_of_ranks_is_unreadable(source, lab):
    source.answers("\n<!DOCTYPE html><html><body>잠시 후 다시</body></html>")

    with pytest.raises(SourceUnreadable, match="a web page"):
        lab.ranks("50000006", *WEEK)


@pytest.mark.parametrize(
    "body",
    [
        page(1, 1, returnCode=9, message="error"),
        page(1, 1, ranks=None),
        page(1, 1, ranks=["김"]),
        page(1, 1, ranks=[{"rank": "first", "keyword": "김"}]),
        page(1, 1, ranks=[{"rank": 99999, "keyword": "김"}]),
    ],
)
def test_ranks_of_unknown_form_are_unreadable(source, lab, body):
    source.answers(body)

    with pytest.raises(SourceUnreadable, match="Naver DataLab"):
        lab.ranks("50000006", *WEEK)


@pytest.mark.parametrize(
    ("category", "first", "last"),
    [
        ("식품", *WEEK),
        ("50000006", date(2017, 7, 31), date(2026, 9, 16)),
        ("50000006", date(2026, 9, 16), date(2026, 9, 10)),
    ],
)
def test_a_window_that_cannot_be_is_not_asked_for(source, lab, category, first, last):
    with pytest.raises(BadValue):
        lab.ranks(category, first, last)
    assert source.asked == []


def test_a_recorded_window_answers_like_the_source(tmp_path):
    (tmp_path / "datalab").mkdir()
    (tmp_path / "datalab" / "50000006_2026-09-10_2026-09-16.json").write_text(page(1, 20), encoding="utf-8")
    lab = DataLab(RecordedFetch(tmp_path), "https://datalab.naver.com")

    assert len(lab.ranks("50000006", *WEEK)) == 20
    with pytest.raises(SourceUnreachable, match="cid=50000008"):
        lab.ranks("50000008", *WEEK)


def test_recorded_pages_are_told_apart(tmp_path):
    (tmp_path / "datalab").mkdir()
    for number, text in ((1, page(1, 20)), (2, page(21, 30))):
        (tmp_path / "datalab" / f"50000006_2026-09-10_2026-09-16_{number}.json").write_text(text, encoding="utf-8")

    assert len(DataLab(RecordedFetch(tmp_path), "https://datalab.naver.com").ranks("50000006", *WEEK)) == 30


def test_the_real_answer_is_read(source, lab, samples):
    source.answers((samples / "datalab_getCategoryKeywordRank.json").read_text(encoding="utf-8"))

    assert [row.keyword for row in lab.ranks("50000000", *WEEK)] == ["데일리니트팬츠투피스", "원피스"]
