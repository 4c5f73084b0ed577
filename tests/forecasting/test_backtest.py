"""How champions are chosen, and that simple models are what they say."""

import numpy as np
import pytest

from forecasting import baselines
from forecasting.backtest import MODELS, Errors, actual_units, choose, held_out_origins
from forecasting.distribution import DemandDistribution
from forecasting.neighbours import from_neighbours
from forecasting.panel import SalesPanel

ON_SALE = np.ones((1, 140), bool)


def errors(lstm: float, naive: float, naive_leads: float = 1.0) -> Errors:
    """One product at one origin; the other models are far off."""
    far = dict.fromkeys(MODELS, 100.0)
    weekly = far | {"lstm": lstm, "seasonal_naive_7": naive}
    leads = far | {"lstm": 10.0, "seasonal_naive_7": naive_leads}
    return Errors(*({name: np.array([[value]]) for name, value in kind.items()} for kind in (weekly, leads)))


def test_a_simple_model_that_is_clearly_better_becomes_champion():
    assert MODELS[choose(errors(lstm=10, naive=4), [0])[0]] == "seasonal_naive_7"


def test_a_small_lead_is_not_enough_to_become_champion():
    assert MODELS[choose(errors(lstm=10, naive=9), [0])[0]] == "lstm"


def test_a_model_with_poor_lead_time_quantiles_does_not_become_champion():
    assert MODELS[choose(errors(lstm=10, naive=4, naive_leads=11), [0])[0]] == "lstm"


def test_three_times_21_days_are_held_out_of_a_year():
    assert held_out_origins(365) == (302, 323, 344)


def test_actuals_leave_out_days_without_stock(shop: SalesPanel):
    empty = SalesPanel(
        shop.skus, shop.categories, shop.first_day, shop.units, shop.units < 0, shop.price, shop.promotion
    )

    assert np.isnan(actual_units(empty, 100)).all()


def test_seasonal_naive_repeats_the_last_week():
    demand = np.tile(np.arange(7.0), 20)[None, :]

    assert baselines.seasonal_naive(demand, ON_SALE)[0].tolist() == [*range(7)] * 3


def test_the_moving_average_leaves_out_days_before_the_first_sale():
    demand = np.zeros((1, 140))
    demand[0, -14:] = 3

    assert baselines.moving_average(demand, demand > 0)[0, 0] == 3


def test_tsb_forgets_a_product_that_no_longer_sells():
    demand = np.zeros((1, 140))
    demand[0, :70] = 5

    assert baselines.tsb(demand, ON_SALE)[0, 0] < 0.01


def test_a_baseline_has_wider_quantiles_for_wilder_sales():
    generator = np.random.default_rng(2)
    calm, wild = generator.poisson(5, 140), generator.poisson(5 * generator.gamma(0.3, 1 / 0.3, 140))

    said = baselines.forecast("moving_average_28", np.stack([calm, wild]).astype("f4"), np.ones((2, 140), bool))

    assert (said.lead_dispersion[1] > said.lead_dispersion[0]).all()


def test_a_new_product_leans_to_neighbours_of_its_price(shop: SalesPanel):
    mean = np.repeat(np.linspace(1, 5, len(shop.skus))[:, None], 21, axis=1)
    said = DemandDistribution(mean, np.ones_like(mean), np.ones((len(shop.skus), 4)))

    borrowed = from_neighbours(shop, shop.units * 0, said)

    assert borrowed is not None
    assert borrowed.rows.tolist() == [len(shop.skus) - 1]
    assert 0 < borrowed.said.mean[0, 0] < 5
    assert borrowed.depth[0] == 2


def test_nobody_lends_where_every_product_is_new(shop: SalesPanel):
    young = shop.only(np.array([len(shop.skus) - 1]))

    assert from_neighbours(young, young.units, DemandDistribution(*(np.ones((1, k)) for k in (21, 21, 4)))) is None


@pytest.mark.parametrize("lead", [1, 4, 10, 40])
def test_the_dispersion_in_between_lies_between_its_neighbours(lead: int):
    said = DemandDistribution(np.ones((1, 21)), np.ones((1, 21)), np.array([[0.9, 0.7, 0.5, 0.3]]))

    assert 0.3 <= said.lead_dispersions((lead,))[0, 0] <= 0.9
