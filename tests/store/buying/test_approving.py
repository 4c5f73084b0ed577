"""An approval covers exactly what was shown, at today's price; many at once go as far as the budget does."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import delete

from stocksense.domain.orders import ProposalState
from stocksense.domain.stock import ProductStatus
from stocksense.errors import IllegalStep
from stocksense.store.approving import (
    Refusal,
    approve_many,
    approve_shown,
    new_prices,
    reject_shown,
    whole_packs,
)
from stocksense.store.audit import entries
from stocksense.store.offers import NewOffer, save_offers
from stocksense.store.orders import start_line
from stocksense.store.products import set_status
from stocksense.store.proposal_lists import Origin, Wanted, find_proposals, origin_of, suppliers_of
from stocksense.store.proposals import proposal_of, supersede
from stocksense.store.revisions import edit_quantity, predecessors, revise
from stocksense.store.shops import update_policy
from stocksense.store.spending import seen_spent
from stocksense.store.tables import Offer


@pytest.fixture
def approve(sessions, now):
    """Approves what was shown, on a page of the owner's."""

    def one(info, digest=""):
        with sessions.begin() as session:
            return approve_shown(session, info.id, digest=digest or info.digest, actor="owner", now=now)

    return one


@pytest.fixture
def asks(sessions, shop):
    """Lets the wholesaler ask another price for tea."""

    def price(won, **changes):
        with sessions.begin() as session:
            save_offers(session, shop.id, [NewOffer("TEA-1", "Wholesale", Decimal(won), **changes)])

    return price


def test_what_was_shown_is_approved_once(proposed, approve):
    info = proposed()

    first, second = approve(info), approve(info)

    assert (first.refusal, first.is_new, first.proposal.state) == (None, True, ProposalState.APPROVED)
    assert (second.refusal, second.is_new) == (None, False)


def test_something_else_than_what_was_shown_is_not_approved(proposed, approve):
    info = proposed()

    assert approve(info, digest="0" * 64).refusal is Refusal.NOT_SHOWN


def test_a_price_that_changed_under_an_approval_asks_anew(sessions, proposed, approve, asks):
    info = proposed()
    asks(3500, pack_size=6, minimum_order=6)

    ruling = approve(info)

    assert (ruling.refusal, ruling.proposal.id) == (Refusal.CHANGED, info.id)
    assert (ruling.instead.terms.unit_price, ruling.instead.state) == (Decimal(3500), ProposalState.PENDING)
    assert ruling.instead.digest != info.digest
    with sessions() as session:
        assert proposal_of(session, info.id).state is ProposalState.SUPERSEDED
        assert predecessors(session, [ruling.instead])[ruling.instead.id].terms.unit_price == Decimal(3120)


def test_the_old_approval_form_leads_to_what_stands_there_now(proposed, approve, asks):
    info = proposed()
    asks(3500)
    instead = approve(info).instead

    late = approve(info)

    assert (late.refusal, late.instead.id) == (Refusal.WITHDRAWN, instead.id)


def test_a_price_that_changed_shows_before_anybody_approves(sessions, proposed, asks):
    info = proposed()
    asks(2900)

    with sessions() as session:
        assert new_prices(session, [info]) == {info.id: Decimal(2900)}


def test_what_nobody_offers_any_more_is_not_approved(sessions, shop, proposed, approve):
    info = proposed()
    with sessions.begin() as session:
        session.execute(delete(Offer))

    assert approve(info).refusal is Refusal.NO_OFFER


@pytest.mark.parametrize("status", [ProductStatus.RECALLED, ProductStatus.DISCONTINUED])
def test_a_recalled_product_is_not_approved(sessions, shop, proposed, approve, status):
    info = proposed()
    with sessions.begin() as session:
        set_status(session, shop.id, "TEA-1", status)

    assert approve(info).refusal is Refusal(str(status))


def test_many_are_approved_as_far_as_the_week_goes(sessions, shop, proposed, now):
    tea, rice = proposed(), proposed(sku="TEA-2", unit_price=Decimal(2880))
    with sessions.begin() as session:
        shop = update_policy(session, shop.id, budget_per_week=Decimal(50_000))
        rulings = approve_many(session, shop, [(info.id, info.digest) for info in (tea, rice)], actor="owner", now=now)

    assert [ruling.refusal for ruling in rulings] == [None, Refusal.OVER_WEEK]
    with sessions() as session:
        assert seen_spent(session, shop, now) == tea.total


def test_many_at_once_leave_a_large_order_to_a_person(sessions, shop, proposed, now):
    info = proposed()
    with sessions.begin() as session:
        shop = update_policy(session, shop.id, budget_per_order=Decimal(10_000))
        rulings = approve_many(session, shop, [(info.id, info.digest)], actor="owner", now=now)

    assert rulings[0].refusal is Refusal.OVER_ORDER


def test_why_something_was_rejected_is_kept(sessions, shop, proposed, now):
    info = proposed()
    with sessions.begin() as session:
        ruling = reject_shown(session, info.id, digest=info.digest, actor="owner", now=now, note="too much")

    assert ruling.proposal.state is ProposalState.REJECTED
    with sessions() as session:
        assert entries(session, shop.id, subject=f"proposal {info.id}")[0].details["note"] == "too much"


def test_a_rejection_of_what_was_approved_is_refused(sessions, proposed, approve, now):
    info = proposed()
    approve(info)

    with sessions.begin() as session:
        assert reject_shown(session, info.id, digest=info.digest, actor="x", now=now).refusal is Refusal.DECIDED


def test_another_quantity_is_another_proposal(sessions, proposed, now):
    info = proposed()
    with sessions.begin() as session:
        units = whole_packs(session, info, 13)
        edited = edit_quantity(session, info.id, digest=info.digest, quantity=units, actor="owner", now=now)

    assert (edited.terms.quantity, origin_of(edited)) == (18, Origin.EDIT)
    assert edited.digest != info.digest


def test_of_two_people_who_edit_only_one_succeeds(sessions, proposed, now):
    info = proposed()
    with sessions.begin() as session:
        edit_quantity(session, info.id, digest=info.digest, quantity=18, actor="first", now=now)

    with pytest.raises(IllegalStep), sessions.begin() as session:
        edit_quantity(session, info.id, digest=info.digest, quantity=24, actor="second", now=now)


def test_an_approval_is_taken_back_before_it_is_ordered(sessions, proposed, approve, now):
    info = approve(proposed()).proposal
    with sessions.begin() as session:
        again = revise(session, info.id, actor="owner", now=now)

    assert (again.state, again.terms) == (ProposalState.PENDING, info.terms)


def test_what_is_ordered_is_not_taken_back(sessions, proposed, approve, now):
    info = approve(proposed()).proposal
    with sessions.begin() as session:
        start_line(session, info.id, now)

    with pytest.raises(IllegalStep, match="cancelled as an order"), sessions.begin() as session:
        revise(session, info.id, actor="owner", now=now)


def test_an_approval_of_what_was_withdrawn_since_is_refused(sessions, proposed, approve, now):
    info = approve(proposed()).proposal
    with sessions.begin() as session:
        supersede(session, info.id, now=now, actor="owner")

    assert approve(info).refusal is Refusal.WITHDRAWN


def test_proposals_are_found_by_text_supplier_and_origin(sessions, shop, proposed):
    tea = proposed(key="run-1:TEA-1")
    rice = proposed(key="chat:TEA-2", sku="TEA-2", unit_price=Decimal(2880))

    def found(**wanted):
        with sessions() as session:
            return {info.id for info in find_proposals(session, shop.id, Wanted(**wanted)).proposals}

    assert found(text="green tea") == {tea.id, rice.id}
    assert found(text="BOSEONG tea") == {tea.id}
    assert found(text="100%") == found(supplier="Nobody") == set()
    assert found(supplier="Wholesale", origin=Origin.CHAT) == {rice.id}


def test_a_page_of_proposals_tells_the_total_of_all(sessions, shop, proposed):
    tea, rice = proposed(), proposed(sku="TEA-2", unit_price=Decimal(2880))

    with sessions() as session:
        page = find_proposals(session, shop.id, Wanted(), order="-total", size=1)
        assert suppliers_of(session, shop.id, (ProposalState.PENDING,)) == ("Wholesale",)

    assert ([info.id for info in page.proposals], page.count) == ([tea.id], 2)
    assert page.total == tea.total + rice.total
