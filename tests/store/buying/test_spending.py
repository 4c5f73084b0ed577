"""The owner's caps per order and per week hold, also when several approve at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from stocksense.store.orders import cancel_line, finish_line, start_line, stop_line
from stocksense.store.products import NewProduct, save_products
from stocksense.store.proposals import decide_proposal, propose, supersede
from stocksense.store.shops import shop_of, update_policy
from stocksense.store.spending import approve_within_caps, monday_of, spent_since, spent_this_week
from stocksense.store.tables import Shop

MONDAY = date(2026, 3, 9)


@pytest.fixture
def caps(sessions, shop):
    """Sets what may be spent without asking."""

    def set_caps(per_order, per_week):
        with sessions.begin() as session:
            update_policy(session, shop.id, budget_per_order=Decimal(per_order), budget_per_week=Decimal(per_week))

    return set_caps


@pytest.fixture
def spent(sessions, shop):
    """What was spent since a day."""

    def since(day=MONDAY):
        with sessions.begin() as session:
            return spent_since(session, shop.id, day)

    return since


@pytest.fixture
def cups(sessions, shop, terms, now):
    """Proposals of eight products, 37,440 won each."""
    skus = [f"CUP-{n}" for n in range(8)]
    with sessions.begin() as session:
        save_products(session, shop.id, [NewProduct(sku, sku, sku) for sku in skus], now=now)
        return [propose(session, shop.id, replace(terms, sku=sku), idempotency_key=sku, now=now) for sku in skus]


def test_a_week_begins_on_monday():
    assert {monday_of(MONDAY + timedelta(days=n)) for n in range(7)} == {MONDAY}


def test_an_approval_counts_before_it_is_ordered(proposed, decided, spent):
    proposed(sku="TEA-2")
    decided(proposed(sku="MILK-1"), approved=False)
    decided(proposed())

    assert spent() == Decimal(37440)


def test_an_order_counts_with_what_it_cost(sessions, placing, spent, now):
    line = placing()
    with sessions.begin() as session:
        finish_line(session, line.id, unit_price=Decimal(3000), total=Decimal(36000), now=now)

    assert spent() == Decimal(36000)


def test_an_order_in_doubt_counts_in_full(sessions, placing, spent, now):
    line = placing()
    with sessions.begin() as session:
        stop_line(session, line.id, note="the connection broke", now=now)

    assert spent() == Decimal(37440)


def test_what_was_cancelled_or_withdrawn_does_not_count(sessions, placed, proposed, decided, spent, now):
    line, info = placed(), decided(proposed(sku="TEA-2"))
    with sessions.begin() as session:
        cancel_line(session, line.id, now=now, actor="owner")
        supersede(session, info.id, now=now, actor="owner")

    assert spent() == 0


@pytest.mark.parametrize(("hour", "counts"), [(14, False), (15, True)])
def test_the_week_begins_at_midnight_by_the_shops_clock(sessions, proposed, spent, hour, counts):
    info = proposed()
    sunday_in_utc = datetime(2026, 3, 8, hour, 59, tzinfo=UTC)
    with sessions.begin() as session:
        decide_proposal(session, info.id, digest=info.digest, approved=True, decided_by="owner", now=sunday_in_utc)

    assert bool(spent()) is counts


def test_in_a_frozen_shop_every_approval_is_of_its_day(sessions, shop, proposed, decided, spent):
    decided(proposed())
    with sessions.begin() as session:
        session.execute(update(Shop).values(as_of=date(2027, 1, 6)))

    assert spent(date(2027, 1, 4)) == Decimal(37440)
    assert spent(date(2027, 1, 11)) == 0


@pytest.mark.parametrize(
    ("given", "approved"), [((40000, 100000), True), ((37440, 37440), True), ((37439, 99999), False), ((0, 0), False)]
)
def test_the_policy_approves_what_the_caps_cover(sessions, caps, proposed, now, given, approved):
    caps(*given)
    info = proposed()

    with sessions.begin() as session:
        assert (approve_within_caps(session, info.id, now=now) is not None) is approved


def test_the_cap_of_the_week_counts_what_the_owner_approved(sessions, shop, caps, proposed, decided, now):
    caps(40000, 70000)
    decided(proposed())
    info = proposed(sku="TEA-2")

    with sessions.begin() as session:
        assert spent_this_week(session, shop_of(session, shop.id), now) == Decimal(37440)
        assert approve_within_caps(session, info.id, now=now) is None


def test_concurrent_approvals_do_not_exceed_the_week(sessions, caps, cups, now, at_once, spent):
    caps(40000, 120000)

    def approve(info):
        with sessions.begin() as session:
            return approve_within_caps(session, info.id, now=now)

    results = at_once([lambda info=info: approve(info) for info in cups])

    assert sum(result is not None for result in results) == 3
    assert spent() == 3 * Decimal(37440)


def test_who_checks_and_approves_in_one_transaction_does_not_exceed_the_week(sessions, cups, now, at_once, spent):
    def approve(info):
        with sessions.begin() as session:
            if spent_since(session, info.shop_id, MONDAY) + info.total <= 80000:
                decide_proposal(session, info.id, digest=info.digest, approved=True, decided_by="me", now=now)
                start_line(session, info.id, now)

    at_once([lambda info=info: approve(info) for info in cups])

    assert spent() == 2 * Decimal(37440)
