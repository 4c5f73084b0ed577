"""The metrics, on numbers small enough to check by hand."""

import numpy as np
import pytest

from forecasting import counts, metrics

NAN = float("nan")


def test_wape_is_the_error_over_the_sales():
    assert metrics.wape(np.array([[2.0, 4.0]]), np.array([[3.0, 2.0]])) == pytest.approx(0.5)


def test_a_day_out_of_stock_does_not_count():
    actual, forecast = np.array([[2.0, NAN]]), np.array([[3.0, 100.0]])

    assert metrics.wape(actual, forecast) == pytest.approx(0.5)
    assert metrics.bias(actual, forecast) == pytest.approx(0.5)


def test_errors_that_cancel_within_a_week_leave_the_weekly_error_at_zero():
    actual = np.array([[0.0, 7, 0, 0, 0, 0, 0]])

    assert metrics.wape_of_sums(actual, np.ones((1, 7)), 7) == 0


def test_the_naive_forecast_of_a_steady_zigzag_has_an_rmsse_of_one():
    past = np.tile([0.0, 2.0], 10)[None, :]

    assert metrics.rmsse(np.array([[2.0, 2.0]]), np.array([[0.0, 4.0]]), past) == pytest.approx(1)


def test_pseudo_sfa_weighs_products_by_their_share_of_the_day():
    actual, forecast = np.array([[3.0], [1.0]]), np.array([[3.0], [2.0]])

    assert metrics.psfa(actual, forecast, np.array([0, 0])) == pytest.approx(1 - 0.5 * 0.25)


def test_pseudo_sfa_is_the_mean_over_main_categories():
    actual, forecast = np.array([[4.0], [4.0]]), np.array([[4.0], [2.0]])

    assert metrics.psfa(actual, forecast, np.array([0, 1])) == pytest.approx(0.75)


def test_nothing_forecast_and_nothing_sold_is_no_error():
    assert metrics.psfa(np.zeros((2, 3)), np.zeros((2, 3)), np.array([0, 0])) == 1


def test_the_optimal_point_is_the_best_of_all_whole_numbers():
    mean, dispersion, rest = 1.3, 0.8, 5.0
    units = np.arange(60)
    chance = counts.mass(np.array([mean]), np.array([dispersion]), 60)[0]
    worth = [(chance * units / (units + rest) * np.minimum(units, p) / np.maximum(units, p)).sum() for p in units[1:]]

    found = metrics.psfa_points(np.array([[mean], [rest]]), np.full((2, 1), dispersion), np.array([0, 0]))

    assert found[0, 0] == 1 + int(np.argmax(worth))


def test_coverage_counts_actuals_at_or_below_the_quantile():
    assert metrics.coverage(np.array([1.0, 2.0, 3.0, NAN]), np.array([1.0, 1.0, 3.0, 0.0])) == pytest.approx(2 / 3)
