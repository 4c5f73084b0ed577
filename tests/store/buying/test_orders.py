"""A proposal becomes one order line for ever, and a line takes only the steps that are allowed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from stocksense.domain.orders import OrderState
from stocksense.domain.stock import ProductStatus
from stocksense.errors import BadValue, IllegalStep, NotApproved, UnknownName
from stocksense.store.audit import entries
from stocksense.store.orders import (
    cancel_line,
    finish_line,
    line_of,
    on_order,
    open_lines,
    resume_line,
    start_line,
    stop_line,
    unfinished_lines,
)
from stocksense.store.products import set_status
from stocksense.store.proposals import supersede
from stocksense.store.tables import OrderLine


def test_an_approved_proposal_becomes_a_line(sessions, shop, placing):
    line = placing()

    assert (line.state, line.quantity, line.total, line.is_new) == (OrderState.PLACING, 12, Decimal(37440), True)
    assert (line.sku, line.supplier, line.order) == ("TEA-1", "Wholesale", f"PO-{line.proposal_id}")
    with sessions() as session:
        assert on_order(session, shop.id) == {"TEA-1": 12}


def test_starting_again_gives_the_same_line_and_no_leave_to_buy(sessions, placing, now):
    line = placing()

    with sessions.begin() as session:
        again = start_line(session, line.proposal_id, now)

    assert (again.id, again.is_new) == (line.id, False)


@pytest.mark.parametrize("approved", [None, False])
def test_nothing_is_ordered_without_an_approval(sessions, proposed, decided, now, approved):
    info = proposed() if approved is None else decided(proposed(), approved=False)

    with pytest.raises(NotApproved, match=f"nobody has approved proposal {info.id}"), sessions.begin() as session:
        start_line(session, info.id, now)


def test_a_product_recalled_after_its_approval_is_not_ordered(sessions, shop, proposed, decided, now):
    info = decided(proposed())
    with sessions.begin() as session:
        set_status(session, shop.id, "TEA-1", ProductStatus.RECALLED)

    with pytest.raises(IllegalStep, match="TEA-1 is recalled"), sessions.begin() as session:
        start_line(session, info.id, now)


def test_a_proposal_withdrawn_after_its_approval_is_not_ordered(sessions, proposed, decided, now):
    info = decided(proposed())
    with sessions.begin() as session:
        supersede(session, info.id, now=now, actor="owner")

    with pytest.raises(IllegalStep, match="is superseded and cannot become ordered"), sessions.begin() as session:
        start_line(session, info.id, now)


def test_of_many_buyers_at_once_one_may_buy(sessions, proposed, decided, now, at_once):
    info = decided(proposed())

    def start():
        with sessions.begin() as session:
            return start_line(session, info.id, now)

    results = at_once([start] * 8)

    assert [line.is_new for line in results].count(True) == 1
    assert len({line.id for line in results}) == 1


def test_the_database_refuses_a_second_line_of_a_proposal(sessions, placing, now):
    line = placing()
    row = {"order_id": 1, "product_id": 1, "proposal_id": line.proposal_id, "quantity": 1, "transcript": {}}
    money = {"unit_price": Decimal(1), "total": Decimal(1), "created_at": now, "changed_at": now}

    with sessions.begin() as session:
        row["order_id"], row["product_id"] = session.execute(
            OrderLine.__table__.select().with_only_columns(OrderLine.order_id, OrderLine.product_id)
        ).one()
    with pytest.raises(IntegrityError, match=r"(?i)unique|duplicate"), sessions.begin() as session:
        session.execute(insert(OrderLine).values(**row, **money))


def test_what_was_bought_is_kept(sessions, shop, placing, now):
    line = placing()

    with sessions.begin() as session:
        done = finish_line(
            session,
            line.id,
            unit_price=Decimal("3000.004"),
            total=Decimal("36000.048"),
            bought="Green tea, 20 bags",
            page="http://shop.test/item/B1",
            transcript={"turns": ["search[green tea]"]},
            expected_on=now.date(),
            now=now,
        )

    assert (done.state, done.unit_price, done.total) == (OrderState.PLACED, Decimal("3000.00"), Decimal("36000.05"))
    assert (done.bought, done.page) == ("Green tea, 20 bags", "http://shop.test/item/B1")
    assert done.transcript == {"turns": ["search[green tea]"]}
    with sessions() as session:
        noted = [entry.action for entry in entries(session, shop.id, subject=f"order line {line.id}")]
    assert noted == ["order placed", "order begun"]


def test_a_purchase_above_the_approved_price_is_noted_and_needs_attention(sessions, placing, now):
    line = placing()

    with sessions.begin() as session:
        done = finish_line(session, line.id, unit_price=Decimal(4000), total=Decimal(48000), now=now)

    assert (done.state, done.total) == (OrderState.NEEDS_ATTENTION, Decimal(48000))
    assert "at most 37440" in done.note


@pytest.mark.parametrize("amount", [Decimal(-1), Decimal("NaN"), Decimal("Infinity")])
def test_an_amount_that_cannot_have_been_paid_is_refused(sessions, placing, now, amount):
    line = placing()

    with pytest.raises(BadValue), sessions.begin() as session:
        finish_line(session, line.id, unit_price=amount, total=amount, now=now)


def test_a_line_is_finished_once(sessions, placed, now):
    line = placed()

    wanted = "is placed and cannot become placed; it can become"
    with pytest.raises(IllegalStep, match=wanted), sessions.begin() as session:
        finish_line(session, line.id, unit_price=Decimal(1), total=Decimal(12), now=now)


def test_what_a_killed_process_left_is_found_and_can_be_finished(sessions, shop, placing, now):
    line = placing()

    with sessions.begin() as session:
        (left,) = unfinished_lines(session, shop.id)
        assert unfinished_lines(session, shop.id, before=now) == ()
        finish_line(session, left.id, unit_price=left.unit_price, total=left.total, now=now)
        assert unfinished_lines(session, shop.id) == ()
    assert left.id == line.id


def test_what_a_killed_process_left_can_be_stopped_and_keeps_its_place(sessions, shop, placing, proposed, now):
    line = placing()
    with sessions.begin() as session:
        stopped = stop_line(session, line.id, note="the shop did not answer", now=now)

    assert (stopped.state, stopped.note) == (OrderState.NEEDS_ATTENTION, "the shop did not answer")
    with pytest.raises(IllegalStep, match="on order already"):
        proposed()


def test_only_one_of_many_resumes_a_stopped_line(sessions, placing, now, at_once):
    line = placing()
    with sessions.begin() as session:
        stop_line(session, line.id, note="sold out", now=now)

    def resume():
        with sessions.begin() as session:
            return resume_line(session, line.id, now=now, actor="owner")

    results = at_once([resume] * 6)

    assert sum(isinstance(result, IllegalStep) for result in results) == 5


def test_a_stopped_line_of_a_recalled_product_is_not_resumed(sessions, shop, placing, now):
    line = placing()
    with sessions.begin() as session:
        stop_line(session, line.id, note="sold out", now=now)
        set_status(session, shop.id, "TEA-1", ProductStatus.RECALLED)

    with pytest.raises(IllegalStep, match="recalled"), sessions.begin() as session:
        resume_line(session, line.id, now=now, actor="owner")


def test_a_cancelled_line_frees_its_product(sessions, shop, placed, proposed, now):
    line = placed()
    with sessions.begin() as session:
        done = cancel_line(session, line.id, now=now, actor="owner", note="arrives too late")

    assert (done.state, done.outstanding) == (OrderState.CANCELLED, 0)
    assert proposed().id != line.proposal_id
    with sessions() as session:
        assert (on_order(session, shop.id), open_lines(session, shop.id)) == ({}, ())


def test_a_cancelled_line_is_final(sessions, placed, now):
    line = placed()
    with sessions.begin() as session:
        cancel_line(session, line.id, now=now, actor="owner")

    with pytest.raises(IllegalStep, match="nothing, this is final"), sessions.begin() as session:
        stop_line(session, line.id, note="", now=now)


@pytest.mark.parametrize("after", [OrderState.RECEIVED, OrderState.PARTLY_RECEIVED])
def test_the_database_itself_refuses_an_illegal_step(sessions, placing, after):
    line = placing()

    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.execute(update(OrderLine).where(OrderLine.id == line.id).values(state=after))
    with sessions() as session:
        assert line_of(session, line.id).state is OrderState.PLACING


def test_what_is_not_there_is_named(sessions):
    with pytest.raises(UnknownName, match="is called 99"), sessions() as session:
        line_of(session, 99)
