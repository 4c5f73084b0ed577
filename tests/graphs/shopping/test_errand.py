"""How an approved proposal becomes a request, and what the gate before Buy Now lets pass."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import update

from agents.shopper.brain import Turn
from agents.shopper.offline import OfflineShopper
from agents.shopper.request import Request
from graphs.alternatives import alternatives
from graphs.buying import place_order
from graphs.errand import errand_of, why_not_buy
from graphs.react import Trip, Walk, go
from stocksense.errors import NotApproved
from stocksense.store import orders
from stocksense.store.tables import ApprovalRow, Proposal

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def proposal(sessions, approved):
    return approved(sessions)


@pytest.fixture
def services(sessions, shop_with, open_services, page):
    return open_services(sessions, shop_with(page()))


@pytest.fixture
def line(sessions, proposal):
    with sessions.begin() as session:
        return orders.start_line(session, proposal, NOW)


@pytest.fixture
def refusal(services, line):
    """Walk to the right page, change the page or the database, and hear what the gate says before Buy Now."""

    def hear(errand=None, text=lambda text: text):
        errand = errand or errand_of(services, line)
        heard = []

        def gate(sight, history):
            heard.append(why_not_buy(services, errand, replace(sight, text=text(sight.text)), history))
            return "seen enough"

        go(Walk(OfflineShopper(), services.site.visit(""), errand_of(services, line).request, gate))
        return heard[0]

    return hear


def test_a_proposal_becomes_a_request_for_kind_name_attributes_options_and_cap(services, line):
    request = errand_of(services, line).request

    assert request.text == (
        "i am looking for cola, duruon cola 355 ml, pack of 24 with caffeinated, crisp taste with flavor: zero sugar, "
        "and price lower than 10.28 dollars"
    )
    assert (request.quantity, request.pack_size, request.options) == (2, 24, (("flavor", "zero sugar"),))


def test_at_a_shop_in_won_the_cap_is_the_approved_price_of_a_pack(services, line):
    errand = errand_of(services, line, "KRW")

    assert errand.request.price_cap == Decimal(14_400)
    assert errand.request.text.endswith("and price lower than 14,400 won")
    assert errand.paid(services, Decimal(14_400)) == errand.terms.total


def test_the_right_page_passes_the_gate(refusal):
    assert refusal() == ""


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"quantity": 72}, "covers other terms"), ({"options": (("flavor", "original"),)}, "covers other terms")],
)
def test_other_units_or_options_than_were_approved_do_not_pass(services, line, refusal, changes, why):
    errand = errand_of(services, line)

    assert why in refusal(replace(errand, terms=replace(errand.terms, **changes)))


def test_an_approval_of_another_digest_does_not_pass(sessions, services, line, refusal):
    errand = errand_of(services, line)
    walked = errand.terms
    with sessions.begin() as session:
        session.execute(update(Proposal).values(unit_price=Decimal(900)))

    assert "covers other terms" in refusal_after(services, errand, walked)


def refusal_after(services, errand, terms):
    """What the gate says of terms that differ from what was approved."""
    heard = []

    def gate(sight, history):
        changed = replace(errand, terms=replace(terms, unit_price=Decimal(900)))
        heard.append(why_not_buy(services, changed, sight, history))
        return "seen enough"

    go(Walk(OfflineShopper(), services.site.visit(""), errand.request, gate))
    return heard[0]


def test_a_page_that_grew_dearer_while_it_was_read_does_not_pass(refusal):
    assert "would cost" in refusal(text=lambda text: text.replace("$10.0", "$10.9"))


def test_a_page_that_became_another_product_does_not_pass(refusal):
    changed = refusal(text=lambda text: text.replace("Duruon Cola, 355 ml", "Duruon Cola, 355 ml x 2"))

    assert "not the one" in changed


def test_terms_that_were_changed_after_the_approval_buy_nothing(sessions, services, proposal):
    with sessions.begin() as session:
        session.execute(update(ApprovalRow).values(digest="0" * 64))

    with pytest.raises(NotApproved):
        place_order(services, proposal)


@dataclass
class Swapping:
    """A shop that swaps the units of the proposal in the database once the buyer has come in."""

    inner: object
    sessions: object
    name: str = "webshop"
    currency: str = "USD"
    sells_by_receipt: bool = True

    def visit(self, instruction, *, once=None):
        with self.sessions.begin() as session:
            session.execute(update(Proposal).values(quantity=4800))
        return self.inner.visit(instruction, once=once)


def test_units_that_are_swapped_during_the_walk_do_not_change_what_is_bought(
    sessions, shop_with, open_services, proposal, page
):
    line = place_order(open_services(sessions, Swapping(shop_with(page()), sessions)), proposal)

    assert (line.quantity, line.total) == (48, Decimal(28_000))
    assert line.bought.startswith("2 x ")


def test_options_that_cannot_be_had_together_are_told_with_the_offer(shop_with, page):
    site, request = shop_with(page()), Request("", name="duruon cola", options=(("flavor", "zero sugar"),))
    with closing(site.visit("cola")) as visit:
        seen = [(action, visit.act(action)) for action in ("search[duruon cola]", "click[w00000cola]")]
    turns = [Turn("", action, sight.text, sight.clickables, sight.page) for action, sight in seen]
    refused = replace(turns[-1], action="click[zero sugar]", refusal="there is nothing called that")

    (near,) = alternatives(request, Trip("stopped", "", (*turns, refused), None, 0.0), "USD")

    assert near.why("en") == "it cannot be had with flavor 'zero sugar'"
    assert near.why("ko") == "선택할 수 없는 옵션: flavor 'zero sugar'"
