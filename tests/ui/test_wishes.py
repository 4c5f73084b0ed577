"""What the buyer asked a shop for is told in the reader's language, whatever its parts are."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agents.shopper.request import Request, say_request
from ui.wishes import wish
from ui.wording import Words

KO, EN = Words("ko"), Words("en")
BUNS = Request(
    text="",
    kind="steamed buns",
    name="maru buns 90 g",
    attributes=("soft", "microwaveable"),
    options=(("flavor", "red bean"), ("size", "large")),
    price_cap=Decimal("12.5"),
    pack_size=20,
)


def test_each_part_of_a_request_is_named_in_korean():
    told = wish(KO, say_request(BUNS))

    assert (
        told
        == "steamed buns, maru buns 90 g · soft, microwaveable · 20개 묶음 · 맛: red bean · 크기: large · US$12.50 이하"
    )


def test_in_english_a_request_is_told_as_it_was_made():
    assert wish(EN, say_request(BUNS)) == say_request(BUNS)


@pytest.mark.parametrize("said", ["우유 사 줘", "a toy, please", ""])
def test_free_words_stay_as_they_are(said):
    assert wish(KO, said) == said
