"""What a book of forecasts promises to those who order by it."""

import subprocess
import sys

import numpy as np
import pytest

from forecasting.model import TrainedModel
from forecasting.panel import SalesPanel
from forecasting.predict import predict
from stocksense.errors import BadValue, UnknownSku


def test_every_product_gets_21_days_from_the_day_after_the_last_sales(model: TrainedModel, shop: SalesPanel):
    book = predict(model, shop)

    assert book.mean.shape == (len(shop.skus), 21)
    assert (book.first_day - shop.last_day).days == 1


def test_a_higher_service_level_never_needs_fewer_units(model: TrainedModel, shop: SalesPanel):
    book = predict(model, shop)

    assert (np.diff(book.lead_quantiles, axis=2) >= 0).all()
    assert (np.diff(book.day_quantiles, axis=2) >= 0).all()


def test_a_longer_lead_time_never_needs_fewer_units(model: TrainedModel, shop: SalesPanel):
    book = predict(model, shop)

    units = [book.units_covering(shop.skus[3], lead, 0.95) for lead in range(1, 61)]

    assert units == sorted(units)


def test_a_lead_time_with_a_head_of_its_own_is_asked_alike_both_ways(model: TrainedModel, shop: SalesPanel):
    book = predict(model, shop)

    product = book.product(shop.skus[2])

    assert product.lead_time_units[7][0.95] == book.units_covering(shop.skus[2], 7, 0.95)


def test_the_mean_over_a_lead_time_past_the_horizon_goes_on(model: TrainedModel, shop: SalesPanel):
    book = predict(model, shop)
    sku = shop.skus[0]

    assert book.mean_over(sku, 42) == pytest.approx(2 * book.mean_over(sku, 21))


@pytest.mark.parametrize("lead", [0, -1, 61])
def test_a_lead_time_that_cannot_be_is_refused(model: TrainedModel, shop: SalesPanel, lead: int):
    with pytest.raises(BadValue, match="lead time"):
        predict(model, shop).units_covering(shop.skus[0], lead, 0.95)


def test_an_unknown_sku_is_named(model: TrainedModel, shop: SalesPanel):
    with pytest.raises(UnknownSku, match="NOPE"):
        predict(model, shop).product("NOPE")


def test_a_new_product_is_forecast_from_its_neighbours(model: TrainedModel, shop: SalesPanel):
    product = predict(model, shop).product(shop.skus[-1])

    assert product.model == "neighbours"
    assert "neighbours in the same sub-category" in product.reasons[0].english


def test_the_order_of_the_products_does_not_change_their_forecasts(model: TrainedModel, shop: SalesPanel):
    order = np.random.default_rng(3).permutation(len(shop.skus))

    shuffled = predict(model, shop.only(order))

    assert shuffled.mean == pytest.approx(predict(model, shop).mean[order], rel=1e-4)


def test_looking_at_forecasts_does_not_load_torch():
    rooms = "import forecasting.book, forecasting.train, forecasting.predict, forecasting.model, sys"

    found = subprocess.run(
        [sys.executable, "-c", f"{rooms}; print('torch' in sys.modules)"], capture_output=True, text=True, check=True
    )

    assert found.stdout.strip() == "False"
