"""What a purchase learns from earlier ones, and what it leaves to later ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from agents.shopper.lessons import Insight
from graphs.buying import resume_order
from graphs.errand import errand_of
from memory.book import Book
from memory.reflection import Reflection
from stocksense.domain.orders import OrderState
from stocksense.store import orders

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def book(sqlite_sessions):
    return Book(sqlite_sessions)


@pytest.fixture
def buy(sqlite_sessions, open_services, approved, shop_with, book):
    """Buys the approved cola in a shop with one page, after a like purchase taught a lesson."""

    def place(record):
        services = open_services(sqlite_sessions, shop_with(record))
        proposal = approved(sqlite_sessions)
        with sqlite_sessions.begin() as session:
            line = orders.start_line(session, proposal, NOW)
        request = errand_of(services, line).request
        earlier = Reflection(NOW, "webshop", request.text, str(Insight.PACK), request.kind)
        book.write(earlier)
        book.write(replace(earlier, lesson="Free words of a model."))
        with sqlite_sessions.begin() as session:
            orders.stop_line(session, line.id, note="wait", now=NOW)
        return resume_order(services, line.id, actor="owner")

    return place


def counted(book):
    return {one.lesson: (one.used, one.helped) for one in book.newest()}


def test_a_success_is_kept_as_an_example_and_counted_for_its_lessons(buy, page, book):
    line = buy(page())

    assert line.state is OrderState.PLACED
    (episode,) = book.solved("webshop")
    assert episode.steps[-1]["action"] == "click[buy now]"
    assert counted(book) == {str(Insight.PACK): (1, 1), "Free words of a model.": (0, 0)}


def test_a_failure_is_counted_against_its_lessons_and_teaches_another(buy, page, book):
    line = buy(page(pricing="$99.00"))

    assert line.state is OrderState.NEEDS_ATTENTION
    assert book.solved() == ()
    assert counted(book)[str(Insight.PACK)] == (1, 0)
    assert len(book.newest()) == 3


def test_free_words_of_a_model_are_not_known_to_a_purchase(buy, page):
    assert buy(page()).transcript["lessons"] == [str(Insight.PACK)]
