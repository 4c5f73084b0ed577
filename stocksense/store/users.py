"""People who may log in; their passwords are kept as argon2id hashes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TypedDict, Unpack
from zoneinfo import available_timezones

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stocksense.errors import BadValue, UnknownName
from stocksense.store.states import Role
from stocksense.store.tables import User

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
LANGUAGES = ("ko", "en")
THEMES = ("auto", "light", "dark")

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""Argon2id as strong as OWASP's password storage cheat sheet asks: 19 MiB, two rounds, one lane."""


@dataclass(frozen=True)
class Person:
    """Somebody who may log in, and as what; one who is disabled may not."""

    id: int
    email: str
    name: str
    role: Role
    language: str
    theme: str = "auto"
    time_zone: str = "Asia/Seoul"
    is_disabled: bool = False


class Preferences(TypedDict, total=False):
    """What a person chooses: language (`ko`, `en`), theme (`auto`, `light`, `dark`), time zone, own name."""

    language: str
    theme: str
    time_zone: str
    name: str


def save_user(  # noqa: PLR0913  # a person has that many sides
    session: Session, email: str, *, name: str, role: Role, now: datetime, language: str = "ko", password: str = ""
) -> Person:
    """Add a person, or change the one with that address; without `password` the old one stays.

    Nobody logs in without a password. Raises BadValue for an address without @ or a password that is too short.
    """
    address = _address(email)
    row = _row(session, address) or User(email=address, password_hash="", created_at=now)
    row.name, row.role, row.language = name.strip(), role, _one_of(LANGUAGES, language, "language")
    if password:
        row.password_hash = _hashed(password)
    session.add(row)
    session.flush()
    return as_person(row)


def users(session: Session) -> tuple[Person, ...]:
    """Everybody who has an account, by address."""
    return tuple(as_person(row) for row in session.scalars(select(User).order_by(User.email)))


def anybody(session: Session) -> bool:
    """Whether there is any account yet."""
    return session.scalars(select(User.id).limit(1)).first() is not None


def user_of(session: Session, email: str) -> Person:
    """The person with that address. Raises UnknownName if there is nobody."""
    row = _row(session, email.strip().casefold())
    if row is None:
        raise UnknownName("person", email, "check the address, or add the person first")
    return as_person(row)


def languages_of(session: Session, emails: Iterable[str]) -> dict[str, str]:
    """The languages of those among some addresses that have an account, by the address as it was given."""
    keys = {email: email.strip().casefold() for email in emails}
    known = dict(session.execute(select(User.email, User.language).where(User.email.in_(keys.values()))).all())
    return {email: known[key] for email, key in keys.items() if key in known}


def person_of(session: Session, user_id: int) -> Person:
    """The person of that number. Raises UnknownName if there is nobody."""
    return as_person(_by_id(session, user_id))


def prefer(session: Session, user_id: int, **choices: Unpack[Preferences]) -> Person:
    """Change what a person chooses. Raises BadValue for what can't be chosen."""
    row = _by_id(session, user_id)
    row.language = _one_of(LANGUAGES, choices.get("language", row.language), "language")
    row.theme = _one_of(THEMES, choices.get("theme", row.theme), "theme")
    row.time_zone = _time_zone(choices.get("time_zone", row.time_zone))
    row.name = choices.get("name", row.name).strip() or row.name
    session.flush()
    return as_person(row)


def set_password(session: Session, user_id: int, password: str) -> None:
    """Give a person a new password. Raises BadValue for one that is too short or too long."""
    _by_id(session, user_id).password_hash = _hashed(password)
    session.flush()


def set_role(session: Session, user_id: int, role: Role) -> Person:
    """Give a person another role. Raises BadValue if no owner would be left."""
    row = _by_id(session, user_id)
    if role is not Role.OWNER:
        _keep_an_owner(session, row)
    row.role = role
    session.flush()
    return as_person(row)


def disable(session: Session, user_id: int, *, disabled: bool, now: datetime) -> Person:
    """Close a person's account, or open it again. Raises BadValue if no owner would be left."""
    row = _by_id(session, user_id)
    if disabled:
        _keep_an_owner(session, row)
    row.disabled_at = (row.disabled_at or now) if disabled else None
    session.flush()
    return as_person(row)


def authenticate(session: Session, email: str, password: str) -> Person | None:
    """The person whose address and password these are, or None; it takes as long for a stranger as for a typo."""
    row = _row(session, email.strip().casefold())
    known = row is not None and row.password_hash and row.disabled_at is None
    matches = _matches(password, row.password_hash if row is not None and known else _nobody())
    return as_person(row) if row is not None and known and matches else None


def _address(email: str) -> str:
    address = email.strip().casefold()
    name, at, host = address.rpartition("@")
    if not (name and at and host) or any(letter.isspace() for letter in address) or len(address) > 200:
        raise BadValue(
            f"{email!r} is no e-mail address; write it as name@example.com",
            in_korean=f"'{email}'은(는) 메일 주소가 아닙니다. name@example.com처럼 쓰세요.",
        )
    return address


def _one_of(choices: tuple[str, ...], value: str, what: str) -> str:
    if value not in choices:
        raise BadValue(f"{value!r} is no {what}; choose one of {', '.join(choices)}")
    return value


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise BadValue(
            f"{name!r} is no time zone; write it as 'Asia/Seoul'",
            in_korean=f"'{name}'은(는) 시간대가 아닙니다. 'Asia/Seoul'처럼 쓰세요.",
        )
    return name


def _by_id(session: Session, user_id: int) -> User:
    row = session.get(User, user_id)
    if row is None:
        raise UnknownName("person", user_id, "list the people with `stocksense people list`")
    return row


def _keep_an_owner(session: Session, row: User) -> None:
    """Raises BadValue if this is the last owner who may log in."""
    others = select(User.id).where(User.role == Role.OWNER, User.disabled_at.is_(None), User.id != row.id)
    if row.role is Role.OWNER and session.scalars(others.limit(1)).first() is None:
        raise BadValue(
            f"{row.email} is the only owner; make somebody else an owner first",
            in_korean=f"{row.email}은(는) 하나뿐인 주인입니다. 먼저 다른 사람을 주인으로 정하세요.",
        )


def _row(session: Session, address: str) -> User | None:
    return session.scalars(select(User).where(func.lower(User.email) == address)).first()


def _hashed(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise BadValue(
            f"a password of {len(password)} characters is too short; take {SHORTEST_PASSWORD} or more",
            in_korean=f"비밀번호 {len(password)}자는 너무 짧습니다. {SHORTEST_PASSWORD}자 이상으로 정하세요.",
        )
    if len(password) > LONGEST_PASSWORD:
        raise BadValue(
            f"a password of {len(password)} characters is too long; take {LONGEST_PASSWORD} or fewer",
            in_korean=f"비밀번호 {len(password)}자는 너무 깁니다. {LONGEST_PASSWORD}자까지 됩니다.",
        )
    return _HASHER.hash(password)


def _matches(password: str, stored: str) -> bool:
    try:
        return _HASHER.verify(stored, password[: LONGEST_PASSWORD + 1])
    except VerificationError:
        return False


@cache
def _nobody() -> str:
    """What a stranger's password is held against: as slow as anybody's, and no account has it."""
    return _HASHER.hash("nobody has this password")


def as_person(row: User) -> Person:
    """A row as the person that it stands for."""
    disabled = row.disabled_at is not None
    return Person(row.id, row.email, row.name, row.role, row.language, row.theme, row.time_zone, disabled)
