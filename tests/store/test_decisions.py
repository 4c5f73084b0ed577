"""A stored decision is the one that was made, and the stored situation gives it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from stocksense.domain.reorder import Reason, Situation, decide
from stocksense.domain.stock import ProductStatus
from stocksense.errors import UnknownSku
from stocksense.store.decisions import decision_of, decisions_of_run, latest_decisions, save_decisions
from stocksense.store.jobs import claim
from stocksense.store.tables import DecisionRow

DAY = date(2026, 3, 11)
LOW = Situation(
    sku="TEA-1",
    status=ProductStatus.ACTIVE,
    on_hand=2,
    on_order=0,
    daily_demand=1.7,
    lead_time_days=2.0,
    review_period_days=1.0,
    service_level=0.95,
    reorder_point=8.3,
    safety_stock=3.2,
    cover_days=7.0,
    max_cover_days=60.0,
    days_of_sales=400,
    unit_price=Decimal("3120.50"),
    pack_size=6,
    minimum_order=6,
    budget_left=Decimal(500000),
)


@pytest.fixture
def decided(sessions, shop, now):
    """Decides about situations in a run of its own and keeps what was decided."""
    count = iter(range(1000))

    def make(*situations):
        with sessions.begin() as session:
            run_id = claim(session, shop.id, f"replenish-{next(count)}", now, now)
            made = [decide(situation) for situation in situations]
            save_decisions(session, shop.id, run_id, made, made_on=DAY, now=now)
        return run_id

    return make


def test_a_decision_is_kept_with_the_product_it_is_about(sessions, shop, decided):
    run_id = decided(LOW)

    with sessions() as session:
        stored = decision_of(session, shop.id, "TEA-1")
    assert stored.decision == decide(LOW)
    assert (stored.run_id, stored.made_on, stored.recomputes) == (run_id, DAY, True)
    assert (stored.name("ko"), stored.name("en")) == ("보성 녹차 티백", "Boseong green tea bags")


def test_the_newest_run_is_what_counts(sessions, shop, decided):
    first = decided(LOW, replace(LOW, sku="TEA-2"))
    decided(replace(LOW, on_hand=100), replace(LOW, sku="TEA-2"))

    with sessions() as session:
        assert [stored.sku for stored in latest_decisions(session, shop.id)] == ["TEA-1", "TEA-2"]
        (enough,) = latest_decisions(session, shop.id, reason=Reason.ENOUGH_STOCK)
        assert len(decisions_of_run(session, shop.id, first, reason=Reason.ORDERED)) == 2
    assert enough.decision.situation.on_hand == 100


def test_before_the_first_run_there_are_none(sessions, shop):
    with sessions() as session:
        assert latest_decisions(session, shop.id) == ()
        assert decision_of(session, shop.id, "TEA-1") is None


def test_deciding_again_in_a_run_replaces_the_first_and_keeps_its_number(sessions, shop, decided, now):
    run_id = decided(LOW)
    with sessions.begin() as session:
        first = decision_of(session, shop.id, "TEA-1")
        made = [decide(replace(LOW, on_hand=100))]
        ids = save_decisions(session, shop.id, run_id, made, made_on=DAY, now=now)

    assert ids == {"TEA-1": first.id}


def test_a_decision_that_was_changed_afterwards_is_noticed(sessions, shop, decided):
    decided(LOW)
    with sessions.begin() as session:
        session.execute(update(DecisionRow).values(order_quantity=999))

    with sessions() as session:
        stored = decision_of(session, shop.id, "TEA-1")
    assert (stored.decision.order_quantity, stored.recomputes) == (999, False)


def test_a_decision_about_no_product_is_refused(decided):
    with pytest.raises(UnknownSku):
        decided(replace(LOW, sku="TEA-9"))


numbers = st.floats(0, 5000, allow_subnormal=False)
money = st.decimals(0, 10**6, places=2)
situations = st.builds(
    Situation,
    sku=st.just("TEA-1"),
    status=st.sampled_from(ProductStatus),
    on_hand=st.integers(-50, 500),
    on_order=st.integers(0, 500),
    daily_demand=numbers,
    lead_time_days=numbers,
    review_period_days=numbers,
    service_level=st.floats(0.5, 0.999),
    reorder_point=numbers,
    safety_stock=numbers,
    cover_days=numbers,
    max_cover_days=numbers,
    days_of_sales=st.integers(0, 1000),
    has_offer=st.booleans(),
    unit_price=money,
    pack_size=st.integers(1, 48),
    minimum_order=st.integers(0, 100),
    budget_left=st.none() | money,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(situations)
def test_what_is_stored_gives_the_same_decision_again(sessions, shop, decided, situation):
    decided(situation)

    with sessions() as session:
        stored = decision_of(session, shop.id, "TEA-1")
    assert stored.recomputes
    assert stored.decision == decide(situation)
