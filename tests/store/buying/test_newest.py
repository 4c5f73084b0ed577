"""Whoever shows an old proposal is led to the one that stands in its place."""

from __future__ import annotations

from stocksense.store.database import downgrade, upgrade
from stocksense.store.proposals import proposal_of
from stocksense.store.revisions import edit_quantity, newest_of


def test_the_newest_of_a_row_of_changes_is_found_from_each_of_them(sessions, proposed, now):
    row = [proposed()]
    for quantity in (18, 24):
        with sessions.begin() as session:
            before = row[-1]
            row.append(edit_quantity(session, before.id, digest=before.digest, quantity=quantity, actor="kim", now=now))

    with sessions() as session:
        assert [newest_of(session, info.id).id for info in row] == [row[-1].id] * 3


def test_what_earlier_proposals_replace_is_known_after_an_upgrade(engine, sessions, proposed, now):
    old = proposed()
    with sessions.begin() as session:
        new = edit_quantity(session, old.id, digest=old.digest, quantity=18, actor="kim", now=now)

    downgrade(engine, "0010")
    upgrade(engine)

    with sessions() as session:
        assert proposal_of(session, new.id).replaces == old.id
