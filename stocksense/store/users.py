"""People who may log in; their passwords are kept as salted scrypt hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stocksense.errors import BadValue, UnknownName
from stocksense.store.states import Role
from stocksense.store.tables import User

SHORTEST_PASSWORD = 8

_COST, _BLOCK, _LANES = 2**14, 8, 5
"""Strength of scrypt as OWASP's password storage cheat sheet names it: 16 MiB, five rounds."""


@dataclass(frozen=True)
class Person:
    """Somebody who may log in, and as what."""

    id: int
    email: str
    name: str
    role: Role
    language: str


def save_user(  # noqa: PLR0913  # a person has that many sides
    session: Session, email: str, *, name: str, role: Role, now: datetime, language: str = "ko", password: str = ""
) -> Person:
    """Add a person, or change the one with that address; without `password` the old one stays.

    Nobody logs in without a password. Raises BadValue for an address without @ or a password that is too short.
    """
    address = email.strip().casefold()
    if "@" not in address or any(letter.isspace() for letter in address):
        raise BadValue(f"{email!r} is no e-mail address; write it as name@example.com")
    row = _row(session, address) or User(email=address, password_hash="", created_at=now)
    row.name, row.role, row.language = name, role, language
    if password:
        row.password_hash = _hashed(password)
    session.add(row)
    session.flush()
    return _person(row)


def users(session: Session) -> tuple[Person, ...]:
    """Everybody who may log in, by address."""
    return tuple(_person(row) for row in session.scalars(select(User).order_by(User.email)))


def user_of(session: Session, email: str) -> Person:
    """The person with that address. Raises UnknownName if there is nobody."""
    row = _row(session, email.strip().casefold())
    if row is None:
        raise UnknownName("person", email, "check the address, or add the person first")
    return _person(row)


def authenticate(session: Session, email: str, password: str) -> Person | None:
    """The person whose address and password these are, or None; it takes as long for a stranger as for a typo."""
    row = _row(session, email.strip().casefold())
    stored = row.password_hash if row is not None and row.password_hash else _NOBODY
    matches = _matches(password, stored)
    return _person(row) if row is not None and row.password_hash and matches else None


def _row(session: Session, address: str) -> User | None:
    return session.scalars(select(User).where(func.lower(User.email) == address)).first()


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise BadValue(f"a password of {len(password)} characters is too short; take {SHORTEST_PASSWORD} or more")
    salt = secrets.token_bytes(16)
    return f"scrypt${_COST}${_BLOCK}${_LANES}${salt.hex()}${_derived(password, salt, _COST, _BLOCK, _LANES).hex()}"


def _matches(password: str, stored: str) -> bool:
    _, cost, block, lanes, salt, wanted = stored.split("$")
    found = _derived(password, bytes.fromhex(salt), int(cost), int(block), int(lanes))
    return hmac.compare_digest(found, bytes.fromhex(wanted))


def _derived(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=64 * 1024 * 1024, dklen=32)


_NOBODY = f"scrypt${_COST}${_BLOCK}${_LANES}${'00' * 16}${'00' * 32}"
"""What a stranger's password is held against: no password gives it."""


def _person(row: User) -> Person:
    return Person(row.id, row.email, row.name, row.role, row.language)
