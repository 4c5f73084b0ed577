"""The book of reflections: what is kept, what is recollected, and what is forgotten."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from subprocess import Popen

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from memory.book import Book
from memory.reflection import Reflection, likeness, relevance

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
COLA = "i am looking for cola, duruon cola 355 ml, pack of 24 with caffeinated, and price lower than 10.28 dollars"
SOAP = "i am looking for hand soap, boducha soap 500 ml with mild, and price lower than 3.00 dollars"


@pytest.fixture
def book(sessions):
    return Book(sessions)


@pytest.fixture
def about_cola():
    return Reflection(at=NOW, site="webshop", request=COLA, lesson="Search the pack size.", category="cola")


def test_a_reflection_outlives_the_book_that_wrote_it(book, sessions, about_cola):
    book.write(about_cola)

    (found,) = Book(sessions).recollect("webshop", COLA, now=NOW, category="cola")

    assert replace(found, number=0) == about_cola


def test_reflections_on_like_requests_come_first(book, about_cola):
    book.write(replace(about_cola, request=SOAP, category="hand soap", lesson="About soap."))
    book.write(about_cola)

    assert book.recollect("webshop", COLA, now=NOW)[0].lesson == "Search the pack size."


def test_of_two_reflections_on_the_same_request_the_newer_comes_first(book, about_cola):
    book.write(about_cola)
    book.write(replace(about_cola, at=NOW - timedelta(days=30), lesson="Older."))

    assert [found.lesson for found in book.recollect("webshop", COLA, now=NOW)] == ["Search the pack size.", "Older."]


def test_a_lesson_is_recollected_once_however_often_it_was_learned(book, about_cola):
    for _ in range(3):
        book.write(about_cola)

    assert len(book.recollect("webshop", COLA, now=NOW)) == 1


def test_requests_of_another_kind_recollect_nothing(book, about_cola):
    book.write(about_cola)

    assert book.recollect("webshop", "무선 이어폰 검정", now=NOW, category="earphones") == ()


def test_another_site_s_lessons_stay_there(book, about_cola):
    book.write(about_cola)

    assert book.recollect("elsewhere", COLA, now=NOW) == ()


def test_the_oldest_reflections_make_room(sessions, about_cola):
    book = Book(sessions, kept=2)
    for day in range(3):
        book.write(replace(about_cola, lesson=f"Lesson {day}", at=NOW + timedelta(days=day)))

    assert [found.lesson for found in book.newest("webshop")] == ["Lesson 2", "Lesson 1"]


def test_the_same_lesson_on_the_same_request_is_one_entry_that_grows(book, about_cola):
    later = NOW + timedelta(days=2)
    book.write(about_cola)

    kept = book.write(replace(about_cola, at=later))

    assert (kept.times, kept.at) == (2, later)
    assert len(book.newest()) == 1


def test_a_lesson_that_helps_comes_before_one_that_does_not(book, about_cola):
    idle = book.write(about_cola)
    useful = book.write(replace(about_cola, lesson="Read the features."))
    book.note_use([idle], helped=False)
    book.note_use([useful], helped=True)

    assert [found.lesson for found in book.recollect("webshop", COLA, now=NOW)] == [useful.lesson, idle.lesson]


def test_a_lesson_that_never_helps_is_not_recollected_any_more(book, about_cola):
    kept = book.write(about_cola)
    for _ in range(4):
        book.note_use([kept], helped=False)

    assert book.recollect("webshop", COLA, now=NOW, category="cola") == ()
    assert book.reflection(kept.number).used == 4


def test_lessons_expire(book, about_cola):
    book.write(about_cola)

    assert book.recollect("webshop", COLA, now=NOW + timedelta(days=366), category="cola") == ()


def test_writing_clears_what_has_expired(book, about_cola):
    book.write(about_cola)
    book.write(replace(about_cola, request=SOAP, at=NOW + timedelta(days=400)))

    assert [found.request for found in book.newest()] == [SOAP]


def test_what_is_forgotten_is_gone(book, about_cola):
    kept = book.write(about_cola)

    assert book.forget([kept], now=NOW, actor="owner") == 1
    assert book.newest() == ()


def test_several_processes_write_into_one_book(engine, book, about_cola):
    url = engine.url.render_as_string(hide_password=False)
    program = f"""
import sys
from dataclasses import replace
from datetime import UTC, datetime
from memory.book import Book
from memory.reflection import Reflection
from stocksense.store.database import make_engine, make_sessions
book = Book(make_sessions(make_engine({url!r})))
at = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
for _ in range(10):
    kept = book.write(Reflection(at, "webshop", {COLA!r}, {about_cola.lesson!r}, "cola"))
    book.note_use([kept], helped=True)
"""
    processes = [Popen([sys.executable, "-c", program]) for _ in range(2)]

    assert [process.wait(60) for process in processes] == [0, 0]
    (found,) = book.recollect("webshop", COLA, now=NOW, category="cola")
    assert (found.times, found.used, found.helped) == (20, 20, 20)


@given(st.text(), st.text())
def test_likeness_is_mutual_and_at_most_one(one, other):
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert 0 <= likeness(one, other) <= 1 + 1e-9


@given(st.floats(0, 1000), st.floats(0, 1000))
def test_a_reflection_never_matters_more_as_it_ages(first_days, more_days):
    reflection = Reflection(at=NOW, site="webshop", request=COLA, lesson="x")
    young = relevance(reflection, request=COLA, category="", now=NOW + timedelta(days=first_days))
    old = relevance(reflection, request=COLA, category="", now=NOW + timedelta(days=first_days + more_days))

    assert old <= young


def test_a_forgotten_lesson_is_neither_recollected_nor_listed(book, about_cola):
    book.forget([book.write(about_cola)], now=NOW, actor="owner")

    assert book.recollect("webshop", COLA, now=NOW) == book.newest() == ()
    assert [one.lesson for one in book.newest(forgotten=True)] == [about_cola.lesson]


def test_a_forgotten_lesson_is_restored_once_with_all_that_it_was(book, about_cola):
    kept = book.write(about_cola)
    book.forget([kept], now=NOW, actor="owner")

    assert [book.restore([kept], now=NOW, actor="owner") for _ in range(2)] == [1, 0]
    assert book.newest() == (kept,)


def test_a_forgotten_lesson_that_is_learned_anew_is_remembered(book, about_cola):
    book.forget([book.write(about_cola)], now=NOW, actor="owner")

    assert book.write(about_cola).times == 2
    assert len(book.newest()) == 1


def test_who_made_the_buyer_forget_is_in_the_audit_trail(book, sessions, about_cola):
    kept = book.write(about_cola)
    book.forget([kept, kept], now=NOW, actor="owner@example.com")
    book.restore([kept], now=NOW, actor="owner@example.com")

    with sessions() as session:
        rows = session.execute(text("SELECT actor, action, subject FROM audit ORDER BY id")).all()
    assert [*map(tuple, rows)] == [
        ("owner@example.com", "forget what was learned", f"lesson {kept.number}"),
        ("owner@example.com", "restore what was learned", f"lesson {kept.number}"),
    ]
