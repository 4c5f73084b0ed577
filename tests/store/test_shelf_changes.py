"""Shelves that people change by hand: once a form, never on a shelf that changed meanwhile, and taken back cleanly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stocksense.domain.stock import Adjustment, LocationKind, MoveKind
from stocksense.errors import IllegalStep, UnknownName
from stocksense.store.lots import next_expiries
from stocksense.store.moves import Move, record_moves
from stocksense.store.product_page import ledger_page
from stocksense.store.rollups import rollup_faults
from stocksense.store.shelf_changes import Count, Shelf, adjust_shelf, count_shelves, my_changes, take_back
from stocksense.store.skus import product_id_of
from stocksense.store.stock import balance_faults, held_at

ANN = "ann@shop.test"


@pytest.fixture
def opened(sessions, shop, places, now):
    """Twelve cartons of milk at the front, of two lots."""
    with sessions.begin() as session:
        moves = [
            Move(
                "MILK-1",
                places["Suppliers"],
                places["Front"],
                units,
                MoveKind.RECEIPT,
                now,
                lot_code=lot,
                expires_on=on,
            )
            for units, lot, on in ((8, "A", now.date() + timedelta(3)), (4, "B", now.date() + timedelta(9)))
        ]
        record_moves(session, shop.id, moves, actor="opening", now=now)
    return Shelf("MILK-1", places["Front"])


@pytest.fixture
def count(sessions, shop, opened, places, now):
    """Counts the front's milk, and the annex's where it is given, with one form."""

    def one(units, shown=12, **further):
        counts = {opened.location_id: Count(units, shown)} | {places[name]: one for name, one in further.items()}
        with sessions.begin() as session:
            return count_shelves(session, shop.id, "MILK-1", counts, key="form-0001", actor=ANN, now=now)

    return one


@pytest.fixture
def held(sessions, shop):
    """What the stores hold of the milk."""

    def now_held():
        with sessions() as session:
            assert balance_faults(session, shop.id) == ()
            assert rollup_faults(session, shop.id) == ()
            return held_at(session, shop.id, "MILK-1")

    return now_held


def test_a_count_brings_the_books_to_the_shelf(count, held):
    counted = next(iter(count(10).values()))

    assert (counted.before, counted.after, counted.difference) == (12, 10, -2)
    assert held() == {"Front": 10, "Annex": 0}


def test_a_form_that_is_sent_twice_counts_once(count, held):
    count(10)

    assert next(iter(count(10).values())).repeated
    assert held()["Front"] == 10


def test_a_count_of_a_shelf_that_changed_meanwhile_is_asked_again(count, held):
    results = count(10, shown=13, Annex=Count(5, 0))

    assert [result.is_stale for result in results.values()] == [True, False]
    assert held() == {"Front": 12, "Annex": 0}


def test_only_stores_are_counted(sessions, shop, places, now):
    with pytest.raises(UnknownName, match="Front, Annex"), sessions.begin() as session:
        counts = {places["Losses"]: Count(1, 0)}
        count_shelves(session, shop.id, "MILK-1", counts, key="form-0001", actor=ANN, now=now)


@pytest.mark.parametrize("why", list(Adjustment))
def test_a_change_with_a_reason_is_taken_back_without_a_trace_in_the_sums(sessions, shop, opened, held, now, why):
    with sessions.begin() as session:
        adjust_shelf(session, shop.id, opened, why, 3, key="form-0002", actor=ANN, now=now, note="떨어뜨림")
        assert held_at(session, shop.id, "MILK-1")["Front"] == (15 if why is Adjustment.FOUND else 9)
        made = my_changes(session, shop.id, ANN, now=now)
        assert made[0].reference == f"{why}: 떨어뜨림"
        take_back(session, shop.id, made[0].move_id, actor=ANN, now=now)
        take_back(session, shop.id, made[0].move_id, actor=ANN, now=now)

    assert held()["Front"] == 12


def test_what_no_person_booked_cannot_be_taken_back(sessions, shop, opened, now):
    with pytest.raises(IllegalStep, match="count the shelf instead"), sessions.begin() as session:
        opening = ledger_page(session, shop.id, "MILK-1").lines[0]
        take_back(session, shop.id, opening.id, actor=ANN, now=now)


def test_the_lot_that_expires_first_among_those_on_hand_is_told(sessions, shop, opened, now):
    with sessions() as session:
        milk = product_id_of(session, shop.id, "MILK-1")

        assert next_expiries(session, shop.id, {milk: 12})[milk].units == 8
        assert next_expiries(session, shop.id, {milk: 3})[milk].lot == "B"


def test_a_known_loss_may_run_back_only_from_the_losses():
    from stocksense.domain.stock import check_route

    check_route(MoveKind.WASTE, LocationKind.LOSS, LocationKind.STORE, 1)
