"""The nightly tidying forgets old conversations and keeps the rest."""

from __future__ import annotations

from datetime import timedelta

from graphs.jobs import fire
from stocksense.store.conversations import conversations, save_conversation
from stocksense.store.states import Role
from stocksense.store.users import save_user


def test_old_conversations_are_forgotten_at_night(make_services, now):
    services = make_services()
    with services.sessions.begin() as session:
        owner = save_user(session, "o@shop.test", name="o", role=Role.OWNER, now=now, password="correct horse")
        for name, days in (("old", 91), ("new", 89)):
            save_conversation(session, name, owner.id, now=now - timedelta(days=days))

    firing = fire(services, "tidy", now)

    with services.sessions() as session:
        assert [one.id for one in conversations(session, owner.id)] == ["new"]
    assert firing is not None
    assert not firing.error
