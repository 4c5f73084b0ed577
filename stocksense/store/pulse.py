"""What has changed since one last looked: a value by topic that differs as soon as a row of the topic does."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stocksense.domain.orders import ProposalState
from stocksense.store.tables import ApprovalRow, Audit, JobRun, OrderLine, Proposal, RecallMatchRow, StockMove

_WAITING = select(func.count()).where(Proposal.state == ProposalState.PENDING)

_ASKED: dict[str, Any] = {
    "proposals": select(
        func.max(Proposal.id), select(func.max(ApprovalRow.id)).scalar_subquery(), _WAITING.scalar_subquery()
    ),
    "orders": select(func.max(OrderLine.id), func.max(OrderLine.changed_at)),
    "recalls": select(func.max(RecallMatchRow.id), func.max(RecallMatchRow.changed_at)),
    "jobs": select(func.max(JobRun.id), func.max(JobRun.finished_at)),
    "stock": select(func.max(StockMove.id)),
    "audit": select(func.max(Audit.id)),
}

TOPICS = tuple(_ASKED)


def pulse(session: Session) -> dict[str, str]:
    """The value of each topic now; all are found at the end of an index or in a small table."""
    return {topic: repr(tuple(session.execute(asked).one())) for topic, asked in _ASKED.items()}
