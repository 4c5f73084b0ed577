"""Solved trials are kept as examples: one a request, the newest solution of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from stocksense.errors import UnknownName
from stocksense.store.database import downgrade, upgrade
from stocksense.store.episodes import (
    Solved,
    episode_of,
    episodes,
    forget,
    forget_before,
    forget_episodes,
    note_use,
    restore_episodes,
    save_episode,
)
from stocksense.store.migrations.initial import METADATA as FIRST_RELEASE
from stocksense.store.reflections import lessons

STEP = {"thought": "I look.", "action": "search[녹차]", "page": "", "seen": "Page 1"}
TEA = Solved("webshop", "i am looking for green tea", (STEP,), "Green tea", 1.0, "offline")


def test_an_episode_comes_back_as_it_was(sessions, now):
    with sessions.begin() as session:
        number = save_episode(session, TEA, now)

    with sessions() as session:
        assert [kept.solved for kept in episodes(session, "webshop")] == [TEA]
        assert episode_of(session, number).created_at == now


def test_a_request_that_is_solved_again_keeps_its_newest_steps(sessions, now):
    other = replace(TEA, steps=(STEP, STEP), model="react")
    with sessions.begin() as session:
        assert save_episode(session, TEA, now) == save_episode(session, other, now + timedelta(days=1))

    with sessions() as session:
        (kept,) = episodes(session)
    assert (kept.solved, kept.times) == (other, 2)


def test_what_an_episode_was_good_for_is_counted(sessions, now):
    with sessions.begin() as session:
        number = save_episode(session, TEA, now)
        note_use(session, [number], helped=False)

    with sessions() as session:
        assert (episode_of(session, number).used, episode_of(session, number).helped) == (1, 0)


def test_old_episodes_make_room_and_expire(sessions, now):
    with sessions.begin() as session:
        for days in range(4):
            save_episode(session, replace(TEA, request=f"tea {days}"), now + timedelta(days=days))
        assert forget(session, "webshop", keep=3) == 1
        assert forget_before(session, now + timedelta(days=2)) == 1
        assert [kept.solved.request for kept in episodes(session)] == ["tea 3", "tea 2"]


def test_an_episode_that_was_forgotten_can_be_restored(sessions, now):
    with sessions.begin() as session:
        number = save_episode(session, TEA, now)
        assert forget_episodes(session, [number], now) == (number,)
        assert (episodes(session), len(episodes(session, forgotten=True))) == ((), 1)

        assert restore_episodes(session, [number]) == (number,)
        assert [kept.id for kept in episodes(session)] == [number]


def test_an_episode_that_was_never_solved_is_unknown(sessions):
    with sessions() as session, pytest.raises(UnknownName, match="memory list"):
        episode_of(session, 99)


@pytest.fixture
def first_release(engine):
    """A database of the first release, brought up to date again after the test."""
    downgrade(engine, "0001")
    yield FIRST_RELEASE.tables["reflections"]
    upgrade(engine)


def old_lesson(table, now, **changes):
    row = dict.fromkeys(("category", "evidence", "model"), "") | {"site": "webshop", "request": "tea", "score": 0.0}
    return table.insert().values(**row | {"lesson": "Read.", "created_at": now} | changes)


def test_lessons_of_the_first_release_stay_and_twins_become_one(engine, sessions, first_release, now):
    with engine.begin() as connection:
        connection.execute(old_lesson(first_release, now))
        connection.execute(old_lesson(first_release, now + timedelta(days=1)))
        connection.execute(old_lesson(first_release, now, lesson="Search."))

    upgrade(engine)

    with sessions() as session:
        kept = {one.lesson.lesson: (one.times, one.renewed_at - one.created_at) for one in lessons(session)}
    assert kept == {"Read.": (2, timedelta(days=1)), "Search.": (1, timedelta(0))}


def test_going_back_a_release_keeps_the_lessons(engine, first_release, now):
    with engine.begin() as connection:
        connection.execute(old_lesson(first_release, now))
    upgrade(engine)

    downgrade(engine, "0001")

    with engine.begin() as connection:
        assert connection.scalars(select(first_release.c.lesson)).all() == ["Read."]
        connection.execute(text("DELETE FROM reflections"))
