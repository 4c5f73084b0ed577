"""Engine and sessions from one URL, SQLite or PostgreSQL, and whether the tables there are up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ExceptionContext,
    create_engine,
    event,
    exc,
    inspect,
    make_url,
    text,
)
from sqlalchemy.orm import Session, sessionmaker

from stocksense.errors import BadSetting, StoreUnavailable
from stocksense.store.migrations import HEAD

MIGRATIONS = Path(__file__).parent / "migrations"

_BUSY_SECONDS = 30
_MAPPED_BYTES = 2**31 - 65_536
_UPGRADE_LOCK = 5_120_160
_NO_TABLE_OR_COLUMN = frozenset({"42P01", "42703"})


def make_engine(url: str) -> Engine:
    """An engine whose failures to reach the database, or to find its tables, are StoreUnavailable.

    SQLite gets write-ahead logging, full synchronisation and foreign keys; PostgreSQL is spoken to without prepared
    statements, which Supabase's transaction pooler doesn't keep. Raises BadSetting for a URL that can't be used.
    """
    try:
        parsed = make_url(url)
    except exc.ArgumentError as error:
        raise BadSetting("DATABASE_URL is no database URL; write it as postgresql://user:password@host/name") from error
    if parsed.get_backend_name() == "sqlite":
        engine = _sqlite_engine(parsed)
    elif parsed.get_backend_name() == "postgresql":
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args={"prepare_threshold": None, "connect_timeout": 10},
        )
        event.listen(engine, "connect", _prepare_postgresql)
    else:
        raise BadSetting(f"{shown(parsed)} is neither PostgreSQL nor SQLite; use postgresql://... or sqlite:///...")
    event.listen(engine, "handle_error", _explained, retval=True)
    return engine


class Sessions(sessionmaker[Session]):
    """Makes sessions: `sessions()` to read, `sessions.begin()` to write.

    On SQLite a session to write takes the write lock at once (BEGIN IMMEDIATE), so that nothing that it read can be
    changed by another writer before it writes.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.engine = engine
        self._writing = engine.execution_options(writes=True)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A session to write in: committed at the end, rolled back if an error leaves the block."""
        with self(bind=self._writing) as session, session.begin():
            yield session


def make_sessions(engine: Engine) -> Sessions:
    """The maker of sessions on an engine."""
    return Sessions(engine)


def reachable(engine: Engine) -> bool:
    """Whether the database answers; `check_ready` says why not."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except StoreUnavailable:
        return False
    return True


def is_current(engine: Engine) -> bool:
    """Whether the tables are those of this release. Raises StoreUnavailable if the database can't be reached."""
    with engine.connect() as connection:
        return revision_of(connection) == HEAD


def check_ready(engine: Engine) -> None:
    """Raises StoreUnavailable, with the way out, unless the database answers and its tables are up to date."""
    with engine.connect() as connection:
        revision = revision_of(connection)
    if revision != HEAD:
        raise StoreUnavailable(
            f"the tables of {shown(engine.url)} are at revision {revision or 'none'}, this release needs {HEAD}; "
            f"run `stocksense db upgrade`",
            in_korean=f"{shown(engine.url)}의 테이블이 {revision or '없음'}판이고 이 프로그램은 {HEAD}판이 필요합니다. "
            "`stocksense db upgrade`를 실행하세요.",
        )


def revision_of(connection: Connection) -> str | None:
    """The revision of a database's tables, None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(engine: Engine, revision: str = "head") -> str:
    """Bring the tables to a revision, and return it. Two processes at once wait for each other.

    At the newest revision, shops that have no tables for their pages yet get them filled. Raises StoreUnavailable if
    the database can't be reached.
    """
    reached = _migrate(engine, "upgrade", revision)
    if reached == HEAD:
        from stocksense.store.derived import build_missing_pages

        with make_sessions(engine).begin() as session:
            build_missing_pages(session)
    return reached


def downgrade(engine: Engine, revision: str = "base") -> str:
    """Take the tables back to a revision (`base`: none at all) and return it; what they held is lost."""
    return _migrate(engine, "downgrade", revision)


def shown(url: URL) -> str:
    """A URL fit for messages: without password and options."""
    return url.set(query={}).render_as_string(hide_password=True)


def _migrate(engine: Engine, command: str, revision: str) -> str:
    # Alembic takes a quarter of a second to import, and is needed only here.
    from alembic import command as alembic
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.execution_options(writes=True).connect() as connection, _foreign_keys_off(connection):
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
        config.attributes["connection"] = connection
        getattr(alembic, command)(config, revision)
        reached = revision_of(connection)
        if engine.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise StoreUnavailable(f"{len(broken)} rows would point nowhere after migrating, so nothing was changed")
        connection.commit()
    return reached or ""


@contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, which its foreign keys forbid; they are checked afterwards."""
    raw = connection.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # Pages ask many small questions: to compile one, or to share it among processes, takes longer than to answer it. A
    # pooler may answer the next transaction on another connection, which costs some milliseconds and nothing else.
    with connection.cursor() as cursor:
        cursor.execute("SET jit = off; SET max_parallel_workers_per_gather = 0")
    connection.commit()


def _sqlite_engine(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        # A folder that can't be made shows when connecting, as a database that can't be reached.
        with suppress(OSError):
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not open transactions by itself: it would do so only at the first write, after the reads.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {_BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        # Without this, INSERT OR REPLACE would delete rows behind the triggers that refuse deleting.
        "recursive_triggers = ON",
        # Pages of the file are read in place; SQLite takes no more than 2 GB of it so, and by itself none.
        f"mmap_size = {_MAPPED_BYTES}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _explained(context: ExceptionContext) -> BaseException | None:
    """The error to raise instead of one that says nothing of the way out; None leaves it as it is."""
    if context.is_pre_ping or context.engine is None:
        return None
    where, cause = shown(context.engine.url), str(context.original_exception).strip()
    if _is_behind(context.original_exception):
        return StoreUnavailable(
            f"the tables of {where} are not up to date ({cause}); run `stocksense db upgrade`",
            in_korean=f"{where}의 테이블이 최신이 아닙니다. `stocksense db upgrade`를 실행하세요.",
        )
    if "database is locked" in cause:
        return StoreUnavailable(
            f"another process has been writing to {where} for {_BUSY_SECONDS} s; try again later",
            in_korean=f"다른 작업이 {_BUSY_SECONDS}초 넘게 {where}에 쓰고 있습니다. 잠시 뒤에 다시 해 보세요.",
        )
    if context.connection is None or context.is_disconnect:
        return StoreUnavailable(
            f"the database {where} cannot be reached ({cause}); check DATABASE_URL and that the server runs, "
            f"or unset DATABASE_URL to use SQLite",
            in_korean=f"데이터베이스 {where}에 닿지 못했습니다. DATABASE_URL과 서버를 확인하거나, DATABASE_URL을 비워 "
            "SQLite를 쓰세요.",
        )
    return None


def _is_behind(error: BaseException) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        return "no such table" in str(error) or "no such column" in str(error) or "has no column" in str(error)
    return getattr(error, "sqlstate", None) in _NO_TABLE_OR_COLUMN
