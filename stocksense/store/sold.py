"""What a web shop sold for an order line, kept in the line's own row before the line is finished."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stocksense.domain.orders import OrderState
from stocksense.errors import IllegalStep, UnknownName
from stocksense.store.tables import OrderLine

Sale = Mapping[str, Any]
_OF_ONE_TRY = ("announced", "alternatives", "draft")


def sale_of(session: Session, line_id: int) -> Sale | None:
    """What was sold for a line, None if nothing is known to be. Raises UnknownName if there is no such line."""
    kept: Sale | None = _line(session, line_id).transcript.get("sale")
    return kept


def announced(session: Session, line_id: int) -> str:
    """The page from which the line was about to be bought, empty if none. Raises UnknownName."""
    return str(_line(session, line_id).transcript.get("announced", ""))


def announce(session: Session, line_id: int, page: str) -> None:
    """Note that a line is about to be bought from a page; commit before asking the shop.

    Raises IllegalStep unless the line is being placed, UnknownName.
    """
    line = _line(session, line_id)
    if line.state is not OrderState.PLACING:
        raise IllegalStep(f"order line {line_id} is {line.state} and is not bought; only a line being placed is")
    line.transcript = {**line.transcript, "announced": page}


def retract(session: Session, line_id: int) -> None:
    """Take an announcement back, and a draft that nobody paid for: a person has seen that nothing was sold.

    What was left to the person goes with it, as the next try writes its own. Raises UnknownName.
    """
    line = _line(session, line_id)
    kept = {name: value for name, value in line.transcript.items() if name not in _OF_ONE_TRY}
    if kept.get("sale", {}).get("draft"):
        del kept["sale"]
    line.transcript = kept


def keep_sale(session: Session, line_id: int, sale: Sale) -> Sale:
    """Keep what was sold for a line, whatever state it is in; the first sale stands and is returned.

    Raises UnknownName.
    """
    line = _line(session, line_id)
    first: Sale = line.transcript.get("sale") or dict(sale)
    line.transcript = {**line.transcript, "sale": first}
    return first


def _line(session: Session, line_id: int) -> OrderLine:
    """The row as it is now; on PostgreSQL nobody else changes it until the transaction ends."""
    found = select(OrderLine).where(OrderLine.id == line_id).with_for_update()
    row = session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise UnknownName("order line", line_id, "list the orders with `stocksense orders`")
    return row
