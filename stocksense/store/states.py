"""States of rows that are no matter of inventory: job runs, mails, roles."""

from __future__ import annotations

from enum import StrEnum

GENERATED = "generated-"
"""What the names of sources begin with whose answers were made up."""


def is_generated(source: str) -> bool:
    """Whether a source's answers were made up."""
    return source.startswith(GENERATED)


class JobState(StrEnum):
    """How a firing of a job stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class MailState(StrEnum):
    """Where a mail is; `UNKNOWN` means that the connection broke after it was handed over, so it isn't sent again."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    WRITTEN = "written"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Role(StrEnum):
    """What a person may do."""

    OWNER = "owner"
    MANAGER = "manager"
    STAFF = "staff"
    VIEWER = "viewer"


class Grain(StrEnum):
    """Over how many days a roll-up sums; a week is a part of a month, which begins on its 1st, 8th, 15th or 22nd."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
