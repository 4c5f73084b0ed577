"""A changed quantity is another proposal with another digest, which has to be decided anew."""

from __future__ import annotations

import pytest

from stocksense.domain.orders import ProposalState
from stocksense.errors import BadValue, IllegalStep, NotApproved
from stocksense.store.amending import amend, last_change, predecessor_of, sizes_of, successor_of
from stocksense.store.proposals import decide_proposal, proposal_of


def change(sessions, info, quantity, now, digest=""):
    with sessions.begin() as session:
        return amend(session, info.id, digest=digest or info.digest, quantity=quantity, by="kim", now=now)


def test_another_quantity_takes_the_old_ones_place(sessions, proposed, now):
    old = proposed()
    new = change(sessions, old, 24, now)

    with sessions() as session:
        assert proposal_of(session, old.id).state is ProposalState.SUPERSEDED
        assert (new.state, new.quantity, new.total) == (ProposalState.PENDING, 24, 2 * old.total)
        assert new.digest != old.digest
        assert (successor_of(session, old.id), predecessor_of(session, new).id) == (new.id, old.id)
        assert (last_change(session, old).actor, sizes_of(session, new).pack_size) == ("kim", 6)


def test_what_was_seen_before_the_change_can_no_longer_be_approved(sessions, proposed, now):
    old = proposed()
    new = change(sessions, old, 24, now)

    with sessions.begin() as session:
        with pytest.raises(IllegalStep):
            decide_proposal(session, old.id, digest=old.digest, approved=True, decided_by="kim", now=now)
        with pytest.raises(NotApproved):
            decide_proposal(session, new.id, digest=old.digest, approved=True, decided_by="kim", now=now)


def test_only_what_waits_is_changed_and_only_as_it_was_seen(sessions, proposed, decided, now):
    old = proposed()
    with pytest.raises(NotApproved):
        change(sessions, old, 24, now, digest="0" * 64)
    assert change(sessions, old, 12, now) == old
    decided(old)
    with pytest.raises(IllegalStep):
        change(sessions, old, 24, now)


@pytest.mark.parametrize("quantity", [0, -6, 7])
def test_a_quantity_that_the_supplier_does_not_sell_is_refused(sessions, proposed, now, quantity):
    with pytest.raises(BadValue, match="packs hold 6"):
        change(sessions, proposed(), quantity, now)


def test_a_proposal_that_nobody_changed_has_no_successor(sessions, proposed):
    info = proposed()

    with sessions() as session:
        assert (successor_of(session, info.id), predecessor_of(session, info)) == (None, None)
