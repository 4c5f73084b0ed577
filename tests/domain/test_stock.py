"""The rules of the ledger: what may move where, and what is then left."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocksense.domain.stock import (
    LocationKind,
    Lot,
    MoveKind,
    NegativeStock,
    StockLevel,
    check_route,
    lots_on_hand,
    past_sale,
    take,
)
from stocksense.errors import BadValue, NotEnoughStock


def test_quarantined_units_are_neither_on_hand_nor_available():
    level = StockLevel(sku="TEA-GREEN-100", on_hand=6, quarantined=4)

    assert level.available == 6
    assert level.inventory_position == 6


def test_what_is_promised_is_not_available_and_what_customers_wait_for_lowers_the_position():
    level = StockLevel(sku="TEA-GREEN-100", on_hand=10, on_order=5, allocated=3, backordered=2)

    assert level.available == 7
    assert level.inventory_position == 13


def test_units_past_their_date_are_on_hand_but_not_available():
    level = StockLevel(sku="MILK-1", on_hand=10, on_order=5, past_sale=4)

    assert (level.available, level.inventory_position) == (6, 11)


def test_a_sale_runs_from_a_shelf_to_a_customer():
    check_route(MoveKind.SALE, LocationKind.STORE, LocationKind.CUSTOMER, 1)


@pytest.mark.parametrize("origin", [LocationKind.QUARANTINE, LocationKind.SUPPLIER, LocationKind.LOSS])
def test_quarantined_lost_or_undelivered_units_are_never_sold(origin):
    with pytest.raises(BadValue, match=f"sale cannot run from {origin}"):
        check_route(MoveKind.SALE, origin, LocationKind.CUSTOMER, 1)


@pytest.mark.parametrize("units", [0, -3])
def test_a_move_is_of_at_least_one_unit(units):
    with pytest.raises(BadValue, match=str(units)):
        check_route(MoveKind.SALE, LocationKind.STORE, LocationKind.CUSTOMER, units)


def test_a_shop_that_blocks_negative_stock_refuses_the_move():
    with pytest.raises(NotEnoughStock, match="holds 2 units of TEA, 3 were"):
        take(NegativeStock.BLOCK, "TEA", "shelf", held=2, taken=3)


@pytest.mark.parametrize("policy", [NegativeStock.WARN, NegativeStock.ALLOW])
def test_a_shop_that_allows_it_is_told_to_count(policy):
    shortfall = take(policy, "TEA", "shelf", held=2, taken=3)

    assert shortfall is not None
    assert (shortfall.held, shortfall.taken) == (2, 3)


def test_enough_stock_raises_no_flag():
    assert take(NegativeStock.BLOCK, "TEA", "shelf", held=3, taken=3) is None


def test_the_lots_that_expire_first_have_left_first():
    early = Lot("A", date(2026, 1, 1), 10, date(2026, 2, 1))
    late = Lot("B", date(2026, 1, 1), 10, date(2026, 3, 1))

    assert lots_on_hand([late, early], 12) == (Lot("A", date(2026, 1, 1), 2, date(2026, 2, 1)), late)


def test_units_are_past_sale_from_the_day_after_their_last():
    lots = [Lot("A", date(2026, 1, 1), 10, date(2026, 2, 1)), Lot("B", date(2026, 1, 1), 5)]

    assert [past_sale(lots, date(2026, 2, day)) for day in (1, 2)] == [0, 10]


lots = st.lists(
    st.builds(
        Lot,
        code=st.text(min_size=1, max_size=3),
        received_on=st.dates(),
        units=st.integers(1, 50),
        expires_on=st.none() | st.dates(),
    ),
    max_size=8,
)


@given(lots, st.integers(-5, 300))
def test_the_lots_on_hand_hold_no_more_units_than_there_are(received, on_hand):
    kept = sum(lot.units for lot in lots_on_hand(received, on_hand))

    assert kept == min(max(on_hand, 0), sum(lot.units for lot in received))
