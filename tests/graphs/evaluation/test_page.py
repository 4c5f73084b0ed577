"""The report needs nothing else, hides no failure, and runs nothing that a shop wrote."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from graphs.evaluation.figures import figures
from graphs.evaluation.page import Report, render, write_report
from graphs.evaluation.plan import Plan

AT = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def page(catalog):
    def build(*episodes, trials=1, language="en"):
        plan = Plan(brain="reflexion", split="dev", trials=trials)
        return render(Report(figures(plan, catalog, episodes), episodes, language, AT))

    return build


def test_every_failed_episode_can_be_read_and_no_other(page, episode):
    html = page(episode(500, 1.0), episode(501, 0.25), episode(502, 0.5), trials=2)

    assert html.count('<details class="episode">') == 2
    assert "#501" in html
    assert "#500" not in html
    for said in ("i want cola", "Lemonade", "size: large", "r_type 0.50", "I look for cola.", "search[cola]", "Page 1"):
        assert said in html


def test_what_a_shop_or_a_model_wrote_stays_text(page, episode):
    html = page(replace(episode(500, 0.0), instruction="<script>alert(1)</script>"))

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_the_page_asks_no_other_place_for_anything(page, episode):
    html = page(episode(500, 0.0))

    assert not re.search(r"(src|href)\s*=|@import|url\(|fetch\(", html)


def test_success_by_trial_is_drawn_when_there_are_trials(page, episode):
    assert "polyline" in page(episode(500, 0.0, 1.0), trials=2)
    assert "<polyline" not in page(episode(500, 0.0))


def test_korean_readers_get_korean(page, episode):
    html = page(episode(500, 0.0), language="ko")

    assert '<html lang="ko">' in html
    assert "실패한 과제" in html


def test_the_figures_of_others_stand_apart_with_their_product_sets(page, episode):
    html = page(episode(500, 0.0))

    assert html.index("not to be compared") < html.index("66.6")
    assert "1.18 M products" in html


def test_the_page_is_written_into_the_folder(tmp_path, catalog, episode):
    report = Report(figures(Plan(), catalog, [episode(0, 1.0)]), [episode(0, 1.0)], "en", AT)

    assert write_report(report, tmp_path).read_text() == render(report)
