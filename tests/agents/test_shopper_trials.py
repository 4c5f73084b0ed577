"""How the buyer without a model uses the trials that follow a failed one: by looking where no earlier trial looked."""

from __future__ import annotations

import pytest

from agents.shopper.brain import BUY, Turn
from agents.shopper.offline import QUICK, OfflineShopper
from agents.shopper.request import parse_request
from webshop_env import WebShopEnv, load_shipped_catalog

TRAIN = 1_600
"""A goal of the train split; the others are never looked at here."""
Walk = tuple[Turn, ...]


@pytest.fixture(scope="module")
def walks() -> list[Walk]:
    """Eight trials for one goal, each knowing those before it, whatever they were worth."""
    env, earlier = WebShopEnv(load_shipped_catalog()), []
    for _ in range(8):
        text, info = env.reset(options={"goal": TRAIN})
        shopper, turns, done = OfflineShopper(QUICK, earlier=tuple(earlier)), [], False
        request = parse_request(info["instruction"])
        while not done:
            thought = shopper.think(text, tuple(info["clickables"]), history=tuple(turns), request=request)
            text, _, done, _, info = env.step(thought.action)
            turns.append(Turn(thought.thought, thought.action, text, tuple(info["clickables"])))
        earlier.append(tuple(turns))
    return earlier


def searches(walk: Walk) -> set[str]:
    return {turn.action for turn in walk if turn.action.startswith("search[")}


def test_every_trial_ends_with_a_purchase_within_its_steps(walks):
    assert all(walk[-1].action == BUY and len(walk) <= QUICK.steps for walk in walks)


def test_the_third_trial_turns_pages_of_lists_that_the_first_only_began(walks):
    turned = [sum(turn.action == "click[next >]" for turn in walk) for walk in walks]

    assert turned[:2] == [0, 0]
    assert turned[2] > 0


def test_the_fourth_trial_searches_with_other_words(walks):
    before = set().union(*map(searches, walks[:3]))

    assert searches(walks[3]) - before
    assert not set().union(*map(searches, walks[1:3])) - before


def test_a_later_trial_says_why_it_makes_a_search_again(walks):
    again = [turn for turn in walks[2] if turn.thought.startswith("I search for")]

    assert again
    assert all("no earlier trial saw" in turn.thought for turn in again)


def test_later_trials_see_pages_that_no_earlier_one_saw(walks):
    pages = [{turn.observation for turn in walk} for walk in walks]

    assert all(pages[place] - set().union(*pages[:place]) for place in (1, 2, 3))
