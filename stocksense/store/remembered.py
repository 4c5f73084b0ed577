"""What reflections and episodes have in common: one row a scope, counted use, and being forgotten."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from stocksense.store import audit
from stocksense.store.tables import EpisodeRow, ReflectionRow
from stocksense.store.upsert import dialect_insert

Remembered = type[ReflectionRow] | type[EpisodeRow]
TEXT = 1000
"""Characters that a request, a lesson or evidence is cut to: what a prompt can bear."""


def fingerprint(*parts: str) -> str:
    """One word for a scope: the same parts give the same, whoever writes them."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def keep(session: Session, table: Remembered, values: dict[str, Any], *, renews: Sequence[str], now: datetime) -> int:
    """Insert a row, or strengthen the one with its fingerprint, taking over `renews`; returns the row's number.

    What was forgotten and is learned anew is remembered again.
    """
    fresh = {"forgotten_at": None, "times": 1, "used": 0, "helped": 0, "created_at": now, "renewed_at": now}
    insert = dialect_insert(session)(table).values(**fresh, **values)
    changed = {name: insert.excluded[name] for name in (*renews, "renewed_at", "forgotten_at")}
    statement = insert.on_conflict_do_update(
        index_elements=["fingerprint"], set_={"times": table.times + 1, **changed}
    ).returning(table.id)
    return int(session.scalars(statement).one())


def note_use(session: Session, table: Remembered, numbers: Iterable[int], *, helped: bool) -> None:
    """Count that these rows were shown to a trial, and whether it succeeded."""
    counted = {"used": table.used + 1, "helped": table.helped + int(helped)}
    session.execute(update(table).where(table.id.in_([*numbers])).values(**counted))


def forget(session: Session, table: Remembered, numbers: Iterable[int], now: datetime) -> tuple[int, ...]:
    """Mark rows as forgotten, and return the numbers of those that were not yet."""
    which = table.id.in_([*numbers]) & table.forgotten_at.is_(None)
    marked = update(table).where(which).values(forgotten_at=now).returning(table.id)
    return tuple(sorted(session.scalars(marked).all()))


def restore(session: Session, table: Remembered, numbers: Iterable[int]) -> tuple[int, ...]:
    """Remember forgotten rows again, and return the numbers of those that were forgotten."""
    which = table.id.in_([*numbers]) & table.forgotten_at.is_not(None)
    marked = update(table).where(which).values(forgotten_at=None).returning(table.id)
    return tuple(sorted(session.scalars(marked).all()))


def note(
    session: Session, action: str, lessons: tuple[int, ...], solved: tuple[int, ...], *, now: datetime, actor: str
) -> int:
    """Write what was done with which rows into the audit trail, and return how many rows they are."""
    subjects = [*(f"lesson {number}" for number in lessons), *(f"episode {number}" for number in solved)]
    for subject in subjects:
        audit.write(session, None, f"{action} what was learned", subject, actor=actor, now=now)
    return len(subjects)


def rows_of(table: Remembered, site: str, *, forgotten: bool) -> ColumnElement[bool]:
    """Which rows are of a site (empty: of all), remembered or forgotten."""
    kept = table.forgotten_at.is_not(None) if forgotten else table.forgotten_at.is_(None)
    return kept & (table.site == site) if site else kept


def drop_old(session: Session, table: Remembered, *, before: datetime) -> int:
    """Delete what was last learned before an instant, at every site, and return how many rows went."""
    return _gone(session, table, table.renewed_at < before)


def drop_beyond(session: Session, table: Remembered, site: str, *, most: int) -> int:
    """Delete all but a site's `most` newest rows, and return how many went; forgotten rows wait until they expire."""
    there = rows_of(table, site, forgotten=False)
    newest = select(table.id).where(there).order_by(table.renewed_at.desc(), table.id.desc()).limit(most)
    return _gone(session, table, there & table.id.not_in(list(session.scalars(newest))))


def _gone(session: Session, table: Remembered, which: ColumnElement[bool]) -> int:
    return len(session.scalars(delete(table).where(which).returning(table.id)).all())
