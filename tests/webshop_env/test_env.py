"""An episode in the shop, from its instruction to the purchase."""

import random
import warnings

import pytest
from gymnasium.utils.env_checker import check_env

import webshop_env
from webshop_env.env import WebShopEnv
from webshop_env.errors import EpisodeNotReady, UnknownGoal

CUP = ("search[hand painted porcelain]", "click[cup0000001]", "click[sky blue]", "click[large]", "click[buy now]")


def outcome(env, actions):
    for action in actions:
        step = env.step(action)
    return step


def goal_for(env, **options):
    goals = env.catalog.goals("templated")
    return next(i for i, goal in enumerate(goals) if goal.goal_options == options)


@pytest.mark.parametrize("mode", ["parity", "fixed"])
@pytest.mark.parametrize("observation_mode", ["text", "text_rich", "html", "url"])
def test_the_environment_keeps_gymnasium_s_rules(catalog, mode, observation_mode):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=".*(render|spec|Space|sample).*")
        check_env(WebShopEnv(catalog, mode=mode, observation_mode=observation_mode), skip_render_check=True)


def test_buying_what_was_wanted_ends_the_episode_with_full_marks(fixed):
    fixed.reset(options={"goal": goal_for(fixed, color="sky blue", size="large")})

    _, reward, terminated, truncated, info = outcome(fixed, CUP)

    assert (reward, terminated, truncated, info["graded"]) == (1.0, True, False, True)
    assert info["reward_parts"]["r_option"] == 1.0


def test_a_free_wish_ends_with_an_ungraded_purchase(fixed):
    wish = "i am looking for a hand painted cup, and price lower than 40.00 dollars"
    observation, info = fixed.reset(options={"instruction": wish})

    _, reward, terminated, _, bought = outcome(fixed, CUP)

    assert observation == f"WebShop [SEP] Instruction: [SEP] {wish} [SEP] Search"
    assert (info["goal"], reward, terminated, bought["graded"]) == (None, 0.0, True, False)
    assert bought["purchase"]["asin"] == "CUP0000001"
    assert bought["purchase"]["options"] == {"color": "sky blue", "size": "large"}
    assert bought["purchase"]["url"].endswith('/1/{"color": "sky blue", "size": "large"}')
    assert bought["purchase"]["title"] == "Porcelain Tea Cup with Lid"


def test_what_cannot_be_done_changes_nothing(fixed):
    before, _ = fixed.reset(options={"goal": 0})

    for action in ("", "buy", "click[]", "click[search]", "click[nothing here]", "think[hm]", "[", "search[]"):
        assert fixed.step(action)[0] == before


def test_the_same_seed_draws_the_same_goals(catalog):
    first, second = WebShopEnv(catalog), WebShopEnv(catalog)
    drawn = [[env.reset(seed=3)[1]["goal"]] + [env.reset()[1]["goal"] for _ in range(5)] for env in (first, second)]

    assert drawn[0] == drawn[1]
    assert len(set(drawn[0])) > 1


def test_hidden_fields_cannot_be_searched(fixed):
    fixed.reset(options={"goal": 0})

    for prefix in ("<r>", "<c>", "<q>", "<a>"):
        observation, *_, info = fixed.step(f"search[{prefix} garden]")
        assert observation.startswith(f"Search refused: {prefix} lists products by hidden fields")
        assert info["has_search_bar"]


def test_a_step_before_the_first_reset_is_told(fixed):
    with pytest.raises(EpisodeNotReady, match="call reset"):
        fixed.step("search[tea]")


@pytest.mark.parametrize("wishes", [{"goal": 10_000}, {"goal": -1}])
def test_a_goal_which_does_not_exist_is_told(fixed, wishes):
    with pytest.raises(UnknownGoal, match="has goals 0 to"):
        fixed.reset(options=wishes)


def test_an_observation_may_repeat_the_last_ones(catalog):
    env = WebShopEnv(catalog, history=1)
    start, _ = env.reset(options={"goal": 0})
    observation, *_ = env.step("search[shoes]")

    assert observation.startswith(f"{start} [SEP] search[shoes] [SEP] Instruction:")


def test_shopping_goes_on_after_the_purchase_in_parity_only(parity, fixed):
    for env, ended in ((parity, False), (fixed, True)):
        env.reset(options={"goal": 0})
        outcome(env, CUP)
        assert env.step("search[shoes]")[2] is ended


def test_a_hundred_thousand_random_and_hostile_actions_are_safe(catalog):
    rng = random.Random(11)
    env, other = WebShopEnv(catalog, mode="fixed"), WebShopEnv(catalog, mode="fixed")
    other.reset(options={"goal": 1})
    untouched, _, _, _, info = other.step("search[tea cup]")
    env.reset(options={"goal": 0})
    letters = "click[search]<>buy now{}\\\"'%s\x00\n\r\t녹차É☃️🍵٣\u200d[]" + "".join(map(chr, range(32, 127)))
    for number in range(100_000):
        if number % 50 == 0:
            env.reset(options={"goal": number % 7})
        names = [f"click[{name}]" for name in env.session.page.clicks]
        noise = "".join(rng.choices(letters, k=rng.randint(0, 60)))
        action = rng.choice([noise, f"search[{noise}]", f"click[{noise}]", *names])
        observation, reward, *_ = env.step(action)
        assert isinstance(observation, str)
        assert 0.0 <= reward <= 1.0

    assert (other.session.text, list(other.session.page.clicks)) == (untouched, info["clickables"])


def test_the_public_face_stays(catalog):
    assert webshop_env.WebShopEnv is WebShopEnv
    assert catalog.search("running shoes") == ["SHOE000001"]
    assert WebShopEnv(catalog).score(0, "SHOE000001", {}).total == 0.0
