"""The learned ranker: what it looks at, how it is trained, and that the same training gives the same bytes."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from agents.shopper.features import AGAINST, NAMES, listed_features, opened_features
from agents.shopper.ranker import SHIPPED, Ranker, shipped_ranker
from agents.shopper.request import Request
from agents.shopper.training import Settings, fit, signs_of, train, train_goals
from agents.shopper.verdict import Offered
from stocksense.errors import BadValue
from webshop_env import load_shipped_catalog

ASKED = Request("", kind="green tea", options=(("flavor", "lemon"),), price_cap=Decimal(20))
TEA = Offered("w1", "Lemon Green Tea", Decimal(9), Decimal(9), (("flavor", ("lemon", "mint")),))


@pytest.fixture(scope="module")
def catalog():
    return load_shipped_catalog()


def test_the_shipped_weights_say_what_they_were_trained_on():
    assert shipped_ranker().provenance["catalogue"] == "shipped"
    assert "train" in str(shipped_ranker().provenance["split"])
    assert shipped_ranker().to_json() == SHIPPED.read_text(encoding="utf-8")


def test_what_speaks_against_a_product_never_counts_for_it():
    for pace in shipped_ranker().weights.values():
        for levels in pace.values():
            told = dict(zip(NAMES["read"], levels["read"], strict=True))
            assert all(told[name] <= 0 for name in AGAINST if name in told)


def test_the_same_training_gives_the_same_bytes(catalog):
    texts = [train(catalog, Settings(goals=8), watch=lambda *_: None).to_json() for _ in range(2)]

    assert texts[0] == texts[1]


def test_only_goals_of_the_train_split_are_learned_from(catalog):
    learned = {goal.instruction for goal in train_goals(catalog, "named", Settings(goals=10_000))}

    assert learned == {goal.instruction for goal in catalog.goals("templated")[1500:]}


def test_what_the_better_products_have_in_common_is_learned():
    features = [np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[0.0, 0.5], [1.0, 0.5]])]
    rewards = [np.array([1.0, 0.0]), np.array([0.0, 1.0])]

    weights = fit(features, rewards, np.zeros(2), 0.1)

    assert weights[0] > 0 > weights[1]


def test_a_weight_keeps_the_sign_of_its_meaning():
    assert set(signs_of("read")) == {-1.0, 0.0, 1.0}


def test_every_feature_has_a_value_and_a_name():
    features = (*listed_features(ASKED, TEA, (1, 0), {}), *opened_features(ASKED, TEA, {}))

    assert len(features) == len(NAMES["opened"])
    assert dict(zip(NAMES["opened"], features, strict=True))["option text"] == 1.0


def test_a_file_that_holds_no_weights_is_refused(tmp_path):
    (tmp_path / "bad.json").write_text('{"weights": {}}', encoding="utf-8")

    with pytest.raises(BadValue, match="stocksense buy train"):
        Ranker.load(tmp_path / "bad.json")
