"""The ledger of stock: double entry, balances, policies, quarantine, counts, lots, days without stock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count as counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from stocksense.domain.stock import LocationKind, Lot, MoveKind, NegativeStock, Shortfall
from stocksense.errors import BadValue, NotEnoughStock, UnknownName, UnknownSku
from stocksense.store.database import Sessions
from stocksense.store.products import NewProduct, save_products
from stocksense.store.shops import ShopInfo, create_shop, locations_of, update_policy
from stocksense.store.stock import (
    Count,
    Move,
    balance_faults,
    correct_to_count,
    held_at,
    ledger_sum,
    level_of,
    levels,
    lots_of,
    open_counts,
    quarantine,
    record_moves,
    refresh_stock_outs,
    release,
    stock_out_days,
)
from stocksense.store.tables import Balance, StockMove, StockOut

Mover = Callable[..., Move]


@pytest.fixture
def receive(places: dict[str, int], now: datetime) -> Mover:
    """Makes a receipt of a product at Front."""

    def make(units: int, sku: str = "TEA-1", **details: object) -> Move:
        move = Move(sku, places["Suppliers"], places["Front"], units, MoveKind.RECEIPT, now)
        return replace(move, **details)  # type: ignore[arg-type]

    return make


@pytest.fixture
def sell(places: dict[str, int], now: datetime) -> Mover:
    """Makes a sale of a product at Front."""

    def make(units: int, sku: str = "TEA-1", **details: object) -> Move:
        move = Move(sku, places["Front"], places["Customers"], units, MoveKind.SALE, now)
        return replace(move, **details)  # type: ignore[arg-type]

    return make


def record(sessions: Sessions, shop: ShopInfo, now: datetime, *moves: Move):
    with sessions.begin() as session:
        return record_moves(session, shop.id, moves, actor="test", now=now)


def on_day(day: int, hour: int = 3) -> datetime:
    """An instant in March 2026, by default at noon in Seoul."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def test_what_comes_in_is_on_hand_and_what_is_sold_is_gone(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover, sell: Mover
):
    record(sessions, shop, now, receive(10), sell(3))

    with sessions() as session:
        assert level_of(session, shop.id, "TEA-1").available == 7
        assert held_at(session, shop.id, "TEA-1") == {"Front": 7, "Annex": 0}
        assert ledger_sum(session, shop.id) == {"TEA-1": 0}


def test_every_product_has_a_level_even_without_a_move(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover
):
    record(sessions, shop, now, receive(10))

    with sessions() as session:
        assert {sku: level.on_hand for sku, level in levels(session, shop.id).items()} == {
            "MILK-1": 0,
            "TEA-1": 10,
            "TEA-2": 0,
        }


def test_a_move_with_a_known_key_is_recorded_once(sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover):
    delivery = receive(10, idempotency_key="delivery-1")

    first = record(sessions, shop, now, delivery, delivery)
    second = record(sessions, shop, now, delivery)

    assert (first.count, first.repeated, second.count, second.repeated) == (1, 1, 0, 1)
    with sessions() as session:
        assert level_of(session, shop.id, "TEA-1").on_hand == 10


def test_two_shops_may_use_the_same_key(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover, another_shop: Callable[[str], ShopInfo]
):
    other = another_shop("Station")
    with sessions() as session:
        names = {place.name: place.id for place in locations_of(session, other.id)}
    there = Move("A", names["Suppliers"], names["Store"], 4, MoveKind.RECEIPT, now, idempotency_key="delivery-1")

    record(sessions, shop, now, receive(10, idempotency_key="delivery-1"))

    assert record(sessions, other, now, there).count == 1


def test_a_move_to_another_shop_s_location_is_refused(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover, another_shop: Callable[[str], ShopInfo]
):
    with sessions() as session:
        elsewhere = locations_of(session, another_shop("Station").id, LocationKind.STORE)[0].id

    with pytest.raises(UnknownName, match="location"):
        record(sessions, shop, now, receive(10, destination_id=elsewhere))


def test_a_sale_cannot_run_from_the_supplier(
    sessions: Sessions, shop: ShopInfo, now: datetime, sell: Mover, places: dict[str, int]
):
    with pytest.raises(BadValue, match="a sale cannot run"):
        record(sessions, shop, now, sell(1, origin_id=places["Suppliers"]))


def test_an_unknown_product_moves_nothing_at_all(sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover):
    with pytest.raises(UnknownSku):
        record(sessions, shop, now, receive(10), receive(1, sku="TEA-9"))

    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(StockMove)) == 0


def with_policy(sessions: Sessions, shop: ShopInfo, policy: NegativeStock) -> None:
    with sessions.begin() as session:
        update_policy(session, shop.id, negative_stock=policy)


def test_under_block_nothing_leaves_that_is_not_there(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover, sell: Mover
):
    with_policy(sessions, shop, NegativeStock.BLOCK)
    record(sessions, shop, now, receive(2))

    with pytest.raises(NotEnoughStock, match="Front holds 2 units of TEA-1, 3 were to leave it"):
        record(sessions, shop, now, sell(3))

    with sessions() as session:
        assert level_of(session, shop.id, "TEA-1").on_hand == 2


def test_under_warn_it_leaves_and_is_told(sessions: Sessions, shop: ShopInfo, now: datetime, sell: Mover):
    with_policy(sessions, shop, NegativeStock.WARN)

    recorded = record(sessions, shop, now, sell(3))

    assert recorded.shortfalls == (Shortfall("TEA-1", "Front", 0, 3),)
    with sessions() as session:
        assert level_of(session, shop.id, "TEA-1").on_hand == -3
        assert open_counts(session, shop.id) == ()


def test_under_allow_it_leaves_and_somebody_is_asked_to_count_once(
    sessions: Sessions, shop: ShopInfo, now: datetime, sell: Mover
):
    record(sessions, shop, now, sell(3), sell(1))
    record(sessions, shop, now, sell(1))

    with sessions() as session:
        (asked,) = open_counts(session, shop.id)
    assert (asked.sku, asked.location) == ("TEA-1", "Front")


def test_a_count_corrects_the_ledger_and_settles_what_asked_for_it(
    sessions: Sessions, shop: ShopInfo, now: datetime, sell: Mover, places: dict[str, int]
):
    record(sessions, shop, now, sell(3))

    with sessions.begin() as session:
        added = correct_to_count(session, shop.id, Count("TEA-1", places["Front"], 4), actor="owner", now=now)
        again = correct_to_count(session, shop.id, Count("TEA-1", places["Front"], 4), actor="owner", now=now)

        assert (added, again) == (7, 0)
        assert level_of(session, shop.id, "TEA-1").on_hand == 4
        assert open_counts(session, shop.id) == ()
        assert ledger_sum(session, shop.id) == {"TEA-1": 0}


def test_a_count_below_zero_is_refused(sessions: Sessions, shop: ShopInfo, now: datetime, places: dict[str, int]):
    with sessions.begin() as session, pytest.raises(BadValue, match="-1"):
        correct_to_count(session, shop.id, Count("TEA-1", places["Front"], -1), actor="owner", now=now)


def test_quarantine_takes_all_stores_units_off_sale_and_release_brings_them_back(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover, places: dict[str, int]
):
    record(sessions, shop, now, receive(5), receive(2, destination_id=places["Annex"]))

    with sessions.begin() as session:
        taken = quarantine(session, shop.id, "TEA-1", reference="recall 7", actor="watcher", now=now)
        off_sale = level_of(session, shop.id, "TEA-1")
        back = release(session, shop.id, "TEA-1", reference="recall 7", actor="owner", now=now)

        assert (taken, off_sale.available, off_sale.quarantined, back) == (7, 0, 7, 7)
        assert held_at(session, shop.id, "TEA-1") == {"Front": 5, "Annex": 2}


def test_quarantining_or_releasing_again_moves_nothing(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover
):
    record(sessions, shop, now, receive(5))

    with sessions.begin() as session:
        for expected in (5, 0):
            assert quarantine(session, shop.id, "TEA-1", reference="r", actor="w", now=now) == expected
        assert release(session, shop.id, "TEA-1", reference="another", actor="o", now=now) == 0
        for expected in (5, 0):
            assert release(session, shop.id, "TEA-1", reference="r", actor="o", now=now) == expected


def test_units_that_left_quarantine_meanwhile_are_not_released(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover, places: dict[str, int]
):
    record(sessions, shop, now, receive(5))
    back = Move("TEA-1", places["Quarantine"], places["Suppliers"], 3, MoveKind.SUPPLIER_RETURN, now)

    with sessions.begin() as session:
        quarantine(session, shop.id, "TEA-1", reference="r", actor="w", now=now)
        record_moves(session, shop.id, [back], actor="owner", now=now)

        assert release(session, shop.id, "TEA-1", reference="r", actor="o", now=now) == 2


def test_nothing_leaves_quarantine_that_is_not_in_it_whatever_the_policy(
    sessions: Sessions, shop: ShopInfo, now: datetime, places: dict[str, int]
):
    with pytest.raises(NotEnoughStock, match="Quarantine holds 0"):
        record(sessions, shop, now, Move("TEA-1", places["Quarantine"], places["Losses"], 1, MoveKind.WASTE, now))


def test_the_lot_that_expires_last_is_still_on_the_shelf(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover, sell: Mover
):
    soon, late = date(2026, 3, 15), date(2026, 3, 20)
    lots = [receive(6, "MILK-1", lot_code=code, expires_on=day) for code, day in (("L1", late), ("L2", soon))]

    record(sessions, shop, now, *lots, sell(8, "MILK-1"))

    with sessions() as session:
        assert lots_of(session, shop.id, "MILK-1") == (Lot("L1", date(2026, 3, 11), 4, late),)


def test_wasting_a_lot_takes_from_that_lot(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover, places: dict[str, int]
):
    lots = [receive(6, "MILK-1", lot_code=code, expires_on=date(2026, 3, day)) for code, day in (("A", 15), ("B", 20))]
    waste = Move("MILK-1", places["Front"], places["Losses"], 6, MoveKind.WASTE, now, lot_code="B")

    record(sessions, shop, now, *lots, waste)

    with sessions() as session:
        assert [lot.code for lot in lots_of(session, shop.id, "MILK-1")] == ["A"]


def test_a_move_recorded_late_leaves_earlier_rows_as_they_were(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover, sell: Mover
):
    rows = text("SELECT id, units, effective_at, recorded_at FROM stock_moves ORDER BY id")
    record(sessions, shop, now, receive(5, effective_at=on_day(8)), sell(2, effective_at=on_day(10)))
    with sessions() as session:
        before = session.execute(rows).all()

    record(sessions, shop, now + timedelta(days=1), sell(1, effective_at=on_day(9)))

    with sessions() as session:
        assert session.execute(rows).all()[:2] == before
        late = session.scalars(select(StockMove).order_by(StockMove.id.desc())).first()
        assert late is not None
        assert (late.day, late.recorded_at) == (date(2026, 3, 9), now + timedelta(days=1))
        assert level_of(session, shop.id, "TEA-1").on_hand == 2


def out_days(sessions: Sessions, shop: ShopInfo, first: int = 1, last: int = 12) -> list[int]:
    with sessions() as session:
        days = stock_out_days(session, shop.id, date(2026, 3, first), date(2026, 3, last))
        return [day.day for sku, day in days if sku == "TEA-1"]


def test_days_that_close_with_nothing_are_days_without_stock_until_something_comes(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover, sell: Mover
):
    record(
        sessions,
        shop,
        now,
        receive(5, effective_at=on_day(3)),
        sell(5, effective_at=on_day(5)),
        receive(4, effective_at=on_day(8)),
        sell(1, effective_at=on_day(9)),
    )

    assert out_days(sessions, shop) == [5, 6, 7]
    assert out_days(sessions, shop, 6, 6) == [6]


def test_being_out_of_stock_lasts_to_the_end_of_the_window(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover, sell: Mover
):
    record(sessions, shop, now, receive(5, effective_at=on_day(3)), sell(5, effective_at=on_day(10)))

    assert out_days(sessions, shop) == [10, 11, 12]


def test_the_day_is_the_one_of_the_shop_s_own_clock(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover, sell: Mover
):
    record(sessions, shop, now, receive(5, effective_at=on_day(3)), sell(5, effective_at=on_day(10, hour=16)))

    assert out_days(sessions, shop) == [11, 12]


def test_a_product_is_out_of_stock_when_no_location_that_carries_it_has_a_unit(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover, sell: Mover, places: dict[str, int]
):
    annex = places["Annex"]
    record(
        sessions,
        shop,
        now,
        receive(5, effective_at=on_day(2)),
        sell(5, effective_at=on_day(3)),
        receive(5, effective_at=on_day(5), destination_id=annex),
        sell(5, effective_at=on_day(7), origin_id=annex),
        receive(5, effective_at=on_day(9)),
    )

    assert out_days(sessions, shop) == [3, 4, 7, 8]


def test_a_balance_below_zero_says_nothing_about_being_out_of_stock(
    sessions: Sessions, shop: ShopInfo, now: datetime, sell: Mover
):
    record(sessions, shop, now, sell(5, effective_at=on_day(3)))

    assert out_days(sessions, shop) == []


def test_a_sale_told_late_makes_the_days_after_it_days_without_stock(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover, sell: Mover
):
    record(sessions, shop, now, receive(5, effective_at=on_day(3)), sell(4, effective_at=on_day(5)))
    assert out_days(sessions, shop) == []

    record(sessions, shop, now, sell(1, effective_at=on_day(4)))

    assert out_days(sessions, shop, last=7) == [5, 6, 7]


def test_days_without_stock_are_written_down_by_location(
    sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover, sell: Mover, places: dict[str, int]
):
    record(sessions, shop, now, receive(5, effective_at=on_day(3)), sell(5, effective_at=on_day(10)))

    with sessions.begin() as session:
        for _ in range(2):
            assert refresh_stock_outs(session, shop.id, date(2026, 3, 1), date(2026, 3, 12)) == 3
        rows = session.scalars(select(StockOut).order_by(StockOut.day)).all()

    assert [(row.location_id, row.day.day) for row in rows] == [(places["Front"], day) for day in (10, 11, 12)]


STEPS = [
    (MoveKind.RECEIPT, "Suppliers", "Store"),
    (MoveKind.SALE, "Store", "Customers"),
    (MoveKind.CUSTOMER_RETURN, "Customers", "Store"),
    (MoveKind.TRANSFER, "Store", "Back"),
    (MoveKind.WASTE, "Back", "Losses"),
    (MoveKind.CORRECTION, "Losses", "Back"),
]
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["A", "B"]),
        st.sampled_from(STEPS),
        st.integers(1, 9),
        st.integers(1, 12),
        st.none() | st.sampled_from("xyz"),
    ),
    max_size=25,
)
NUMBERS = counter()


def random_shop(sessions: Sessions, now: datetime, drawn: list) -> tuple[ShopInfo, list[Move]]:
    """A shop of its own with two products, and the drawn moves in it."""
    with sessions.begin() as session:
        shop = create_shop(session, f"Random {next(NUMBERS)}", now=now, stores=("Store", "Back"))
        save_products(session, shop.id, [NewProduct("A"), NewProduct("B")], now=now)
        at = {place.name: place.id for place in locations_of(session, shop.id)}
    return shop, [
        Move(sku, at[origin], at[destination], units, kind, on_day(day), idempotency_key=key)
        for sku, (kind, origin, destination), units, day, key in drawn
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=MOVES, cut=st.integers(0, 25))
def test_whatever_moves_the_ledger_balances_and_the_balances_are_its_sums(
    sessions: Sessions, now: datetime, drawn: list, cut: int
):
    shop, moves = random_shop(sessions, now, drawn)

    record(sessions, shop, now, *moves[:cut])
    record(sessions, shop, now, *moves[cut:])

    with sessions() as session:
        assert set(ledger_sum(session, shop.id).values()) <= {0}
        assert balance_faults(session, shop.id) == ()
        recorded = session.scalar(select(func.count()).where(StockMove.shop_id == shop.id))
    keys = {move.idempotency_key for move in moves} - {None}
    assert recorded == len(keys) + sum(move.idempotency_key is None for move in moves)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=MOVES)
def test_days_without_stock_are_those_that_a_walk_through_time_finds(sessions: Sessions, now: datetime, drawn: list):
    shop, moves = random_shop(sessions, now, drawn)
    record(sessions, shop, now, *moves)
    recorded = {move.idempotency_key or number: move for number, move in reversed(list(enumerate(moves)))}.values()

    with sessions() as session:
        stores = [place.id for place in locations_of(session, shop.id, LocationKind.STORE)]
        found = set(stock_out_days(session, shop.id, date(2026, 3, 1), date(2026, 3, 14)))

    assert found == walked(list(recorded), stores)


def walked(moves: list[Move], stores: list[int]) -> set[tuple[str, date]]:
    """The plain definition: day by day, what each store holds at closing."""
    out = set()
    for sku in {move.sku for move in moves}:
        held: dict[int, int] = defaultdict(int)
        for day in range(1, 15):
            for move in moves:
                if move.sku == sku and move.effective_at.day == day:
                    held[move.origin_id] -= move.units
                    held[move.destination_id] += move.units
            carried = [held[place] for place in stores if place in held]
            if carried and not any(carried):
                out.add((sku, date(2026, 3, day)))
    return out


def test_a_balance_that_was_tampered_with_is_found(sessions: Sessions, shop: ShopInfo, now: datetime, receive: Mover):
    record(sessions, shop, now, receive(5))

    with sessions.begin() as session:
        front = session.scalars(select(Balance).where(Balance.units > 0)).one()
        front.units = 6
        session.flush()

        assert balance_faults(session, shop.id) == (("TEA-1", "Front", 6, 5),)
        assert ledger_sum(session, shop.id) == {"TEA-1": 1}
