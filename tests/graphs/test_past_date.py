"""Goods past their date cannot be sold: no rule and no page counts them as available, and they are ordered anew."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from graphs.review import situations
from stocksense.domain.reasons import sentence
from stocksense.domain.reorder import decide
from stocksense.domain.shelf import ShelfState
from stocksense.domain.stock import LocationKind, MoveKind
from stocksense.store.facts import note_past_sale
from stocksense.store.inventory import InventoryQuery, Sort, inventory_page, inventory_row
from stocksense.store.lots import next_expiries
from stocksense.store.products import NewProduct, save_products
from stocksense.store.shops import locations_of
from stocksense.store.stock import Move, level_of, levels, record_moves
from stocksense.store.tables import Product, ProductFacts
from tools.stock import check_stock, low_stock
from ui.pages.inventory import available_of

SKU = "DRK-2"


@pytest.fixture
def spoilt(corner):
    """The corner shop, whose milk lies there with 40 units of a lot that ended yesterday; gives its day."""
    with corner.sessions.begin() as session:
        shop, today = corner.shop(session), corner.today(session)
        places = {place.kind: place.id for place in locations_of(session, shop.id)}
        level = level_of(session, shop.id, SKU)
        old = Move(
            SKU, places[LocationKind.SUPPLIER], places[LocationKind.STORE], 40, MoveKind.RECEIPT,
            corner.clock() - timedelta(days=9), lot_code="OLD", expires_on=today - timedelta(days=1),
        )  # fmt: skip
        record_moves(session, shop.id, [old], actor="test", now=corner.clock())
    return level.on_hand, today


def test_rule_tools_and_page_count_the_same_units_as_available(corner, spoilt):
    before, today = spoilt
    with corner.sessions() as session:
        shop = corner.shop(session)
        level = level_of(session, shop.id, SKU, today)
        situation = next(one for one in situations(session, shop, today) if one.sku == SKU)
        row = inventory_row(session, shop.id, session.scalars(select(Product.id).where(Product.sku == SKU)).one())
        expiry = next_expiries(session, shop.id, {row.product_id: row.on_hand})[row.product_id]

        assert available_of(row, expiry, today) == level.available == situation.on_hand == before
        assert levels(session, shop.id, today)[SKU] == level
    assert (row.on_hand, situation.past_sale, check_stock(corner, SKU).past_sale) == (before + 40, 40, 40)


def test_what_is_past_its_date_is_ordered_anew_and_the_sentence_says_so(corner, spoilt):
    _, today = spoilt
    with corner.sessions() as session:
        situation = next(one for one in situations(session, corner.shop(session), today) if one.sku == SKU)
    said = decide(situation)

    assert "40개는 팔 수 없어" in sentence(said, "ko")
    assert "40 past their date" in sentence(said, "en")


def test_a_shelf_of_spoilt_goods_is_low(corner, spoilt):
    before, _ = spoilt
    with corner.sessions.begin() as session:
        shop = corner.shop(session)
        places = {place.kind: place.id for place in locations_of(session, shop.id)}
        ends = (places[LocationKind.STORE], places[LocationKind.CUSTOMER])
        record_moves(
            session, shop.id, [Move(SKU, *ends, 2, MoveKind.SALE, corner.clock())], actor="test", now=corner.clock()
        )
        state = session.scalars(select(ProductFacts.state).where(ProductFacts.sku == SKU)).one()

    assert state is ShelfState.LOW
    assert [row.on_hand for row in low_stock(corner, 50).products if row.sku == SKU] == [before - 2]


def test_the_list_is_sorted_by_what_can_be_sold(corner, spoilt):
    before, today = spoilt
    with corner.sessions() as session:
        shop = corner.shop(session)
        rows = inventory_page(session, shop.id, InventoryQuery(sort=Sort.AVAILABLE, descending=True)).rows
        expiries = next_expiries(session, shop.id, {row.product_id: row.on_hand for row in rows})
        shown = [available_of(row, expiries.get(row.product_id), today) for row in rows]

    assert shown == sorted(shown, reverse=True)
    assert before in shown


def test_a_change_of_many_products_tells_at_once_what_is_past_its_date(corner):
    with corner.sessions.begin() as session:
        shop, now = corner.shop(session), corner.clock()
        places = {place.kind: place.id for place in locations_of(session, shop.id)}
        ends = (places[LocationKind.SUPPLIER], places[LocationKind.STORE])
        skus = [f"NEW-{number}" for number in range(60)]
        save_products(session, shop.id, [NewProduct(sku, sku, sku) for sku in skus], now=now)
        old = {"lot_code": "OLD", "expires_on": shop.today(now) - timedelta(days=1)}
        moves = [Move(sku, *ends, 3, MoveKind.OPENING, now - timedelta(days=9), **old) for sku in skus]
        record_moves(session, shop.id, moves, actor="test", now=now)
        noted = session.scalars(select(ProductFacts.past_sale).where(ProductFacts.sku.in_(skus))).all()

    assert noted == [3] * 60


def test_the_day_on_which_goods_end_changes_the_shelf(corner, spoilt):
    _, today = spoilt
    with corner.sessions.begin() as session:
        shop = corner.shop(session)
        noted = []
        for day in (today - timedelta(days=1), today):
            note_past_sale(session, shop.id, day)
            noted.append(session.scalars(select(ProductFacts.past_sale).where(ProductFacts.sku == SKU)).one())

    assert noted == [0, 40]
