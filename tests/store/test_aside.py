"""What is read aside is what the session itself would read."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from stocksense.store.aside import aside
from stocksense.store.database import Sessions
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo, all_shops, update_policy


def test_reading_aside_has_a_connection_of_its_own_only_where_a_server_answers(sessions: Sessions):
    with sessions() as session:
        own = aside(session, lambda reader: reader)()

        assert (own is session) == (session.get_bind().dialect.name == "sqlite")


def test_a_session_that_writes_sees_aside_what_it_wrote(sessions: Sessions, shop: ShopInfo):
    with sessions.begin() as session:
        changed = update_policy(session, shop.id, cover_days=19)

        assert aside(session, all_shops)() == (changed,)


def test_what_goes_wrong_aside_is_raised_where_the_answer_is_awaited(sessions: Sessions):
    def broken(reader: Session) -> None:
        reader.execute(text("SELECT 1"))
        raise ZeroDivisionError

    with sessions() as session:
        answer = aside(session, broken)
        with pytest.raises(ZeroDivisionError):
            answer()


def test_many_readers_aside_are_all_answered(sessions: Sessions, shop: ShopInfo):
    with sessions() as session:
        answers = [aside(session, all_shops) for _ in range(40)]

        assert {answer() for answer in answers} == {(shop,)}
