"""What the buyer learned and did, read and forgotten by command."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memory.book import Book
from memory.examples import Episode
from memory.reflection import Reflection
from stocksense.store.database import make_engine, make_sessions, upgrade

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
STEPS = ({"thought": "I look.", "action": "search[cola]", "seen": "page 1 of 3 results"},)


@pytest.fixture
def book(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/stocksense.db")
    upgrade(engine)
    book = Book(make_sessions(engine))
    book.write(Reflection(NOW, "webshop", "cola 355 ml", "Search the name alone.", "cola", "bought nothing"))
    book.write(Reflection(NOW, "webshop", "hand soap", "Read the features.", "hand soap", model="react"))
    book.keep(Episode(NOW, "webshop", "cola 355 ml", STEPS, model="react"))
    return book


@pytest.fixture
def typed_here(book, tmp_path, typed_in):
    return lambda *words, **more: typed_in(tmp_path, "-l", "en", *words, **more)


def test_everything_that_was_learned_is_listed(typed_here):
    shown = typed_here("memory", "list").out

    assert "Search the name alone." in shown
    assert "L1" in shown
    assert "E1" in shown


def test_a_list_can_be_narrowed_and_read_by_a_program(typed_here):
    found = typed_here("memory", "list", "--about", "SOAP", "--kind", "lessons", "--json").json

    assert [one["lesson"] for one in found["lessons"]] == ["Read the features."]
    assert found["episodes"] == []


def test_a_lesson_is_shown_with_its_evidence(typed_here):
    shown = typed_here("memory", "show", "L1").out

    assert "evidence: bought nothing" in shown


def test_an_episode_is_shown_step_by_step(typed_here):
    assert "Action: search[cola]" in typed_here("memory", "show", "E1").out


def test_forgetting_asks_first(typed_here, book):
    answer = typed_here("memory", "forget", "L1")

    assert answer.status != 0
    assert len(book.newest()) == 2


def test_what_is_forgotten_is_gone(typed_here, book):
    assert "2 forgotten" in typed_here("memory", "forget", "L1", "E1", "--yes").out

    assert [one.lesson for one in book.newest()] == ["Read the features."]
    assert book.solved() == ()


def test_what_was_forgotten_can_be_restored(typed_here, book):
    typed_here("memory", "forget", "L1", "E1", "--yes")

    assert "Search the name alone." in typed_here("memory", "list", "--forgotten").out
    assert "2 restored" in typed_here("memory", "restore", "L1", "E1").out
    assert (len(book.newest()), len(book.solved())) == (2, 1)


def test_everything_can_be_forgotten_at_once(typed_here, book):
    typed_here("memory", "forget", "--all", "--yes")

    assert (book.newest(), book.solved()) == ((), ())


@pytest.mark.parametrize(
    "words", [("show", "X1"), ("show", "L99"), ("forget",), ("forget", "L1", "--all"), ("restore", "L1")]
)
def test_what_cannot_be_done_is_said_with_the_way_out(typed_here, words):
    answer = typed_here("memory", *words)

    assert answer.status == 1
    assert "Traceback" not in answer.err
    assert "list" in answer.err


def test_the_walk_of_the_last_order_can_be_read(typed, first_run):
    told = typed("buy", "show", "--last", "--json").json
    shown = typed("-l", "en", "buy", "show", str(told["line"])).out

    assert told["steps"][-1]["action"] == "click[buy now]"
    assert f"request: {told['request']}"[:60] in shown
    assert shown.count("→") == len(told["steps"])


def test_a_walk_is_asked_for_by_number_or_as_the_last(typed_here):
    answer = typed_here("buy", "show")

    assert answer.status == 1
    assert "--last" in answer.err
