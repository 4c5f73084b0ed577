"""The book of reflections: writes them to the store, finds those that matter for a request, and forgets the oldest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from memory.reflection import Reflection, relevance
from stocksense.store import reflections
from stocksense.store.database import Sessions

KEPT = 500
"""Reflections kept a site; the oldest go first."""
_LOOKED_AT = 500


@dataclass(frozen=True)
class Book:
    """Reflections in the database: they outlive the process, and processes on one database share them."""

    sessions: Sessions
    kept: int = KEPT

    def write(self, reflection: Reflection) -> Reflection:
        """Keep a reflection and return it with its number; the site's oldest ones make room for it."""
        lesson = reflections.Lesson(
            site=reflection.site,
            request=reflection.request,
            lesson=reflection.lesson,
            category=reflection.category,
            evidence=reflection.evidence,
            score=reflection.score,
            model=reflection.model,
        )
        with self.sessions.begin() as session:
            number = reflections.save_lesson(session, lesson, reflection.at)
            reflections.forget(session, reflection.site, keep=self.kept)
            kept = reflections.lesson_of(session, number)
        return _read(kept)

    def recollect(
        self, site: str, request: str, *, now: datetime, category: str = "", limit: int = 3
    ) -> tuple[Reflection, ...]:
        """The reflections that matter most for a request, by likeness and recency; each lesson once, best first."""
        worth = [
            (relevance(reflection, request=request, category=category, now=now), reflection)
            for reflection in self.newest(site, limit=_LOOKED_AT)
        ]
        by_lesson: dict[str, Reflection] = {}
        for matters, reflection in sorted(worth, key=lambda pair: -pair[0]):
            if matters >= LEAST:
                by_lesson.setdefault(reflection.lesson, reflection)
        return tuple(by_lesson.values())[:limit]

    def newest(self, site: str, *, limit: int = 20) -> tuple[Reflection, ...]:
        """The site's newest reflections, newest first."""
        with self.sessions() as session:
            return tuple(_read(stored) for stored in reflections.lessons(session, site, limit=limit))


LEAST = 0.35
"""A reflection that matters less is not recollected: requests that share only their form reach about 0.3."""


def _read(stored: reflections.StoredLesson) -> Reflection:
    lesson = stored.lesson
    return Reflection(
        at=stored.created_at,
        site=lesson.site,
        request=lesson.request,
        lesson=lesson.lesson,
        category=lesson.category,
        evidence=lesson.evidence,
        score=lesson.score,
        model=lesson.model,
        number=stored.id,
    )
