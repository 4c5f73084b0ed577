"""Solved episodes: kept, and the nearest ones found for a request."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from memory.book import Book
from memory.examples import Episode, nearest

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
COLA = Episode(NOW, "webshop", "i am looking for cola with zero sugar", ({"action": "search[cola]"},), "cola")
SODA = replace(COLA, request="i am looking for cola with caffeine", category="cola")
SOAP = replace(COLA, request="mild hand soap, 500 ml", category="hand soap")


@pytest.fixture
def book(sessions):
    return Book(sessions)


def requests(episodes):
    return [episode.request for episode in episodes]


def test_an_episode_outlives_the_book_that_kept_it(book, sessions):
    kept = book.keep(COLA)

    assert Book(sessions).solved("webshop") == (kept,)
    assert replace(kept, number=0) == COLA


def test_the_nearest_examples_come_first_and_strangers_not_at_all(book):
    for episode in (SOAP, SODA, COLA):
        book.keep(episode)

    assert requests(book.examples("webshop", COLA.request, now=NOW)) == [COLA.request, SODA.request]


def test_no_examples_are_shown_when_none_are_wanted(book):
    book.keep(COLA)

    assert book.examples("webshop", COLA.request, now=NOW, limit=0) == ()


def test_another_embedding_may_rank_them():
    def by_length(texts):
        return [(1.0, abs(len(text) - len(texts[0]))) for text in texts]

    assert requests(nearest(SOAP.request, (COLA, SOAP), limit=1, embed=by_length)) == [SOAP.request]


def test_without_episodes_an_embedding_is_not_asked():
    assert nearest("cola", (), limit=2, embed=lambda texts: 1 / 0) == ()


def test_an_example_that_never_helped_is_not_shown_again(book):
    kept = book.keep(COLA)
    for _ in range(3):
        book.note_use(examples=[kept], helped=False)

    assert book.examples("webshop", COLA.request, now=NOW) == ()


def test_an_example_that_helps_stays(book):
    kept = book.keep(COLA)
    for _ in range(3):
        book.note_use(examples=[kept], helped=True)

    assert [(one.used, one.helped) for one in book.examples("webshop", COLA.request, now=NOW)] == [(3, 3)]


def test_examples_expire(book):
    book.keep(COLA)

    assert book.examples("webshop", COLA.request, now=NOW + timedelta(days=366)) == ()
