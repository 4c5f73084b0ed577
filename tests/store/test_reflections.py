"""Lessons are kept by site and goods, strengthened when learned again, and the oldest are forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from stocksense.errors import UnknownName
from stocksense.store.reflections import (
    Lesson,
    forget,
    forget_before,
    forget_lessons,
    lesson_of,
    lessons,
    note_use,
    save_lesson,
)

LESSON = Lesson("webshop", "i am looking for green tea", "Search for fewer words.", category="Green tea", score=0.4)


def numbered(count):
    return [replace(LESSON, request=f"request {number}") for number in range(count)]


def test_a_lesson_comes_back_as_it_was(sessions, now):
    with sessions.begin() as session:
        number = save_lesson(session, LESSON, now)

    with sessions() as session:
        (kept,) = lessons(session, "webshop")
        assert lesson_of(session, number) == kept
    assert (kept.id, kept.lesson, kept.created_at, kept.renewed_at) == (number, LESSON, now, now)


def test_the_same_lesson_on_the_same_request_strengthens_the_row_that_there_is(sessions, now):
    later = now + timedelta(days=3)
    with sessions.begin() as session:
        first = save_lesson(session, LESSON, now)
        again = save_lesson(session, replace(LESSON, evidence="once more", score=0.6), later)

    with sessions() as session:
        (kept,) = lessons(session, "webshop")
    assert first == again == kept.id
    assert (kept.times, kept.created_at, kept.renewed_at) == (2, now, later)
    assert (kept.lesson.evidence, kept.lesson.score) == ("once more", 0.6)


def test_another_lesson_or_another_scope_is_another_row(sessions, now):
    others = [replace(LESSON, **change) for change in ({"lesson": "Read."}, {"site": "b"}, {"request": "milk"})]
    with sessions.begin() as session:
        numbers = {save_lesson(session, lesson, now) for lesson in (LESSON, *others)}

    assert len(numbers) == 4


def test_lessons_of_other_goods_and_sites_are_left_out(sessions, now):
    for_all = replace(LESSON, category="")
    with sessions.begin() as session:
        for lesson in (LESSON, replace(LESSON, category="Milk"), for_all, replace(LESSON, site="amazon")):
            save_lesson(session, lesson, now)

    with sessions() as session:
        assert [kept.lesson for kept in lessons(session, "webshop", category="Green tea")] == [for_all, LESSON]
        assert len(lessons(session, "webshop")) == 3
        assert len(lessons(session)) == 4


def test_a_lesson_is_cut_to_what_a_prompt_can_bear(sessions, now):
    with sessions.begin() as session:
        save_lesson(session, replace(LESSON, lesson="x" * 5000), now)

    with sessions() as session:
        assert len(lessons(session, "webshop")[0].lesson.lesson) == 1000


def test_what_a_lesson_was_good_for_is_counted(sessions, now):
    with sessions.begin() as session:
        number = save_lesson(session, LESSON, now)
        note_use(session, [number], helped=True)
        note_use(session, [number], helped=False)

    with sessions() as session:
        kept = lesson_of(session, number)
    assert (kept.used, kept.helped) == (2, 1)


def test_the_oldest_lessons_are_forgotten(sessions, now):
    with sessions.begin() as session:
        numbers = [save_lesson(session, lesson, now) for lesson in numbered(5)]
        save_lesson(session, replace(LESSON, site="amazon"), now)
        assert forget(session, "webshop", keep=2) == 3

    with sessions() as session:
        assert [kept.id for kept in lessons(session, "webshop")] == numbers[:2:-1]
        assert len(lessons(session, "amazon")) == 1


def test_a_lesson_learned_again_is_not_the_oldest(sessions, now):
    old, new = numbered(2)
    with sessions.begin() as session:
        first = save_lesson(session, old, now)
        save_lesson(session, new, now + timedelta(days=1))
        save_lesson(session, old, now + timedelta(days=2))
        forget(session, "webshop", keep=1)

    with sessions() as session:
        assert [kept.id for kept in lessons(session)] == [first]


def test_lessons_expire(sessions, now):
    with sessions.begin() as session:
        for days, lesson in enumerate(numbered(3)):
            save_lesson(session, lesson, now + timedelta(days=days))
        assert forget_before(session, now + timedelta(days=2)) == 2


def test_a_forgotten_lesson_makes_no_room_and_expires_like_others(sessions, now):
    with sessions.begin() as session:
        number, other = (save_lesson(session, lesson, now) for lesson in numbered(2))
        assert forget_lessons(session, [number, 999], now) == (number,)

        assert (forget(session, "webshop", keep=1), [kept.id for kept in lessons(session)]) == (0, [other])
        assert forget_before(session, now + timedelta(days=1)) == 2


def test_a_lesson_that_was_never_learned_is_unknown(sessions):
    with sessions() as session, pytest.raises(UnknownName, match="memory list"):
        lesson_of(session, 99)
