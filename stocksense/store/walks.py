"""The walk of the buyer through a web shop, kept in its order line while it lasts, so that others can watch it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stocksense.domain.orders import OrderState
from stocksense.store.orders import OrderLineInfo, line_of, resume_line
from stocksense.store.sold import retract
from stocksense.store.tables import OrderLine


def note_walk(session: Session, line_id: int, told: Mapping[str, Any], *, now: datetime) -> bool:
    """Keep what is known of a walk that goes on, beside what the line holds of it already.

    False, and nothing is changed, if the line isn't being placed any more: its walk has been told to the end.
    """
    found = select(OrderLine).where(OrderLine.id == line_id, OrderLine.state == OrderState.PLACING).with_for_update()
    line = session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if line is None:
        return False
    line.transcript = {**line.transcript, **told}
    line.changed_at = now
    return True


def take_up(session: Session, line_id: int, *, now: datetime, actor: str) -> OrderLineInfo:
    """Let a line that needed attention be placed again: `actor`, a person, has seen that nothing was sold for it.

    Commit before buying; only one caller succeeds. Raises IllegalStep unless the line needs attention, or if its
    product was recalled since; UnknownName.
    """
    resume_line(session, line_id, now=now, actor=actor)
    retract(session, line_id)
    session.flush()
    return line_of(session, line_id)
