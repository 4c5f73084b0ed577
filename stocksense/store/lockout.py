"""Logins that failed, and how long somebody who keeps failing has to wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from stocksense.store.tables import LoginFailure

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
_FORGOTTEN_AFTER = timedelta(days=1)

_PAIR, _ADDRESS, _ACCOUNT = 5, 20, 40
"""Failures that are let pass: of one account from one address, from one address, of one account from anywhere.

The last is high, so that a stranger cannot keep the owner out by failing in the owner's name.
"""


def locked_until(session: Session, account: str, address: str, now: datetime) -> datetime | None:
    """Until when this account can't log in from this address; None if it may try now."""
    rows = select(LoginFailure.locked_until).where(LoginFailure.subject.in_(list(_subjects(account, address))))
    ends = [end for end in session.scalars(rows) if end is not None and end > now]
    return max(ends, default=None)


def note_failure(session: Session, account: str, address: str, now: datetime) -> datetime | None:
    """Count a failed login, and return until when the next one has to wait: twice as long each time."""
    session.execute(delete(LoginFailure).where(LoginFailure.last_at < now - _FORGOTTEN_AFTER))
    for subject, free in _subjects(account, address).items():
        row = session.get(LoginFailure, subject) or LoginFailure(subject=subject, failures=0)
        row.failures, row.last_at = row.failures + 1, now
        row.locked_until = now + wait_after(row.failures, free) if row.failures >= free else None
        session.add(row)
    session.flush()
    return locked_until(session, account, address, now)


def wait_after(failures: int, free: int) -> timedelta:
    """How long to wait after so many failures of which `free` - 1 cost nothing; doubles up to an hour."""
    doublings = min(max(failures - free, 0), 16)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def forgive(session: Session, account: str, address: str) -> None:
    """Forget the failures of an account that has now logged in from an address."""
    pair = next(iter(_subjects(account, address)))
    session.execute(delete(LoginFailure).where(LoginFailure.subject == pair))


def _subjects(account: str, address: str) -> dict[str, int]:
    """What failures are counted by, with how many are let pass; the pair first."""
    name, where = account.strip().casefold()[:180], address[:64]
    return {f"pair:{where}:{name}": _PAIR, f"address:{where}": _ADDRESS, f"account:{name}": _ACCOUNT}
