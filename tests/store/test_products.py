"""Products and what suppliers ask for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from stocksense.domain.stock import ProductStatus
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue, UnknownSku
from stocksense.store.alike import alike
from stocksense.store.database import Sessions
from stocksense.store.offers import NewOffer, best_offer, best_offers, offers_of, save_offers
from stocksense.store.products import NewProduct, all_products, find_products, product_of, save_products, set_status
from stocksense.store.shops import ShopInfo
from stocksense.store.tables import Category


def test_a_product_comes_back_as_it_was_saved(sessions: Sessions, shop: ShopInfo, now: datetime):
    path, korean = CategoryPath("Home", "Kitchen"), CategoryPath("생활", "주방")
    request = {"attributes": ["steel"], "options": {"size": "500 ml"}}
    given = NewProduct(
        "MUG-1", "텀블러", "Tumbler", category=path, category_ko=korean, price=Decimal("12.50"), request=request
    )
    with sessions.begin() as session:
        save_products(session, shop.id, [given], now=now)

    with sessions() as session:
        product = product_of(session, shop.id, "MUG-1")
    assert (product.price, product.category, product.category_ko) == (Decimal("12.50"), path, korean)
    assert product.request == request
    assert (product.name("ko"), product.name("en")) == ("텀블러", "Tumbler")


def test_a_name_missing_in_one_language_is_given_in_the_other(sessions: Sessions, shop: ShopInfo, now: datetime):
    with sessions.begin() as session:
        save_products(session, shop.id, [NewProduct("A", name_en="Ashtray"), NewProduct("B")], now=now)
        named, nameless = product_of(session, shop.id, "A"), product_of(session, shop.id, "B")

    assert named.name("ko") == "Ashtray"
    assert nameless.name("ko") == "B"


def test_saving_again_changes_what_is_known_and_adds_what_is_new(sessions: Sessions, shop: ShopInfo, now: datetime):
    with sessions.begin() as session:
        before = product_of(session, shop.id, "TEA-1")
        saved = save_products(
            session, shop.id, [NewProduct("TEA-1", "녹차", price=Decimal(6000)), NewProduct("NEW")], now=now
        )
        after = product_of(session, shop.id, "TEA-1")

    assert (saved.new, saved.known) == (1, 1)
    assert after.id == before.id == saved.ids["TEA-1"]
    assert (after.name_ko, after.price, after.category) == ("녹차", 6000, None)


def test_the_categories_above_a_products_own_are_saved_with_their_korean_names(
    sessions: Sessions, shop: ShopInfo, now: datetime
):
    pen = NewProduct("PEN-1", "펜", category=CategoryPath("Desk", "Pens"), category_ko=CategoryPath("책상", "펜"))
    ink = NewProduct("INK-1", "잉크", category=CategoryPath("Desk", "Ink"))
    with sessions.begin() as session:
        save_products(session, shop.id, [pen, ink], now=now)
        found = session.execute(select(Category.sub1, Category.main_ko).where(Category.main == "Desk")).all()

    assert sorted(map(tuple, found)) == [("", "책상"), ("Ink", ""), ("Pens", "책상")]


def test_a_category_keeps_its_korean_name_whatever_stands_below_it(sessions: Sessions, shop: ShopInfo, now: datetime):
    desk = NewProduct("DESK-1", "책상", category=CategoryPath("Desk"), category_ko=CategoryPath("책상"))
    deep = CategoryPath("Desk", "Pens", "Ball")
    pen = NewProduct("PEN-1", "펜", category=deep, category_ko=CategoryPath("문구", "펜"))
    with sessions.begin() as session:
        save_products(session, shop.id, [desk], now=now)
        save_products(session, shop.id, [pen], now=now)
        columns = (Category.sub1, Category.sub2, Category.main_ko, Category.sub1_ko)
        found = session.execute(select(*columns).where(Category.main == "Desk")).all()

    assert sorted(map(tuple, found)) == [
        ("", "", "책상", ""), ("Pens", "", "문구", "펜"), ("Pens", "Ball", "문구", "펜")
    ]  # fmt: skip


def test_an_unknown_sku_is_answered_with_close_ones(sessions: Sessions, shop: ShopInfo):
    with sessions() as session, pytest.raises(UnknownSku, match="did you mean") as told:
        product_of(session, shop.id, "tea1")

    assert set(told.value.closest) >= {"TEA-1", "TEA-2"}


def test_the_same_sku_in_another_shop_is_another_product(sessions: Sessions, shop: ShopInfo, another_shop):
    other = another_shop("Station")

    with sessions() as session, pytest.raises(UnknownSku):
        product_of(session, other.id, "TEA-1")


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("녹차", ["TEA-1", "TEA-2"]),
        ("녹차 보성", ["TEA-1"]),
        ("현미녹차", ["TEA-2"]),
        ("GREEN", ["TEA-1", "TEA-2"]),
        ("dawon tea", ["TEA-2"]),
        ("8800000000013", ["TEA-1"]),
        ("dairy", ["MILK-1"]),
        ("TEA-2", ["TEA-2"]),
        ("100%", []),
        ("coffee", []),
        ("", ["MILK-1", "TEA-1", "TEA-2"]),
    ],
)
def test_products_are_found_by_all_words_in_any_field(sessions: Sessions, shop: ShopInfo, text: str, skus: list[str]):
    with sessions() as session:
        assert [product.sku for product in find_products(session, shop.id, text)] == skus


def test_an_exact_sku_comes_first(sessions: Sessions, shop: ShopInfo, now: datetime):
    with sessions.begin() as session:
        save_products(session, shop.id, [NewProduct("A-TEA-2"), NewProduct("TEA-22")], now=now)
        found = find_products(session, shop.id, "TEA-2", limit=2)

    assert [product.sku for product in found] == ["TEA-2", "A-TEA-2"]


def test_an_exact_name_comes_first_however_many_others_hold_it(sessions: Sessions, shop: ShopInfo, now: datetime):
    named = [NewProduct(f"A-{n}", f"우유 {n}호") for n in range(20)]
    with sessions.begin() as session:
        save_products(session, shop.id, [*named, NewProduct("Z-1", "우유")], now=now)
        found = find_products(session, shop.id, "우유", limit=3)

    assert [product.sku for product in found] == ["Z-1", "A-0", "A-1"]


@pytest.mark.parametrize("text", ["아침 우뮤", "morning milk 1 k", "아침우유 1리터", "mourning mlk"])
def test_a_slip_of_the_pen_finds_what_is_called_alike(sessions: Sessions, shop: ShopInfo, text: str):
    milk = {"MILK-1"}
    with sessions() as session:
        ids = {product.id: product.sku for product in all_products(session, shop.id)}
        near = alike(session, shop.id, text, least=70, most=5)

    assert {ids[key] for _, key in near} == milk


def test_a_status_sets_a_product_apart(sessions: Sessions, shop: ShopInfo):
    with sessions.begin() as session:
        set_status(session, shop.id, "TEA-1", ProductStatus.RECALLED)
        recalled = all_products(session, shop.id, status=ProductStatus.RECALLED)

    assert [product.sku for product in recalled] == ["TEA-1"]


def test_the_best_offer_is_the_cheapest_and_of_these_the_fastest(sessions: Sessions, shop: ShopInfo):
    slow = NewOffer("TEA-1", "Slow", Decimal(3000), lead_time_days=5)
    with sessions.begin() as session:
        save_offers(session, shop.id, [slow, replace(slow, supplier="Fast", lead_time_days=1)])
        best, offers = best_offer(session, shop.id, "TEA-1"), offers_of(session, shop.id, "TEA-1")

        assert best_offers(session, shop.id)["TEA-1"] == best == offers[0]
    assert [offer.supplier for offer in offers] == ["Fast", "Slow", "Wholesale"]


def test_an_offer_is_kept_once_a_supplier(sessions: Sessions, shop: ShopInfo):
    with sessions.begin() as session:
        save_offers(session, shop.id, [NewOffer("TEA-1", "Wholesale", Decimal(2900), 12, 24, site="webshop")])
        (offer,) = offers_of(session, shop.id, "TEA-1")

    assert (offer.unit_price, offer.pack_size, offer.minimum_order, offer.site) == (2900, 12, 24, "webshop")


def test_a_product_that_nobody_offers_has_no_best_offer(sessions: Sessions, shop: ShopInfo, now: datetime):
    with sessions.begin() as session:
        save_products(session, shop.id, [NewProduct("NEW")], now=now)

        assert best_offer(session, shop.id, "NEW") is None


def test_an_offer_for_an_unknown_product_or_an_impossible_pack_is_refused(sessions: Sessions, shop: ShopInfo):
    with sessions.begin() as session:
        with pytest.raises(UnknownSku):
            save_offers(session, shop.id, [NewOffer("TEA-9", "Wholesale", Decimal(1))])
        with pytest.raises(BadValue, match="at least 1"):
            save_offers(session, shop.id, [NewOffer("TEA-1", "Wholesale", Decimal(1), pack_size=0)])
