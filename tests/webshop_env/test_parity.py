"""The shop answers as the reference environment did, in everything that was recorded there."""

import pytest

from webshop_env.check import check_all, check_prices, check_rewards, check_search, check_walks
from webshop_env.env import WebShopEnv


@pytest.fixture(scope="module")
def checks(official, reference):
    return {check.layer: check for check in check_all(official, reference / "golden")}


@pytest.mark.parametrize(
    ("layer", "recorded"), [("prices", 1000), ("goals", 6910), ("search", 1500), ("rewards", 6000), ("walks", 2100)]
)
def test_nothing_differs_from_the_reference_in(layer, recorded, checks):
    assert checks[layer].replayed == recorded
    assert checks[layer].differences == ()


def test_thirteen_of_the_human_goals_belong_to_the_thousand_products(official):
    assert len(official.goals("human")) == 13


def score_of_first_500(env: WebShopEnv) -> tuple[float, float]:
    goals = env.catalog.goals("templated")[:500]
    totals = [env.score(i, goal.asin, dict(goal.goal_options)).total for i, goal in enumerate(goals)]
    return round(sum(totals) / 5, 1), sum(total == 1.0 for total in totals) / 5


def test_buying_what_was_asked_for_does_not_always_score_full_marks_in_parity(official):
    assert score_of_first_500(WebShopEnv(official, mode="parity")) == (99.4, 96.0)


def test_buying_what_was_asked_for_scores_full_marks_in_fixed_mode(official):
    assert score_of_first_500(WebShopEnv(official, mode="fixed")) == (100.0, 100.0)


def test_a_different_reward_is_found_and_told(parity):
    parts = parity.score(0, "SHOE000001", {}).parts()
    recorded = {"goal": 0, "asin": "SHOE000001", "options": {}, "reward": 0.0, "info": parts | {"r_type": 9.0}}

    assert "r_type is 0.0, not 9.0" in check_rewards(parity, [recorded]).differences[0]


def test_a_different_page_is_found_and_told(parity):
    walk = {"goal": 0, "start": {"obs": "?", "clickables": ["search"], "search": True}, "steps": []}

    assert "walk 0, start: obs is 'WebShop" in check_walks(parity, [walk]).differences[0]


def test_a_different_search_or_price_is_found_and_told(catalog):
    found = check_search(catalog, [{"query": "shoes", "asins": []}])

    assert found.differences == ("'shoes': differs from place 0 on",)
    assert check_prices(catalog, {"CUP0000002": 1.0}).differences == ("CUP0000002: price is 10.0, not 1.0",)
