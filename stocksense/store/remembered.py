"""What reflections and episodes have in common: one row a scope, counted use, and being forgotten."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from stocksense.store.tables import EpisodeRow, ReflectionRow
from stocksense.store.upsert import dialect_insert

Remembered = type[ReflectionRow] | type[EpisodeRow]
TEXT = 1000
"""Characters that a request, a lesson or evidence is cut to: what a prompt can bear."""


def fingerprint(*parts: str) -> str:
    """One word for a scope: the same parts give the same, whoever writes them."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def keep(session: Session, table: Remembered, values: dict[str, Any], *, renews: Sequence[str], now: datetime) -> int:
    """Insert a row, or strengthen the one with its fingerprint, taking over `renews`; returns the row's number."""
    fresh = {"times": 1, "used": 0, "helped": 0, "created_at": now, "renewed_at": now}
    insert = dialect_insert(session)(table).values(**fresh, **values)
    changed = {name: insert.excluded[name] for name in (*renews, "renewed_at")}
    statement = insert.on_conflict_do_update(
        index_elements=["fingerprint"], set_={"times": table.times + 1, **changed}
    ).returning(table.id)
    return int(session.scalars(statement).one())


def note_use(session: Session, table: Remembered, numbers: Iterable[int], *, helped: bool) -> None:
    """Count that these rows were shown to a trial, and whether it succeeded."""
    counted = {"used": table.used + 1, "helped": table.helped + int(helped)}
    session.execute(update(table).where(table.id.in_([*numbers])).values(**counted))


def drop(session: Session, table: Remembered, numbers: Iterable[int]) -> int:
    """Delete rows by their numbers, and return how many there were."""
    return _gone(session, table, table.id.in_([*numbers]))


def drop_old(session: Session, table: Remembered, *, before: datetime) -> int:
    """Delete what was last learned before an instant, at every site, and return how many rows went."""
    return _gone(session, table, table.renewed_at < before)


def drop_beyond(session: Session, table: Remembered, site: str, *, most: int) -> int:
    """Delete all but a site's `most` newest rows, and return how many went."""
    newest = select(table.id).where(table.site == site).order_by(table.renewed_at.desc(), table.id.desc()).limit(most)
    return _gone(session, table, (table.site == site) & table.id.not_in(list(session.scalars(newest))))


def _gone(session: Session, table: Remembered, which: ColumnElement[bool]) -> int:
    return len(session.scalars(delete(table).where(which).returning(table.id)).all())
