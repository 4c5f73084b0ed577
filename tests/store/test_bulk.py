"""Histories inserted in bulk leave the same tables as if every row had been recorded by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import select, text

from stocksense.domain.stock import MoveKind
from stocksense.errors import BadValue
from stocksense.store import bulk
from stocksense.store.database import Sessions
from stocksense.store.sales import SaleLine, daily_rows, record_sales, totals
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from stocksense.store.skus import product_ids
from stocksense.store.stock import Move, balance_faults, ledger_sum, levels, record_moves, stock_out_days
from stocksense.store.tables import OrderLine

DAYS = [date(2026, 3, 1) + timedelta(number) for number in range(10)]


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


@pytest.fixture
def lines(sessions: Sessions, shop: ShopInfo, places: dict[str, int]) -> bulk.SaleColumns:
    """Some hundred lines of sales of the shop, drawn from a seed."""
    random = Random(3)
    with sessions() as session:
        ids = list(product_ids(session, shop.id).values())
    count = 300
    units = [random.randint(1, 4) for _ in range(count)]
    prices = [Decimal(random.randrange(100_000)) / 100 for _ in range(count)]
    days = random.choices(DAYS, k=count)
    return bulk.SaleColumns(
        product_id=random.choices(ids, k=count),
        location_id=random.choices([places["Front"], places["Annex"]], k=count),
        line_key=[f"line {number}" for number in range(count)],
        units=units,
        unit_price=prices,
        amount=[price * n for price, n in zip(prices, units, strict=True)],
        promoted=[random.random() < 0.2 for _ in range(count)],
        day=days,
        sold_at=[noon(day) for day in days],
    )


@pytest.fixture
def receipts(lines: bulk.SaleColumns, places: dict[str, int]) -> bulk.MoveColumns:
    """What came before: at each shelf exactly what is sold there over the first half of the days."""
    early = [at for at, day in enumerate(lines.day) if day < DAYS[5]]
    count = len(early)
    return bulk.MoveColumns(
        product_id=[lines.product_id[at] for at in early],
        lot_id=[None] * count,
        origin_id=[places["Suppliers"]] * count,
        destination_id=[lines.location_id[at] for at in early],
        units=[lines.units[at] for at in early],
        kind=[MoveKind.RECEIPT] * count,
        reference=["history"] * count,
        day=[DAYS[0]] * count,
        effective_at=[noon(DAYS[0])] * count,
    )


def insert_all(sessions: Sessions, shop: ShopInfo, places: dict[str, int], lines, receipts, now: datetime) -> None:
    with sessions.begin() as session:
        bulk.insert_moves(session, shop.id, receipts, actor="history", now=now)
        bulk.insert_sales(session, shop.id, lines, customers_id=places["Customers"], now=now)
        bulk.derive(session, shop.id)


def state_of(session: Session, shop: ShopInfo) -> list[list[object]]:
    """Everything that follows from sales and moves."""
    ledger = """
        SELECT product_id, origin_id, destination_id, units, kind, reference, day, effective_at
        FROM stock_moves WHERE shop_id = :shop ORDER BY 1, 2, 3, 4, 5, 6, 7"""
    return [
        list(daily_rows(session, shop.id, DAYS[0], DAYS[-1])),
        list(levels(session, shop.id).items()),
        list(stock_out_days(session, shop.id, DAYS[0], DAYS[-1])),
        list(session.execute(text(ledger), {"shop": shop.id})),
    ]


def record_all(session: Session, shop: ShopInfo, lines, receipts, now: datetime) -> None:
    """What `insert_all` does, row by row."""
    skus = {key: sku for sku, key in product_ids(session, shop.id).items()}
    came = zip(receipts.product_id, receipts.origin_id, receipts.destination_id, receipts.units, strict=True)
    moves = [Move(skus[key], *ends, units, MoveKind.RECEIPT, noon(DAYS[0]), "history") for key, *ends, units in came]
    sold = [
        SaleLine(line_key, skus[key], place, units, price, sold_at, amount, promoted)
        for key, place, line_key, units, price, amount, promoted, _, sold_at in zip(*vars(lines).values(), strict=True)
    ]
    record_moves(session, shop.id, moves, actor="history", now=now)
    record_sales(session, shop.id, sold, actor="import", now=now)


def test_bulk_and_one_by_one_leave_the_same(
    sessions: Sessions, shop: ShopInfo, places: dict[str, int], lines, receipts, now: datetime
):
    with sessions() as session:
        record_all(session, shop, lines, receipts, now)
        one_by_one = state_of(session, shop)
        session.rollback()

    insert_all(sessions, shop, places, lines, receipts, now)

    with sessions() as session:
        assert state_of(session, shop) == one_by_one
    assert all(one_by_one)


def test_the_ledger_balances_after_bulk(
    sessions: Sessions, shop: ShopInfo, places: dict[str, int], lines, receipts, now: datetime
):
    insert_all(sessions, shop, places, lines, receipts, now)

    with sessions() as session:
        assert set(ledger_sum(session, shop.id).values()) == {0}
        assert balance_faults(session, shop.id) == ()
        assert totals(session, shop.id, DAYS[0], DAYS[-1]).amount == sum(lines.amount)


def test_lines_of_a_history_are_known_when_they_are_recorded_again(
    sessions: Sessions, shop: ShopInfo, places: dict[str, int], lines, receipts, now: datetime
):
    insert_all(sessions, shop, places, lines, receipts, now)
    again = SaleLine("line 7", "TEA-1", places["Front"], 1, Decimal(1), now)

    with sessions.begin() as session:
        assert record_sales(session, shop.id, [again], actor="till", now=now).repeated == 1


def test_recording_goes_on_after_bulk(
    sessions: Sessions, shop: ShopInfo, places: dict[str, int], lines, receipts, now: datetime
):
    insert_all(sessions, shop, places, lines, receipts, now)

    with sessions.begin() as session:
        before = totals(session, shop.id, DAYS[0], DAYS[-1]).units
        new = SaleLine("new", "TEA-1", places["Front"], 2, Decimal(1), noon(DAYS[3]))
        record_sales(session, shop.id, [new], actor="till", now=now)

        assert totals(session, shop.id, DAYS[0], DAYS[-1]).units == before + 2
        assert balance_faults(session, shop.id) == ()


def test_a_history_holds_no_returns_and_no_uneven_columns(
    sessions: Sessions, shop: ShopInfo, places: dict[str, int], lines, now: datetime
):
    returned = replace(lines, units=[-1, *lines.units[1:]])
    uneven = replace(lines, units=lines.units[1:])

    for wrong, said in ((returned, "less than 1 unit"), (uneven, "different lengths")):
        with pytest.raises(BadValue, match=said), sessions.begin() as session:
            bulk.insert_sales(session, shop.id, wrong, customers_id=places["Customers"], now=now)


def test_a_move_that_cannot_run_that_way_is_refused_in_bulk_too(
    sessions: Sessions, shop: ShopInfo, receipts, now: datetime
):
    wrong = replace(receipts, kind=[MoveKind.SALE] * len(receipts.units))

    with pytest.raises(BadValue, match="a sale cannot run from supplier to store"), sessions.begin() as session:
        bulk.insert_moves(session, shop.id, wrong, actor="history", now=now)


def test_lots_get_their_numbers_in_the_order_given(sessions: Sessions, shop: ShopInfo):
    with sessions.begin() as session:
        ids = product_ids(session, shop.id)
        lots = bulk.LotColumns(
            product_id=[ids["MILK-1"], ids["TEA-1"], ids["MILK-1"]],
            code=["B", "A", "A"],
            received_on=[DAYS[0]] * 3,
            expires_on=[DAYS[5], None, DAYS[6]],
        )
        numbers = bulk.insert_lots(session, lots)
        codes = text("SELECT id, code, product_id FROM lots")
        kept = {key: (code, product_id) for key, code, product_id in session.execute(codes)}

    assert [kept[number] for number in numbers] == [("B", ids["MILK-1"]), ("A", ids["TEA-1"]), ("A", ids["MILK-1"])]


def test_old_orders_are_received_or_still_on_order(sessions: Sessions, shop: ShopInfo, now: datetime):
    with sessions.begin() as session:
        ids = product_ids(session, shop.id)
        supplier = session.execute(text("SELECT id FROM suppliers")).scalar_one()
        order = bulk.OldOrder(supplier, ids["TEA-1"], "PO-1", 12, 12, Decimal(3000), DAYS[3], now, now)
        bulk.insert_orders(session, shop.id, [order, replace(order, reference="PO-2", received=0)])

        states = dict(session.execute(select(OrderLine.received, OrderLine.state)).all())
        assert {received: str(state) for received, state in states.items()} == {12: "received", 0: "placed"}
        assert levels(session, shop.id)["TEA-1"].on_order == 12
