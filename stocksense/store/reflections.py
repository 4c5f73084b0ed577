"""What buyers learned from trials that failed: one row for a lesson on a request, strengthened when learned again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stocksense.errors import UnknownName
from stocksense.store import remembered
from stocksense.store.remembered import TEXT, fingerprint
from stocksense.store.tables import ReflectionRow


@dataclass(frozen=True)
class Lesson:
    """What to do otherwise next time at a site: the request that failed, its score (0 to 1) and the evidence.

    `category` says for which goods it holds (empty: for all), `model` who drew the lesson.
    """

    site: str
    request: str
    lesson: str
    category: str = ""
    evidence: str = ""
    score: float = 0.0
    model: str = ""


@dataclass(frozen=True)
class StoredLesson:
    """A lesson that was kept: its number, when it was drawn first and last, and how often.

    `used` counts the later trials that knew it, `helped` those of them that succeeded.
    """

    id: int
    lesson: Lesson
    created_at: datetime
    renewed_at: datetime
    times: int = 1
    used: int = 0
    helped: int = 0


def save_lesson(session: Session, lesson: Lesson, now: datetime) -> int:
    """Keep a lesson and return its number; texts are cut to what a prompt can bear (1,000 characters).

    The same lesson on the same site, goods and request strengthens the row that there is, and renews its evidence.
    """
    values = {
        "site": lesson.site,
        "category": lesson.category[:200],
        "request": lesson.request[:TEXT],
        "lesson": lesson.lesson[:TEXT],
    }
    row = {
        **values,
        "fingerprint": fingerprint(*values.values()),
        "evidence": lesson.evidence[:TEXT],
        "score": lesson.score,
        "model": lesson.model[:80],
    }
    return remembered.keep(session, ReflectionRow, row, renews=("evidence", "score", "model"), now=now)


def lessons(
    session: Session, site: str = "", *, category: str | None = None, limit: int = 20, forgotten: bool = False
) -> tuple[StoredLesson, ...]:
    """The lessons last learned first, of a site or of all; with `category`, only those of these goods and of all.

    Either those that are remembered, or those that were forgotten.
    """
    rows = select(ReflectionRow).order_by(ReflectionRow.renewed_at.desc(), ReflectionRow.id.desc()).limit(limit)
    rows = rows.where(remembered.rows_of(ReflectionRow, site, forgotten=forgotten))
    if category is not None:
        rows = rows.where(ReflectionRow.category.in_(["", category]))
    return tuple(_stored(row) for row in session.scalars(rows))


def lesson_of(session: Session, number: int) -> StoredLesson:
    """The lesson of a number, forgotten or not. Raises UnknownName."""
    row = session.get(ReflectionRow, number)
    if row is None:
        raise UnknownName("lesson", number, "list them with `stocksense memory list`")
    return _stored(row)


def note_use(session: Session, numbers: Iterable[int], *, helped: bool) -> None:
    """Count that these lessons were shown to a trial, and whether it succeeded."""
    remembered.note_use(session, ReflectionRow, numbers, helped=helped)


def forget(session: Session, site: str, *, keep: int) -> int:
    """Drop all but the `keep` lessons of a site that were learned last, and return how many went."""
    return remembered.drop_beyond(session, ReflectionRow, site, most=keep)


def forget_before(session: Session, instant: datetime) -> int:
    """Drop the lessons that were last learned before an instant, and return how many went."""
    return remembered.drop_old(session, ReflectionRow, before=instant)


def forget_lessons(session: Session, numbers: Iterable[int], now: datetime) -> tuple[int, ...]:
    """Forget lessons until they are restored, and return the numbers of those that were remembered."""
    return remembered.forget(session, ReflectionRow, numbers, now)


def restore_lessons(session: Session, numbers: Iterable[int]) -> tuple[int, ...]:
    """Remember forgotten lessons again, and return the numbers of those that were forgotten."""
    return remembered.restore(session, ReflectionRow, numbers)


def _stored(row: ReflectionRow) -> StoredLesson:
    lesson = Lesson(
        site=row.site,
        request=row.request,
        lesson=row.lesson,
        category=row.category,
        evidence=row.evidence,
        score=row.score,
        model=row.model,
    )
    return StoredLesson(row.id, lesson, row.created_at, row.renewed_at, row.times, row.used, row.helped)
