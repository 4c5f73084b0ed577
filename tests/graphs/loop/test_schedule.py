"""When jobs are due, and that however many schedulers there are, each firing runs once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from graphs import schedule
from graphs.jobs import JOBS, fire
from graphs.schedule import fire_due, last_due, next_due, scheduler
from stocksense.store import jobs

SEOUL = "Asia/Seoul"


def test_the_night_s_replenishment_is_due_at_half_past_two_by_the_shop_s_clock():
    due = last_due("replenish", SEOUL, datetime(2026, 11, 23, 3, 0, tzinfo=UTC))

    assert due == datetime(2026, 11, 22, 17, 30, tzinfo=UTC)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.sampled_from(sorted(JOBS)))  # noqa: DTZ001
def test_the_last_firing_lies_before_now_and_the_next_after(moment, name):
    now = moment.replace(tzinfo=UTC)

    last, following = last_due(name, SEOUL, now), next_due(name, SEOUL, now)

    assert last is not None
    assert last <= now <= following
    assert last_due(name, SEOUL, following) == following


def test_a_firing_runs_once_with_many_schedulers(make_services, now):
    services = make_services()

    with ThreadPoolExecutor(4) as pool:
        firings = list(pool.map(lambda _: fire(services, "recall_sweep", now), range(8)))

    assert sum(firing is not None for firing in firings) == 1


@pytest.fixture
def bound(make_services):
    """Services as a scheduler's process has them."""
    services = make_services()
    schedule._open["services"] = services
    yield services
    schedule._open.clear()


def test_a_firing_that_was_missed_is_caught_up_once(bound):
    first = fire_due("morning_brief")

    assert first is not None
    assert fire_due("morning_brief") is None


def test_a_later_instant_is_another_firing(bound, now):
    fire_due("recall_sweep")
    schedule._open["services"] = replace(bound, clock=lambda: now + timedelta(minutes=30))

    assert fire_due("recall_sweep") is not None


@pytest.fixture
def without_jobs(engine):
    """A database whose table of scheduled jobs is gone after the test: it isn't one of ours."""
    yield
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS apscheduler_jobs"))


@pytest.mark.usefixtures("without_jobs")
def test_the_scheduler_keeps_every_job_in_the_database(make_services, engine):
    url = engine.url.render_as_string(hide_password=False)
    services = make_services()
    services = replace(services, settings=services.settings.model_copy(update={"database_url": url}))

    with scheduler(services) as clockwork:
        known = {job.id for job in clockwork.get_jobs()}
    with scheduler(services) as clockwork:
        again = {job.id for job in clockwork.get_jobs()}

    assert known == again == set(JOBS)
    with services.sessions() as session:
        assert jobs.runs(session, services.shop(session).id) == ()
