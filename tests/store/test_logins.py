"""Logins last while they are used, end where they are ended, and waiting grows for who keeps failing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stocksense.errors import BadValue
from stocksense.store.lockout import LONGEST_WAIT, forgive, locked_until, note_failure, wait_after
from stocksense.store.logins import LIFETIME, log_in, log_out, log_out_elsewhere, login_of, logins_of, note_use
from stocksense.store.states import Role
from stocksense.store.tables import LoginRow
from stocksense.store.users import disable, prefer, save_user, set_role


@pytest.fixture
def owner(sessions, now):
    with sessions.begin() as session:
        return save_user(session, "owner@shop.test", name="김", role=Role.OWNER, now=now, password="correct horse")


@pytest.fixture
def enter(sessions, owner, now):
    """Logs the owner in at a browser and gives the token."""

    def log_in_at(agent="Firefox"):
        with sessions.begin() as session:
            return log_in(session, owner.id, address="10.0.0.1", agent=agent, now=now)

    return log_in_at


def test_a_token_finds_its_person(sessions, owner, enter, now):
    new = enter()

    with sessions() as session:
        assert login_of(session, new.token, now) == (new.login, owner)
        assert login_of(session, new.token + "x", now) is None


def test_the_token_itself_is_not_kept(sessions, enter):
    token = enter().token

    with sessions() as session:
        assert token not in repr(vars(session.query(LoginRow).one()))


def test_a_login_runs_out_unless_it_is_used(sessions, enter, now):
    unused, used = enter(), enter()
    with sessions.begin() as session:
        note_use(session, used.login.id, now + timedelta(days=1))

    with sessions() as session:
        later = now + LIFETIME + timedelta(hours=1)
        assert login_of(session, unused.token, later) is None
        assert login_of(session, used.token, later) is not None


def test_one_login_or_all_others_are_ended(sessions, owner, enter, now):
    phone, desk, lost = enter("phone"), enter("desk"), enter("lost")

    with sessions.begin() as session:
        assert log_out(session, owner.id, lost.login.id)
        assert not log_out(session, owner.id + 1, phone.login.id)
        assert log_out_elsewhere(session, owner.id, but=desk.login.id) == 1
        assert [login.agent for login in logins_of(session, owner.id, now)] == ["desk"]


def test_a_closed_account_is_logged_out_at_once(sessions, enter, now):
    with sessions.begin() as session:
        staff = save_user(session, "staff@shop.test", name="이", role=Role.STAFF, now=now, password="long enough")
        token = log_in(session, staff.id, address="", agent="", now=now).token
        disable(session, staff.id, disabled=True, now=now)

    with sessions() as session:
        assert login_of(session, token, now) is None


def test_the_only_owner_stays_an_owner(sessions, owner, now):
    with sessions.begin() as session:
        with pytest.raises(BadValue, match="only owner"):
            set_role(session, owner.id, Role.STAFF)
        with pytest.raises(BadValue, match="only owner"):
            disable(session, owner.id, disabled=True, now=now)


def test_a_person_chooses_language_theme_and_time_zone(sessions, owner):
    with sessions.begin() as session:
        chosen = prefer(session, owner.id, language="en", theme="dark", time_zone="Europe/Berlin")
        with pytest.raises(BadValue, match="no theme"):
            prefer(session, owner.id, theme="pink")

    assert (chosen.language, chosen.theme, chosen.time_zone) == ("en", "dark", "Europe/Berlin")


def test_five_failures_in_a_row_cost_a_wait_that_doubles(sessions, now):
    with sessions.begin() as session:
        ends = [note_failure(session, "Owner@shop.test", "10.0.0.1", now) for _ in range(7)]

        assert [end and end - now for end in ends[3:]] == [None, *(timedelta(seconds=s) for s in (30, 60, 120))]
        assert locked_until(session, "owner@shop.test", "10.0.0.1", now) == ends[-1]


def test_failing_in_the_owners_name_elsewhere_does_not_keep_the_owner_out(sessions, now):
    with sessions.begin() as session:
        for _ in range(15):
            note_failure(session, "owner@shop.test", "6.6.6.6", now)

        assert locked_until(session, "owner@shop.test", "10.0.0.1", now) is None


def test_trying_many_accounts_from_one_address_is_stopped(sessions, now):
    with sessions.begin() as session:
        for number in range(20):
            note_failure(session, f"person{number}@shop.test", "6.6.6.6", now)

        assert locked_until(session, "another@shop.test", "6.6.6.6", now) is not None


def test_a_login_forgives_what_failed_before(sessions, now):
    with sessions.begin() as session:
        for _ in range(6):
            note_failure(session, "owner@shop.test", "10.0.0.1", now)
        forgive(session, "owner@shop.test", "10.0.0.1")

        assert locked_until(session, "owner@shop.test", "10.0.0.1", now) is None


def test_no_wait_is_longer_than_an_hour():
    assert wait_after(10_000, 5) == LONGEST_WAIT
