"""What was said in the chat is kept by person, found again, and pruned."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stocksense.errors import UnknownName
from stocksense.store.conversations import (
    content_of,
    conversation_of,
    conversations,
    element_body,
    forget,
    note_feedback,
    prune,
    remove_element,
    remove_step,
    said_in,
    save_conversation,
    save_element,
    save_step,
)
from stocksense.store.states import Role
from stocksense.store.users import save_user


@pytest.fixture
def people(sessions, now):
    """The numbers of the owner and of a clerk."""
    with sessions.begin() as session:
        return tuple(
            save_user(session, f"{name}@shop.test", name=name, role=Role.OWNER, now=now, password="correct horse").id
            for name in ("owner", "clerk")
        )


def step(name, at, **body):
    return {"id": name, "type": "user_message", "output": f"{name} 매출", "createdAt": at.isoformat(), **body}


@pytest.fixture
def talked(sessions, people, now):
    """Conversations `c0` (the oldest) to `c4` of the owner, a day apart; returns a maker of further steps."""
    with sessions.begin() as session:
        for day in range(5):
            at = now - timedelta(days=4 - day)
            save_conversation(session, f"c{day}", people[0], now=at, name=f"Talk {day}", details={"tags": ["ko"]})
            save_step(session, f"c{day}", people[0], step(f"s{day}", at), now=at)
            save_element(session, f"c{day}", people[0], {"id": f"e{day}"}, mime="text/plain", content="12", now=at)
    return people


def test_steps_come_back_in_the_order_in_which_they_were_said(sessions, people, now):
    with sessions.begin() as session:
        for minute in (2, 1, 3):
            at = now + timedelta(minutes=minute)
            save_step(session, "c", people[0], step(f"s{minute}", at), now=now)
        save_step(session, "c", people[0], {"id": "s1", "output": "다시"}, now=now)

        said = said_in(session, "c")

    assert [(one["id"], one["output"]) for one in said.steps] == [("s1", "다시"), ("s2", "s2 매출"), ("s3", "s3 매출")]
    assert said.info.owner == "owner@shop.test"


def test_nobody_writes_into_somebody_elses_conversation(sessions, talked, now):
    owner, clerk = talked
    with sessions.begin() as session:
        for write in (
            lambda: save_conversation(session, "c1", clerk, now=now, name="mine"),
            lambda: save_step(session, "c1", clerk, step("x", now), now=now),
            lambda: save_step(session, "other", clerk, step("s1", now), now=now),
            lambda: save_element(session, "other", clerk, {"id": "e1"}, mime="text/plain", content="", now=now),
        ):
            with pytest.raises(UnknownName):
                write()
        remove_step(session, "s1", clerk)
        remove_element(session, "e1", clerk)

        assert (conversation_of(session, "c1").name, len(said_in(session, "c1").steps)) == ("Talk 1", 1)
        assert content_of(session, "e1").user_id == owner


def test_conversations_are_paged_newest_first_and_searched_by_what_was_said(sessions, talked):
    owner, clerk = talked
    with sessions() as session:
        first = conversations(session, owner, limit=2)
        rest = conversations(session, owner, before=first[-1].id)

        assert [one.id for one in (*first, *rest)] == ["c4", "c3", "c2", "c1", "c0"]
        assert [one.id for one in conversations(session, owner, search="s3 매출")] == ["c3"]
        assert conversations(session, owner, search="100%") == conversations(session, clerk) == ()


def test_old_conversations_are_pruned_with_all_that_was_said(sessions, talked, now):
    with sessions.begin() as session:
        assert prune(session, now=now, keep_days=2, keep_newest=10) == 2
        assert prune(session, now=now, keep_days=90, keep_newest=1) == 2

        assert [one.id for one in conversations(session, talked[0])] == ["c4"]
        assert content_of(session, "e0") is None
        assert content_of(session, "e4").content == "12"


def test_what_is_forgotten_is_gone(sessions, talked):
    with sessions.begin() as session:
        note_feedback(session, "s1", {"value": 1})
        assert said_in(session, "c1").steps[0]["feedback"] == {"value": 1}
        assert element_body(session, "c1", "e1") == {"id": "e1"}
        forget(session, "c1")

        assert said_in(session, "c1") is None
        assert element_body(session, "c1", "e1") is None
