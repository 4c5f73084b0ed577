"""A proposal binds a decision to exactly its terms, and a product has one live proposal at a time."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import update

from stocksense.domain.orders import ProposalState
from stocksense.domain.stock import ProductStatus
from stocksense.errors import BadValue, IllegalStep, NotApproved, UnknownName, UnknownSku
from stocksense.store.audit import entries
from stocksense.store.products import set_status
from stocksense.store.proposals import (
    LIVE,
    approved_digest,
    approved_terms,
    decide_proposal,
    proposal_of,
    proposals,
    propose,
    supersede,
    supersede_pending,
)
from stocksense.store.tables import Proposal


def test_a_proposal_keeps_its_terms_and_their_digest(sessions, shop, terms, proposed):
    made = proposed()

    with sessions() as session:
        (kept,) = proposals(session, shop.id)
    assert kept == made
    assert (kept.terms, kept.digest, kept.state) == (terms, terms.digest(), ProposalState.PENDING)
    assert (kept.quantity, kept.total) == (12, Decimal(37440))


def test_the_same_key_proposes_once(proposed):
    assert proposed("run-1:TEA-1").id == proposed("run-1:TEA-1").id


def test_a_key_does_not_stand_for_two_proposals(proposed):
    proposed("run-1:TEA-1")

    with pytest.raises(BadValue, match="another proposal"):
        proposed("run-1:TEA-1", quantity=18)


def test_the_order_of_options_does_not_matter(proposed, decided):
    decided(proposed(options=(("size", "20"), ("flavour", "green"))))


@pytest.mark.parametrize("state", ["pending", "approved"])
def test_a_product_that_is_proposed_is_not_proposed_again(proposed, decided, state):
    first = proposed()
    if state == "approved":
        decided(first)

    with pytest.raises(IllegalStep, match=rf"proposed already \(proposal {first.id}, {state}\)"):
        proposed(quantity=18)


def test_what_was_decided_without_knowing_of_an_order_is_not_proposed(placed, proposed):
    line = placed()

    with pytest.raises(IllegalStep, match=f"12 of TEA-1 are on order already .order line {line.id}, placed"):
        proposed()


def test_more_can_be_proposed_by_who_knows_what_is_on_its_way(placed, proposed):
    placed()

    assert proposed(seen_on_order=12).state is ProposalState.PENDING


def test_a_rejected_product_can_be_proposed_anew(proposed, decided):
    decided(proposed(), approved=False)

    assert proposed().state is ProposalState.PENDING


@pytest.mark.parametrize("status", [ProductStatus.RECALLED, ProductStatus.DISCONTINUED])
def test_what_may_not_be_sold_is_not_proposed(sessions, shop, proposed, status):
    with sessions.begin() as session:
        set_status(session, shop.id, "TEA-1", status)

    with pytest.raises(IllegalStep, match=f"TEA-1 is {status}"):
        proposed()


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"sku": "TEA-9"}, UnknownSku),
        ({"supplier": "Nobody"}, UnknownName),
        ({"currency": "USD"}, BadValue),
        ({"shop": "Elsewhere"}, BadValue),
        ({"quantity": 0}, BadValue),
        ({"unit_price": Decimal("0.001")}, BadValue),
    ],
)
def test_terms_that_cannot_be_are_refused(proposed, changed, error):
    with pytest.raises(error):
        proposed(**changed)


def test_an_approval_covers_exactly_the_digest(sessions, proposed, decided, terms):
    info = decided(proposed())

    with sessions() as session:
        assert approved_digest(session, info.id) == terms.digest()
        assert approved_terms(session, info.id) == terms
        assert proposal_of(session, info.id).approval.decided_by == "owner"


def test_what_was_seen_must_be_what_is_proposed(sessions, proposed, terms, now):
    info = proposed()
    seen = replace(terms, quantity=6).digest()

    with pytest.raises(NotApproved, match="look at it again"), sessions.begin() as session:
        decide_proposal(session, info.id, digest=seen, approved=True, decided_by="owner", now=now)


def test_a_proposal_that_was_tampered_with_is_not_approved(sessions, proposed, decided):
    info = proposed()
    with sessions.begin() as session:
        session.execute(update(Proposal).values(quantity=1200))

    with pytest.raises(NotApproved):
        decided(info)


def test_an_approval_does_not_cover_terms_that_were_changed_after_it(sessions, proposed, decided):
    info = decided(proposed())
    with sessions.begin() as session:
        session.execute(update(Proposal).values(unit_price=Decimal(9999)))

    with pytest.raises(NotApproved), sessions() as session:
        approved_terms(session, info.id)


def test_the_same_decision_twice_is_one_decision(sessions, shop, proposed, decided):
    info = proposed()

    decided(decided(info))

    with sessions() as session:
        noted = [entry.action for entry in entries(session, shop.id, subject=f"proposal {info.id}")]
    assert noted == ["purchase approved", "purchase proposed"]


def test_a_decision_is_not_taken_back_by_another(proposed, decided):
    info = decided(proposed())

    with pytest.raises(IllegalStep, match="was approved by owner already"):
        decided(info, approved=False)


def test_a_withdrawn_proposal_is_not_approved(sessions, shop, proposed, decided, now):
    info = proposed()
    with sessions.begin() as session:
        assert supersede_pending(session, shop.id, now=now) == 1

    with pytest.raises(IllegalStep, match="is superseded and cannot become approved"):
        decided(info)


def test_withdrawing_what_is_pending_leaves_what_was_approved(sessions, shop, proposed, decided, now):
    decided(proposed())
    proposed("run-1:TEA-2", sku="TEA-2", run_id=1)
    proposed("wish-1", sku="MILK-1")

    with sessions.begin() as session:
        assert supersede_pending(session, shop.id, of_runs=True, now=now) == 1
        assert {info.sku for info in proposals(session, shop.id, states=LIVE)} == {"TEA-1", "MILK-1"}


def test_an_approved_proposal_may_be_withdrawn_until_it_is_ordered(sessions, proposed, decided, placing, now):
    info = decided(proposed(sku="TEA-2"))
    ordered = placing().proposal_id

    with sessions.begin() as session:
        supersede(session, info.id, now=now, actor="owner")
        with pytest.raises(IllegalStep, match="is ordered and cannot become superseded"):
            supersede(session, ordered, now=now, actor="owner")


@pytest.mark.parametrize("call", [proposal_of, approved_terms])
def test_an_unknown_proposal_is_named(sessions, shop, call):
    with pytest.raises(UnknownName, match="no proposal is called 99"), sessions() as session:
        call(session, 99)


def test_many_proposing_at_once_make_one_proposal(sessions, shop, terms, now, at_once):
    def make(at):
        with sessions.begin() as session:
            return propose(session, shop.id, terms, idempotency_key=f"run-{at}", now=now)

    results = at_once([lambda at=at: make(at) for at in range(8)])

    assert sum(isinstance(result, IllegalStep) for result in results) == 7
    with sessions() as session:
        assert len(proposals(session, shop.id)) == 1


def test_of_many_decisions_at_once_one_holds(sessions, proposed, now, at_once):
    info = proposed()

    def decide(approved):
        with sessions.begin() as session:
            return decide_proposal(session, info.id, digest=info.digest, approved=approved, decided_by="o", now=now)

    results = at_once([lambda at=at: decide(at % 2 == 0) for at in range(8)])

    assert sum(isinstance(result, IllegalStep) for result in results) == 4
