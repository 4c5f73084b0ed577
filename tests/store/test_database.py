"""The database: one URL for either kind, clear words when it can't be used, migrations up and down."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, select, text

from stocksense.errors import BadSetting, StoreUnavailable
from stocksense.store.database import (
    MIGRATIONS,
    Sessions,
    check_ready,
    downgrade,
    is_current,
    make_engine,
    make_sessions,
    reachable,
    upgrade,
)
from stocksense.store.migrations import HEAD
from stocksense.store.tables import Shop, Table

PRAGMAS = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/bare.db"
    else:
        url = request.getfixturevalue("empty_postgresql")()
    engine = make_engine(url)
    yield engine
    engine.dispose()


def rules_of(engine: Engine) -> set[str]:
    """All checks and indexes that a database holds, in its own words."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            tables = connection.scalars(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"))
            return {f"{sql.split('(')[0]}{rule}" for sql in tables for rule in re.split(r",\s+|\n", sql)}
        checks = text(
            "SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE conname NOT LIKE 'alembic%'"
        )
        indexes = text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE 'alembic%'")
        return {*connection.scalars(checks), *connection.scalars(indexes)}


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # the next test compares these
def test_migrated_tables_are_those_of_the_models(bare_engine: Engine):
    upgrade(bare_engine)

    with bare_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Table.metadata)

    assert differences == []


def test_migrated_checks_and_indexes_are_those_of_the_models(bare_engine: Engine):
    upgrade(bare_engine)
    migrated = rules_of(bare_engine)
    downgrade(bare_engine)
    Table.metadata.create_all(bare_engine)

    assert rules_of(bare_engine) <= migrated
    assert any("uq_proposals_live" in rule for rule in rules_of(bare_engine))


def test_migrating_down_leaves_an_empty_database_and_up_again_a_current_one(bare_engine: Engine):
    upgrade(bare_engine)

    downgrade(bare_engine)

    assert inspect(bare_engine).get_table_names() == ["alembic_version"]
    assert not is_current(bare_engine)
    assert upgrade(bare_engine) == HEAD
    assert is_current(bare_engine)


def test_the_newest_revision_is_known_without_alembic():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_two_processes_may_migrate_at_once(bare_engine: Engine):
    url = bare_engine.url.render_as_string(hide_password=False)
    program = f"from stocksense.store.database import make_engine, upgrade; print(upgrade(make_engine({url!r})))"
    processes = [Popen([sys.executable, "-c", program], stdout=PIPE, text=True) for _ in range(2)]

    reached = [process.communicate()[0].strip() for process in processes]

    assert reached == [HEAD, HEAD]


def test_an_empty_database_asks_for_an_upgrade(bare_engine: Engine):
    with pytest.raises(StoreUnavailable, match="stocksense db upgrade"):
        check_ready(bare_engine)


def test_a_missing_table_asks_for_an_upgrade(bare_engine: Engine):
    with make_sessions(bare_engine)() as session, pytest.raises(StoreUnavailable, match="stocksense db upgrade"):
        session.execute(select(Shop)).all()


def test_a_current_database_is_ready(engine: Engine):
    check_ready(engine)

    assert is_current(engine)
    assert reachable(engine)


def test_a_server_that_does_not_answer_is_named_without_its_password():
    engine = make_engine("postgresql://owner:secret@127.0.0.1:9/shop?sslmode=disable")

    with pytest.raises(StoreUnavailable, match=r"owner:\*\*\*@127.0.0.1:9/shop cannot be reached") as told:
        check_ready(engine)

    assert "secret" not in str(told.value)
    assert not reachable(engine)


def test_a_folder_that_cannot_be_made_is_told_as_an_unreachable_database(tmp_path: Path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        check_ready(make_engine(f"sqlite:///{tmp_path}/file/stocksense.db"))


def test_a_file_that_is_no_database_is_told_as_an_unreachable_database(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("milk, bread, more milk, more bread, and a good deal of tea" * 20)

    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        check_ready(make_engine(f"sqlite:///{tmp_path}/notes.txt"))


@pytest.mark.parametrize("url", ["mysql://root@localhost/shop", "not a url"])
def test_other_urls_are_refused_with_what_to_write(url: str):
    with pytest.raises(BadSetting, match="postgresql://"):
        make_engine(url)


def test_sqlite_syncs_fully_logs_ahead_and_holds_foreign_keys(sqlite_engine: Engine):
    with sqlite_engine.connect() as connection:
        settings = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS]

    assert settings == ["wal", 2, 1, 1]


def test_no_statement_is_prepared_on_postgresql(postgresql_url: str):
    with make_engine(postgresql_url).connect() as connection:
        for _ in range(8):
            connection.execute(text("SELECT 1"))
        prepared = connection.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar()

    assert prepared == 0


def test_whoever_writes_on_sqlite_sees_what_the_writer_before_wrote(sqlite_sessions: Sessions):
    with sqlite_sessions.begin() as session:
        session.add(Shop(name="Corner", created_at=datetime(2026, 1, 1, tzinfo=UTC), review_period_days=0))

    def raise_by_one() -> None:
        with sqlite_sessions.begin() as session:
            shop = session.scalars(select(Shop)).one()
            shop.review_period_days += 1

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(raise_by_one) for _ in range(40)]:
            done.result()

    with sqlite_sessions() as session:
        assert session.scalars(select(Shop.review_period_days)).one() == 40


def test_reading_on_sqlite_waits_for_no_writer(sqlite_sessions: Sessions):
    with sqlite_sessions.begin() as writer:
        writer.add(Shop(name="Corner", created_at=datetime(2026, 1, 1, tzinfo=UTC)))
        writer.flush()

        with sqlite_sessions() as reader:
            assert reader.scalars(select(Shop)).all() == []


def test_a_failed_block_writes_nothing(sessions: Sessions):
    with pytest.raises(ZeroDivisionError), sessions.begin() as session:
        session.add(Shop(name="Corner", created_at=datetime(2026, 1, 1, tzinfo=UTC)))
        session.flush()
        _ = 1 / 0

    with sessions() as session:
        assert session.scalars(select(Shop)).all() == []
