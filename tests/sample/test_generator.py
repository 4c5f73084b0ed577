"""The sample shop's two years: what has to be visible in them."""

from datetime import date

import numpy as np
import pytest

from stocksense.domain.stock import ProductStatus
from stocksense.sample.generator import RECALLED_SKU, SampleShop, generate


def in_leaf(shop: SampleShop, leaf: str) -> np.ndarray:
    """Units wanted a day in one leaf of the category tree, over all places; shape (days,)."""
    rows = [at for at, product in enumerate(shop.products) if product.leaf.query == leaf]
    assert rows
    return shop.true_demand[rows].sum(axis=(0, 1))


def in_months(shop: SampleShop, *months: int) -> np.ndarray:
    return np.array([day.month in months for day in shop.days])


def test_the_same_seed_gives_the_same_shop_to_the_unit():
    one, other = generate(3, date(2026, 3, 1), 200), generate(3, date(2026, 3, 1), 200)
    assert np.array_equal(one.sales, other.sales)
    assert np.array_equal(one.on_hand, other.on_hand)
    assert one.offers == other.offers


def test_another_seed_gives_another_shop(shop):
    assert not np.array_equal(generate(8).sales, shop.sales)


def test_the_window_ends_with_the_day_that_was_asked_for(shop):
    assert (shop.until, len(shop.days)) == (date(2026, 10, 31), 730)


def test_a_window_too_short_to_show_anything_is_refused():
    with pytest.raises(ValueError, match="too short"):
        generate(days=30)


def test_a_quarter_to_two_fifths_of_a_million_cells_hold_sales(shop):
    assert 250_000 <= np.count_nonzero(shop.sales) <= 400_000


def test_ice_cream_sells_in_summer_and_hot_packs_in_winter(shop):
    summer, winter = in_months(shop, 7, 8), in_months(shop, 12, 1)
    ice, warmers = in_leaf(shop, "ice bars"), in_leaf(shop, "hot packs")
    assert ice[summer].mean() > 4 * ice[winter].mean()
    assert warmers[winter].mean() > 10 * warmers[summer].mean()


def test_commuters_buy_lunch_on_working_days_and_families_on_saturdays(shop):
    sunday, thursday, saturday = (shop.calendar.weekday == day for day in (6, 3, 5))
    gimbap, rice = in_leaf(shop, "triangle gimbap"), in_leaf(shop, "instant rice")
    assert gimbap[thursday].mean() > 1.5 * gimbap[sunday].mean()
    assert rice[saturday].mean() > 1.1 * rice[thursday].mean()


@pytest.mark.parametrize("feast", [date(2025, 1, 29), date(2025, 10, 6), date(2026, 2, 17), date(2026, 9, 25)])
def test_gift_sets_sell_before_seollal_and_chuseok_and_the_streets_are_empty_on_the_day(shop, feast):
    at = shop.days.index(feast)
    gifts, all_units = in_leaf(shop, "holiday gift set"), shop.true_demand.sum(axis=(0, 1))
    assert gifts[at - 10 : at].mean() > 5 * gifts[at + 10 : at + 40].mean()
    assert all_units[at] < 0.75 * np.median(all_units[at - 35 : at - 7])


def test_promotions_cut_the_price_and_lift_demand(shop):
    everywhere = shop.true_demand.sum(axis=1)
    rows = shop.promoted.sum(axis=1) > 20
    on, off = (
        np.where(flags, everywhere, 0)[rows].sum() / flags[rows].sum() for flags in (shop.promoted, ~shop.promoted)
    )
    assert on > 1.2 * off
    assert shop.unit_price[shop.promoted].mean() < shop.unit_price[~shop.promoted].mean()


def test_many_products_have_changed_their_price_and_all_end_at_the_shelf_price(shop):
    usual = np.where(shop.promoted, 0, shop.unit_price)
    changed = [len(set(row[row > 0].tolist())) > 1 for row in usual]
    assert 0.3 < np.mean(changed) < 0.95
    for at, product in enumerate(shop.products):
        if not shop.promoted[at, -1]:
            assert shop.unit_price[at, -1] == product.price


def test_empty_shelves_hide_demand_and_nothing_else_does(shop):
    hidden = shop.true_demand - shop.sales
    assert (hidden >= 0).all()
    assert 0.03 < hidden.sum() / shop.true_demand.sum() < 0.12
    # Theft empties shelves that the books still hold something for, so a few days hide demand behind stock.
    assert (shop.on_hand[hidden > 0] == 0).mean() > 0.9


def test_the_ledger_holds_what_the_shelves_hold(shop):
    supply = shop.supply
    held = -shop.sales.sum(axis=2)
    for moves, sign in ((supply.opening, 1), (supply.receipts, 1), (supply.waste, -1), (supply.corrections, 1)):
        np.add.at(held, (moves.product, moves.location), sign * moves.units)
    assert np.array_equal(held, shop.on_hand[:, :, -1])
    assert (shop.on_hand >= 0).all()


def test_deliveries_are_what_was_ordered(shop):
    orders, receipts = shop.supply.orders, shop.supply.receipts
    delivered = np.zeros(len(orders.units), dtype=int)
    np.add.at(delivered, receipts.order, receipts.units)
    came = orders.arrives < len(shop.days)
    assert np.array_equal(delivered, np.where(came, orders.units, 0))
    assert (orders.arrives > orders.placed).all()


def test_orders_are_whole_packs_of_at_least_the_minimum(shop):
    offers = {(offer.product, offer.supplier): offer for offer in shop.offers}
    orders = shop.supply.orders
    for product, supplier, units in zip(orders.product, orders.supplier, orders.units, strict=True):
        offer = offers[product, supplier]
        assert units % offer.pack_size == 0
        assert units >= offer.minimum_order


def test_waste_and_counts_happen_and_counts_find_less_than_the_books(shop):
    assert shop.supply.waste.units.min() > 0
    assert 50 < len(shop.supply.corrections.units) < 500
    assert shop.supply.corrections.units.max() < 0


def test_nothing_is_sold_before_its_launch_or_long_after_it_was_withdrawn(shop):
    lives = shop.demand.lives
    day = np.arange(len(shop.days))
    before = day < lives.launched[:, None]
    assert shop.sales.sum(axis=1)[before].sum() == 0
    assert (lives.launched > len(shop.days) - 14).sum() >= 5


def test_forty_to_eighty_products_wait_to_be_ordered(shop):
    recent = shop.sales.sum(axis=1)[:, -56:]
    lead, lead_sd = shop.usual_lead_times()
    mean, spread = recent.mean(axis=1), recent.std(axis=1)
    days = lead + 1
    point = mean * days + 1.645 * np.sqrt(spread**2 * days + (mean * lead_sd) ** 2)
    active = np.array([status is ProductStatus.ACTIVE for status in shop.status])
    position = shop.on_hand[:, :, -1].sum(axis=1) + shop.on_order
    assert 40 <= (active & (position <= point)).sum() <= 80
    assert (shop.on_order > 0).sum() >= 10
    assert (~active).sum() >= 2


def test_the_power_bank_to_be_recalled_is_on_the_shelf(shop):
    at = next(at for at, product in enumerate(shop.products) if product.sku == RECALLED_SKU)
    assert shop.on_hand[at, :, -1].sum() > 0


def test_the_shop_says_that_it_is_generated(shop):
    assert "Generated" in shop.provenance
