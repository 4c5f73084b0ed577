"""What people ask, in Korean and English, offline: each question reaches its tool with its arguments."""

import pytest

from agents.offline import OfflineModel
from graphs.supervisor import ask

KOREAN = [
    ("오늘 얼마 팔렸어?", "sales_summary", {"period": "today"}),
    ("오늘 매출 알려줘", "sales_summary", {"period": "today"}),
    ("이번 주 매출 어때", "sales_summary", {"period": "this_week"}),
    ("이번주 장사 잘 됐어?", "sales_summary", {"period": "this_week"}),
    ("이번 달 매출이 지난달 대비 어떻게 변했어?", "sales_summary", {"period": "this_month"}),
    ("지난달 매츌 보여줘", "sales_summary", {"period": "last_month"}),
    ("어제 몇 개 팔았어?", "sales_summary", {"period": "yesterday"}),
    ("최근 30일 판매량", "sales_summary", {"period": "last_30_days"}),
    ("2월 매출 얼마였지", "sales_summary", {"period": "month_2"}),
    ("이번 달 음료 매출", "sales_summary", {"period": "this_month", "category": "Drinks"}),
    ("역앞점 이번 주 매출", "sales_summary", {"period": "this_week", "location": "역앞점"}),
    ("구름우유 이번 달 얼마나 팔렸어", "sales_summary", {"period": "this_month", "product": "DRK-2"}),
    ("제일 많이 팔린 상품 뭐야?", "top_sellers", {"period": "this_month"}),
    ("이번 주 베스트 3개만", "top_sellers", {"period": "this_week", "limit": 3}),
    ("요즘 뭐가 잘 나가?", "top_sellers", {"period": "this_month"}),
    ("안 팔리는 거 뭐 있어", "top_sellers", {"slowest": True, "period": "this_month"}),
    ("카테고리별 매출 보여줘", "sales_by_category", {"period": "this_month"}),
    ("지점별로 이번 주 매출", "sales_by_location", {"period": "this_week"}),
    ("뭐가 부족해?", "low_stock", {}),
    ("재고 떨어진 거 있어?", "low_stock", {}),
    ("뭘 주문해야 돼?", "low_stock", {}),
    ("보리톡 왜 주문 안 했어?", "explain_decision", {"product": "보리톡"}),
    ("바다칩매운맛왜안시켰어", "explain_decision", {"product": "바다칩매운맛"}),
    ("바다칩 오리지널은 왜 발주했나요?", "explain_decision", {"product": "바다칩 오리지널은"}),
    ("구름우유 다음 주에 얼마나 팔릴까?", "forecast_demand", {"product": "구름우유", "days": 7}),
    ("달빛라면 수요 예츨 해줘", "forecast_demand", {"product": "달빛라면"}),
    ("구름우유 몇 개 남았어?", "check_stock", {"product": "구름우유"}),
    ("들어올 주문 뭐 있어?", "open_orders", {}),
    ("발주 현황", "open_orders", {}),
    ("승인 대기 중인 제안 있어?", "list_proposals", {}),
    ("리콜된 상품 있어?", "recalls_touching_us", {}),
    ("우리 가게 회수 대상 제품 있나요", "recalls_touching_us", {}),
    ("요즘 뜨는 검색어 뭐야", "trending", {}),
    ("요즘 뭐가 떠?", "trending", {}),
    ("승인할 것 있어?", "list_proposals", {}),
    ("지금 대기 중인 거 있어?", "list_proposals", {}),
    ("매출 추이 보여줘", "sales_by_day", {}),
    ("이번 달 일별 매출 그래프 그려줘", "sales_by_day", {"period": "this_month"}),
    ("구름우유 판매 추이", "sales_by_day", {"product": "DRK-2"}),
    ("트랜드 알려줘", "trending", {}),
]

ENGLISH = [
    ("How much did we sell today?", "sales_summary", {"period": "today"}),
    ("What are this week's sales?", "sales_summary", {"period": "this_week"}),
    ("sales this month vs last month", "sales_summary", {"period": "this_month"}),
    ("revenue yesterday pls", "sales_summary", {"period": "yesterday"}),
    ("how was business last week", "sales_summary", {"period": "last_week"}),
    ("show me slaes for the past 30 days", "sales_summary", {"period": "last_30_days"}),
    ("turnover in February", "sales_summary", {"period": "month_2"}),
    ("sales of drinks this month", "sales_summary", {"period": "this_month", "category": "Drinks"}),
    ("how many cloud milk did we sell this week?", "sales_summary", {"period": "this_week", "product": "DRK-2"}),
    ("What are the top sellers?", "top_sellers", {"period": "this_month"}),
    ("top 3 products this week", "top_sellers", {"period": "this_week", "limit": 3}),
    ("what sells best", "top_sellers", {"period": "this_month"}),
    ("worst sellers last month", "top_sellers", {"slowest": True, "period": "last_month"}),
    ("sales by category", "sales_by_category", {"period": "this_month"}),
    ("revenue per location this week", "sales_by_location", {"period": "this_week"}),
    ("What is low and why?", "low_stock", {}),
    ("are we running out of anything?", "low_stock", {}),
    ("what should I order", "low_stock", {}),
    ("Why was Boritok barley tea not ordered?", "explain_decision", {"product": "Boritok barley tea"}),
    ("why did you order sea chips original", "explain_decision", {"product": "sea chips original"}),
    ("why didn't we reorder SNK-2?", "explain_decision", {"product": "SNK-2"}),
    ("forcast for cloud milk", "forecast_demand", {"product": "cloud milk"}),
    ("how many cloud milk will we sell in the next 7 days?", "forecast_demand", {"product": "cloud milk", "days": 7}),
    ("How many cloud milk are left?", "check_stock", {"product": "cloud milk"}),
    ("open orders", "open_orders", {}),
    ("what is on order and when does it arrive?", "open_orders", {}),
    ("which proposals wait for approval?", "list_proposals", {}),
    ("do any recalls touch us?", "recalls_touching_us", {}),
    ("any product reccalls", "recalls_touching_us", {}),
    ("what's trending and why?", "trending", {}),
    ("which keywords are rising", "trending", {}),
    ("what's popular?", "trending", {}),
    ("what waits for approval?", "list_proposals", {}),
    ("any approvals waiting?", "list_proposals", {}),
    ("show the sales trend", "sales_by_day", {}),
    ("plot sales of drinks for the last 30 days", "sales_by_day", {"period": "last_30_days", "category": "Drinks"}),
    ("daily sales of cloud milk", "sales_by_day", {"product": "DRK-2"}),
]


@pytest.mark.parametrize(("question", "tool", "arguments"), KOREAN + ENGLISH)
async def test_a_question_reaches_its_tool_and_is_answered_in_its_language(read_only_corner, question, tool, arguments):
    answer = await ask(read_only_corner, OfflineModel(), question)

    assert (answer.steps[-1].tool, dict(answer.steps[-1].arguments)) == (tool, arguments)
    assert answer.steps[-1].error == ""
    assert answer.language == ("ko" if (question, tool, arguments) in KOREAN else "en")
    assert not answer.text.startswith("(")


@pytest.mark.parametrize("question", ["오늘 날씨 어때?", "tell me a joke", "ㅁㄴㅇㄹ", "?", "이거 좀"])
async def test_what_is_not_understood_is_answered_with_what_would_be(read_only_corner, question):
    answer = await ask(read_only_corner, OfflineModel(), question)

    assert not answer.steps
    assert "이렇게 물어보시면" in answer.text or "I can answer questions such as" in answer.text
