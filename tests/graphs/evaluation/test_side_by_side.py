"""Episodes are shopped for once each; a model that is away costs no score, and a process that dies is told."""

import os
from functools import partial

import pytest

from graphs.evaluation.folder import open_results
from graphs.evaluation.plan import Plan
from graphs.evaluation.shoppers import open_shopper
from graphs.evaluation.side_by_side import evaluate, shop_for
from stocksense.errors import ModelUnavailable, WorkerLost
from stocksense.settings import Settings


@pytest.fixture
def results(tmp_path):
    with open_results(tmp_path, {}) as results:
        yield results


@pytest.fixture
def moody(episode):
    """A shopper whose model is away for the first `times` of each goal."""

    def build(times, only=None):
        asked = []

        def shop(goal):
            asked.append(goal)
            if (only is None or goal in only) and asked.count(goal) <= times:
                raise ModelUnavailable("the server is busy (429)")
            return episode(goal, 1.0)

        return shop, asked

    return build


def test_only_what_is_missing_is_shopped_for(results, episode, moody):
    results.add(episode(0, 1.0))
    shop, asked = moody(0)
    told = []

    evaluate(range(3), results, lambda: shop, told=lambda *done: told.append(done))

    assert asked == [1, 2]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_busy_model_is_asked_again_later(results, moody):
    shop, asked = moody(1, only={1})
    rests = []

    assert evaluate(range(3), results, lambda: shop, rest=rests.append) == {}
    assert asked == [0, 1, 2, 1]
    assert rests == [2.0]


def test_a_goal_whose_model_stays_away_has_no_score(results, moody):
    shop, _ = moody(99, only={1})

    missed = evaluate(range(3), results, lambda: shop, rest=lambda seconds: None)

    assert missed == {1: "the server is busy (429)"}
    assert sorted(results.kept) == [0, 2]


def test_a_model_that_is_gone_is_not_asked_for_every_goal(results, moody):
    shop, asked = moody(99)

    missed = evaluate(range(100), results, lambda: shop, rest=lambda seconds: None)

    assert len(asked) == 5
    assert len(missed) == 100


def test_a_process_that_dies_is_told(results):
    with pytest.raises(WorkerLost, match="type the command again"):
        evaluate(range(4), results, partial(os._exit, 3), workers=2)


def test_side_by_side_comes_to_the_same_as_one_after_the_other():
    opened = partial(open_shopper, Plan(split="dev"), Settings(_env_file=None))

    both, alone = ({one.goal: one for one in shop_for(range(500, 506), opened, workers=count)} for count in (2, 1))

    assert {goal: one.reward for goal, one in both.items()} == {goal: one.reward for goal, one in alone.items()}
    assert all(both[goal].trials[0].walk == alone[goal].trials[0].walk for goal in range(500, 506))


def test_a_thorough_buyer_comes_to_a_purchase_before_its_bounds():
    opened = partial(open_shopper, Plan(split="dev", profile="thorough"), Settings(_env_file=None))

    episodes = list(shop_for(range(500, 502), opened))

    assert [one.trials[0].outcome for one in episodes] == ["bought", "bought"]
    assert all(one.trials[0].steps > 15 for one in episodes)
