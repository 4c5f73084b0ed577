"""A walk is kept in its line while it lasts, and a person may settle or take up what needed attention."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from stocksense.domain.orders import OrderState
from stocksense.errors import IllegalStep
from stocksense.store.audit import entries
from stocksense.store.orders import line_of, settle_line, stop_line
from stocksense.store.sold import announce, announced
from stocksense.store.walks import note_walk, take_up

STEP = {"thought": "look for tea", "action": "search[tea]", "page": "shop:1", "seen": "a list"}


def test_a_walk_is_seen_while_it_goes_on(sessions, placing, now):
    line, later = placing(), now + timedelta(seconds=3)

    with sessions.begin() as session:
        kept = note_walk(session, line.id, {"brain": "offline", "steps": [STEP]}, now=later)

    with sessions() as session:
        seen = line_of(session, line.id)
    assert (kept, seen.transcript["steps"], seen.changed_at) == (True, [STEP], later)


def test_what_was_announced_stays_beside_the_walk(sessions, placing, now):
    line = placing()
    with sessions.begin() as session:
        announce(session, line.id, "shop:9")
        note_walk(session, line.id, {"steps": [STEP]}, now=now)

    with sessions() as session:
        assert announced(session, line.id) == "shop:9"


def test_a_walk_that_was_told_to_the_end_is_not_told_anew(sessions, placed, now):
    line = placed()

    with sessions.begin() as session:
        assert not note_walk(session, line.id, {"steps": [STEP]}, now=now)
        assert "steps" not in line_of(session, line.id).transcript


def test_who_bought_by_hand_may_have_paid_more(sessions, shop, placing, now):
    line = placing()
    with sessions.begin() as session:
        stop_line(session, line.id, note="sold out", now=now)
        settled = settle_line(session, line.id, total=Decimal(40000), now=now, actor="owner@example.com")

    assert (settled.state, settled.total, settled.unit_price) == (
        OrderState.PLACED,
        Decimal(40000),
        Decimal("3333.33"),
    )
    with sessions() as session:
        newest = entries(session, shop.id, subject=f"order line {line.id}")[0]
    assert (newest.action, newest.actor) == ("order settled by hand", "owner@example.com")


def test_only_one_takes_a_line_up_again(sessions, placing, now):
    line = placing()
    with sessions.begin() as session:
        announce(session, line.id, "shop:9")
        stop_line(session, line.id, note="who knows", now=now)
    with sessions.begin() as session:
        taken = take_up(session, line.id, now=now, actor="owner")

    with pytest.raises(IllegalStep), sessions.begin() as session:
        take_up(session, line.id, now=now, actor="owner")

    assert (taken.state, "announced" in taken.transcript) == (OrderState.PLACING, False)
