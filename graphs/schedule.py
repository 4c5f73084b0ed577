"""Which job runs at what hour: APScheduler with the database as its memory, in the shop's time zone."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from graphs.jobs import JOBS, Firing, fire, job_of
from tools.services import Services

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(days=8)
"""How far back a missed firing is looked for: a little more than the longest period."""

_open: dict[str, Services] = {}
"""What fired jobs work with, by process: the job store keeps only names, and a function found by import."""


def trigger_of(name: str, time_zone: str) -> CronTrigger:
    """When a job fires, in the shop's time zone. Raises UnknownName for a job that isn't there."""
    return CronTrigger.from_crontab(job_of(name).crontab, timezone=ZoneInfo(time_zone))


def last_due(name: str, time_zone: str, now: datetime) -> datetime | None:
    """The newest instant at or before `now` at which the job was due; every process finds the same one."""
    trigger, due, found = trigger_of(name, time_zone), now - LOOK_BACK, None
    while (due := trigger.get_next_fire_time(None, due)) is not None and due <= now:
        found, due = due, due + timedelta(seconds=1)
    return found


def next_due(name: str, time_zone: str, now: datetime) -> datetime:
    """The first instant after `now` at which the job is due."""
    due: datetime = trigger_of(name, time_zone).get_next_fire_time(None, now)
    return due


def fire_due(name: str) -> Firing | None:
    """Fire a job for the instant at which it was last due; None if that firing was claimed already.

    The scheduler calls this by its import path. However many processes do, and however long a pause was,
    the claim on (job, instant) lets one firing through.
    """
    services = _open["services"]
    with services.sessions() as session:
        time_zone = services.shop(session).time_zone
    due = last_due(name, time_zone, services.clock())
    return fire(services, name, due) if due is not None else None


@contextmanager
def scheduler(services: Services) -> Iterator[BackgroundScheduler]:
    """A running scheduler; jobs missed during a pause are caught up once."""
    with services.sessions() as session:
        time_zone = services.shop(session).time_zone
    _open["services"] = services
    clockwork = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=services.settings.store_url)},
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        timezone=ZoneInfo(time_zone),
    )
    clockwork.add_listener(_log_error, EVENT_JOB_ERROR)
    clockwork.start(paused=True)
    known = {job.id for job in clockwork.get_jobs()}
    for name in JOBS:
        trigger = trigger_of(name, time_zone)
        if name in known:
            clockwork.modify_job(name, trigger=trigger)
        else:
            clockwork.add_job(fire_due, trigger, args=[name], id=name, name=name)
    clockwork.resume()
    try:
        yield clockwork
    finally:
        clockwork.shutdown(wait=True)
        del _open["services"]


def _log_error(event: JobExecutionEvent) -> None:
    log.error("scheduled job could not start: job=%s error=%s", event.job_id, event.exception)
