"""What runs by itself: when each job is due, how its last runs went, and running one now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.background import BackgroundTask

from stocksense.errors import UnknownName
from stocksense.store import jobs
from stocksense.store.jobs import JobRunInfo
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from ui.gate import Approver, Viewer, services_of
from ui.page import Nav, done, render

router = APIRouter()
NAV = Nav("jobs", "/jobs", icon="jobs", place=90)

GRACE = timedelta(minutes=15)
"""A job that should have begun so long ago and has not is late."""
_SHOWN = 30


@dataclass(frozen=True)
class JobRow:
    """A job with its last run; `is_late` means that nothing started it when it was due."""

    name: str
    does: str
    due: datetime
    last: JobRunInfo | None
    is_late: bool


@router.get("/jobs")
def jobs_page(request: Request, visit: Viewer, job: str = "") -> Response:
    """The jobs, and the newest runs of all or of one."""
    services = services_of(request)
    with services.sessions() as session:
        shop = services.shop(session)
        rows = _rows(session, shop, services.clock())
        runs = jobs.runs(session, shop.id, job or None, limit=_SHOWN)
    return render(
        request, "jobs.html", rows=rows, runs=[(run, last_line(run)) for run in runs], only=job, now=services.clock()
    )


@router.post("/jobs/{name}/run")
def run_now(request: Request, visit: Approver, name: str) -> Response:
    """Begin a job for this instant; the page tells how it goes."""
    from graphs.jobs import JOBS, fire

    if name not in JOBS:
        raise UnknownName("job", name, "choose one from the page of jobs")
    services = services_of(request)
    answer = done(request, "/jobs", "jobs.begun")
    answer.background = BackgroundTask(fire, services, name, services.clock())
    return answer


def last_line(run: JobRunInfo) -> str:
    """Why a run failed or what it left out, in one line."""
    if run.error:
        return run.error.strip().splitlines()[-1]
    return "; ".join(str(failure) for failure in run.output.get("failures", ()))


def _rows(session: Session, shop: ShopInfo, now: datetime) -> tuple[JobRow, ...]:
    # LangGraph and APScheduler take seconds to load, which the start of the pages does not wait for.
    from graphs.jobs import JOBS
    from graphs.schedule import last_due, next_due

    rows = []
    for name, job in JOBS.items():
        last = next(iter(jobs.runs(session, shop.id, name, limit=1)), None)
        was_due = last_due(name, shop.time_zone, now)
        missed = was_due is not None and now - was_due > GRACE and (last is None or last.started_at < was_due)
        rows.append(JobRow(name, job.does, next_due(name, shop.time_zone, now), last, missed))
    return tuple(rows)
