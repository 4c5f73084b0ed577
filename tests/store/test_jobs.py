"""A firing of a job runs once, whoever else is up; and a run whose process died is recognised."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta

import pytest

from stocksense.errors import IllegalStep, UnknownName
from stocksense.store.jobs import claim, fail, fail_stale, finish, run_of, runs
from stocksense.store.states import JobState


@pytest.fixture
def claimed(sessions, shop, now):
    """Claims a firing."""

    def make(job="replenish", hours=0):
        with sessions.begin() as session:
            return claim(session, shop.id, job, now + timedelta(hours=hours), now)

    return make


def test_a_firing_is_claimed_once(claimed):
    assert claimed() is not None
    assert claimed() is None


def test_another_time_another_job_and_another_shop_are_other_firings(sessions, claimed, another_shop, now):
    other = another_shop("Kiosk")

    first, later, sweep = claimed(), claimed(hours=24), claimed("recall_sweep")

    with sessions.begin() as session:
        elsewhere = claim(session, other.id, "replenish", now, now)
    assert len({first, later, sweep, elsewhere}) == 4


def test_a_run_keeps_what_it_reports(sessions, claimed, now):
    run_id = claimed()
    with sessions.begin() as session:
        finish(session, run_id, {"orders": 3}, now + timedelta(seconds=42))

    with sessions() as session:
        run = run_of(session, run_id)
    assert (run.state, run.output, run.seconds) == (JobState.DONE, {"orders": 3}, 42.0)


def test_a_run_keeps_why_it_failed(sessions, shop, claimed, now):
    run_id = claimed()
    with sessions.begin() as session:
        fail(session, run_id, "x" * 5000, now)

    with sessions() as session:
        (run,) = runs(session, shop.id)
    assert (run.id, run.state, len(run.error)) == (run_id, JobState.FAILED, 4000)


def test_a_run_ends_once(sessions, claimed, now):
    run_id = claimed()
    with sessions.begin() as session:
        finish(session, run_id, {}, now)

    with pytest.raises(IllegalStep, match=f"run {run_id} is done"), sessions.begin() as session:
        fail(session, run_id, "late", now)


def test_a_run_whose_process_died_is_failed_and_can_not_be_finished(sessions, shop, claimed, now):
    run_id = claimed()
    with sessions.begin() as session:
        assert fail_stale(session, shop.id, now + timedelta(hours=2)) == ()
        assert fail_stale(session, shop.id, now + timedelta(hours=3)) == (run_id,)

    with sessions() as session:
        assert "its process ended" in run_of(session, run_id).error
    with pytest.raises(IllegalStep), sessions.begin() as session:
        finish(session, run_id, {}, now)


def test_runs_are_listed_newest_first(sessions, shop, claimed):
    made = [claimed(hours=at) for at in range(5)]
    claimed("recall_sweep")

    with sessions() as session:
        assert [run.id for run in runs(session, shop.id, "replenish", limit=3)] == made[:1:-1]


def test_an_unknown_run_is_named(sessions):
    with pytest.raises(UnknownName, match="no run of a job is called 99"), sessions() as session:
        run_of(session, 99)


def test_threads_that_fire_together_run_each_firing_once(sessions, shop, now):
    won: list[int] = []

    def scheduler():
        for minute in range(200):
            with sessions.begin() as session:
                run_id = claim(session, shop.id, "brief", now + timedelta(minutes=minute), now)
            if run_id is not None:
                won.append(run_id)

    both = [threading.Thread(target=scheduler) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(120)

    assert (len(won), len(set(won))) == (200, 200)


SCHEDULER = """
import sys
from datetime import UTC, datetime, timedelta
from stocksense.store.database import make_engine, make_sessions
from stocksense.store.jobs import claim
sessions = make_sessions(make_engine(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
first = datetime(2026, 3, 11, tzinfo=UTC)
for minute in range(200):
    with sessions.begin() as session:
        run_id = claim(session, int(sys.argv[2]), "brief", first + timedelta(minutes=minute), first)
    if run_id is not None:
        print(run_id, flush=True)
"""


def test_processes_that_fire_together_run_each_firing_once(engine, shop):
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", SCHEDULER, url, str(shop.id)]
    both = [subprocess.Popen(command, stdin=-1, stdout=-1, text=True) for _ in range(2)]
    for one in both:
        assert one.stdout.readline() == "ready\n"

    for one in both:
        one.stdin.write("go\n")
        one.stdin.flush()
    won = [line for one in both for line in one.communicate(timeout=120)[0].split()]

    assert (len(won), len(set(won))) == (200, 200)
