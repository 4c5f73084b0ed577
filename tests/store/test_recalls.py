"""Notices are kept as their source has them now, and a match keeps what people decided about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from stocksense.domain.recall import Certainty, MatchState, RecallMatch, RecallNotice
from stocksense.errors import IllegalStep, UnknownName, UnknownSku
from stocksense.store.audit import entries
from stocksense.store.recalls import (
    match_of,
    matches,
    notices_since,
    recallable_products,
    save_matches,
    save_notices,
    set_match_state,
)

NOTICE = RecallNotice(
    source="safetykorea",
    uid="10029001",
    product_name="녹차 티백",
    models=("GT-20", "GT-50"),
    barcodes=("8800000000013",),
    hazard="잔류 농약",
    published_on=date(2026, 3, 9),
)
MATCH = RecallMatch("10029001", "TEA-1", Certainty.CERTAIN, "barcode 8800000000013", "safetykorea")


@pytest.fixture
def matched(sessions, shop, now):
    """Keeps a notice and its match."""
    with sessions.begin() as session:
        save_notices(session, [NOTICE], now)
        return save_matches(session, shop.id, [MATCH], now)[0]


def test_a_notice_comes_back_as_it_was(sessions, now):
    with sessions.begin() as session:
        assert save_notices(session, [NOTICE], now) == 1

    with sessions() as session:
        assert notices_since(session, date(2026, 3, 9)) == (NOTICE,)
        assert notices_since(session, date(2026, 3, 10)) == ()


def test_only_new_notices_count_as_new_and_changed_ones_are_brought_up_to_date(sessions, now):
    longer = replace(NOTICE, hazard="잔류 농약, 금속 조각")
    with sessions.begin() as session:
        save_notices(session, [NOTICE], now)
        assert save_notices(session, [longer, replace(NOTICE, uid="2", published_on=None)], now) == 1

    with sessions() as session:
        assert notices_since(session, date(2026, 3, 9))[1] == longer


def test_a_notice_without_a_day_is_always_recent(sessions, now):
    undated = replace(NOTICE, published_on=None)
    with sessions.begin() as session:
        save_notices(session, [undated], now)

    with sessions() as session:
        assert notices_since(session, date(2030, 1, 1)) == (undated,)


def test_two_sources_may_use_the_same_number(sessions, shop, now):
    other = replace(NOTICE, source="safetykorea-overseas", product_name="Tea")
    with sessions.begin() as session:
        assert save_notices(session, [NOTICE, other, NOTICE], now) == 2
        (match,) = save_matches(session, shop.id, [replace(MATCH, source=other.source)], now)

    assert match.notice == other


def test_every_product_can_be_held_against_a_notice(sessions, shop):
    with sessions() as session:
        tea = {product.sku: product for product in recallable_products(session, shop.id)}["TEA-1"]

    assert (tea.names, tea.gtin) == (("보성 녹차 티백", "Boseong green tea bags"), "8800000000013")


def test_a_match_is_new_once(sessions, shop, matched, now):
    with sessions.begin() as session:
        assert save_matches(session, shop.id, [MATCH, MATCH], now) == ()
        assert matches(session, shop.id) == (matched,)
    assert (matched.state, matched.certainty, matched.uid) == (MatchState.PROPOSED, Certainty.CERTAIN, "10029001")
    assert (matched.product_name, matched.name("en")) == ("녹차 티백", "Boseong green tea bags")


def test_a_dismissed_match_does_not_come_back(sessions, shop, matched, now):
    with sessions.begin() as session:
        set_match_state(session, matched.id, MatchState.DISMISSED, decided_by="owner", now=now)
        save_matches(session, shop.id, [MATCH], now)

    with sessions() as session:
        assert matches(session, shop.id, states=(MatchState.PROPOSED,)) == ()
        assert match_of(session, matched.id).decided_by == "owner"


def test_what_was_done_is_kept_and_audited(sessions, shop, matched, now):
    with sessions.begin() as session:
        done = set_match_state(session, matched.id, MatchState.QUARANTINED, decided_by="policy", now=now, units=7)

    with sessions() as session:
        (entry,) = entries(session, shop.id, subject=f"recall match {matched.id}")
    assert (done.state, done.units) == (MatchState.QUARANTINED, 7)
    assert (entry.actor, entry.details["units"]) == ("policy", 7)


def test_goods_that_were_not_taken_off_sale_are_not_released(sessions, matched, now):
    wanted = "is proposed and cannot become released; it can become dismissed, quarantined"
    with pytest.raises(IllegalStep, match=wanted), sessions.begin() as session:
        set_match_state(session, matched.id, MatchState.RELEASED, decided_by="owner", now=now)


def test_a_match_needs_its_notice_and_its_product(sessions, shop, matched, now):
    with pytest.raises(UnknownName, match="notice of safetykorea"), sessions.begin() as session:
        save_matches(session, shop.id, [replace(MATCH, notice_uid="404")], now)
    with pytest.raises(UnknownSku), sessions.begin() as session:
        save_matches(session, shop.id, [replace(MATCH, sku="TEA-9")], now)
    with pytest.raises(UnknownName, match="recall match"), sessions() as session:
        match_of(session, 99_999)


def test_thousands_of_notices_are_kept_in_seconds(sessions, now):
    many = [replace(NOTICE, uid=str(number)) for number in range(5000)]

    with sessions.begin() as session:
        assert save_notices(session, many, now) == 5000
        assert save_notices(session, many, now) == 0
