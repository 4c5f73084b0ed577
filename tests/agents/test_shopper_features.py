"""What the ranker looks at: steps that decide, such as an option that cannot be had, and what a title contradicts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agents.shopper.features import NAMES, Rareness, held_by, listed_features, opened_features
from agents.shopper.options import said_options
from agents.shopper.request import Request, parse_request
from agents.shopper.verdict import Offered

NAMED = parse_request("Find me men's shirts with long sleeve, slim fit with color: navy, and size: large")
FREE = parse_request("i want men's shirts. the navy one, size 5x-large tall. only with long sleeve, please")
SIZES = (("size", ("x-large", "5x-large")), ("color", ("navy", "red")))
LONG_SIZES = (("size", ("5x-large tall", "x-large")), ("color", ("navy blue", "navy")))


def offered(title: str, options: tuple[tuple[str, tuple[str, ...]], ...] = (), *texts: str) -> Offered:
    return Offered("p1", title, Decimal(9), Decimal(9), options, texts)


def listed(request: Request, title: str) -> dict[str, float]:
    return dict(zip(NAMES["listed"], listed_features(request, offered(title), (1,), {}), strict=True))


def read(request: Request, offers: list[Offered], place: int = 0) -> dict[str, float]:
    held = [held_by(request, offer) for offer in offers]
    found = Rareness(request, held, [offer.options for offer in offers]).features(held[place])
    return dict(zip(NAMES["read"][-len(found) :], found, strict=True))


@pytest.mark.parametrize(
    ("title", "rivals"),
    [("Shirt with Short Sleeve, Regular Fit", 1.0), ("Short Sleeve Slim Fit", 0.5), ("Long Sleeve Slim Fit", 0.0)],
)
def test_a_title_that_says_another_in_place_of_what_is_wished_rivals_it(title, rivals):
    assert listed(NAMED, title)["rivals"] == rivals


def test_a_title_that_says_both_rivals_nothing():
    assert listed(NAMED, "Long Sleeve or Short Sleeve, Slim Fit")["rivals"] == 0.0


@pytest.mark.parametrize(("title", "share"), [("Makeup Bag", 1.0), ("Pencil Cases", 1.0), ("Pencil Box", 0.0)])
def test_bags_and_cases_are_one_of_both(title, share):
    asked = parse_request("Find me bags & cases")

    assert (listed(asked, title)["title kind"], listed(asked, title)["title head"]) == (share, share)


@pytest.mark.parametrize(
    ("title", "other"), [("Womens Shirt", 1.0), ("Shirt for Men and Women", 0.0), ("Shirt", 0.0), ("여성 셔츠", 1.0)]
)
def test_what_is_made_for_women_is_not_what_men_are_looking_for(title, other):
    assert listed(NAMED, title)["other sex"] == other


def test_an_option_that_names_the_other_sex_makes_both_right():
    asked = parse_request("Find me men's shirts with fit type: women")

    assert listed(asked, "Womens Shirt")["other sex"] == 0.0


def test_one_option_that_cannot_be_had_is_enough_to_lack_them_all():
    features = opened_features(NAMED, offered("Shirt", (("color", ("navy",)), ("size", ("small",)))), {})

    told = dict(zip(NAMES["opened"], (*[0.0] * len(NAMES["listed"]), *features), strict=True))
    assert (told["option words"], told["all options"]) == (0.5, 0.0)


def test_free_words_ask_for_the_longest_value_that_any_page_calls_so():
    found = said_options(FREE, [SIZES, LONG_SIZES])

    assert found == {frozenset({"size"}): "5x-large tall", frozenset({"color"}): "navy"}


def test_a_request_that_names_its_options_is_taken_at_its_word():
    assert said_options(NAMED, [SIZES]) == {}


def test_a_page_with_a_shorter_value_does_not_have_what_free_words_ask_for():
    pages = [offered("Shirt", SIZES, "long sleeve"), offered("Shirt", LONG_SIZES)]

    assert [read(FREE, pages, place)["said values"] for place in (0, 1)] == [0.5, 1.0]
    assert [read(FREE, pages, place)["all values"] for place in (0, 1)] == [0.0, 1.0]


def test_a_title_has_the_value_that_a_page_offers_no_choice_of():
    pages = [offered("Navy Shirt", SIZES[:1]), offered("Shirt", SIZES)]

    assert read(FREE, pages)["said values"] == 1.0


def test_nothing_is_missing_only_if_words_and_options_are_all_there():
    said = "men's shirt color size long sleeve slim fit navy large"
    whole, part = (("color", ("navy",)), ("size", ("large",))), (("color", ("navy",)),)

    told = [read(NAMED, [offered("Shirt", options, said)]) for options in (whole, part)]
    assert [one["nothing missing"] for one in told] == [1.0, 0.0]
    assert [one["all phrases"] for one in told] == [1.0, 1.0]


def test_a_title_does_not_make_up_for_a_choice_that_lacks_the_value():
    pages = [offered("Navy Shirt", (SIZES[0], ("color", ("red", "green")))), offered("Shirt", SIZES)]

    assert read(FREE, pages)["said values"] == 0.5
