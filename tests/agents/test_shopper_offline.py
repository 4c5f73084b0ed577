"""How the buyer without a language model walks through a shop, and that nothing on a page can upset it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.shopper.brain import Thought, Turn, parse_action
from agents.shopper.journey import look_back, look_back_over
from agents.shopper.lessons import Insight
from agents.shopper.offline import PATIENT, QUICK, THOROUGH, OfflineShopper, Profile
from agents.shopper.request import Request, parse_request
from webshop_env import WebShopEnv, load_shipped_catalog

TRAIN = 1_600
"""A goal of the train split; the others are never looked at here."""


@pytest.fixture(scope="module")
def catalog():
    return load_shipped_catalog()


@pytest.fixture
def walk(catalog):
    def go(profile: Profile, suite: str = "templated", **wishes: object) -> tuple[float, list[Turn], dict[str, object]]:
        env = WebShopEnv(catalog, suite=suite)
        text, info = env.reset(options={"goal": TRAIN})
        shopper, request, turns = OfflineShopper(profile, **wishes), parse_request(info["instruction"]), []
        reward, done = 0.0, False
        while not done and len(turns) < profile.steps:
            thought = shopper.think(text, tuple(info["clickables"]), history=tuple(turns), request=request)
            if thought.action.startswith("stop"):
                break
            text, reward, done, _, info = env.step(thought.action)
            turns.append(Turn(thought.thought, thought.action, text, tuple(info["clickables"]), korean=thought.korean))
        return reward, turns, info.get("purchase") or {}

    return go


@pytest.mark.parametrize("suite", ["templated", "paraphrased", "paraphrased-ko"])
@pytest.mark.parametrize("profile", [QUICK, THOROUGH], ids=["quick", "thorough"])
def test_what_was_wished_is_bought_whatever_the_words(walk, profile, suite):
    reward, turns, _ = walk(profile, suite)

    assert reward == 1.0
    assert len(turns) <= profile.steps


def test_every_step_says_why(walk):
    _, turns, _ = walk(QUICK)

    assert all(turn.thought.strip() for turn in turns)
    assert len({turn.thought for turn in turns}) > 3
    assert all(any("가" <= letter <= "힣" for letter in turn.korean) for turn in turns)


def test_quick_never_takes_more_than_fifteen_steps(walk):
    assert len(walk(QUICK, lessons=(Insight.READ,))[1]) <= 15


def test_a_product_that_failed_before_is_not_bought_again(walk):
    _, _, first = walk(QUICK)
    _, _, second = walk(QUICK, avoid=frozenset({str(first["asin"]).lower()}))

    assert second["asin"] != first["asin"]


def test_a_try_after_a_failure_searches_in_other_words(walk):
    searched = [
        {turn.action for turn in walk(QUICK, avoid=avoid)[1] if turn.action.startswith("search")}
        for avoid in (frozenset(), frozenset({"w0000none"}))
    ]

    assert searched[0] != searched[1]


def test_options_that_cannot_be_had_together_are_given_up_with_the_reason(catalog):
    env = WebShopEnv(catalog)
    text, info = env.reset(options={"goal": TRAIN})
    product = next(one for one in catalog.products.values() if len(one.options) > 1)
    wanted = tuple((group, values[0]) for group, values in product.options.items())[:2]
    turns = []
    for action in (f"search[{product.title}]", f"click[{product.asin.lower()}]", f"click[{wanted[0][1]}]"):
        text, _, _, _, info = env.step(action)
        turns.append(Turn("", action, text, tuple(info["clickables"])))
    refused = Turn("", f"click[{wanted[1][1]}]", text, turns[-1].clickables, refusal="there is nothing called that")

    thought = OfflineShopper().think(
        text, turns[-1].clickables, history=(*turns, refused), request=Request("", name="x", options=wanted)
    )

    assert thought.action == "click[< prev]"
    assert f"{wanted[0][0]} '{wanted[0][1]}' + {wanted[1][0]} '{wanted[1][1]}'" in thought.thought


def test_a_long_walk_goes_on_as_if_it_had_been_read_from_its_beginning(walk):
    request, turns = Request("cola", kind="cola"), tuple(walk(THOROUGH)[1])
    shopper = OfflineShopper(THOROUGH)

    for end in (3, 9, 20, 10):
        page = turns[end - 1]
        told = [
            brain.think(page.observation, page.clickables, history=turns[:end], request=request)
            for brain in (shopper, OfflineShopper(THOROUGH))
        ]
        assert told[0] == told[1]


TEXT = st.text(max_size=60) | st.sampled_from(["Back to Search", "Page 1 (Total results: 9)", "Next >", "Price: $3"])
NAMES = st.lists(
    st.sampled_from(["search", "back to search", "next >", "< prev", "buy now", "features", "w0000cola1"])
    | st.text(min_size=1, max_size=12),
    max_size=8,
).map(tuple)
ACTIONS = st.sampled_from(["search[a]", "click[w0000cola1]", "click[features]", "click[next >]", "click[x]", "?"])
TURNS = st.builds(Turn, st.just(""), ACTIONS, st.lists(TEXT, max_size=8).map(" [SEP] ".join), NAMES)


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXT, max_size=10), NAMES, st.lists(TURNS, max_size=6), st.text(max_size=80))
def test_no_page_and_no_history_upsets_it(parts, clickables, turns, asked):
    request = parse_request(asked)

    for profile in (PATIENT, QUICK, THOROUGH):
        thoughts = [
            OfflineShopper(profile).think(" [SEP] ".join(parts), clickables, history=tuple(turns), request=request)
            for _ in range(2)
        ]
        assert thoughts[0] == thoughts[1]
        assert isinstance(thoughts[0], Thought) and parse_action(thoughts[0].action)


def test_a_walk_that_knows_an_earlier_one_looks_at_what_that_left_out(walk):
    _, first, _ = walk(QUICK)

    reward, second, _ = walk(QUICK, earlier=(tuple(first),))

    assert "click[features]" in [turn.action for turn in first]
    assert {*look_back(second).offers} - {*look_back(first).offers}
    assert (reward, len(second) <= QUICK.steps) == (1.0, True)


def test_what_several_walks_saw_is_known_together(walk):
    first = tuple(walk(QUICK)[1])
    walks = [first, tuple(walk(QUICK, earlier=(first,))[1])]

    journey = look_back_over(walks)

    assert {*journey.offers} == {product for one in walks for product in look_back(one).offers}
    assert any(journey.read.values())
    assert journey.queries == look_back(walks[1]).queries
