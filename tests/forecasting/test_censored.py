"""What an empty shelf hid is put back, in simulations where the truth is known."""

from datetime import date

import numpy as np
import pytest

from forecasting.censored import corrected_demand, mean_above
from forecasting.panel import SalesPanel


def censored_shop(spread: float, seed: int) -> tuple[np.ndarray, SalesPanel]:
    """True demand of 60 products, and a panel in which small deliveries hid part of it."""
    generator = np.random.default_rng(seed)
    days, level = 280, generator.uniform(0.5, 6, (60, 1))
    week = 1 + 0.5 * np.sin(2 * np.pi * np.arange(days) / 7)
    truth = generator.poisson(level * week * generator.gamma(1 / spread, spread, (60, days)))
    sold, in_stock = np.zeros_like(truth), np.ones(truth.shape, bool)
    left = np.zeros(60, int)
    for day in range(days):
        left = left if day % 5 else left + np.ceil(level[:, 0] * 5).astype(int)
        in_stock[:, day] = truth[:, day] < left
        sold[:, day] = np.minimum(truth[:, day], left)
        left = left - sold[:, day]
    paths = tuple(("all",) for _ in range(60))
    price = np.ones(truth.shape)
    return truth, SalesPanel(tuple(map(str, range(60))), paths, date(2025, 1, 6), sold, in_stock, price, price < 0)


@pytest.mark.parametrize("spread", [0.05, 0.4])
@pytest.mark.parametrize("seed", [1, 2])
def test_at_least_half_of_the_bias_of_plain_sales_is_gone(spread: float, seed: int):
    truth, panel = censored_shop(spread, seed)

    left = corrected_demand(panel).sum() / truth.sum() - 1

    assert abs(left) <= 0.5 * abs(panel.units.sum() / truth.sum() - 1)


def test_days_in_stock_stay_as_they_were_sold():
    _, panel = censored_shop(0.2, 3)

    assert (corrected_demand(panel) == panel.units)[panel.in_stock].all()


def test_demand_is_never_below_what_was_sold():
    _, panel = censored_shop(0.2, 4)

    assert (corrected_demand(panel) >= panel.units - 1e-4).all()


def test_a_shop_that_was_never_out_of_stock_is_left_alone(shop: SalesPanel):
    assert (corrected_demand(shop) == shop.units).all()


def test_the_mean_above_a_bound_is_that_of_the_tail():
    generator = np.random.default_rng(5)
    drawn = generator.poisson(3 * generator.gamma(2, 0.5, 400_000))

    found = mean_above(np.array([3.0]), np.array([0.5]), np.array([4.0]))

    assert found[0] == pytest.approx(drawn[drawn >= 4].mean(), rel=0.01)
