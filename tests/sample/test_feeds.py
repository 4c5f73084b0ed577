"""The invented recall notices and keyword ranks, read by the readers of the real sources."""

import json
from datetime import date

import pytest

from stocksense.domain.recall import Certainty, RecallableProduct, RecallNotice, match_recall
from stocksense.domain.trend import KeywordRank, rises, touches
from stocksense.sample.feeds import FEEDS, RECALL_LIST, datalab_files
from stocksense.sample.generator import RECALLED_SKU
from stocksense.sample.products import products
from stocksense.sources.datalab import DataLab
from stocksense.sources.recorded import RecordedFetch
from stocksense.sources.safetykorea import SafetyKorea

CATEGORIES = ("50000003", "50000006", "50000008")
WEEKS = ((date(2026, 10, 17), date(2026, 10, 23)), (date(2026, 10, 24), date(2026, 10, 30)))


@pytest.fixture(scope="module")
def safety_korea() -> SafetyKorea:
    return SafetyKorea(RecordedFetch(FEEDS), "https://www.safetykorea.kr/openapi/api", "none")


@pytest.fixture(scope="module")
def notices(safety_korea) -> tuple[RecallNotice, ...]:
    return safety_korea.notices(date(2026, 1, 1))


@pytest.fixture(scope="module")
def ranks() -> tuple[list[KeywordRank], list[KeywordRank]]:
    lab = DataLab(RecordedFetch(FEEDS), "https://datalab.naver.com")
    before, now = ([row for cid in CATEGORIES for row in lab.ranks(cid, *week)] for week in WEEKS)
    return before, now


def test_the_reader_of_recalls_finds_every_notice(notices):
    assert len(notices) == 8
    assert all(notice.published_on and notice.product_name for notice in notices)


def test_one_power_bank_is_recalled_for_certain_and_nothing_else_is_touched(notices):
    shelf = [
        RecallableProduct(p.sku, (p.name_ko, p.name_en), p.barcode, brand, p.model)
        for p in products()
        for brand in (p.brand_ko, p.brand)
    ]
    matches = [match for notice in notices for product in shelf if (match := match_recall(notice, product))]
    assert {(match.sku, match.certainty) for match in matches} == {(RECALLED_SKU, Certainty.CERTAIN)}


def test_the_list_holds_a_near_miss_of_the_same_kind(notices):
    banks = {notice.brand for notice in notices if "보조배터리" in notice.product_name}
    assert len(banks) == 2


def test_ranks_of_three_categories_and_two_weeks_are_there(ranks):
    assert [len(week) for week in ranks] == [60, 60]


def test_some_rising_keywords_touch_the_shelves_and_some_do_not(ranks):
    texts = [text for p in products() for text in (p.name_ko, p.name_en, *p.leaf.korean.levels)]
    rising = {rise.keyword for rise in rises(ranks[1], ranks[0])}
    touching = {keyword for keyword in rising if touches(keyword, texts)}
    assert {"핫팩", "호빵", "제로 콜라"} <= touching
    assert {"가습기", "히터"} <= rising - touching


def test_every_file_says_that_it_is_generated():
    for file in (RECALL_LIST, *datalab_files()):
        assert "Generated" in json.loads(file.read_text(encoding="utf-8"))["generated"]
