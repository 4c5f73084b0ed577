"""A person plays in the terminal."""

import pytest

from webshop_env.play import action_for, play

NAMES = ["back to search", "large", "12"]


@pytest.fixture
def player():
    """A player with prepared answers, and what was told to them."""

    def prepare(*answers):
        left = list(answers)

        def ask(prompt):
            if not left:
                raise EOFError
            return left.pop(0)

        return ask

    return prepare


@pytest.mark.parametrize(
    ("answer", "has_search_bar", "action"),
    [
        ("green tea", True, "search[green tea]"), ("2", False, "click[large]"), (" Large ", False, "click[large]"),
        ("12", False, "click[12]"), ("search[a b]", False, "search[a b]"), ("what", False, "click[what]"),
    ],
)  # fmt: skip
def test_an_answer_may_be_words_a_number_or_a_name(answer, has_search_bar, action):
    assert action_for(answer, NAMES, has_search_bar=has_search_bar) == action


def test_a_player_buys_by_numbers_and_names(fixed, player):
    told = []
    answers = player("porcelain", "cup0000001", "sky blue", "large", "6")

    assert play(fixed, answers, told.append, wishes={"instruction": "a cup"}) is None
    assert told[-1] == "Bought; nobody grades a free wish."
    assert any(line.strip().endswith("● large") for line in told)


def test_a_graded_purchase_tells_its_reward(fixed, player):
    told = []

    reward = play(fixed, player("search[shoes]", "3", "buy now"), told.append, wishes={"goal": 0})

    assert reward == 0.0
    assert told[-1] == "Reward 0.000 of 1"


@pytest.mark.parametrize("answers", [(), ("q",), ("tea", "끝")])
def test_a_player_may_leave(fixed, player, answers):
    assert play(fixed, player(*answers), lambda line: None, wishes={"goal": 0}) is None
