"""The database's version is another one after every commit, whoever made it, and the same until then."""

from __future__ import annotations

from sqlalchemy import text

from stocksense.store.database import Sessions, make_engine, make_sessions
from stocksense.store.shops import create_shop
from stocksense.store.version import version_of


def url_of(sessions: Sessions) -> str:
    return sessions.engine.url.render_as_string(hide_password=False)


def test_the_version_stays_while_everybody_only_reads(sqlite_sessions: Sessions):
    before = version_of(sqlite_sessions)
    with sqlite_sessions() as session:
        session.execute(text("SELECT count(*) FROM shops")).scalar()

    assert version_of(sqlite_sessions) == before is not None


def test_every_commit_gives_another_version(sessions: Sessions, now):
    seen = [version_of(sessions)]
    for name in ("One", "Two"):
        with sessions.begin() as session:
            create_shop(session, name, now=now)
        seen.append(version_of(sessions))

    assert len(set(seen)) == 3


def test_what_another_connection_wrote_by_hand_counts_too(sessions: Sessions, now):
    with sessions.begin() as session:
        create_shop(session, "One", now=now)
    before = version_of(sessions)
    other = make_engine(url_of(sessions))
    with other.begin() as connection:
        connection.exec_driver_sql("UPDATE shops SET name = 'Another'")
    other.dispose()

    assert version_of(sessions) != before


def test_the_version_is_asked_anew_once_connections_were_given_back(sessions: Sessions, now):
    version_of(sessions)
    sessions.engine.dispose()
    before = version_of(sessions)
    with sessions.begin() as session:
        create_shop(session, "One", now=now)

    assert None is not before != version_of(sessions)


def test_a_database_in_memory_tells_no_version():
    assert version_of(make_sessions(make_engine("sqlite://"))) is None


def test_a_database_that_is_gone_tells_no_version():
    assert version_of(make_sessions(make_engine("sqlite:////dev/null/no/shop.db"))) is None
