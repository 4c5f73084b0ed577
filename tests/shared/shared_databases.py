"""Migrated and empty databases for each test, SQLite and PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from stocksense.store.database import Sessions, make_engine, make_sessions, upgrade
from stocksense.store.guards import APPEND_ONLY
from stocksense.store.tables import Table


@pytest.fixture(scope="session")
def postgresql_url(empty_postgresql: Callable[[], str]) -> str:
    """A migrated PostgreSQL database that the tests share; `engine` empties it before each."""
    url = empty_postgresql()
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "stocksense.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


def emptied(url: str) -> Engine:
    """An engine on the shared PostgreSQL database, without a row but those of `steps`."""
    engine = make_engine(url)
    tables = [table.name for table in reversed(Table.metadata.sorted_tables) if table.name != "steps"]
    off, on = (
        "".join(f"ALTER TABLE {name} {word} TRIGGER USER;" for name in APPEND_ONLY) for word in ("DISABLE", "ENABLE")
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(off + "".join(f"DELETE FROM {name};" for name in tables) + on)
    return engine


@pytest.fixture
def sqlite_engine(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A migrated, empty SQLite database."""
    path = tmp_path / "stocksense.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_sessions(sqlite_engine: Engine) -> Sessions:
    """Sessions on an empty SQLite database, for rooms above the store."""
    return make_sessions(sqlite_engine)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A migrated, empty database: each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_engine")
        return
    engine = emptied(request.getfixturevalue("postgresql_url"))
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    """Sessions on an empty database, once on SQLite and once on PostgreSQL."""
    return make_sessions(engine)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept_sessions(request: Any, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sessions]:
    """A database of a file's own, whose rows are written once for all its tests: on SQLite and on PostgreSQL."""
    file = shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("kept") / "shop.db")
    engine = make_engine(
        f"sqlite:///{file}" if request.param == "sqlite" else request.getfixturevalue("empty_postgresql")()
    )
    upgrade(engine)
    yield make_sessions(engine)
    engine.dispose()
