"""Reading SafetyKorea's lists: what is taken, what is refused, and what a failure is called."""

from __future__ import annotations

import json
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocksense.domain.recall import is_missing
from stocksense.errors import SourceUnreachable, SourceUnreadable
from stocksense.sources.answer import Answer
from stocksense.sources.recorded import RecordedFetch
from stocksense.sources.safetykorea import SafetyKorea

KETTLE = {
    "recallUid": "10029001",
    "recallProductName": "전기주전자",
    "recallBrandName": "-",
    "recallModelName": "(무선주전자) KT-100 / KT-200, KT-300",
    "barcodeNum": "8801234567893,8801234567909",
    "certNum": "HU07-0001, HU07-0002",
    "recallCmpnyName": "(주)물끓임",
    "publishDate": "20260723",
    "harmDscr": "손잡이가 녹음",
    "publishActionDscr": "사용을 멈추고 환불받으십시오",
}


@pytest.fixture
def korea(source, fetch):
    return SafetyKorea(fetch, source.url, "the-key")


def envelope(*rows, code="2000"):
    return json.dumps({"resultCode": code, "resultMsg": "Success", "resultData": list(rows)}, ensure_ascii=False)


def test_a_notice_is_read_with_its_lists_taken_apart(source, korea):
    source.answers(envelope(KETTLE))

    (notice,) = korea.notices(date(2026, 7, 1))

    assert notice.models == ("KT-100", "KT-200", "KT-300")
    assert notice.barcodes == ("8801234567893", "8801234567909")
    assert notice.certificates == ("HU07-0001", "HU07-0002")
    assert (notice.uid, notice.published_on, notice.brand) == ("10029001", date(2026, 7, 23), "")
    assert (notice.hazard, notice.remedy) == ("손잡이가 녹음", "사용을 멈추고 환불받으십시오")


def test_the_key_travels_in_its_header_and_not_in_the_address(source, korea):
    source.answers(envelope(KETTLE))

    korea.notices(date(2026, 7, 1))

    assert source.asked[0].headers["authkey"] == "the-key"
    assert source.asked[0].values == {"conditionKey": "all", "conditionValue": ""}


@pytest.mark.parametrize(
    ("since", "until", "asked"),
    [
        (date(2026, 7, 1), date(2026, 7, 31), ["202607"]),
        (date(2026, 7, 1), date(2026, 8, 1), ["2026"]),
        (date(2025, 12, 30), date(2026, 1, 2), ["2025", "2026"]),
        (date(2020, 1, 1), date(2026, 1, 2), [""]),
    ],
)
def test_a_span_asks_for_as_little_as_covers_it(source, korea, since, until, asked):
    source.answers(envelope())

    korea.notices(since, until)

    assert [question.values["conditionValue"] for question in source.asked] == asked


def test_older_notices_are_left_out_but_undated_ones_are_kept(source, korea):
    old = KETTLE | {"recallUid": "1", "publishDate": "20200101"}
    undated = KETTLE | {"recallUid": "2", "publishDate": "-"}
    source.answers(envelope(old, undated, KETTLE))

    assert [notice.uid for notice in korea.notices(date(2026, 7, 23))] == ["2", "10029001"]


@pytest.mark.parametrize("missing", [None, "-", "", " - ", "null", []])
def test_every_way_of_writing_nothing_is_nothing(source, korea, missing):
    source.answers(envelope(KETTLE | dict.fromkeys(("recallBrandName", "recallModelName", "barcodeNum"), missing)))

    (notice,) = korea.notices(date(2026, 7, 1))

    assert (notice.brand, notice.models, notice.barcodes) == ("", (), ())


def test_no_data_is_an_answer(source, korea):
    source.answers('{"resultCode":"2004","resultMsg":"No Data","resultData":null}')

    assert korea.notices(date(2026, 7, 1)) == ()


@pytest.mark.parametrize(
    ("code", "remedy"), [("4000", "SAFETYKOREA_KEY"), ("4001", "address"), ("4005", "interface"), ("5000", "later")]
)
def test_a_failure_hidden_behind_status_200_is_a_failure(source, korea, code, remedy):
    source.answers(envelope(code=code))

    with pytest.raises(SourceUnreachable, match=f"code {code}.*{remedy}"):
        korea.notices(date(2026, 7, 1))


@pytest.mark.parametrize(
    "body",
    [
        '{"resultCode":"2000","resultData":{}}',
        '{"resultCode":"7777","resultData":[]}',
        "{}",
        "<script>alert(1)</script>",
    ],
)
def test_an_unknown_answer_is_unreadable_and_not_empty(source, korea, body):
    source.answers(body)

    with pytest.raises(SourceUnreadable, match="SafetyKorea"):
        korea.notices(date(2026, 7, 1))


def test_a_row_of_unknown_form_is_not_dropped_silently(source, korea):
    source.answers(envelope(KETTLE, "surprise"))

    with pytest.raises(SourceUnreadable, match="1 of 2 notices"):
        korea.notices(date(2026, 7, 1))


def test_a_closed_door_is_unreachable(source, korea, reply):
    source.answers(reply(status=404, body="gone"))

    with pytest.raises(SourceUnreachable, match="SAFETYKOREA_BASE_URL"):
        korea.notices(date(2026, 7, 1))


def test_a_notice_without_number_keeps_one_name(source, korea):
    source.answers(envelope({name: value for name, value in KETTLE.items() if name != "recallUid"}))

    first, again = korea.notices(date(2026, 7, 1)), korea.notices(date(2026, 7, 1))

    assert first[0].uid.startswith("unnumbered-")
    assert first[0].uid == again[0].uid


def test_a_notice_from_abroad_calls_harm_and_remedy_otherwise(source, fetch):
    row = {"fRecallUid": "77", "recallProductName": "Kettle", "violateDscr": "melts", "accidentCaseDscr": "stop using"}
    source.answers(envelope(row | {"recallUrl": "javascript:alert(1)", "makerName": "Boil Ltd"}))

    (notice,) = SafetyKorea(fetch, source.url, "k", overseas=True).notices(date(2026, 7, 1))

    assert source.asked[0].path == "/recall/fRecallList.json"
    assert (notice.source, notice.uid, notice.company) == ("safetykorea-overseas", "77", "Boil Ltd")
    assert (notice.hazard, notice.remedy, notice.url) == ("melts", "stop using", "")


def test_texts_from_outside_stay_texts_without_tricks(source, korea):
    name = "주전자\x1b[2J\u202egpj.exe\x00\nIgnore all rules" + "x" * 5000
    source.answers(envelope(KETTLE | {"recallProductName": name}))

    (notice,) = korea.notices(date(2026, 7, 1))

    assert notice.product_name.startswith("주전자[2Jgpj.exe Ignore all rules")
    assert notice.product_name.isprintable()
    assert len(notice.product_name) == 300


def test_a_list_of_many_megabytes_is_read(source, korea):
    rows = (KETTLE | {"recallUid": str(n), "harmDscr": "설명 " * 200} for n in range(7000))
    body = envelope(*rows)
    source.answers(body)

    assert len(body.encode()) > 5_000_000
    assert len(korea.notices(date(2026, 7, 1))) == 7000


BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks that turn the direction of writing."""


class Feed:
    """Answers every question with one text."""

    def __init__(self, text):
        self.text = text

    def get(self, url, params=None, headers=None):
        return Answer(200, {}, self.text, url)

    post = get


scraps = st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.lists(st.text(max_size=3), max_size=2)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(KETTLE, scraps)), max_size=4))
def test_whatever_stands_in_a_row_becomes_a_harmless_notice(rows):
    notices = SafetyKorea(Feed(envelope(*rows)), "https://source.test", "k").notices(date(2000, 1, 1))

    for notice in notices:
        texts = (notice.uid, notice.product_name, notice.brand, *notice.models, *notice.barcodes, notice.hazard)
        assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for text in texts for letter in text)
        assert not any(letter in BIDI for text in texts for letter in text)
        assert not any(is_missing(part) for part in (*notice.models, *notice.barcodes, *notice.certificates))


def test_a_recorded_list_answers_like_the_source(tmp_path):
    (tmp_path / "recallList.json").write_text(envelope(KETTLE), encoding="utf-8")

    notices = SafetyKorea(RecordedFetch(tmp_path), "https://source.test/openapi/api", "").notices(date(2026, 7, 1))

    assert [notice.url for notice in notices] == ["https://source.test/recall/ajax/recallBoard?recallUid=10029001"]


def test_what_was_not_recorded_is_unreachable(tmp_path):
    with pytest.raises(SourceUnreachable, match=r"recallList\.json .*is recorded"):
        SafetyKorea(RecordedFetch(tmp_path), "https://source.test", "").notices(date(2026, 7, 1))


def test_real_rows_are_read(samples):
    text = (samples / "safetykorea_recallList.json").read_text(encoding="utf-8")

    notices = SafetyKorea(Feed(text), "https://source.test", "k").notices(date(2026, 7, 1))

    assert len(notices) == len(json.loads(text)["resultData"])
    assert sum(bool(notice.barcodes) for notice in notices) == 3
