"""The inventory shows what ledger, orders, forecasts and decisions say, in any order, page by page."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from stocksense.domain.demand import Forecast
from stocksense.domain.reasons import sentence
from stocksense.domain.shelf import ShelfState, days_of_cover, outlook, shelf_state
from stocksense.domain.stock import MoveKind, ProductStatus
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue
from stocksense.store.database import Sessions
from stocksense.store.facts import refresh_products
from stocksense.store.inventory import InventoryPage, InventoryQuery, Sort, inventory_page, state_counts
from stocksense.store.offers import NewOffer, save_offers
from stocksense.store.orders import cancel_line, open_lines
from stocksense.store.products import NewProduct, save_products, set_status
from stocksense.store.receipts import receive_line
from stocksense.store.shops import ShopInfo
from stocksense.store.stock import Move, levels, record_moves
from stocksense.store.suggest import suggest
from stocksense.store.tables import StockTotal
from tools.services import Services


def page(services: Services, **query) -> InventoryPage:
    with services.sessions() as session:
        return inventory_page(session, services.shop(session).id, InventoryQuery(**query))


def skus(services: Services, **query) -> list[str]:
    return [row.sku for row in page(services, **query).rows]


def totals_of(session) -> dict[tuple, tuple]:
    columns = [column for column in StockTotal.__table__.columns if column.name not in ("demand", "missed")]
    rows = [tuple(row) for row in session.execute(select(*columns))]
    return {row[:5]: row[5:] for row in rows if any(row[5:])}


def test_stock_on_the_page_is_that_of_the_ledger_after_any_moves(
    sessions: Sessions, shop: ShopInfo, places: dict[str, int], now
):
    random = Random(4)
    routes = [
        (MoveKind.RECEIPT, "Suppliers", "Front"),
        (MoveKind.TRANSFER, "Front", "Annex"),
        (MoveKind.WASTE, "Annex", "Losses"),
        (MoveKind.SALE, "Annex", "Customers"),
    ]
    for _ in range(12):
        moves = [
            Move(random.choice(["TEA-1", "TEA-2", "MILK-1"]), places[a], places[b], random.randint(1, 30), kind, now)
            for kind, a, b in random.choices(routes, k=5)
        ]
        with sessions.begin() as session:
            record_moves(session, shop.id, moves, actor="test", now=now)
    with sessions.begin() as session:
        rows = inventory_page(session, shop.id, InventoryQuery()).rows
        kept = totals_of(session)
        refresh_products(session, shop.id)

        assert {r.sku: r.on_hand for r in rows} == {
            sku: level.on_hand for sku, level in levels(session, shop.id).items()
        }
        assert totals_of(session) == kept


def test_what_is_on_order_follows_the_order(corner: Services):
    with corner.sessions() as session:
        line = open_lines(session, corner.shop(session).id)[0]
    row = next(row for row in page(corner).rows if row.sku == line.sku)
    assert (row.on_hand, row.on_order, row.state) == (4, 30, ShelfState.COMING)

    with corner.sessions.begin() as session:
        receive_line(session, line.id, 12, delivery="D1", actor="test", now=corner.clock())
    row = next(row for row in page(corner).rows if row.sku == line.sku)
    assert (row.on_hand, row.on_order) == (16, 18)

    with corner.sessions.begin() as session:
        cancel_line(session, line.id, now=corner.clock(), actor="test")
    assert next(row for row in page(corner).rows if row.sku == line.sku).on_order == 0


def test_a_row_holds_forecast_and_decision_with_its_sentence(corner: Services):
    row = next(row for row in page(corner).rows if row.sku == "SNK-2")

    assert (row.predicted, row.daily_demand, row.reorder_point, row.wape) == (14.0, 2.0, 10.0, 0.412)
    assert 0 <= row.predicted_low < row.predicted < row.predicted_high
    assert row.days_of_cover == pytest.approx(20)
    assert row.reason == "enough_stock"
    assert row.decision is not None
    assert "40" in sentence(row.decision, "en")


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("descending", [False, True])
def test_every_order_shows_every_product_once(read_only_corner: Services, sort: Sort, descending: bool):
    pages = [
        skus(read_only_corner, sort=sort, descending=descending, page=number, per_page=3) for number in (1, 2, 3, 4)
    ]

    assert sorted(sku for found in pages for sku in found) == sorted(skus(read_only_corner, per_page=100))
    assert [len(found) for found in pages] == [3, 3, 2, 0]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("query", [{}, {"text": "바다"}, {"states": (ShelfState.LOW, ShelfState.ENOUGH)}])
def test_pages_by_category_go_through_the_names_of_the_categories(read_only_corner: Services, descending, query):
    query |= {"sort": Sort.CATEGORY, "descending": descending}
    found = [row for number in range(1, 10) for row in page(read_only_corner, page=number, per_page=2, **query).rows]

    order = [(row.category.levels if row.category else (), row.product_id) for row in found]
    assert order == sorted(order, reverse=descending)
    assert len(found) == page(read_only_corner, **query).total > 0


@pytest.mark.parametrize("text", ["바다", "sn"])
def test_what_a_text_finds_comes_in_the_order_of_skus(read_only_corner: Services, text: str):
    found = skus(read_only_corner, text=text, per_page=100)

    assert found == sorted(found) == skus(read_only_corner, text=text, descending=True, per_page=100)[::-1]
    assert [sku for n in range(1, 9) for sku in skus(read_only_corner, text=text, page=n, per_page=1)] == found


def test_the_order_is_that_of_the_numbers(read_only_corner: Services):
    on_hand = [row.on_hand for row in page(read_only_corner, sort=Sort.ON_HAND, descending=True).rows]

    assert on_hand == sorted(on_hand, reverse=True)


def test_filters_work_together_and_are_counted(read_only_corner: Services):
    query = {"category": CategoryPath("과자"), "states": (ShelfState.LOW, ShelfState.COMING), "text": "바다"}
    found = page(read_only_corner, **query)
    with read_only_corner.sessions() as session:
        shop = read_only_corner.shop(session)
        counts = state_counts(session, shop.id, InventoryQuery(category=CategoryPath("Snacks")))

    assert [row.sku for row in found.rows] == ["SNK-1"]
    assert found.total == 1
    assert sum(counts.values()) == page(read_only_corner, category=CategoryPath("Snacks")).total == 4


def test_reasons_and_statuses_filter(corner: Services):
    with corner.sessions.begin() as session:
        set_status(session, corner.shop(session).id, "RMN-1", ProductStatus.DISCONTINUED)

    assert skus(corner, statuses=(ProductStatus.DISCONTINUED,)) == ["RMN-1"]
    assert skus(corner, reasons=("no_demand",)) == ["CND-1"]
    assert page(corner, statuses=(ProductStatus.RECALLED,)).total == 1


def test_a_page_that_cannot_be_is_refused(read_only_corner: Services):
    with pytest.raises(BadValue, match="page 0"):
        page(read_only_corner, page=0)


def test_a_new_offer_changes_what_stock_is_worth_and_not_what_was_sold(corner: Services):
    with corner.sessions.begin() as session:
        shop = corner.shop(session)
        save_offers(session, shop.id, [NewOffer("SNK-2", "Cheaper", Decimal(100))])

    row = next(row for row in page(corner).rows if row.sku == "SNK-2")
    assert (row.unit_cost, row.stock_value) == (Decimal(100), Decimal(4000))


@given(
    on_hand=st.integers(-5, 50),
    on_order=st.integers(0, 50),
    point=st.floats(-1, 60),
    cover=st.floats(0, 100),
    longest=st.sampled_from([0.0, 60.0]),
)
def test_a_shelf_has_one_word(on_hand, on_order, point, cover, longest):
    word = shelf_state(on_hand, on_order, reorder_point=point, days_of_cover=cover, max_cover_days=longest)

    assert (word is ShelfState.OUT) == (on_hand <= 0)
    if word is ShelfState.LOW:
        assert on_hand + on_order <= point


def test_states_in_the_database_are_those_of_the_rule(read_only_corner: Services):
    for row in page(read_only_corner).rows:
        cover = days_of_cover(row.on_hand, row.daily_demand or 0)
        said = shelf_state(
            row.on_hand, row.on_order, reorder_point=row.reorder_point, days_of_cover=cover, max_cover_days=60
        )

        assert row.state is said
        assert row.days_of_cover == pytest.approx(cover)


def test_an_outlook_holds_its_mean(now):
    forecast = Forecast("A", now.date(), (2.0,) * 9, (1.0,) * 9, (4.0,) * 9, {7: {0.5: 14.0, 0.95: 21.0}}, "m", "1")

    ahead = outlook(forecast, 7)

    assert ahead.low < 14 == ahead.expected < ahead.high <= 21
    assert outlook(replace(forecast, lead_time_demand={}), 7).high == pytest.approx(14 + 2 * 7**0.5)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("보성", ["TEA-1"]),
        ("녹차", ["TEA-1", "TEA-2"]),
        ("차", ["TEA-1", "TEA-2"]),
        ("녹차 티", ["TEA-1"]),
        ("녹차티백", ["TEA-1"]),
        ("rice GREEN", ["TEA-2"]),
        ("tea-2", ["TEA-2"]),
        ("0013", ["TEA-1"]),
        ("8800000000013", ["TEA-1"]),
        ("dawon", ["TEA-2"]),
        ("MILK", ["MILK-1"]),
        ("", []),
        ("  ", []),
        ("없는것", []),
    ],
)
def test_typing_any_part_finds_the_product(sessions: Sessions, shop: ShopInfo, typed: str, found: list[str]):
    with sessions() as session:
        assert [hit.sku for hit in suggest(session, shop.id, typed)] == found


def test_what_is_exactly_typed_comes_first(sessions: Sessions, shop: ShopInfo, now):
    with sessions.begin() as session:
        save_products(session, shop.id, [NewProduct(f"A{n}MILK-1", name_ko="우유") for n in range(30)], now=now)

    with sessions() as session:
        assert suggest(session, shop.id, "milk-1", limit=3)[0].sku == "MILK-1"


def test_a_renamed_product_is_found_by_its_new_name_at_once(sessions: Sessions, shop: ShopInfo, now):
    with sessions() as session:
        assert suggest(session, shop.id, "새벽") == ()
    with sessions.begin() as session:
        save_products(session, shop.id, [NewProduct("MILK-1", name_ko="새벽 우유")], now=now)

    with sessions() as session:
        assert [hit.sku for hit in suggest(session, shop.id, "새벽")] == ["MILK-1"]
        assert suggest(session, shop.id, "아침") == ()
