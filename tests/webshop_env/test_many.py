"""Many episodes at once are the same episodes."""

import numpy as np
import pytest

from webshop_env.env import WebShopEnv
from webshop_env.many import ManyShops

ACTIONS = ("search[porcelain]", "click[cup0000001]", "click[large]", "click[buy now]", "search[tea]")


def test_episodes_side_by_side_are_as_they_would_be_alone(catalog):
    many = ManyShops(catalog, 3, mode="fixed")
    many.reset_many(options=[{"goal": goal} for goal in range(3)])
    alone = WebShopEnv(catalog, mode="fixed")

    rows = [many.step_many([action, "think[]", ACTIONS[0]]) for action in ACTIONS]
    alone.reset(options={"goal": 0})

    for action, (observations, rewards, terminated, truncated, infos) in zip(ACTIONS, rows, strict=True):
        expected = alone.step(action)
        assert (observations[0], rewards[0], terminated[0], infos[0]) == (*expected[:3], expected[4])
        assert not truncated.any()
    assert rewards.dtype == np.float64


def test_an_ended_episode_begins_anew_by_itself(catalog):
    many = ManyShops(catalog, 2, autoreset=True)
    many.reset_many(seed=1, options=[{"goal": 0}, {"goal": 1}])
    for action in ACTIONS[:4]:
        _, _, terminated, _, _ = many.step_many([action, "think[]"])
    observations, rewards, again, _, _ = many.step_many(["click[x]", "click[x]"])

    assert terminated.tolist() == [True, False]
    assert (again.tolist(), rewards.tolist()) == ([False, False], [0.0, 0.0])
    assert observations[0].startswith("WebShop [SEP] Instruction:")


def test_one_action_is_wanted_for_each_episode(catalog):
    with pytest.raises(ValueError, match="1 actions for 2 episodes"):
        ManyShops(catalog, 2).step_many(["search[tea]"])
