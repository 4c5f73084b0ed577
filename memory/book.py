"""The book of what was learned: reflections and solved episodes, written, recollected, weighed and forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from memory.examples import Embed, Episode, nearest
from memory.reflection import Reflection, relevance, usefulness
from stocksense.store import episodes, reflections, remembered
from stocksense.store.database import Sessions

KEPT = 500
"""Reflections, and as many episodes, that are kept a site; those learned longest ago go first."""
EXPIRES = timedelta(days=365)
"""What was not learned again for so long is forgotten."""
LEAST = 0.35
"""A reflection that matters less is not recollected: requests that share only their form reach about 0.3."""
LEAST_USEFUL = 0.5
"""An example whose usefulness is below is not shown: it was known to three trials or more and helped none."""


@dataclass(frozen=True)
class Book:
    """What was learned, in the database: it outlives the process, and processes on one database share it."""

    sessions: Sessions
    kept: int = KEPT
    expires: timedelta = EXPIRES

    def write(self, reflection: Reflection) -> Reflection:
        """Keep a reflection and return it as the book has it; what the site learned longest ago makes room.

        The same lesson on the same request becomes one entry, learned once more.
        """
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
            reflections.forget_before(session, reflection.at - self.expires)
            reflections.forget(session, reflection.site, keep=self.kept)
            return _reflection(reflections.lesson_of(session, number))

    def recollect(
        self, site: str, request: str, *, now: datetime, category: str = "", limit: int = 3
    ) -> tuple[Reflection, ...]:
        """The reflections that matter most for a request, by likeness, recency and what they were good for.

        Each lesson once, best first; none that expired or that matters too little.
        """
        worth = [
            (relevance(reflection, request=request, category=category, now=now), reflection)
            for reflection in self.newest(site, limit=self.kept)
            if now - reflection.at <= self.expires
        ]
        by_lesson: dict[str, Reflection] = {}
        for matters, reflection in sorted(worth, key=lambda pair: -pair[0]):
            if matters >= LEAST:
                by_lesson.setdefault(reflection.lesson, reflection)
        return tuple(by_lesson.values())[:limit]

    def newest(self, site: str = "", *, limit: int = 20, forgotten: bool = False) -> tuple[Reflection, ...]:
        """The reflections learned last first, of a site or of all; those that were forgotten only if asked for."""
        with self.sessions() as session:
            found = reflections.lessons(session, site, limit=limit, forgotten=forgotten)
            return tuple(_reflection(stored) for stored in found)

    def reflection(self, number: int) -> Reflection:
        """The reflection of a number. Raises UnknownName."""
        with self.sessions() as session:
            return _reflection(reflections.lesson_of(session, number))

    def keep(self, episode: Episode) -> Episode:
        """Keep a solved trial and return it as the book has it; of one request the newest solution stays."""
        solved = episodes.Solved(
            site=episode.site,
            request=episode.request,
            steps=episode.steps,
            category=episode.category,
            score=episode.score,
            model=episode.model,
        )
        with self.sessions.begin() as session:
            number = episodes.save_episode(session, solved, episode.at)
            episodes.forget_before(session, episode.at - self.expires)
            episodes.forget(session, episode.site, keep=self.kept)
            return _episode(episodes.episode_of(session, number))

    def examples(
        self, site: str, request: str, *, now: datetime, limit: int = 2, embed: Embed | None = None
    ) -> tuple[Episode, ...]:
        """The solved episodes nearest to a request, best first; none that expired or that never helped."""
        if limit < 1:
            return ()
        fit = [
            episode
            for episode in self.solved(site, limit=self.kept)
            if now - episode.at <= self.expires and usefulness(episode.used, episode.helped) >= LEAST_USEFUL
        ]
        return nearest(request, fit, limit=limit, embed=embed)

    def solved(self, site: str = "", *, limit: int = 20, forgotten: bool = False) -> tuple[Episode, ...]:
        """The episodes solved last first, of a site or of all; those that were forgotten only if asked for."""
        with self.sessions() as session:
            found = episodes.episodes(session, site, limit=limit, forgotten=forgotten)
            return tuple(_episode(stored) for stored in found)

    def episode(self, number: int) -> Episode:
        """The episode of a number. Raises UnknownName."""
        with self.sessions() as session:
            return _episode(episodes.episode_of(session, number))

    def note_use(self, shown: Iterable[Reflection] = (), *, examples: Iterable[Episode] = (), helped: bool) -> None:
        """Count that these were shown to a trial, and whether it succeeded: what does not help is demoted."""
        with self.sessions.begin() as session:
            reflections.note_use(session, [one.number for one in shown], helped=helped)
            episodes.note_use(session, [one.number for one in examples], helped=helped)

    def forget(
        self, shown: Iterable[Reflection] = (), *, examples: Iterable[Episode] = (), now: datetime, actor: str
    ) -> int:
        """Forget these until they are restored, and return how many were remembered; the audit trail notes each."""
        with self.sessions.begin() as session:
            lessons = reflections.forget_lessons(session, [one.number for one in shown], now)
            solved = episodes.forget_episodes(session, [one.number for one in examples], now)
            return remembered.note(session, "forget", lessons, solved, now=now, actor=actor)

    def restore(
        self, shown: Iterable[Reflection] = (), *, examples: Iterable[Episode] = (), now: datetime, actor: str
    ) -> int:
        """Remember these again, and return how many were forgotten; the audit trail notes each."""
        with self.sessions.begin() as session:
            lessons = reflections.restore_lessons(session, [one.number for one in shown])
            solved = episodes.restore_episodes(session, [one.number for one in examples])
            return remembered.note(session, "restore", lessons, solved, now=now, actor=actor)


def _reflection(stored: reflections.StoredLesson) -> Reflection:
    lesson = stored.lesson
    return Reflection(
        at=stored.renewed_at,
        site=lesson.site,
        request=lesson.request,
        lesson=lesson.lesson,
        category=lesson.category,
        evidence=lesson.evidence,
        score=lesson.score,
        model=lesson.model,
        number=stored.id,
        times=stored.times,
        used=stored.used,
        helped=stored.helped,
    )


def _episode(stored: episodes.StoredEpisode) -> Episode:
    solved = stored.solved
    return Episode(
        at=stored.renewed_at,
        site=solved.site,
        request=solved.request,
        steps=solved.steps,
        category=solved.category,
        score=solved.score,
        model=solved.model,
        times=stored.times,
        used=stored.used,
        helped=stored.helped,
        number=stored.id,
    )
