"""Whether anything at all was written since: a value that is another one after every commit, whoever made it.

Nobody keeps it: the database tells. SQLite counts for each connection the commits of all others, so one connection
that never writes is asked (`PRAGMA data_version`). PostgreSQL is asked which transactions it takes for finished
(`pg_current_snapshot`): two snapshots that are the same show the same rows. Other writing in the same server changes it
too, which costs a look, never a wrong answer.

Who asks before reading may keep what was read for that value: what is committed meanwhile makes the kept newer than its
value, and the next one who asks gets another value.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Hashable
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, PoolProxiedConnection, event

from stocksense.errors import StoreUnavailable
from stocksense.store.database import Sessions


class _Watch:
    """A connection to a SQLite database that never writes and only counts what others commit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._one_at_a_time = threading.Lock()
        self._connection: PoolProxiedConnection | None = None
        self._opened = ""

    def version(self) -> Hashable:
        """The count, with a mark of the connection that it belongs to."""
        with self._one_at_a_time:
            if self._connection is None:
                self._connection, self._opened = self._engine.raw_connection(), secrets.token_hex(8)
                self._connection.detach()
            cursor = self._connection.cursor()
            return self._opened, cursor.execute("PRAGMA data_version").fetchone()[0]

    def close(self) -> None:
        """Let go of the file; the next who asks opens it anew."""
        with self._one_at_a_time:
            if self._connection is not None:
                self._connection.close()
            self._connection = None


_watches: WeakKeyDictionary[Engine, _Watch] = WeakKeyDictionary()
_opening = threading.Lock()


def version_of(sessions: Sessions) -> Hashable | None:
    """The value now; None where the database doesn't tell, and nothing can be kept."""
    engine = sessions.engine
    try:
        if engine.dialect.name == "postgresql":
            with engine.connect() as connection:
                return str(engine.url), connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar()
        return _watch_of(engine).version() if engine.url.database not in (None, "", ":memory:") else None
    except (StoreUnavailable, sqlite3.Error):
        return None


def _watch_of(engine: Engine) -> _Watch:
    with _opening:
        watch = _watches.get(engine)
        if watch is None:
            watch = _watches[engine] = _Watch(engine)
            event.listen(engine, "engine_disposed", _disposed)
        return watch


def _disposed(engine: Engine) -> None:
    watch = _watches.get(engine)
    if watch is not None:
        watch.close()
