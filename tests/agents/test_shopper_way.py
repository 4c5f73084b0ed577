"""The shortest way to a product's page, from wherever a walk stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.shopper.journey import Journey
from agents.shopper.way import Way

RANKS = {"near": {"cola": 3}, "deep": {"cola": 35}, "other": {"soap": 1}}


@pytest.fixture
def journey():
    return Journey(queries=["cola"], number=1, ranks=RANKS)


@pytest.fixture
def on_list(journey):
    return Way(journey, "cola", 1)


def test_a_product_of_the_open_list_is_one_click_away(on_list):
    assert (on_list.steps("near"), on_list.next("near")) == (1, "click[near]")


def test_a_product_further_down_is_reached_page_by_page(on_list):
    assert (on_list.steps("deep"), on_list.next("deep")) == (4, "click[next >]")


def test_a_product_of_another_list_is_searched_for_from_any_page(on_list):
    beyond = on_list.beyond("near", read=True)

    assert (beyond.steps("other"), beyond.next("other")) == (2, "search[soap]")


def test_from_a_text_a_search_leads_back_to_the_head_of_the_list_sooner_than_going_back(journey):
    reading = Way(journey, "cola", 1, back=2, product="near")

    assert (reading.next("near"), reading.steps("near")) == ("click[< prev]", 1)
    assert replace(reading, product="other").next("near") == "search[cola]"


def test_the_first_page_is_nearer_by_searching_anew_than_by_turning_pages_back(journey):
    far = Way(journey, "cola", 4)

    assert (far.steps("near"), far.next("near")) == (2, "search[cola]")
    assert far.next("deep") == "click[deep]"


def test_a_page_far_down_is_nearer_by_going_back(journey):
    assert Way(journey, "cola", 4, back=1, product="other").next("deep") == "click[< prev]"
