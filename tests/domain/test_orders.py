"""What an approval covers, which steps an order may take, and what may be spent without asking."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stocksense.domain.orders import OrderState, SpendingPolicy, Terms, check_approval, check_step
from stocksense.errors import IllegalStep, NotApproved

TERMS = Terms("Corner", "COLA-355", "WebShop", 48, Decimal(800), "KRW", (("pack", "24 cans"),))
CHANGES = [
    {"shop": "Other"},
    {"sku": "COLA-500"},
    {"supplier": "Else"},
    {"quantity": 49},
    {"unit_price": Decimal(801)},
    {"currency": "USD"},
    {"options": (("pack", "12 cans"),)},
]


def test_an_approval_of_these_terms_lets_the_purchase_through():
    check_approval(TERMS, TERMS.digest(), paid=Decimal(38_400))


def test_without_an_approval_nothing_is_bought():
    with pytest.raises(NotApproved, match="nobody has approved 48 of COLA-355"):
        check_approval(TERMS, None, paid=Decimal(1))


@pytest.mark.parametrize("change", CHANGES)
def test_an_approval_covers_nothing_but_its_own_terms(change):
    with pytest.raises(NotApproved, match="covers other terms"):
        check_approval(replace(TERMS, **change), TERMS.digest(), paid=Decimal(1))


def test_a_higher_price_at_the_counter_needs_a_new_approval():
    with pytest.raises(NotApproved, match="38401"):
        check_approval(TERMS, TERMS.digest(), paid=Decimal(38_401))


def test_the_same_price_written_otherwise_is_the_same_terms():
    assert replace(TERMS, unit_price=Decimal("800.00")).digest() == TERMS.digest()


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_other_quantities_have_other_digests(quantity, other):
    assume(quantity != other)

    assert replace(TERMS, quantity=quantity).digest() != replace(TERMS, quantity=other).digest()


@pytest.mark.parametrize("final", [OrderState.RECEIVED, OrderState.CANCELLED])
@pytest.mark.parametrize("after", OrderState)
def test_what_is_received_or_cancelled_stays_so(final, after):
    with pytest.raises(IllegalStep, match="nothing, it is final"):
        check_step(final, after)


def test_an_order_cannot_arrive_before_it_was_placed():
    with pytest.raises(IllegalStep, match="cannot become received"):
        check_step(OrderState.PLACING, OrderState.RECEIVED)


def test_a_policy_covers_an_order_within_both_caps():
    policy = SpendingPolicy(per_order=Decimal(50_000), per_week=Decimal(100_000))

    assert policy.covers(Decimal(50_000), spent_this_week=Decimal(50_000))
    assert not policy.covers(Decimal(50_001), spent_this_week=Decimal(0))
    assert not policy.covers(Decimal(1), spent_this_week=Decimal(100_000))


def test_no_policy_means_that_everything_is_asked():
    assert not SpendingPolicy(Decimal(0), Decimal(0)).covers(Decimal(1), Decimal(0))
