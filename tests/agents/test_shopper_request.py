"""What the buyer understands of a request, in English and Korean, and how it says one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.shopper.request import Request, parse_request, say_request
from agents.shopper.wanted import in_currency, request_for
from stocksense.domain.orders import Terms
from stocksense.domain.stock import ProductStatus
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue
from stocksense.store.products import OfferInfo, ProductInfo

COLA = ProductInfo(
    id=1,
    sku="COLA-ZERO",
    name_ko="두루온 콜라 제로 355ml",
    name_en="Duruon Cola Zero Sugar 355 ml",
    gtin="",
    brand="Duruon",
    model="",
    category=CategoryPath("Beverages", "Soft Drinks", "Colas", "Cola"),
    category_ko=None,
    unit="can",
    price=Decimal(1300),
    shelf_life_days=270,
    status=ProductStatus.ACTIVE,
    request={"attributes": ["caffeinated", "crisp taste"]},
)
OFFER = OfferInfo(1, "Wholesale", "webshop", "COLA-ZERO", Decimal(600), 24, 24, 3.0, 1.0)
TERMS = Terms("Corner", "COLA-ZERO", "Wholesale", 48, Decimal(600), "KRW", (("flavor", "zero sugar"),))
RATE = Decimal(1400)


def test_a_product_becomes_a_request_with_kind_attributes_options_and_cap():
    request = request_for(COLA, OFFER, TERMS, RATE)

    assert request.text == (
        "i am looking for cola, duruon cola 355 ml, pack of 24 with caffeinated, crisp taste with flavor: zero sugar, "
        "and price lower than 10.28 dollars"
    )
    assert (request.pack_size, request.quantity) == (24, 2)


def test_a_quantity_that_is_no_whole_number_of_packs_is_refused():
    with pytest.raises(BadValue, match="no whole number of packs"):
        request_for(COLA, OFFER, replace(TERMS, quantity=30), RATE)


def test_a_currency_without_a_rate_is_refused():
    with pytest.raises(BadValue, match="EUR"):
        request_for(COLA, OFFER, replace(TERMS, currency="EUR"), RATE)


@given(st.integers(1, 10**6), st.integers(1, 100), st.integers(1, 50))
def test_what_costs_the_cap_never_costs_more_than_was_approved(unit_price, pack, packs):
    terms = replace(TERMS, unit_price=Decimal(unit_price), quantity=pack * packs)
    request = request_for(COLA, replace(OFFER, pack_size=pack), terms, RATE)

    assert in_currency(request.price_cap * request.quantity, "KRW", RATE) <= terms.total


@pytest.mark.parametrize(
    ("text", "kind", "attributes", "options", "cap"),
    [
        (
            "Find me slim fit, straight leg men's pants with elastic waist for everyday wear with color: black, and "
            "size: x-large, and price lower than 40.00 dollars",
            "straight leg men's pants",
            ("slim fit", "elastic waist", "everyday wear"),
            (("color", "black"), ("size", "x-large")),
            Decimal("40.00"),
        ),
        ("i am looking for a cola under $12", "cola", (), (), Decimal(12)),
        ("콜라 355ml 3만원 이하로 찾아줘", "콜라 355ml", (), (), Decimal("21.42")),
        ("무가당 녹차, 맛: 레몬, 20달러 이하", "무가당 녹차", (), (("맛", "레몬"),), Decimal(20)),
    ],
)
def test_a_request_is_read_into_its_parts(text, kind, attributes, options, cap):
    request = parse_request(text)

    assert (request.kind, request.attributes, request.options) == (kind, attributes, options)
    assert request.price_cap == cap


def test_a_glossary_turns_korean_words_into_the_shop_s_english():
    request = parse_request("제로 콜라 2박스 주문해줘", glossary={"제로": "zero sugar", "콜라": "cola"})

    assert (request.kind, request.quantity) == ("zero sugar cola", 2)


WORD = st.sampled_from(["soft", "crisp taste", "sugar free", "cola", "green tea", "mint", "zero sugar"])


@given(WORD, st.lists(WORD, max_size=3, unique=True), st.dictionaries(st.sampled_from(["flavor", "size"]), WORD))
def test_what_is_said_is_understood(kind, attributes, options):
    asked = Request("", kind, attributes=tuple(attributes), options=tuple(options.items()), price_cap=Decimal("9.50"))

    heard = parse_request(say_request(asked))

    assert replace(heard, text="") == asked


@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_be_read(text):
    assert parse_request(text).text == text
