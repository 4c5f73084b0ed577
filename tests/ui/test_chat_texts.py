"""What the chat writes: outside texts stay letters, numbers lead to sources, results are told in one language."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from agents.offline.asks import asks_in
from graphs.answers import StepTaken
from graphs.figures import figures_in
from ui.conversation.brief import STARTERS
from ui.conversation.cards import product_cards, proposals_named
from ui.conversation.markdown import answer_text, letters, table
from ui.conversation.plots import plot_of
from ui.conversation.results import outcome_of, tables_of
from ui.conversation.tables import table_of
from ui.conversation.turn import history_of, marked, marks_of
from ui.conversation.values import shown
from ui.furnishing import in_language, without_links
from ui.wording import Words

KO, EN = Words("ko"), Words("en")
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
ADDRESS = re.compile(r"https?://[-.\w]|www\.[-.\w]|[-.\w+]@[-\w]+\.[-\w]", re.IGNORECASE)
"""What Chainlit's renderer makes a link of even where it stands as plain letters."""

HOSTILE = [
    "![x](http://evil.test/a.png)",
    "[press](javascript:alert(1))",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "http://evil.test www.evil.test a@evil.test",
    "[x]: http://evil.test\n[x]",
    ":alert[x]{href=http://evil.test}",
    "a | b | c",
]


def called(tool, result, **arguments):
    return StepTaken("forecaster", tool, arguments, 0.02, result=json.dumps(result, ensure_ascii=False))


def links_and_pictures(text):
    made = MARKDOWN.parse(text)
    inner = [child for token in made for child in (token.children or [token])]
    found = [token.type for token in inner if token.type in {"link_open", "image", "html_inline", "html_block"}]
    return found + [token.content for token in inner if ADDRESS.search(token.content)]


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_from_outside_make_no_link_no_picture_and_no_markup(text):
    assert links_and_pictures(letters(text)) == []
    assert links_and_pictures(answer_text(text)) == []
    assert links_and_pictures(table(["a", "b"], [[text, text]])) == []


@given(st.text(alphabet="![]()<>`*_~|:/\\#@.&;x wht p\n-", max_size=60))
def test_no_text_at_all_makes_a_link_or_a_picture(text):
    assert links_and_pictures(letters(text)) == []


def test_an_answer_keeps_its_lists_and_bold_print():
    assert answer_text("- **120**개 (1일~3일)\n- 차") == "- **120**개 (1일\\~3일)\n- 차"


def test_each_line_with_numbers_bears_the_mark_of_its_source():
    steps = (called("check_stock", {"on_hand": 19}), called("open_orders", {"count": 3}))
    text = "재고는 19개입니다.\n들어올 주문 3건\n끝"
    found = figures_in(text, steps)

    assert marked(text, found, marks_of(found)) == (
        "재고는 19개입니다. [①](#source-①)\n들어올 주문 3건 [②](#source-②)\n끝"
    )


def test_what_follows_a_list_is_no_part_of_it():
    assert marked("- 차\n- 물\n끝", (), {}) == "- 차\n- 물\n\n끝"


def test_a_result_is_told_in_one_language_with_what_was_asked():
    step = called("check_stock", {"sku": "A", "name_ko": "차", "name_en": "Tea", "on_hand": 1900}, product="차")

    assert [row for rows in tables_of(KO, step) for row in rows.rows] == [
        ("이름", "차"),
        ("SKU", "A"),
        ("현재고", "1,900"),
    ]
    assert "Tea" not in outcome_of(KO, step)
    assert "상품" in outcome_of(KO, step)


@pytest.mark.parametrize(
    ("value", "ko", "en"),
    [
        ("this_week", "이번 주", "this week"),
        ("last_14_days", "최근 14일", "the last 14 days"),
        ("2026-03-01..2026-03-15", "2026년 3월 1일 – 2026년 3월 15일", "1 March 2026 – 15 March 2026"),
        ("2026", "2026", "2026"),
        (True, "예", "yes"),
    ],
)
def test_what_a_call_was_asked_is_told_in_the_reader_s_words(value, ko, en):
    assert (shown(KO, value, "period"), shown(EN, value, "period")) == (ko, en)


def test_names_that_somebody_gave_stay_as_they_are():
    assert shown(KO, "today", "product") == "today"


def test_a_failed_call_says_so():
    step = StepTaken("buyer", "propose_purchase", {}, 0.1, error="no product is called 'x'")

    assert "It failed" in outcome_of(EN, step)


@pytest.mark.parametrize("say", [KO, EN])
@pytest.mark.parametrize("name", STARTERS)
def test_each_common_question_is_understood_without_a_model(say, name):
    (ask,) = asks_in(say(f"talk.ask_{name}"))

    assert ask.intent.tool
    assert ask.mention == ""


def test_a_plot_is_drawn_only_of_a_series():
    days = [{"day": f"2026-03-0{day}", "mean": 2.0, "low": 1.0, "high": 3.0} for day in (1, 2, 3)]
    forecast = {"name_ko": "<b>차</b>", "name_en": "Tea", "interval_percent": 80, "daily": days}

    drawn = json.loads(plot_of(KO, called("forecast_demand", forecast)))
    assert drawn["data"][2]["y"] == [2.0, 2.0, 2.0]
    assert "<b>" not in json.dumps(drawn, ensure_ascii=False)
    assert plot_of(KO, called("forecast_demand", {**forecast, "daily": days[:1]})) == ""
    assert plot_of(KO, called("check_stock", {"on_hand": 3})) == ""


def test_sales_by_day_are_drawn_day_by_day():
    days = [{"day": f"2026-03-0{day}", "units": day, "amount": f"{day}500"} for day in (1, 2, 3)]
    result = {"currency": "KRW", "about": {"name_ko": "차<b>", "name_en": "Tea"}, "days": days}

    drawn = json.loads(plot_of(KO, called("sales_by_day", result)))
    assert (drawn["data"][0]["x"][0], drawn["data"][0]["y"]) == ("2026-03-01", [1500.0, 2500.0, 3500.0])
    assert drawn["layout"]["title"]["text"] == "차‹b›: 일별 매출 (KRW)"
    assert plot_of(KO, called("sales_by_day", {**result, "days": days[:1]})) == ""


def test_a_list_is_a_table_whose_names_lead_to_their_products():
    row = {"sku": "A 1", "name_ko": "차", "name_en": "Tea", "units": 1200, "amount": "8400"}
    result = {"currency": "KRW", "slowest": True, "products": [{"rank": at, **row} for at in range(1, 18)]}

    made = table_of(EN, called("top_sellers", result))
    assert (made["title"], made["head"]) == ("slowest first", ["rank", "name", "units", "amount"])
    assert made["rows"][0] == [["1", ""], ["Tea", "/inventory/A%201"], ["1,200", ""], ["₩8,400", ""]]
    assert (len(made["rows"]), made["more"]) == (15, "… and 2 more rows")
    assert table_of(EN, called("top_sellers", {**result, "products": [row]})) is None
    assert table_of(EN, called("check_stock", {"on_hand": 3})) is None


def test_cards_are_of_products_that_were_found_and_proposals_that_wait():
    row = {"id": 7, "state": "pending"}
    steps = (
        called("check_stock", {"sku": "A 1", "name_ko": "차", "name_en": "", "on_hand": 2, "reorder_point": 4.5}),
        called("list_proposals", {"proposals": [row, {"id": 8, "state": "approved"}]}),
    )

    (card,) = product_cards(EN, steps)
    assert (card["title"], card["href"], card["low"]) == ("차", "/inventory/A%201", True)
    assert proposals_named(steps) == (7,)


def test_agents_are_told_the_plain_text_of_earlier_answers():
    def message(kind, content, answer=""):
        return SimpleNamespace(type=kind, content=content, metadata={"answer": answer} if answer else None)

    said = [
        message("assistant_message", "brief"),
        message("user_message", "매출?"),
        message("assistant_message", "12원 [①](#source-①)", "12원"),
        message("user_message", "멈춤"),
        message("assistant_message", "멈췄습니다"),
    ]
    assert history_of(said) == [("매출?", "12원")]


def test_chainlit_is_asked_in_the_persons_language_and_links_nowhere():
    assert in_language("/chat/project/translations", b"language=de-DE", "ko") == b"language=ko"
    assert (
        in_language("/chat/project/settings", b"language=ko&chat_profile=x", "en") == b"language=en-US&chat_profile=x"
    )
    assert in_language("/chat/other", b"language=de", "ko") == b"language=de"
    page = (
        '<link rel="preconnect" href="https://fonts.test" />\n<link\n  href="https://a.test"\n/><link href="/own.css">'
    )
    assert without_links(page).strip() == '<link href="/own.css">'
