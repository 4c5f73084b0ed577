"""People who may log in, where they are logged in, and how often somebody tried in vain."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from stocksense.store.states import Role
from stocksense.store.tables.table import Table
from stocksense.store.types import Key, word


class User(Table):
    """A person who may log in, until `disabled_at`; `theme` is `auto`, `light` or `dark`."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(word(Role))
    language: Mapped[str] = mapped_column(String(2), default="ko")
    theme: Mapped[str] = mapped_column(String(8), default="auto")
    time_zone: Mapped[str] = mapped_column(String(64), default="Asia/Seoul")
    password_hash: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class LoginRow(Table):
    """One browser in which a person is logged in; of its token only the hash is kept."""

    __tablename__ = "logins"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    csrf: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class LoginFailure(Table):
    """How often a login failed of late, by `subject`: an account, an address, or the two together."""

    __tablename__ = "login_failures"

    subject: Mapped[str] = mapped_column(String(300), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]
