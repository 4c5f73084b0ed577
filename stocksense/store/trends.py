"""Rank lists of popular search words, as they were fetched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from stocksense.domain.trend import KeywordRank
from stocksense.store.tables import Trend
from stocksense.store.upsert import insert_or_change


@dataclass(frozen=True)
class Windows:
    """The ranks of the newest window of every list, and of the window before it."""

    now: tuple[KeywordRank, ...]
    before: tuple[KeywordRank, ...]


Key = tuple[str, str, date, date]
"""A list at a time: source, category, first and last day."""


_LISTS = select(Trend.source, Trend.category, Trend.window_start, Trend.window_end).distinct()


def save_ranks(session: Session, ranks: Iterable[KeywordRank], now: datetime) -> int:
    """Keep ranks and return how many; a word that is known for the same window gets the rank that it has now."""
    rows = [asdict(rank) | {"fetched_at": now} for rank in ranks]
    insert_or_change(
        session,
        Trend,
        rows,
        keys=("source", "category", "window_start", "window_end", "keyword"),
        changes=("rank", "fetched_at"),
    )
    return len(rows)


def ranks_between(session: Session, first: date, last: date) -> tuple[KeywordRank, ...]:
    """The ranks of every window that lies within these days."""
    within = select(Trend).where(Trend.window_start >= first, Trend.window_end <= last)
    return tuple(_rank(row) for row in session.scalars(_ordered(within)))


def newest_windows(session: Session, *, source: str = "") -> Windows:
    """The newest window of every list and the one before it: the newest of the same length that ended before it began.

    Lists of which there is only one such window have nothing before.
    """
    keys = _LISTS.where(Trend.source == source) if source else _LISTS
    lists: dict[tuple[str, str], list[Key]] = {}
    for row in session.execute(keys):
        key: Key = (row.source, row.category, row.window_start, row.window_end)
        lists.setdefault((row.source, row.category), []).append(key)
    newest = [max(windows, key=_recent) for windows in lists.values()]
    earlier = [before for key in newest if (before := _before(key, lists[key[0], key[1]])) is not None]
    return Windows(_of(session, newest), _of(session, earlier))


def _recent(key: Key) -> tuple[date, date]:
    return key[3], key[2]


def _before(newest: Key, windows: list[Key]) -> Key | None:
    length = newest[3] - newest[2]
    fitting = [key for key in windows if key[3] < newest[2] and key[3] - key[2] == length]
    return max(fitting, key=_recent, default=None)


def _of(session: Session, keys: list[Key]) -> tuple[KeywordRank, ...]:
    columns = tuple_(Trend.source, Trend.category, Trend.window_start, Trend.window_end)
    return (
        tuple(_rank(row) for row in session.scalars(_ordered(select(Trend).where(columns.in_(keys))))) if keys else ()
    )


def _ordered(rows: Select[Trend]) -> Select[Trend]:
    return rows.order_by(Trend.source, Trend.category, Trend.window_end.desc(), Trend.rank, Trend.keyword)


def _rank(row: Trend) -> KeywordRank:
    return KeywordRank(
        source=row.source,
        category=row.category,
        keyword=row.keyword,
        rank=row.rank,
        window_start=row.window_start,
        window_end=row.window_end,
    )
