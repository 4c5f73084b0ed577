"""Trials that buyers solved, kept as examples: one row for a request at a site, the newest solution of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stocksense.errors import UnknownName
from stocksense.store import remembered
from stocksense.store.remembered import TEXT, fingerprint
from stocksense.store.tables import EpisodeRow

Step = Mapping[str, str]
"""One step: `thought`, `action`, `page` and what was `seen`."""


@dataclass(frozen=True)
class Solved:
    """A trial that succeeded: where, for which request and goods, its steps, its score (0 to 1) and who did it."""

    site: str
    request: str
    steps: tuple[Step, ...]
    category: str = ""
    score: float = 1.0
    model: str = ""


@dataclass(frozen=True)
class StoredEpisode:
    """An episode that was kept; `used` counts the trials that were shown it, `helped` those that succeeded."""

    id: int
    solved: Solved
    created_at: datetime
    renewed_at: datetime
    times: int = 1
    used: int = 0
    helped: int = 0


def save_episode(session: Session, solved: Solved, now: datetime) -> int:
    """Keep a solved trial and return its number; a request that was solved before gets the new steps."""
    row = {
        "site": solved.site,
        "category": solved.category[:200],
        "request": solved.request[:TEXT],
        "fingerprint": fingerprint(solved.site, solved.request[:TEXT]),
        "steps": [dict(step) for step in solved.steps],
        "score": solved.score,
        "model": solved.model[:80],
    }
    return remembered.keep(session, EpisodeRow, row, renews=("category", "steps", "score", "model"), now=now)


def episodes(
    session: Session, site: str = "", *, limit: int = 20, forgotten: bool = False
) -> tuple[StoredEpisode, ...]:
    """The episodes solved last first, of a site or of all: either those that are remembered, or the forgotten ones."""
    rows = select(EpisodeRow).order_by(EpisodeRow.renewed_at.desc(), EpisodeRow.id.desc()).limit(limit)
    rows = rows.where(remembered.rows_of(EpisodeRow, site, forgotten=forgotten))
    return tuple(_stored(row) for row in session.scalars(rows))


def episode_of(session: Session, number: int) -> StoredEpisode:
    """The episode of a number, forgotten or not. Raises UnknownName."""
    row = session.get(EpisodeRow, number)
    if row is None:
        raise UnknownName("episode", number, "list them with `stocksense memory list --kind episodes`")
    return _stored(row)


def note_use(session: Session, numbers: Iterable[int], *, helped: bool) -> None:
    """Count that these episodes were shown to a trial, and whether it succeeded."""
    remembered.note_use(session, EpisodeRow, numbers, helped=helped)


def forget(session: Session, site: str, *, keep: int) -> int:
    """Drop all but the `keep` episodes of a site that were solved last, and return how many went."""
    return remembered.drop_beyond(session, EpisodeRow, site, most=keep)


def forget_before(session: Session, instant: datetime) -> int:
    """Drop the episodes that were last solved before an instant, and return how many went."""
    return remembered.drop_old(session, EpisodeRow, before=instant)


def forget_episodes(session: Session, numbers: Iterable[int], now: datetime) -> tuple[int, ...]:
    """Forget episodes until they are restored, and return the numbers of those that were remembered."""
    return remembered.forget(session, EpisodeRow, numbers, now)


def restore_episodes(session: Session, numbers: Iterable[int]) -> tuple[int, ...]:
    """Remember forgotten episodes again, and return the numbers of those that were forgotten."""
    return remembered.restore(session, EpisodeRow, numbers)


def _stored(row: EpisodeRow) -> StoredEpisode:
    solved = Solved(
        site=row.site,
        request=row.request,
        steps=tuple(row.steps),
        category=row.category,
        score=row.score,
        model=row.model,
    )
    return StoredEpisode(row.id, solved, row.created_at, row.renewed_at, row.times, row.used, row.helped)
