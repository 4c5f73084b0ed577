"""Where people are logged in: one row a browser, found by the hash of a token that only the browser knows."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from stocksense.store.tables import LoginRow, User
from stocksense.store.users import Person, as_person

LIFETIME = timedelta(days=14)
"""How long a login lasts after it was last used."""
_NOTED_AFTER = timedelta(minutes=5)
"""Use is noted at most this often, so that reading a page is no write."""


@dataclass(frozen=True)
class Login:
    """A browser in which a person is logged in; `csrf` is what its forms must bring back."""

    id: int
    user_id: int
    csrf: str
    address: str
    agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime

    def wants_noting(self, now: datetime) -> bool:
        """Whether it is time to note that it is in use."""
        return now - self.seen_at > _NOTED_AFTER


@dataclass(frozen=True)
class NewLogin:
    """A login and its token, which is known only now."""

    login: Login
    token: str


def log_in(session: Session, user_id: int, *, address: str, agent: str, now: datetime) -> NewLogin:
    """Log a person in at one browser; logins that have run out are cleared away."""
    session.execute(delete(LoginRow).where(LoginRow.expires_at < now))
    token = secrets.token_urlsafe(32)
    row = LoginRow(
        user_id=user_id,
        token_hash=_hash(token),
        csrf=secrets.token_urlsafe(24),
        address=address[:64],
        agent=agent[:200],
        created_at=now,
        seen_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(row)
    session.flush()
    return NewLogin(_login(row), token)


def login_of(session: Session, token: str, now: datetime) -> tuple[Login, Person] | None:
    """The login of a token with its person; None if there is none, it has run out, or the account is closed."""
    wanted = select(LoginRow, User).join(User, User.id == LoginRow.user_id)
    found = session.execute(
        wanted.where(LoginRow.token_hash == _hash(token), LoginRow.expires_at > now, User.disabled_at.is_(None))
    ).first()
    return (_login(found[0]), as_person(found[1])) if found else None


def note_use(session: Session, login_id: int, now: datetime) -> None:
    """Note that a login is in use, which prolongs it."""
    session.execute(update(LoginRow).where(LoginRow.id == login_id).values(seen_at=now, expires_at=now + LIFETIME))


def logins_of(session: Session, user_id: int, now: datetime) -> tuple[Login, ...]:
    """Where a person is logged in, the last used first."""
    rows = select(LoginRow).where(LoginRow.user_id == user_id, LoginRow.expires_at > now)
    return tuple(_login(row) for row in session.scalars(rows.order_by(LoginRow.seen_at.desc(), LoginRow.id.desc())))


def log_out(session: Session, user_id: int, login_id: int) -> bool:
    """End one of a person's logins; whether there was one."""
    gone = delete(LoginRow).where(LoginRow.id == login_id, LoginRow.user_id == user_id).returning(LoginRow.id)
    return session.scalars(gone).first() is not None


def log_out_elsewhere(session: Session, user_id: int, *, but: int = 0) -> int:
    """End a person's logins but for one, and return how many ended."""
    gone = delete(LoginRow).where(LoginRow.user_id == user_id, LoginRow.id != but).returning(LoginRow.id)
    return len(session.scalars(gone).all())


def _hash(token: str) -> str:
    """Tokens are long and random, so that a fast hash keeps them."""
    return hashlib.sha256(token.encode()).hexdigest()


def _login(row: LoginRow) -> Login:
    return Login(
        row.id, row.user_id, row.csrf, row.address, row.agent, row.created_at, row.seen_at, row.expires_at
    )  # fmt: skip
