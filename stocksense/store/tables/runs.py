"""The agents' runs, the audit trail and mails."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from stocksense.store.states import JobState, MailState
from stocksense.store.tables.table import Table
from stocksense.store.types import Key, word


class JobRun(Table):
    """One firing of a job. The pair of job and time is the claim: whoever inserts it runs it, once."""

    __tablename__ = "job_runs"
    __table_args__ = (UniqueConstraint("shop_id", "job", "scheduled_at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    job: Mapped[str] = mapped_column(String(40))
    scheduled_at: Mapped[datetime]
    state: Mapped[JobState] = mapped_column(word(JobState), default=JobState.RUNNING)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    output: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str] = mapped_column(String(4000), default="")


class Audit(Table):
    """Who did what, when; rows are never changed nor deleted."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "shop_id", "subject", "id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("shops.id"))
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    happened_at: Mapped[datetime]


class OutboxMail(Table):
    """A mail that is to leave, or has left; `claimed_at` is when delivering it was last begun."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    idempotency_key: Mapped[str] = mapped_column(String(120), unique=True)
    recipients: Mapped[list[str]]
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(String(100_000))
    html: Mapped[str] = mapped_column(String(400_000), default="")
    state: Mapped[MailState] = mapped_column(word(MailState), default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
