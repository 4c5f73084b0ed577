"""People log in with a password that nobody can read back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from stocksense.errors import BadValue, UnknownName
from stocksense.store.states import Role
from stocksense.store.tables import User
from stocksense.store.users import authenticate, save_user, user_of, users


@pytest.fixture
def owner(sessions, now):
    """The owner, with a password."""
    with sessions.begin() as session:
        return save_user(session, "Owner@Shop.test ", name="김", role=Role.OWNER, now=now, password="correct horse")


def test_the_right_password_lets_in(sessions, owner):
    with sessions() as session:
        assert authenticate(session, "owner@shop.TEST", "correct horse") == owner


@pytest.mark.parametrize(
    ("email", "password"),
    [("owner@shop.test", "wrong horse"), ("owner@shop.test", ""), ("stranger@shop.test", "correct horse")],
)
def test_nothing_else_lets_in(sessions, owner, email, password):
    with sessions() as session:
        assert authenticate(session, email, password) is None


def test_nobody_without_a_password_gets_in(sessions, now):
    with sessions.begin() as session:
        save_user(session, "staff@shop.test", name="이", role=Role.STAFF, now=now)
        assert authenticate(session, "staff@shop.test", "") is None


def test_the_password_is_not_kept(sessions, owner):
    with sessions() as session:
        stored = session.scalars(select(User.password_hash)).one()

    assert stored.startswith("$argon2id$")
    assert "horse" not in stored


def test_a_person_is_changed_and_keeps_the_password(sessions, owner, now):
    with sessions.begin() as session:
        changed = save_user(session, "owner@shop.test", name="박", role=Role.MANAGER, now=now, language="en")

    with sessions() as session:
        assert users(session) == (changed,)
        assert authenticate(session, "owner@shop.test", "correct horse") == changed
    assert (changed.id, changed.name, changed.role, changed.language) == (owner.id, "박", Role.MANAGER, "en")


@pytest.mark.parametrize(("email", "password"), [("owner", ""), ("a b@c", ""), ("a@b", "short")])
def test_what_cannot_be_is_refused(sessions, now, email, password):
    with pytest.raises(BadValue), sessions.begin() as session:
        save_user(session, email, name="", role=Role.STAFF, now=now, password=password)


def test_a_stranger_is_named(sessions):
    with pytest.raises(UnknownName, match=r"no person is called 'x@y'"), sessions() as session:
        user_of(session, "x@y")
