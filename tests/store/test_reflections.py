"""Lessons are kept by site and goods, and the oldest are forgotten."""

from __future__ import annotations

from dataclasses import replace

from stocksense.store.reflections import Lesson, forget, lessons, save_lesson

LESSON = Lesson("webshop", "i am looking for green tea", "Search for fewer words.", category="Green tea", score=0.4)


def test_a_lesson_comes_back_as_it_was(sessions, now):
    with sessions.begin() as session:
        number = save_lesson(session, LESSON, now)

    with sessions() as session:
        (kept,) = lessons(session, "webshop")
    assert (kept.id, kept.lesson, kept.created_at) == (number, LESSON, now)


def test_lessons_of_other_goods_and_sites_are_left_out(sessions, now):
    for_all = replace(LESSON, category="")
    with sessions.begin() as session:
        for lesson in (LESSON, replace(LESSON, category="Milk"), for_all, replace(LESSON, site="amazon")):
            save_lesson(session, lesson, now)

    with sessions() as session:
        assert [kept.lesson for kept in lessons(session, "webshop", category="Green tea")] == [for_all, LESSON]
        assert len(lessons(session, "webshop")) == 3


def test_a_lesson_is_cut_to_what_a_prompt_can_bear(sessions, now):
    with sessions.begin() as session:
        save_lesson(session, replace(LESSON, lesson="x" * 5000), now)

    with sessions() as session:
        assert len(lessons(session, "webshop")[0].lesson.lesson) == 1000


def test_the_oldest_lessons_are_forgotten(sessions, now):
    with sessions.begin() as session:
        numbers = [save_lesson(session, LESSON, now) for _ in range(5)]
        save_lesson(session, replace(LESSON, site="amazon"), now)
        assert forget(session, "webshop", keep=2) == 3

    with sessions() as session:
        assert [kept.id for kept in lessons(session, "webshop")] == numbers[:2:-1]
        assert len(lessons(session, "amazon")) == 1
