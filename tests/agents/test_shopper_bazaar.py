"""The messier shop that the ranker learns in: the same goods, told, sorted and priced as carelessly each time."""

from __future__ import annotations

import pytest

from agents.shopper.bazaar import messy_shop
from agents.shopper.training import Settings, train
from agents.shopper.words import word_set
from webshop_env import load_shipped_catalog


@pytest.fixture(scope="module")
def tidy():
    return load_shipped_catalog()


@pytest.fixture(scope="module")
def messy(tidy):
    return messy_shop(tidy, 7)


def test_the_same_seed_makes_the_same_shop(tidy, messy):
    assert messy_shop(tidy, 7).products == messy.products
    assert messy_shop(tidy, 8).products != messy.products


def test_it_sells_the_same_products_for_the_same_prices(tidy, messy):
    assert list(messy.products) == list(tidy.products)
    assert messy.prices == tidy.prices


def test_the_tidy_shop_is_left_as_it_was(tidy, messy):
    assert tidy.products == load_shipped_catalog().products


def test_no_cue_of_the_right_product_is_always_there(messy):
    goals = messy.goals("templated")[1500:2500]
    titled = [word_set(goal.query) <= word_set(messy.product(goal.asin).title) for goal in goals]

    assert 0.2 < sum(titled) / len(titled) < 0.8


def test_buying_what_was_asked_for_is_a_right_purchase_there_too(messy):
    goals = [goal for goal in messy.goals("templated")[1500:1600] if len(goal.options) == 1]
    rewards = [messy.score(goal, goal.asin, dict(goal.options)).total for goal in goals]

    assert sum(reward == 1 for reward in rewards) / len(rewards) > 0.8


def test_what_is_learned_there_is_said_in_the_weights(tidy):
    learned = train(tidy, Settings(goals=4, messy=8), watch=lambda *_: None)

    assert learned.provenance["goals of its messy copy"] == 8
    assert learned.weights != train(tidy, Settings(goals=4), watch=lambda *_: None).weights
