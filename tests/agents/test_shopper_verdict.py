"""When an offer is what was asked for, and what is said when it is not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from agents.shopper.request import Request
from agents.shopper.verdict import OWN_PAGE, Fault, Offered, choices, judge, pack_of

ASKED = Request(
    "",
    kind="cola",
    name="duruon cola 355 ml",
    attributes=("crisp taste",),
    options=(("flavor", "zero sugar"),),
    price_cap=Decimal("10.28"),
    pack_size=24,
)
RIGHT = Offered(
    "w00000cola",
    "Duruon Cola, 355 ml, Pack of 24",
    Decimal("10.00"),
    Decimal("10.00"),
    (("Flavor", ("original", "zero sugar")),),
    ("CRISP TASTE: cola for small shops",),
)


def test_the_right_offer_is_accepted():
    assert judge(ASKED, RIGHT).accepted


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        (Fault.NAME, replace(RIGHT, title="Other Cola, 355 ml, Pack of 24")),
        (Fault.NAME, replace(RIGHT, title="Duruon Cola, 500 ml, Pack of 24")),
        (Fault.ATTRIBUTE, replace(RIGHT, texts=("cola for small shops",))),
        (Fault.OPTION, replace(RIGHT, options=(("Flavor", ("original", "cherry")),))),
        (Fault.OPTION, replace(RIGHT, options=(("Flavor", ("original", "zero sugar cherry")),))),
        (Fault.OPEN_OPTION, replace(RIGHT, options=(*RIGHT.options, ("Edition", ("large", "small"))))),
        (Fault.PRICE, replace(RIGHT, highest=Decimal("10.29"))),
        (Fault.NO_PRICE, replace(RIGHT, lowest=None, highest=None)),
        (Fault.PACK, replace(RIGHT, title="Duruon Cola, 355 ml, Pack of 48")),
        (Fault.NO_PACK, replace(RIGHT, title="Duruon Cola, 355 ml")),
    ],
)
def test_a_wrong_offer_is_told_apart(fault, wrong):
    assert fault in judge(ASKED, wrong).faults


def test_what_was_not_read_is_not_known_and_neither_wrong_nor_accepted():
    verdict = judge(ASKED, replace(RIGHT, texts=(), unread=("features", "description")))

    assert (verdict.faults, verdict.settled, verdict.accepted) == ((Fault.ATTRIBUTE,), (), False)
    assert "is not known before its features is read" in verdict.say("en")
    assert "특징 페이지를 읽어야" in verdict.say("ko")


def test_an_attribute_is_missing_once_every_page_was_read():
    verdict = judge(ASKED, replace(RIGHT, texts=("cola", "for small shops")))

    assert verdict.settled == (Fault.ATTRIBUTE,)


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        (Fault.PRICE, replace(RIGHT, highest=Decimal(11))),
        (Fault.OPTION, replace(RIGHT, options=(("Flavor", ("original", "cherry")),))),
    ],
)
def test_what_its_own_page_denies_is_settled_whatever_is_unread(fault, wrong):
    assert fault in judge(ASKED, replace(wrong, unread=("features",))).settled


def test_of_a_product_in_a_list_the_options_are_not_known():
    verdict = judge(ASKED, replace(RIGHT, options=(), unread=(OWN_PAGE,)))

    assert Fault.OPTION in verdict.faults
    assert Fault.OPTION not in verdict.settled


def test_every_fault_is_told_in_korean_and_english():
    wrong = Offered("x", "Tea", None, None, (("Edition", ("large", "small")),))

    verdict = judge(ASKED, wrong)

    assert "its title lacks" in verdict.say("en")
    assert "제목에 없는 말" in verdict.say("ko")


def test_the_option_is_chosen_by_its_group_even_where_another_has_the_same_value():
    offered = replace(RIGHT, options=(("Size", ("zero sugar",)), ("Flavor", ("original", "zero sugar"))))

    assert choices(ASKED, offered) == {"Flavor": "zero sugar"}


@pytest.mark.parametrize(
    ("title", "units"),
    [("Cola, Pack of 24", 24), ("Cola 24-pack", 24), ("Cola 6 x 330 ml", 6), ("Tea bags 100 count", 100), ("Cola", 0)],
)
def test_the_pack_is_read_from_the_words_of_the_page(title, units):
    assert pack_of((title,)) == units


def test_prices_are_told_in_the_currency_of_the_site():
    asked = Request("", kind="cola", price_cap=Decimal(14_400), currency="KRW")

    verdict = judge(asked, Offered("c", "cola", Decimal(14_420), Decimal(14_420)))

    assert verdict.say("en") == "it costs ₩14,420, above the cap of ₩14,400"
    assert verdict.say("ko") == "14,420원으로 상한 14,400원보다 비쌈"
