"""Sales: recorded once, off the shelf, rolled up by day; totals that equal SQL's to the won."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count as counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from stocksense.domain.stock import NegativeStock
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue, NotEnoughStock, UnknownName, UnknownSku
from stocksense.store.database import Sessions
from stocksense.store.products import NewProduct, save_products
from stocksense.store.sales import (
    RecordedSales,
    SaleLine,
    daily_rows,
    daily_totals,
    first_and_last_day,
    first_sale_days,
    mean_daily_sales,
    record_sales,
    top_products,
    totals,
    totals_by_category,
    totals_by_location,
)
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo, create_shop, locations_of, update_policy
from stocksense.store.stock import held_at, ledger_sum, level_of

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)

Seller = Callable[..., SaleLine]


@pytest.fixture
def line(places: dict[str, int]) -> Seller:
    """Makes a line of a sale: one TEA-1 at Front on 5 March, unless told otherwise."""
    numbers = counter(1)

    def make(**details: object) -> SaleLine:
        sold_at = datetime(2026, 3, 5, 3, tzinfo=UTC)
        made = SaleLine(f"line {next(numbers)}", "TEA-1", places["Front"], 1, Decimal(5200), sold_at)
        return replace(made, **details)  # type: ignore[arg-type]

    return make


def record(sessions: Sessions, shop: ShopInfo, *lines: SaleLine, **how: bool) -> RecordedSales:
    with sessions.begin() as session:
        return record_sales(session, shop.id, lines, actor="till", now=datetime(2026, 3, 11, tzinfo=UTC), **how)


def test_a_sale_is_rolled_up_and_leaves_the_shelf(sessions: Sessions, shop: ShopInfo, line: Seller):
    recorded = record(sessions, shop, line(units=2), line(units=3, promoted=True))

    with sessions() as session:
        assert list(daily_rows(session, shop.id, FIRST, LAST)) == [("TEA-1", date(2026, 3, 5), 5, Decimal(26000), True)]
        assert level_of(session, shop.id, "TEA-1").on_hand == -5
        assert ledger_sum(session, shop.id) == {"TEA-1": 0}
    assert (recorded.new, [short.taken for short in recorded.shortfalls]) == (2, [2, 3])


def test_a_line_is_recorded_once(sessions: Sessions, shop: ShopInfo, line: Seller):
    sold = line(units=2)

    first, again = record(sessions, shop, sold, sold), record(sessions, shop, sold, line())

    assert (first.new, first.repeated, again.new, again.repeated) == (1, 1, 1, 1)
    with sessions() as session:
        assert totals(session, shop.id, FIRST, LAST).units == 3
        assert held_at(session, shop.id, "TEA-1")["Front"] == -3


def test_a_return_comes_back_to_the_shelf_and_off_the_takings(sessions: Sessions, shop: ShopInfo, line: Seller):
    record(sessions, shop, line(units=2), line(units=-1))

    with sessions() as session:
        assert totals(session, shop.id, FIRST, LAST).amount == 5200
        assert level_of(session, shop.id, "TEA-1").on_hand == -1


def test_sales_may_be_taken_over_without_moving_stock(sessions: Sessions, shop: ShopInfo, line: Seller):
    record(sessions, shop, line(units=2), move_stock=False)

    with sessions() as session:
        assert totals(session, shop.id, FIRST, LAST).units == 2
        assert level_of(session, shop.id, "TEA-1").on_hand == 0


def test_under_block_a_sale_without_stock_leaves_no_trace(sessions: Sessions, shop: ShopInfo, line: Seller):
    with sessions.begin() as session:
        update_policy(session, shop.id, negative_stock=NegativeStock.BLOCK)

    with pytest.raises(NotEnoughStock):
        record(sessions, shop, line())

    with sessions() as session:
        assert first_and_last_day(session, shop.id) is None


@pytest.mark.parametrize(
    ("wrong", "error"), [({"units": 0}, BadValue), ({"sku": "TEA-9"}, UnknownSku), ({"location_id": -1}, UnknownName)]
)
def test_a_line_that_cannot_be_is_refused(sessions: Sessions, shop: ShopInfo, line: Seller, wrong, error):
    with pytest.raises(error):
        record(sessions, shop, line(**wrong))


def test_the_amount_may_differ_from_price_times_units(sessions: Sessions, shop: ShopInfo, line: Seller):
    record(sessions, shop, line(units=3, amount=Decimal("14999.99")))

    with sessions() as session:
        assert totals(session, shop.id, FIRST, LAST).amount == Decimal("14999.99")


def test_the_day_of_a_sale_is_the_shop_s(sessions: Sessions, shop: ShopInfo, line: Seller):
    record(sessions, shop, line(sold_at=datetime(2026, 3, 5, 15, tzinfo=UTC)))

    with sessions() as session:
        assert first_and_last_day(session, shop.id) == (date(2026, 3, 6), date(2026, 3, 6))


def test_totals_of_a_window_without_sales_are_zero(sessions: Sessions, shop: ShopInfo):
    with sessions() as session:
        nothing = totals(session, shop.id, FIRST, LAST)

        assert (nothing.units, nothing.amount, nothing.days) == (0, Decimal(0), 0)
        assert top_products(session, shop.id, FIRST, LAST) == ()


def test_top_sellers_come_by_units_and_slow_ones_include_those_that_sold_nothing(
    sessions: Sessions, shop: ShopInfo, line: Seller
):
    record(sessions, shop, line(units=2), line(sku="MILK-1", units=5, unit_price=Decimal(10)))

    with sessions() as session:
        top = top_products(session, shop.id, FIRST, LAST)
        slow = top_products(session, shop.id, FIRST, LAST, limit=2, ascending=True)

    assert [(product.sku, product.units, product.amount) for product in top] == [("MILK-1", 5, 50), ("TEA-1", 2, 10400)]
    assert [(product.sku, product.units) for product in slow] == [("TEA-2", 0), ("TEA-1", 2)]
    assert top[1].name("en") == "Boseong green tea bags"


def test_sales_are_summed_by_location_day_and_category(
    sessions: Sessions, shop: ShopInfo, line: Seller, places: dict[str, int]
):
    tea, milk = Decimal(5200), Decimal(2900)
    record(
        sessions,
        shop,
        line(units=2),
        line(location_id=places["Annex"], sold_at=datetime(2026, 3, 6, 3, tzinfo=UTC)),
        line(sku="MILK-1", unit_price=milk),
    )

    with sessions() as session:
        by_place = [(t.location, t.amount) for t in totals_by_location(session, shop.id, FIRST, LAST)]
        by_day = [(t.day.day, t.units) for t in daily_totals(session, shop.id, FIRST, LAST)]
        by_food = [(str(t.path), t.units) for t in totals_by_category(session, shop.id, FIRST, LAST, level=1)]
        by_kind = [(str(t.path), t.amount) for t in totals_by_category(session, shop.id, FIRST, LAST, level=3)]
        at_annex = totals(session, shop.id, FIRST, LAST, location="Annex")

    assert by_place == [("Front", 2 * tea + milk), ("Annex", tea)]
    assert by_day == [(5, 3), (6, 1)]
    assert by_food == [("Food", 4)]
    assert by_kind == [("Food > Drinks > Tea", 3 * tea), ("Food > Dairy > Milk", milk)]
    assert at_annex.amount == tea


def test_products_without_category_are_summed_together(sessions: Sessions, shop: ShopInfo, line: Seller, now: datetime):
    with sessions.begin() as session:
        save_products(session, shop.id, [NewProduct("X")], now=now)
    record(sessions, shop, line(sku="X", units=4))

    with sessions() as session:
        (rest,) = totals_by_category(session, shop.id, FIRST, LAST)
    assert (rest.path, rest.units) == (None, 4)


def test_an_unknown_location_or_level_is_refused(sessions: Sessions, shop: ShopInfo):
    with sessions() as session:
        with pytest.raises(UnknownName, match="Front, Annex"):
            totals(session, shop.id, FIRST, LAST, location="Roof")
        with pytest.raises(BadValue, match="1 to 4"):
            totals_by_category(session, shop.id, FIRST, LAST, level=5)


def test_mean_daily_sales_count_the_days_without_a_sale(sessions: Sessions, shop: ShopInfo, line: Seller):
    record(sessions, shop, line(units=5))

    with sessions() as session:
        assert mean_daily_sales(session, shop.id, date(2026, 3, 1), date(2026, 3, 10)) == {"TEA-1": 0.5}
        assert first_sale_days(session, shop.id) == {"TEA-1": date(2026, 3, 5)}


LINES = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.sampled_from([0, 1]),
        st.integers(-2, 9).filter(bool),
        st.integers(0, 999_999_999),
        st.integers(0, 200),
        st.booleans(),
        st.sampled_from(range(30)),
    ),
    max_size=30,
)
NUMBERS = counter()


def random_sales(sessions: Sessions, now: datetime, drawn: list) -> tuple[ShopInfo, list[SaleLine]]:
    """A shop of its own with three products in two categories, and the drawn lines; some keys occur twice."""
    paths = {"A": CategoryPath("Food", "Tea"), "B": CategoryPath("Food", "Milk"), "C": None}
    with sessions.begin() as session:
        shop = create_shop(session, f"Random sales {next(NUMBERS)}", now=now, stores=("Store", "Back"))
        save_products(session, shop.id, [NewProduct(sku, category=path) for sku, path in paths.items()], now=now)
        at = [place.id for place in locations_of(session, shop.id)]
    start = datetime(2026, 3, 1, tzinfo=UTC)
    return shop, [
        SaleLine(
            f"key {key}",
            sku,
            at[place],
            units,
            Decimal(hundredths) / 100,
            start + timedelta(hours=hours),
            promoted=promoted,
        )
        for sku, place, units, hundredths, hours, promoted, key in drawn
    ]


def rows_of(session: Session, query: str, **values: object) -> list[tuple]:
    return [tuple(row) for row in session.execute(text(query), values)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=LINES, cut=st.integers(0, 30))
def test_the_roll_up_is_what_sql_says_over_the_lines(sessions: Sessions, now: datetime, drawn: list, cut: int):
    shop, lines = random_sales(sessions, now, drawn)

    for part in (lines[:cut], lines[cut:], lines):
        record(sessions, shop, *part)

    of_lines = """
        SELECT product_id, location_id, day, SUM(units), SUM(amount), MAX(CASE WHEN promoted THEN 1 ELSE 0 END)
        FROM sales WHERE shop_id = :shop GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
    rolled_up = """
        SELECT product_id, location_id, day, units, amount, CASE WHEN promoted THEN 1 ELSE 0 END
        FROM daily_sales WHERE shop_id = :shop ORDER BY 1, 2, 3"""
    with sessions() as session:
        assert rows_of(session, rolled_up, shop=shop.id) == rows_of(session, of_lines, shop=shop.id)
        assert set(ledger_sum(session, shop.id).values()) <= {0}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=LINES, first=st.integers(0, 9), length=st.integers(0, 9))
def test_totals_of_any_window_equal_the_sum_of_its_lines(
    sessions: Sessions, now: datetime, drawn: list, first: int, length: int
):
    shop, lines = random_sales(sessions, now, drawn)
    record(sessions, shop, *lines)
    window = (date(2026, 3, 1) + timedelta(first), date(2026, 3, 1) + timedelta(first + length))
    of_lines = "SELECT COALESCE(SUM(units), 0), COALESCE(SUM(amount), 0) FROM sales WHERE shop_id = :shop"

    with sessions() as session:
        found = totals(session, shop.id, *window)
        ((units, hundredths),) = rows_of(
            session, f"{of_lines} AND day BETWEEN :first AND :last", shop=shop.id, first=window[0], last=window[1]
        )
        parts = [
            totals_by_location(session, shop.id, *window),
            daily_totals(session, shop.id, *window),
            totals_by_category(session, shop.id, *window, level=2),
            top_products(session, shop.id, *window),
        ]

    assert (found.units, found.amount) == (units, Decimal(int(hundredths)) / 100)
    assert {sum(part.amount for part in split) for split in parts} == {found.amount}


def test_a_large_amount_is_summed_to_the_last_hundredth(sessions: Sessions, shop: ShopInfo, line: Seller):
    random = Random(7)
    amounts = [Decimal(random.randrange(10**13)) / 100 for _ in range(200)]

    record(sessions, shop, *(line(amount=amount) for amount in amounts))

    with sessions() as session:
        assert totals(session, shop.id, FIRST, LAST).amount == sum(amounts)
