"""Episodes and a small catalogue to evaluate on, without walking."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graphs.evaluation.episodes import Episode, Step, TrialResult
from graphs.evaluation.plan import Plan
from webshop_env import Catalog, load_shipped_catalog

WANTED = {"product": "W1", "title": "Cola", "attributes": ["crisp"], "options": [["flavor", "zero"]], "price_upper": 20}


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_shipped_catalog()


@pytest.fixture
def plan() -> Plan:
    return Plan(split="dev", n=3)


@pytest.fixture
def episode() -> Callable[..., Episode]:
    """An episode with these rewards, one a trial; what is bought in the last trial stands unless said otherwise."""

    def build(goal: int, *rewards: float, instruction: str = "i want cola", standing: tuple[int, ...] = ()) -> Episode:
        walk = (Step("I look for cola.", "search[cola]", "Page 1"),)
        bought = {"product": "W2", "title": "Lemonade", "options": {"size": "large"}, "price": 9.5}
        parts = {"r_type": 0.5, "r_price": True}
        trials = tuple(
            TrialResult(reward, "bought", bought=bought, parts=parts, steps=1, page_views=2, seconds=0.5, walk=walk)
            for reward in rewards
        )
        return Episode(goal, instruction, WANTED, trials, standing or tuple(range(len(trials))))

    return build
