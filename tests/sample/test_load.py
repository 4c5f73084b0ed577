"""The sample shop in the database: what was drawn is what is stored, on both databases."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy import func, select

from stocksense.domain.orders import OPEN_ORDERS
from stocksense.domain.stock import LocationKind
from stocksense.errors import BadValue
from stocksense.sample.generator import SAMPLE_UNTIL, SampleShop, generate
from stocksense.sample.load import ShopSummary, load_sample
from stocksense.store.offers import best_offers, offers_of
from stocksense.store.orders import lines
from stocksense.store.products import all_products
from stocksense.store.sales import totals
from stocksense.store.shops import locations_of
from stocksense.store.stock import (
    balance_faults,
    held_at,
    ledger_sum,
    levels,
    lots_of,
    refresh_stock_outs,
    stock_out_days,
)
from stocksense.store.tables import StockOut

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DAYS = 200


@pytest.fixture(scope="module")
def drawn() -> SampleShop:
    return generate(7, SAMPLE_UNTIL, DAYS)


@pytest.fixture(scope="module")
def told() -> list[tuple[int, int]]:
    """What the progress was told while loading."""
    return []


@pytest.fixture(scope="module")
def loaded(kept_sessions, told) -> ShopSummary:
    told.clear()
    return load_sample(kept_sessions, now=NOW, days=DAYS, progress=lambda _, done, of: told.append((done, of)))


def test_the_ledger_is_whole_and_holds_what_was_drawn(kept_sessions, loaded, drawn):
    with kept_sessions() as session:
        assert set(ledger_sum(session, loaded.shop.id).values()) == {0}
        assert balance_faults(session, loaded.shop.id) == ()
        held = levels(session, loaded.shop.id)
        for at in range(0, len(drawn.products), 20):
            by_store = held_at(session, loaded.shop.id, drawn.products[at].sku)
            assert list(by_store.values()) == drawn.on_hand[at, :, -1].tolist()
    for at, product in enumerate(drawn.products):
        assert held[product.sku].on_hand == drawn.on_hand[at, :, -1].sum()
        assert held[product.sku].on_order == drawn.on_order[at]


def test_sales_add_up_to_the_won(kept_sessions, loaded, drawn):
    with kept_sessions() as session:
        stored = totals(session, loaded.shop.id, drawn.days[0], drawn.until)
    assert stored.units == drawn.sales.sum()
    assert stored.amount == loaded.amount == Decimal(int((drawn.sales * drawn.unit_price[:, None, :]).sum()))
    assert loaded.sales == np.count_nonzero(drawn.sales)


def test_stock_out_days_are_those_that_follow_from_the_ledger(kept_sessions, loaded, drawn):
    month = drawn.until - timedelta(29)
    with kept_sessions.begin() as session:
        told = list(stock_out_days(session, loaded.shop.id, drawn.days[0], drawn.until))
        kept = session.scalar(select(func.count()).where(StockOut.day >= month))
        rows = refresh_stock_outs(session, loaded.shop.id, month, drawn.until)
        everything = session.scalar(select(func.count()).select_from(StockOut))
    assert len(told) > 500
    assert rows == kept > 50
    assert everything == loaded.stock_outs


def test_lots_on_the_shelf_are_the_newest_and_none_has_expired(kept_sessions, loaded, drawn):
    milk = next(product for product in drawn.products if product.leaf.query == "white milk")
    with kept_sessions() as session:
        lots = lots_of(session, loaded.shop.id, milk.sku)
        on_hand = levels(session, loaded.shop.id)[milk.sku].on_hand
    assert sum(lot.units for lot in lots) == on_hand > 0
    assert all(lot.expires_on is not None and lot.expires_on >= drawn.until for lot in lots)


def test_every_product_can_be_bought_and_the_wholesaler_is_the_main_supplier(kept_sessions, loaded):
    with kept_sessions() as session:
        best = best_offers(session, loaded.shop.id)
        skus = {product.sku for product in all_products(session, loaded.shop.id)}
        assert "webshop" in {offer.site for offer in offers_of(session, loaded.shop.id, next(iter(sorted(skus))))}
    assert best.keys() == skus
    assert sum(offer.site == "webshop" for offer in best.values()) > len(skus) / 2


def test_open_orders_are_expected_after_the_last_day_and_received_ones_are_history(kept_sessions, loaded, drawn):
    with kept_sessions() as session:
        stored = lines(session, loaded.shop.id, limit=10_000)
    still = [line for line in stored if line.state in OPEN_ORDERS]
    assert len(stored) == loaded.orders
    assert 10 <= len(still) < len(stored)
    assert all(line.expected_on > drawn.until for line in still)


def test_products_carry_what_a_buyer_asks_for(kept_sessions, loaded, drawn):
    with kept_sessions() as session:
        stored = {product.sku: product for product in all_products(session, loaded.shop.id)}
    for product in drawn.products:
        kept = stored[product.sku]
        assert kept.request["options"] == dict(product.request_options)
        assert kept.category == product.leaf.english
        assert kept.category_ko == product.leaf.korean


def test_the_shop_stands_still_at_its_last_day_and_says_that_it_is_generated(kept_sessions, loaded):
    with kept_sessions() as session:
        stores = locations_of(session, loaded.shop.id, LocationKind.STORE)
    assert len(stores) == loaded.locations == 3
    assert loaded.shop.today(NOW + timedelta(days=400)) == SAMPLE_UNTIL
    assert "Generated" in loaded.shop.provenance


def test_a_shop_is_not_loaded_twice_under_one_name(kept_sessions, loaded):
    with pytest.raises(BadValue, match="choose another name"):
        load_sample(kept_sessions, now=NOW, days=DAYS)


def test_progress_is_told_step_by_step(loaded, told):
    assert told == [(step, 5) for step in range(6)]
