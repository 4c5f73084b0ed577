"""What the offline model reads out of a question: periods, days ahead, numbers and names."""

import pytest

from agents.offline.arguments import count_of, mention_of
from agents.offline.asks import asks_in, clauses
from agents.offline.language import language_of
from agents.offline.spans import horizon_of, period_of


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("오늘 얼마 팔렸어?", "today"),
        ("이번주 매출", "this_week"),
        ("지난 주 매출", "last_week"),
        ("저번달 매출", "last_month"),
        ("최근 30일 매출", "last_30_days"),
        ("지난 2주간 매출", "last_14_days"),
        ("3월 매출", "month_3"),
        ("3월 5일 매출", "month_3_day_5"),
        ("2026년 3월 매출", "2026-3"),
        ("2026-03-01 ~ 2026-03-05 매출", "2026-03-01..2026-03-05"),
        ("이번 주 매출 지난주 대비 어때", "this_week"),
        ("sales yesterday", "yesterday"),
        ("sales this month vs last month", "this_month"),
        ("sales in the past 7 days", "last_7_days"),
        ("revenue in March", "month_3"),
        ("revenue in March 2025", "2025-03"),
        ("may I see the sales", ""),
        ("매출", ""),
    ],
)
def test_periods_are_read(text, period):
    assert period_of(text)[0] == period


@pytest.mark.parametrize(
    ("text", "days"),
    [("내일 몇 개 팔릴까", 1), ("다음 주 예측", 7), ("앞으로 10일", 10), ("next 2 weeks", 14), ("예측", 0)],
)
def test_days_ahead_are_read(text, days):
    assert horizon_of(text)[0] == days


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("바다칩 20개 주문해 줘", 20),
        ("바다칩 열 개 주문해 줘", 10),
        ("order 30 units of sea chips", 30),
        ("생수 500ml 12병 주문해 줘", 12),
        ("order SEA-500", 0),
        ("생수 500ml 주문해 줘", 0),
    ],
)
def test_units_are_read_but_not_the_numbers_in_names(text, count):
    assert count_of(text)[0] == count


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("바다칩 왜 주문 안 했어?", "바다칩"),
        ("바다칩왜안시켰어?", "바다칩"),
        ("왜 바다칩 매운맛을 발주하지 않았나요", "바다칩 매운맛을"),
        ("팔도강산 비빔면 재고 얼마나 남았어?", "팔도강산 비빔면"),
        ("why was sea chips not ordered?", "sea chips"),
        ("How many 'low salt soy sauce' are left?", "low salt soy sauce"),
        ("stock of SNK-001 please", "SNK-001"),
        ("8801234567893 재고", "8801234567893"),
        ("오늘 매출 어때?", ""),
        ("what did we sell today?", ""),
    ],
)
def test_names_are_what_is_left_between_the_words_of_the_question(text, mention):
    assert mention_of(period_of(text)[1]) == mention


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("오늘 매출 알려줘", "ko"),
        ("Why was 바다칩 not ordered?", "en"),
        ("LSTM 예측 정확도는?", "ko"),
        ("'바다칩'", "ko"),
        ("sales today", "en"),
    ],
)
def test_the_language_is_that_of_the_sentence_and_not_of_the_names_in_it(text, language):
    assert language_of(text) == language


def test_a_question_is_cut_where_both_sides_ask_for_something():
    assert len(clauses("뭐가 부족하고 리콜된 거 있어?")) == 2
    assert len(clauses("what is low and is anything recalled?")) == 2
    assert len(clauses("why were salt and vinegar chips not ordered?")) == 1


def test_a_product_is_named_once_for_two_questions():
    asks = asks_in("바다칩 재고 몇 개야? 그리고 왜 주문 안 했어?")

    assert [(ask.intent.tool, ask.mention) for ask in asks] == [
        ("check_stock", "바다칩"),
        ("explain_decision", "바다칩"),
    ]
