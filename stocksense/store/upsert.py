"""Adding rows of which some may be there already, in one statement on both databases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from stocksense.store.tables import Table

Row = Mapping[str, Any]

_AT_ONCE = 2000
"""Rows sent together: enough to be fast, few enough to keep memory flat."""


_A_STATEMENT = 500
"""Keys that one statement names at most: SQLite takes no more than some thousands."""


def portions(items: Sequence[Any], size: int = _A_STATEMENT) -> Iterator[list[Any]]:
    """Cut a sequence into lists short enough for one statement."""
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion


def insert_new(session: Session, table: type[Table], rows: Iterable[Row], *, keys: Sequence[str]) -> list[Any]:
    """Insert the rows whose `keys` are not taken yet; returns the new rows' ids, in no order. Others stay as they are.

    Two processes that insert the same row at once: one gets the id, the other waits and gets none.
    """
    session.flush()
    insert = dialect_insert(session)
    statement = insert(table).on_conflict_do_nothing(index_elements=list(keys)).returning(table.__table__.c.id)
    return [key for chunk in _chunks(_distinct(rows, keys)) for key in session.scalars(statement, chunk)]


def insert_or_change(
    session: Session, table: type[Table], rows: Iterable[Row], *, keys: Sequence[str], changes: Sequence[str]
) -> None:
    """Insert rows; where the `keys` are taken, take over the columns named in `changes`. Of twins the last counts."""
    session.flush()
    statement = dialect_insert(session)(table)
    new = {name: statement.excluded[name] for name in changes}
    statement = statement.on_conflict_do_update(index_elements=list(keys), set_=new)
    for chunk in _chunks(_distinct(rows, keys)):
        session.execute(statement, chunk)


def dialect_insert(session: Session) -> Any:
    """The dialect's own INSERT: only they know ON CONFLICT."""
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert


def _distinct(rows: Iterable[Row], keys: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Rows without twins: PostgreSQL refuses to change one row twice in a statement."""
    last = {tuple(row[name] for name in keys): dict(row) for row in rows}
    yield from last.values()


def _chunks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while chunk := list(islice(rows, _AT_ONCE)):
        yield chunk
