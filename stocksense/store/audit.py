"""The audit trail: who did what, when. Rows are only added; the database refuses anything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stocksense.store.tables import Audit


@dataclass(frozen=True)
class AuditEntry:
    """One thing that was done; `subject` names what it was done to, such as `proposal 12`."""

    id: int
    shop_id: int | None
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any]
    happened_at: datetime


def write(  # noqa: PLR0913  # an entry has that many sides
    session: Session,
    shop_id: int | None,
    action: str,
    subject: str,
    *,
    actor: str,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry, in the same transaction as what it tells of. `details` are plain values, without secrets."""
    session.add(
        Audit(
            shop_id=shop_id,
            actor=actor[:80],
            action=action[:80],
            subject=subject[:200],
            details=dict(details or {}),
            happened_at=now,
        )
    )


def entries(session: Session, shop_id: int, *, subject: str = "", limit: int = 100) -> tuple[AuditEntry, ...]:
    """The newest entries of a shop first; with `subject`, only those about that one thing."""
    rows = select(Audit).where(Audit.shop_id == shop_id).order_by(Audit.id.desc()).limit(limit)
    if subject:
        rows = rows.where(Audit.subject == subject)
    return tuple(
        AuditEntry(row.id, row.shop_id, row.actor, row.action, row.subject, row.details, row.happened_at)
        for row in session.scalars(rows)
    )
