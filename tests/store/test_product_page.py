"""Everything about one product: its days add up to its ledger, and its papers are its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from stocksense.domain.orders import OrderState
from stocksense.domain.stock import MoveKind
from stocksense.errors import BadValue, UnknownSku
from stocksense.store.moves import Move, record_moves
from stocksense.store.product_page import (
    decisions_of,
    history,
    ledger_page,
    orders_of,
    product_row,
    recalls_of,
    trends_of,
)
from stocksense.store.shops import locations_of
from stocksense.store.stock import level_of
from stocksense.store.takings import daily_rows
from tools.services import Services

TODAY = date(2026, 3, 11)


@pytest.fixture
def moved(corner: Services) -> Services:
    """The corner shop after some waste, a transfer and a shelf that ran empty."""
    now = corner.clock()
    with corner.sessions.begin() as session:
        shop = corner.shop(session)
        at = {place.name: place.id for place in locations_of(session, shop.id)}
        moves = [
            Move("DRK-2", at["본점"], at["Losses"], 1, MoveKind.WASTE, now - timedelta(days=9)),
            Move("DRK-2", at["본점"], at["역앞점"], 2, MoveKind.TRANSFER, now - timedelta(days=7)),
            Move("DRK-2", at["본점"], at["Customers"], 3, MoveKind.SALE, now - timedelta(days=5)),
            Move("DRK-2", at["역앞점"], at["Customers"], 2, MoveKind.SALE, now - timedelta(days=4)),
            Move("DRK-2", at["Suppliers"], at["본점"], 7, MoveKind.RECEIPT, now - timedelta(days=1)),
        ]
        record_moves(session, shop.id, moves, actor="test", now=now)
    return corner


def test_days_end_with_what_the_ledger_leaves(moved: Services):
    with moved.sessions() as session:
        shop = moved.shop(session)
        days = {day.day: day for day in history(session, shop.id, "DRK-2", TODAY - timedelta(40), TODAY)}
        level = level_of(session, shop.id, "DRK-2")

    assert days[TODAY].on_hand == level.on_hand == 7
    assert [days[TODAY - timedelta(back)].on_hand for back in (40, 30, 9, 7, 5, 4, 2, 1)] == [0, 6, 5, 5, 2, 0, 0, 7]
    assert [back for back in range(41) if days[TODAY - timedelta(back)].is_empty] == [2, 3, 4]


def test_days_sell_what_the_sales_say(moved: Services):
    with moved.sessions() as session:
        shop = moved.shop(session)
        days = history(session, shop.id, "SNK-1", TODAY - timedelta(60), TODAY - timedelta(5))
        rows = daily_rows(session, shop.id, days[0].day, days[-1].day, sku="SNK-1")
        told = {day: (units, amount) for _, day, units, amount, _ in rows}

    assert {day.day: (day.units, day.amount) for day in days if day.units} == told


def test_the_ledger_comes_page_by_page_the_newest_first(moved: Services):
    with moved.sessions() as session:
        shop = moved.shop(session)
        pages = [ledger_page(session, shop.id, "DRK-2", page=number, per_page=4) for number in (1, 2)]

    assert [line.change for page in pages for line in page.lines] == [7, -2, -3, 0, -1, 6]
    assert (pages[0].total, pages[0].pages) == (6, 2)
    assert pages[0].lines[0].origin == "Suppliers"


def test_papers_are_those_of_the_product(moved: Services):
    with moved.sessions() as session:
        shop = moved.shop(session)

        assert [line.state for line in orders_of(session, shop.id, "SNK-1")] == [OrderState.PLACED]
        assert orders_of(session, shop.id, "DRK-2") == ()
        assert [match.uid for match in recalls_of(session, shop.id, "BAT-1")] == ["R-77"]
        assert [stored.sku for stored in decisions_of(session, shop.id, "DRK-2")] == ["DRK-2"]
        assert product_row(session, shop.id, "DRK-2").on_hand == 7


def test_trends_name_the_product(moved: Services):
    with moved.sessions() as session:
        shop = moved.shop(session)

        assert [rise.keyword for rise in trends_of(session, shop, "SNK-2", at_least=-9)] == ["바다칩"]
        assert trends_of(session, shop, "CND-1", at_least=-9) == ()


def test_what_is_not_there_is_told(moved: Services):
    with moved.sessions() as session:
        shop = moved.shop(session)

        with pytest.raises(UnknownSku):
            ledger_page(session, shop.id, "DRK-9")
        with pytest.raises(BadValue, match="cannot be shown"):
            history(session, shop.id, "DRK-2", date(2000, 1, 1), TODAY)
        with pytest.raises(BadValue, match="page 0"):
            ledger_page(session, shop.id, "DRK-2", page=0)
