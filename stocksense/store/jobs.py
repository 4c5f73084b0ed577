"""Runs of the scheduled jobs: claimed once, ended once, and recognised when their process has died."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from stocksense.errors import IllegalStep, UnknownName
from stocksense.store.states import JobState
from stocksense.store.tables import JobRun
from stocksense.store.upsert import insert_new

LONGEST_RUN = timedelta(hours=2)
"""After this a run that still counts as running is taken for dead."""


@dataclass(frozen=True)
class JobRunInfo:
    """One firing of a job; `output` is what it reported, `error` why it failed."""

    id: int
    job: str
    scheduled_at: datetime
    state: JobState
    started_at: datetime
    finished_at: datetime | None
    output: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""

    @property
    def seconds(self) -> float | None:
        """How long it ran, None while it does."""
        return None if self.finished_at is None else (self.finished_at - self.started_at).total_seconds()


def claim(session: Session, shop_id: int, job: str, scheduled_at: datetime, now: datetime) -> int | None:
    """Claim one firing of a job and return the run's number; None if somebody has claimed it already.

    Commit before running the job: until then another process that claims the same firing waits.
    """
    row = {
        "shop_id": shop_id,
        "job": job,
        "scheduled_at": scheduled_at,
        "state": JobState.RUNNING,
        "started_at": now,
        "output": {},
        "error": "",
    }
    claimed = insert_new(session, JobRun, [row], keys=("shop_id", "job", "scheduled_at"))
    return claimed[0] if claimed else None


def finish(session: Session, run_id: int, output: Mapping[str, Any], now: datetime) -> None:
    """Note that a run is done, with what it reports as plain values. Raises IllegalStep if it has ended already."""
    _end(session, run_id, state=JobState.DONE, output=dict(output), finished_at=now)


def fail(session: Session, run_id: int, error: str, now: datetime) -> None:
    """Note that a run failed, and why. Raises IllegalStep if it has ended already."""
    _end(session, run_id, state=JobState.FAILED, error=error[:4000], finished_at=now)


def fail_stale(session: Session, shop_id: int, now: datetime, *, longest: timedelta = LONGEST_RUN) -> tuple[int, ...]:
    """Fail the runs that have been running for longer than any run does, and return their numbers.

    Their process was killed. The firing is not run again; what it left half done is found by the next run.
    """
    dead = (
        update(JobRun)
        .where(JobRun.shop_id == shop_id, JobRun.state == JobState.RUNNING, JobRun.started_at < now - longest)
        .values(state=JobState.FAILED, finished_at=now, error="its process ended before the run did; start it again")
        .returning(JobRun.id)
    )
    return tuple(session.scalars(dead))


def runs(session: Session, shop_id: int, job: str | None = None, *, limit: int = 20) -> tuple[JobRunInfo, ...]:
    """The newest runs first, of one job or of all."""
    rows = select(JobRun).where(JobRun.shop_id == shop_id).order_by(JobRun.scheduled_at.desc(), JobRun.id.desc())
    if job is not None:
        rows = rows.where(JobRun.job == job)
    return tuple(_info(row) for row in session.scalars(rows.limit(limit)))


def run_of(session: Session, run_id: int) -> JobRunInfo:
    """One run. Raises UnknownName if there is none of that number."""
    row = session.get(JobRun, run_id)
    if row is None:
        raise UnknownName(
            "run of a job",
            run_id,
            "list the runs with `stocksense jobs history`",
            in_korean="`stocksense jobs history`로 보세요.",
        )
    return _info(row)


def _end(session: Session, run_id: int, **values: Any) -> None:
    running = update(JobRun).where(JobRun.id == run_id, JobRun.state == JobState.RUNNING)
    if session.scalars(running.values(**values).returning(JobRun.id)).first() is None:
        state = run_of(session, run_id).state
        raise IllegalStep(f"run {run_id} is {state}; only a running one can end, start the job again")


def _info(row: JobRun) -> JobRunInfo:
    return JobRunInfo(
        id=row.id,
        job=row.job,
        scheduled_at=row.scheduled_at,
        state=row.state,
        started_at=row.started_at,
        finished_at=row.finished_at,
        output=row.output,
        error=row.error,
    )
