"""The audit trail tells who did what, and cannot be rewritten."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from stocksense.store.audit import entries, write
from stocksense.store.tables import Audit


@pytest.fixture
def written(sessions, shop, now):
    """Two entries, of which one is about proposal 1."""
    with sessions.begin() as session:
        write(session, shop.id, "approved", "proposal 1", actor="owner", now=now, details={"quantity": 12})
        write(session, shop.id, "approved", "proposal 2", actor="policy", now=now)


def test_entries_come_back_newest_first(sessions, shop, written, now):
    with sessions() as session:
        newest, oldest = entries(session, shop.id)
        assert entries(session, shop.id, subject="proposal 1") == (oldest,)
    assert (newest.actor, oldest.actor, oldest.details, oldest.happened_at) == (
        "policy",
        "owner",
        {"quantity": 12},
        now,
    )


@pytest.mark.parametrize("change", [update(Audit).values(actor="nobody"), delete(Audit)])
def test_entries_are_neither_changed_nor_deleted(sessions, shop, written, change):
    with pytest.raises(IntegrityError, match="never"), sessions.begin() as session:
        session.execute(change)

    with sessions() as session:
        assert [entry.actor for entry in entries(session, shop.id)] == ["policy", "owner"]
