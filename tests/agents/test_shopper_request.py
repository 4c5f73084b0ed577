"""What the buyer understands of a request, in English and Korean, and how it says one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.shopper.options import chosen_of
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


@pytest.mark.parametrize("value", ["a", "i", "my"])
def test_a_value_before_the_cap_is_none_of_its_words(value):
    asked = parse_request(f"Find me bags & cases with color: {value}, and price lower than 50.00 dollars")

    assert (asked.options, asked.price_cap) == ((("color", value),), Decimal(50))


def test_a_glossary_turns_korean_words_into_the_shop_s_english():
    request = parse_request("제로 콜라 2박스 주문해줘", glossary={"제로": "zero sugar", "콜라": "cola"})

    assert (request.kind, request.quantity) == ("zero sugar cola", 2)


WORD = st.sampled_from(["soft", "crisp taste", "sugar free", "cola", "green tea", "mint", "zero sugar"])


@given(WORD, st.lists(WORD, max_size=3, unique=True), st.dictionaries(st.sampled_from(["flavor", "size"]), WORD))
def test_what_is_said_is_understood(kind, attributes, options):
    asked = Request("", kind, attributes=tuple(attributes), options=tuple(options.items()), price_cap=Decimal("9.50"))

    heard = parse_request(say_request(asked))

    assert replace(heard, text="") == asked


@pytest.mark.parametrize(
    ("text", "kind", "attributes", "cap"),
    [
        (
            "my old one broke, so now i need dining sets. must have: solid wood and easy assemble, under $270, please.",
            "dining sets",
            ("solid wood", "easy assemble"),
            Decimal(270),
        ),
        (
            "Could you suggest a rug? I'd pay 45 dollars at most. It must be non slip.",
            "rug",
            ("non slip",),
            Decimal(45),
        ),
        ("혹시 socks 있나요? 예산은 40달러입니다. bulk pack 위주로 봐 주세요.", "socks", ("bulk pack",), Decimal(40)),
        ("컵라면 추천해 주세요. 2만원 넘으면 안 돼요, 매운맛 원해요.", "컵라면", ("매운맛",), Decimal("14.28")),
    ],
)
def test_free_words_are_read_by_what_they_say(text, kind, attributes, cap):
    request = parse_request(text)

    assert (request.kind, request.price_cap) == (kind, cap)
    assert set(attributes) <= set(request.attributes)


@pytest.mark.parametrize(
    "text",
    ["shoes. the heather grey one, i take size 10.5.", "shoes 찾고 있어요. heather grey 색으로, 사이즈는 10.5 원해요."],
)
def test_values_that_a_page_offers_are_found_in_free_words(text):
    groups = (("color", ("grey", "heather grey", "heather")), ("size", ("10", "10.5")))

    chosen = {group: value for group, value, _ in chosen_of(parse_request(text), groups)}

    assert chosen == {"color": "heather grey", "size": "10.5"}


@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_be_read(text):
    assert parse_request(text).text == text
