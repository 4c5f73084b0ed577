"""The negative binomial, against draws and by its own rules."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting import counts
from stocksense.errors import BadValue

means = st.floats(0, 5_000)
dispersions = st.floats(0, 8)


def test_the_probabilities_add_up_to_one_and_give_the_mean():
    chance = counts.mass(np.array([3.0]), np.array([0.7]), 400)[0]

    assert chance.sum() == pytest.approx(1)
    assert (chance * np.arange(400)).sum() == pytest.approx(3)


@pytest.mark.parametrize("mean", [0.3, 4.0, 300.0, 9_000.0])
def test_quantiles_are_those_of_draws(mean: float):
    generator = np.random.default_rng(1)
    drawn = generator.poisson(mean * generator.gamma(1 / 0.5, 0.5, 200_000))

    found = counts.quantiles(np.array([mean]), np.array([0.5]), (0.5, 0.95))[0]

    assert found == pytest.approx(np.quantile(drawn, (0.5, 0.95)), rel=0.02, abs=0.01)


@settings(deadline=None)
@given(means, dispersions)
def test_a_higher_level_never_needs_fewer_units(mean: float, dispersion: float):
    found = counts.quantiles(np.array([mean]), np.array([dispersion]), (0.5, 0.8, 0.95, 0.99))[0]

    assert (np.diff(found) >= 0).all()
    assert (found >= 0).all()


@settings(deadline=None)
@given(st.floats(0.01, 1_000), st.floats(0, 5), st.floats(1, 3))
def test_a_larger_mean_never_needs_fewer_units(mean: float, dispersion: float, more: float):
    found = counts.quantiles(np.array([mean, mean * more]), np.full(2, dispersion), (0.95,))[:, 0]

    assert found[0] <= found[1]


@settings(deadline=None)
@given(st.floats(0.1, 1_000), st.floats(0.01, 5))
def test_a_dispersion_is_found_again_from_its_variance(mean: float, dispersion: float):
    spread = counts.variance(np.array([mean]), np.array([dispersion]))

    assert counts.dispersion_of(np.array([mean]), spread)[0] == pytest.approx(dispersion, rel=1e-3)


@pytest.mark.parametrize("level", [0.0, 1.0, -0.5])
def test_a_level_outside_0_to_1_is_refused(level: float):
    with pytest.raises(BadValue, match="between 0 and 1"):
        counts.quantiles(np.array([1.0]), np.array([1.0]), (level,))
