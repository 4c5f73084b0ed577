"""What shoppers are asked for: suites, caps, splits, and the same wish in free words."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import webshop_env
from webshop_env.errors import UnknownGoal
from webshop_env.goals import (
    NO_CAP,
    Goal,
    cap_text,
    draw_cap,
    draw_goal,
    filter_goals,
    limit_goals,
    split_range,
)
from webshop_env.paraphrase import paraphrase
from webshop_env.scores import BASELINES, Score, measure


def test_there_is_a_goal_for_every_combination_of_options(catalog):
    cups = [goal for goal in catalog.goals("templated") if goal.asin == "CUP0000001"]

    assert len(cups) == 4
    assert "Find me hand painted cups with color: sky blue, and size: large, and price lower than " in {
        goal.instruction.rpartition("than ")[0] + "than " for goal in cups
    }


def test_goals_of_people_need_attributes(catalog):
    (goal,) = catalog.goals("human")

    assert goal.goal_options == ["sky blue"]
    assert goal.instruction.startswith("i need a hand painted cup in sky blue, and price lower than")


def test_the_seed_draws_prices_and_caps_and_another_seed_others(catalog_files):
    first, again, other = (webshop_env.load_catalog(*catalog_files, seed=seed) for seed in (7, 7, 8))

    assert first.prices == again.prices != other.prices
    assert first.goals("templated") == again.goals("templated") != other.goals("templated")


def test_the_goal_seed_orders_the_goals(catalog_files, catalog):
    other = webshop_env.load_catalog(*catalog_files, seed=7, goal_seed=1)

    assert sorted(map(str, other.goals("templated"))) == sorted(map(str, catalog.goals("templated")))
    assert other.goals("templated") != catalog.goals("templated")


@given(st.floats(0, 2000), st.integers())
def test_a_cap_lies_above_the_price(price, seed):
    cap = draw_cap(price, random.Random(seed))

    assert cap > price or price >= NO_CAP
    assert (cap_text(cap) == "") == (price >= 970 + 10)


def test_splits_share_nothing_and_leave_nothing_out():
    parts = [split_range(split, 6910) for split in ("test", "dev", "train")]

    assert [(part[0], part[-1]) for part in parts] == [(0, 499), (500, 1499), (1500, 6909)]
    assert len(split_range("all", 13)) == len(split_range("test", 13)) == 13
    with pytest.raises(UnknownGoal, match="choose from all, test, dev, train"):
        split_range("validation", 5)


def test_goals_can_be_filtered_and_limited(catalog):
    goals = catalog.goals("templated")
    cheap = filter_goals(goals, lambda index, goal: index % 2 == 0)
    few = limit_goals(goals, 3, random.Random(1))

    assert cheap == list(goals[::2])
    assert len({id(goal) for goal in few}) == 3
    assert limit_goals(goals, 99, random.Random(1)) == list(goals)


def test_goals_are_drawn_by_weight():
    drawn = [draw_goal([0.0, 3.0, 1.0], random.Random(seed)) for seed in range(400)]

    assert 0 not in drawn
    assert 250 < drawn.count(1) < 350


def test_an_unknown_suite_is_told(catalog):
    with pytest.raises(UnknownGoal, match="choose from templated, human"):
        catalog.goals("best")


@pytest.mark.parametrize("language", ["en", "ko"])
@given(seed=st.integers(), cap=st.sampled_from([NO_CAP, 40.0]), count=st.integers(0, 3))
def test_free_words_say_everything_that_counts(language, seed, cap, count):
    attributes = ("hand made", "soft wool", "non slip")[:count]
    options = (("color", "sky blue"), ("pattern name", "b19-a"), (None, "round"))[:count]
    goal = Goal("A", "", attributes, options, cap, query="rugs")

    said = paraphrase(goal, language, random.Random(seed))

    assert all(piece in said for piece in ("rugs", *attributes, *(value for _, value in options)))
    assert ("40" in said) == (cap != NO_CAP)


def test_free_words_keep_the_goals_and_depend_on_the_seed(catalog):
    english, korean, plain = (catalog.goals(suite) for suite in ("paraphrased", "paraphrased-ko", "templated"))

    assert [goal.goal_options for goal in english] == [goal.goal_options for goal in plain]
    assert {goal.instruction for goal in english}.isdisjoint(goal.instruction for goal in korean)


def test_a_score_names_everything_needed_to_repeat_it(fixed):
    said = str(measure("oracle", BASELINES["oracle"], fixed))

    assert said.startswith("oracle: score 100.0 ± 0.0, success 100.0 % (")
    assert said.endswith("products products, suite templated, split test, mode fixed, n 8, seed 7, 95 % intervals")


def test_no_score_without_goals(fixed):
    assert str(measure("oracle", BASELINES["oracle"], fixed, split="dev")).startswith("oracle: score nan")


def test_a_success_rate_of_all_is_still_uncertain():
    low, high = Score("x", "p", "s", "test", "fixed", 7, (1.0,) * 100).success_interval

    assert (round(low, 1), round(high, 1)) == (96.3, 100.0)


@pytest.mark.parametrize(
    ("shopper", "figures"), [("rule baseline", (57.1, 2.2)), ("right product", (70.1, 3.8)), ("oracle", (99.4, 96.0))]
)
def test_baselines_score_what_they_score_in_the_reference(official, shopper, figures):
    score = measure(shopper, BASELINES[shopper], webshop_env.WebShopEnv(official))

    assert (round(score.mean, 1), round(score.success, 1)) == figures
