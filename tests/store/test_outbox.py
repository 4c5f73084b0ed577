"""A mail is queued once with what it tells of, and claimed by one process."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stocksense.errors import BadValue, IllegalStep, UnknownName
from stocksense.store.outbox import Outbox, claim_next, mails, queue, send_again, settle, settle_stale
from stocksense.store.states import MailState


@pytest.fixture
def queued(sessions, shop, now):
    """Queues a mail."""

    def make(key="replenish-1", recipients=("owner@shop.test",)):
        with sessions.begin() as session:
            return queue(
                session,
                shop.id,
                idempotency_key=key,
                recipients=recipients,
                subject="오늘",
                text="주문",
                html="<p>주문</p>",
                now=now,
            )

    return make


@pytest.fixture
def tried(sessions):
    """Claims the next mail and lets its delivery end; gives its state afterwards, None if none was due."""

    def run(fate, at):
        with sessions.begin() as session:
            mail = claim_next(session, at)
            if mail is None:
                return None
            settle(session, mail.id, fate, now=at, note="why")
            return mails(session, mail.shop_id)[0].state

    return run


def test_the_same_mail_is_queued_once(sessions, shop, queued):
    assert queued() == queued()
    with sessions() as session:
        (mail,) = mails(session, shop.id, states=(MailState.QUEUED,))
    assert (mail.recipients, mail.subject, mail.html) == (("owner@shop.test",), "오늘", "<p>주문</p>")


@pytest.mark.parametrize("recipients", [(), ("",), (" ",)])
def test_a_mail_without_recipient_is_refused(queued, recipients):
    with pytest.raises(BadValue, match="STOCKSENSE_MAIL_TO"):
        queued(recipients=recipients)


def test_a_claimed_mail_is_nobody_elses(sessions, queued, now):
    first, second = queued("1"), queued("2")
    box = Outbox(sessions)

    assert [mail and mail.id for mail in (box.claim_next(now), box.claim_next(now), box.claim_next(now))] == [
        first,
        second,
        None,
    ]


@pytest.mark.parametrize(
    ("fate", "state"),
    [
        ("sent", MailState.SENT),
        ("written", MailState.WRITTEN),
        ("failed", MailState.FAILED),
        ("unknown", MailState.UNKNOWN),
    ],
)
def test_a_mail_that_has_ended_is_not_claimed_again(queued, tried, now, fate, state):
    queued()

    assert tried(fate, now) is state
    assert tried(fate, now + timedelta(days=9)) is None


def test_a_postponed_mail_is_tried_five_times_with_growing_waits(queued, tried, now):
    queued()
    states, at = [], now
    for minutes in (0, 5, 10, 20, 40):
        assert minutes == 0 or tried("postponed", at + timedelta(minutes=minutes - 1)) is None
        at += timedelta(minutes=minutes)
        states.append(tried("postponed", at))

    assert states == [MailState.QUEUED] * 4 + [MailState.FAILED]


def test_only_a_mail_that_is_being_sent_is_settled(sessions, queued, now):
    mail_id = queued()

    with pytest.raises(IllegalStep, match="is queued"), sessions.begin() as session:
        settle(session, mail_id, "sent", now=now)
    with pytest.raises(UnknownName), sessions.begin() as session:
        settle(session, 99_999, "sent", now=now)


def test_a_mail_whose_sender_died_is_of_unknown_fate(sessions, shop, queued, now):
    queued()
    with sessions.begin() as session:
        claim_next(session, now)
        assert settle_stale(session, now + timedelta(minutes=10)) == 0
        assert settle_stale(session, now + timedelta(minutes=20)) == 1
        (mail,) = mails(session, shop.id)

    assert mail.state is MailState.UNKNOWN
    assert "look whether it arrived" in mail.note


def test_a_person_may_have_a_mail_sent_again(sessions, queued, tried, now):
    mail_id = queued()
    tried("unknown", now)
    with sessions.begin() as session:
        send_again(session, mail_id)

    assert tried("sent", now) is MailState.SENT
    with pytest.raises(IllegalStep, match="is sent"), sessions.begin() as session:
        send_again(session, mail_id)
