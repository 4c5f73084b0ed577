"""Recalled goods leave the shelf whole, and come back only when nothing speaks against it."""

from __future__ import annotations

import pytest

from stocksense.domain.recall import Certainty, MatchState, RecallMatch, RecallNotice
from stocksense.domain.stock import ProductStatus
from stocksense.errors import IllegalStep
from stocksense.store import products, recalls
from stocksense.store.quarantine import settle_match


@pytest.fixture
def two_matches(sessions, shop, now):
    """Two notices that touch the same tea."""
    notices = [RecallNotice("feed", uid, "tea") for uid in ("A", "B")]
    with sessions.begin() as session:
        recalls.save_notices(session, notices, now)
        found = [RecallMatch(uid, "TEA-1", Certainty.LIKELY, "model", "feed") for uid in ("A", "B")]
        return [match.id for match in recalls.save_matches(session, shop.id, found, now)]


@pytest.fixture
def settle(sessions, now):
    """Settles a match as the owner."""

    def do(match_id, state):
        with sessions.begin() as session:
            return settle_match(session, match_id, state, decided_by="owner", now=now)

    return do


@pytest.fixture
def status(sessions, shop):
    """The status of the tea."""

    def read():
        with sessions() as session:
            return products.product_of(session, shop.id, "TEA-1").status

    return read


def test_a_confirmed_match_stops_the_product(two_matches, settle, status):
    settle(two_matches[0], MatchState.QUARANTINED)

    assert status() is ProductStatus.RECALLED


def test_a_dismissed_match_leaves_the_product_on_sale(two_matches, settle, status):
    settle(two_matches[0], MatchState.DISMISSED)

    assert status() is ProductStatus.ACTIVE


def test_a_product_stays_recalled_while_another_notice_holds_it(two_matches, settle, status):
    for match in two_matches:
        settle(match, MatchState.QUARANTINED)

    settle(two_matches[0], MatchState.RELEASED)
    assert status() is ProductStatus.RECALLED

    settle(two_matches[1], MatchState.RELEASED)
    assert status() is ProductStatus.ACTIVE


def test_a_discontinued_product_does_not_come_back_by_a_release(sessions, shop, two_matches, settle, status):
    with sessions.begin() as session:
        products.set_status(session, shop.id, "TEA-1", ProductStatus.DISCONTINUED)

    settle(two_matches[0], MatchState.QUARANTINED)
    settle(two_matches[0], MatchState.RELEASED)

    assert status() is ProductStatus.DISCONTINUED


def test_what_was_dismissed_is_not_released(two_matches, settle):
    settle(two_matches[0], MatchState.DISMISSED)

    with pytest.raises(IllegalStep, match="dismissed"):
        settle(two_matches[0], MatchState.RELEASED)
