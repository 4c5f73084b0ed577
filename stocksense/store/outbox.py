"""Mails that are to leave: queued with what they tell of, claimed by one process, and never sent twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from stocksense.errors import BadValue, IllegalStep, UnknownName
from stocksense.store.database import Sessions
from stocksense.store.states import MailState
from stocksense.store.tables import OutboxMail
from stocksense.store.upsert import insert_new

ATTEMPTS = 5
"""Deliveries that are tried before a mail counts as failed."""

FIRST_WAIT = timedelta(minutes=5)
"""Until the second attempt; each further wait is twice as long."""

LONGEST_DELIVERY = timedelta(minutes=15)
"""After this a mail that still counts as being sent is taken for one whose process has died."""


Fate = Literal["sent", "written", "postponed", "failed", "unknown"]
"""How a delivery ended."""

_STATES: dict[Fate, MailState] = {
    "sent": MailState.SENT,
    "written": MailState.WRITTEN,
    "postponed": MailState.QUEUED,
    "failed": MailState.FAILED,
    "unknown": MailState.UNKNOWN,
}


@dataclass(frozen=True)
class Mail:
    """A mail with its text in plain and, if there is any, in HTML; `note` says why it didn't leave."""

    id: int
    shop_id: int
    idempotency_key: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str
    state: MailState
    attempts: int
    note: str
    created_at: datetime
    sent_at: datetime | None


def queue(  # noqa: PLR0913  # a mail has that many sides
    session: Session,
    shop_id: int,
    *,
    idempotency_key: str,
    recipients: Sequence[str],
    subject: str,
    text: str,
    now: datetime,
    html: str = "",
) -> int:
    """Put a mail into the outbox, in the transaction of what it tells of, and return its number.

    The same `idempotency_key` (120 characters at most) queues it once. Raises BadValue without a recipient.
    """
    to = [address.strip() for address in recipients if address.strip()]
    if not to:
        raise BadValue(f"the mail {subject!r} has no recipient; set STOCKSENSE_MAIL_TO")
    row = {
        "shop_id": shop_id,
        "idempotency_key": idempotency_key,
        "recipients": to,
        "subject": subject[:300],
        "text": text[:100_000],
        "html": html[:400_000],
        "state": MailState.QUEUED,
        "attempts": 0,
        "note": "",
        "created_at": now,
    }
    new = insert_new(session, OutboxMail, [row], keys=("idempotency_key",))
    if new:
        return int(new[0])
    return session.scalars(select(OutboxMail.id).where(OutboxMail.idempotency_key == idempotency_key)).one()


def claim_next(session: Session, now: datetime) -> Mail | None:
    """Claim the mail that has waited longest and is due; None if there is none. Commit before sending it.

    A mail that failed for the moment is due again after 5, 10, 20 and 40 minutes.
    """
    waits = [
        and_(OutboxMail.attempts == tried, OutboxMail.claimed_at <= now - FIRST_WAIT * 2 ** (tried - 1))
        for tried in range(1, ATTEMPTS)
    ]
    due = select(OutboxMail.id).where(OutboxMail.state == MailState.QUEUED, or_(OutboxMail.attempts == 0, *waits))
    # Two processes: the second skips the row that the first is about to change (SQLite lets only one write at all).
    first = due.order_by(OutboxMail.id).limit(1).with_for_update(skip_locked=True)
    claimed = (
        update(OutboxMail)
        .where(OutboxMail.id == first.scalar_subquery(), OutboxMail.state == MailState.QUEUED)
        .values(state=MailState.SENDING, attempts=OutboxMail.attempts + 1, claimed_at=now)
        .returning(OutboxMail)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    row = session.scalars(claimed).first()
    return None if row is None else _mail(row)


def settle(session: Session, mail_id: int, fate: Fate, *, now: datetime, note: str = "") -> None:
    """Note how the delivery of a claimed mail ended; one that is postponed for the last time has failed.

    Raises IllegalStep if the mail isn't being sent, UnknownName.
    """
    row = _locked(session, mail_id)
    if row.state is not MailState.SENDING:
        raise IllegalStep(f"mail {mail_id} is {row.state}; only one that is being sent can be {fate}")
    gives_up = fate == "postponed" and row.attempts >= ATTEMPTS
    row.state = MailState.FAILED if gives_up else _STATES[fate]
    row.note = note[:1000]
    row.sent_at = now if fate in ("sent", "written") else None
    session.flush()


def send_again(session: Session, mail_id: int) -> None:
    """Queue a mail that failed, or whose fate is unknown, once more: a person has asked for it.

    Raises IllegalStep for any other mail, UnknownName.
    """
    row = _locked(session, mail_id)
    if row.state not in (MailState.FAILED, MailState.UNKNOWN):
        raise IllegalStep(f"mail {mail_id} is {row.state}; only one that failed or is of unknown fate is sent again")
    row.state, row.attempts, row.claimed_at = MailState.QUEUED, 0, None
    session.flush()


def settle_stale(session: Session, now: datetime) -> int:
    """Mark mails whose process died while it sent them as of unknown fate, and return how many.

    They are not sent again: a second mail about an order is worse than one to look for.
    """
    note = "the process that was sending it ended; look whether it arrived before sending it again"
    dead = (
        update(OutboxMail)
        .where(OutboxMail.state == MailState.SENDING, OutboxMail.claimed_at < now - LONGEST_DELIVERY)
        .values(state=MailState.UNKNOWN, note=note)
        .returning(OutboxMail.id)
    )
    return len(session.scalars(dead).all())


def mails(session: Session, shop_id: int, *, states: Collection[MailState] = (), limit: int = 100) -> tuple[Mail, ...]:
    """The newest mails of a shop first; with `states`, only those."""
    rows = select(OutboxMail).where(OutboxMail.shop_id == shop_id).order_by(OutboxMail.id.desc()).limit(limit)
    if states:
        rows = rows.where(OutboxMail.state.in_(list(states)))
    return tuple(_mail(row) for row in session.scalars(rows))


class Outbox:
    """The outbox for whoever delivers it: every call is a transaction of its own."""

    def __init__(self, sessions: Sessions) -> None:
        self._begin = sessions.begin

    def claim_next(self, now: datetime) -> Mail | None:
        """The next mail to deliver, claimed; None if there is none."""
        with self._begin() as session:
            return claim_next(session, now)

    def settle(self, mail_id: int, fate: Fate, *, now: datetime, note: str = "") -> None:
        """Note how the delivery of a claimed mail ended."""
        with self._begin() as session:
            settle(session, mail_id, fate, now=now, note=note)

    def settle_stale(self, now: datetime) -> int:
        """Mark mails whose process died while it sent them, and return how many."""
        with self._begin() as session:
            return settle_stale(session, now)


def _locked(session: Session, mail_id: int) -> OutboxMail:
    row = session.get(OutboxMail, mail_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise UnknownName("mail", mail_id, "list the mails in the outbox")
    return row


def _mail(row: OutboxMail) -> Mail:
    return Mail(
        id=row.id,
        shop_id=row.shop_id,
        idempotency_key=row.idempotency_key,
        recipients=tuple(row.recipients),
        subject=row.subject,
        text=row.text,
        html=row.html,
        state=row.state,
        attempts=row.attempts,
        note=row.note,
        created_at=row.created_at,
        sent_at=row.sent_at,
    )
