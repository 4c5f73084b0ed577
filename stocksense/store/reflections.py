"""What buyers learned from trials that failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

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
    """A lesson that was kept, with its number and when it was drawn."""

    id: int
    lesson: Lesson
    created_at: datetime


def save_lesson(session: Session, lesson: Lesson, now: datetime) -> int:
    """Keep a lesson and return its number; texts are cut to what a prompt can bear (1,000 characters)."""
    row = ReflectionRow(
        site=lesson.site,
        category=lesson.category[:200],
        request=lesson.request[:1000],
        lesson=lesson.lesson[:1000],
        evidence=lesson.evidence[:1000],
        score=lesson.score,
        model=lesson.model[:80],
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def lessons(session: Session, site: str, *, category: str | None = None, limit: int = 20) -> tuple[StoredLesson, ...]:
    """The newest lessons of a site first; with `category`, only those of these goods and those of all."""
    rows = select(ReflectionRow).where(ReflectionRow.site == site).order_by(ReflectionRow.id.desc()).limit(limit)
    if category is not None:
        rows = rows.where(ReflectionRow.category.in_(["", category]))
    return tuple(_stored(row) for row in session.scalars(rows))


def forget(session: Session, site: str, *, keep: int) -> int:
    """Drop all but the newest `keep` lessons of a site, and return how many went."""
    kept = select(ReflectionRow.id).where(ReflectionRow.site == site).order_by(ReflectionRow.id.desc()).limit(keep)
    newest = list(session.scalars(kept))
    gone = delete(ReflectionRow).where(ReflectionRow.site == site, ReflectionRow.id.not_in(newest))
    return len(session.scalars(gone.returning(ReflectionRow.id)).all())


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
    return StoredLesson(row.id, lesson, row.created_at)
