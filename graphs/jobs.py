"""The jobs that can be fired: by a clock, by hand, once each, with a row that says how it went."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from langgraph.graph.state import CompiledStateGraph

from graphs.brief import build_brief
from graphs.progress import Progress, Say
from graphs.recall_sweep import build_recall_sweep
from graphs.replenish import build_replenish
from graphs.tidy import build_tidy
from graphs.trend_scan import build_trend_scan
from stocksense.errors import UnknownName
from stocksense.store import jobs
from tools.services import Services

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """Something that runs by itself: its graph, and when, as a crontab line in the shop's time zone."""

    name: str
    does: str
    crontab: str
    build: Callable[[], CompiledStateGraph[Any, Services, Any, Any]]


_ALL = (
    Job("replenish", "Forecast, decide, propose, buy what the policy covers, write.", "30 2 * * *", build_replenish),
    Job("recall_sweep", "Ask the recall feeds, take what is certain off sale.", "*/30 * * * *", build_recall_sweep),
    Job("trend_report", "Read the popularity lists, write what rises.", "0 8 * * mon", build_trend_scan),
    Job("morning_brief", "Write what happened and what needs the owner.", "0 7 * * *", build_brief),
    Job("tidy", "Forget old conversations.", "15 3 * * *", build_tidy),
)

JOBS: Mapping[str, Job] = {job.name: job for job in _ALL}
"""The jobs by name."""


@dataclass(frozen=True)
class Firing:
    """What came of one firing; `failures` were left out, `error` ended it."""

    run_id: int
    failures: tuple[str, ...] = ()
    error: str = ""


def fire(services: Services, name: str, scheduled_at: datetime, say: Say = lambda progress: None) -> Firing | None:
    """Run a job for one scheduled instant, if nobody has: None if another process holds or had that firing.

    Raises UnknownName for a job that isn't there. An error of the job is kept in its row and told, not raised.
    """
    job = job_of(name)
    with services.sessions.begin() as session:
        shop_id = services.shop(session).id
        jobs.fail_stale(session, shop_id, services.clock())
        run_id = jobs.claim(session, shop_id, name, scheduled_at, services.clock())
    if run_id is None:
        return None
    log.info("job started: job=%s run=%d", name, run_id)
    try:
        failures = _run(services, job, run_id, say)
    except Exception as error:  # the door of scheduled work: whatever goes wrong is written down with its traceback
        log.exception("job failed: job=%s run=%d", name, run_id)
        with services.sessions.begin() as session:
            jobs.fail(session, run_id, traceback.format_exc(), services.clock())
        return Firing(run_id, error=f"{type(error).__name__}: {error}")
    with services.sessions.begin() as session:
        jobs.finish(session, run_id, {"failures": list(failures)}, services.clock())
    return Firing(run_id, failures)


def job_of(name: str) -> Job:
    """The job of that name. Raises UnknownName listing those that there are."""
    if name not in JOBS:
        raise UnknownName("job", name, f"there are {', '.join(JOBS)}", in_korean=f"있는 작업: {', '.join(JOBS)}")
    return JOBS[name]


def _run(services: Services, job: Job, run_id: int, say: Say) -> tuple[str, ...]:
    """Run the job's graph to its end and pass its progress on; the failures it could go on without."""
    failures: tuple[str, ...] = ()
    start = {"run_id": run_id, "failures": []}
    for mode, part in job.build().stream(start, context=services, stream_mode=["custom", "values"]):
        if mode == "values" and isinstance(part, dict):
            failures = tuple(part.get("failures", ()))
        elif isinstance(part, Progress):
            say(part)
    return failures
