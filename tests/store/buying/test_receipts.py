"""Goods that arrive are booked once a delivery: line, ledger and lot together."""

from __future__ import annotations

from datetime import date

import pytest

from stocksense.domain.orders import OrderState
from stocksense.errors import BadValue, IllegalStep, UnknownName
from stocksense.store.orders import cancel_line, on_order
from stocksense.store.receipts import receive_line
from stocksense.store.stock import held_at, ledger_sum, level_of, lots_of


@pytest.fixture
def receive(sessions, now):
    """Books units of a line."""

    def book(line, units, delivery="D1", **more):
        with sessions.begin() as session:
            return receive_line(session, line.id, units, delivery=delivery, actor="staff", now=now, **more)

    return book


def test_a_whole_delivery_ends_the_line_and_fills_the_shelf(sessions, shop, placed, receive):
    done = receive(placed(), 12)

    with sessions() as session:
        level = level_of(session, shop.id, "TEA-1")
        assert (level.on_hand, level.on_order) == (12, 0)
        assert set(ledger_sum(session, shop.id).values()) == {0}
    assert (done.state, done.received, done.outstanding) == (OrderState.RECEIVED, 12, 0)


def test_parts_of_an_order_arrive_one_by_one(sessions, shop, placed, receive):
    line = placed()

    assert receive(line, 5, "D1").state is OrderState.PARTLY_RECEIVED
    assert receive(line, 4, "D2").received == 9
    with sessions() as session:
        assert on_order(session, shop.id) == {"TEA-1": 3}
    assert receive(line, 3, "D3").state is OrderState.RECEIVED


def test_the_same_delivery_is_booked_once(sessions, shop, placed, receive):
    line = placed()

    receive(line, 5)
    again = receive(line, 5)

    with sessions() as session:
        assert level_of(session, shop.id, "TEA-1").on_hand == 5
    assert again.received == 5


def test_a_delivery_that_is_booked_stays_booked_after_the_line_ended(placed, receive):
    line = placed()
    receive(line, 12)

    assert receive(line, 12).received == 12


def test_a_delivery_does_not_change_its_units(placed, receive):
    line = placed()
    receive(line, 5)

    with pytest.raises(BadValue, match="booked with 5 units already, not 6"):
        receive(line, 6)


@pytest.mark.parametrize("units", [0, -1, 13])
def test_more_than_was_ordered_is_not_booked(placed, receive, units):
    with pytest.raises(BadValue, match="book at most 12"):
        receive(placed(), units)


@pytest.mark.parametrize("delivery", ["", " ", "D" * 81])
def test_a_delivery_has_a_name(placed, receive, delivery):
    with pytest.raises(BadValue, match="names no delivery"):
        receive(placed(), 12, delivery)


def test_nothing_arrives_of_a_line_that_was_not_placed(placing, receive):
    with pytest.raises(IllegalStep, match="placing"):
        receive(placing(), 12)


def test_what_arrived_stays_when_the_rest_is_cancelled(sessions, shop, placed, receive, now):
    line = placed()
    receive(line, 5)
    with sessions.begin() as session:
        cancel_line(session, line.id, now=now, actor="owner")

    with sessions() as session:
        level = level_of(session, shop.id, "TEA-1")
    assert (level.on_hand, level.on_order) == (5, 0)
    with pytest.raises(IllegalStep):
        receive(line, 1, "D2")


def test_a_delivery_becomes_a_lot_that_expires_after_its_shelf_life(sessions, shop, placed, receive):
    receive(placed(sku="MILK-1"), 12)
    receive(placed(), 12)

    with sessions() as session:
        (milk,), (tea,) = lots_of(session, shop.id, "MILK-1"), lots_of(session, shop.id, "TEA-1")
    assert (milk.units, milk.received_on, milk.expires_on) == (12, date(2026, 3, 11), date(2026, 3, 21))
    assert tea.expires_on is None


def test_the_date_on_the_box_beats_the_shelf_life(sessions, shop, placed, receive):
    receive(placed(sku="MILK-1"), 12, expires_on=date(2026, 3, 15))

    with sessions() as session:
        assert lots_of(session, shop.id, "MILK-1")[0].expires_on == date(2026, 3, 15)


def test_goods_arrive_at_the_store_that_is_named(sessions, shop, placed, receive, places):
    receive(placed(), 12, location_id=places["Annex"])

    with sessions() as session:
        assert held_at(session, shop.id, "TEA-1")["Annex"] == 12


def test_a_delivery_booked_by_many_at_once_is_booked_once(sessions, shop, placed, receive, at_once):
    line = placed()

    results = at_once([lambda: receive(line, 5)] * 6)

    assert {result.received for result in results} == {5}
    with sessions() as session:
        assert level_of(session, shop.id, "TEA-1").on_hand == 5


def test_an_unknown_line_is_named(sessions, shop, now):
    with pytest.raises(UnknownName, match="no order line is called 99"), sessions.begin() as session:
        receive_line(session, 99, 1, delivery="D", actor="staff", now=now)
