"""What needs somebody's eye on every page: recalls that touch the shelves."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stocksense.domain.recall import MatchState
from stocksense.store.tables import Product, RecallMatchRow


@dataclass(frozen=True)
class Alerts:
    """Recall matches that wait for a decision, and those whose goods are off sale."""

    to_decide: int = 0
    quarantined: int = 0


def open_alerts(session: Session, shop_id: int) -> Alerts:
    """What is open at a shop, in one query."""
    counted = (
        select(RecallMatchRow.state, func.count())
        .join(Product, Product.id == RecallMatchRow.product_id)
        .where(Product.shop_id == shop_id, RecallMatchRow.state.in_([MatchState.PROPOSED, MatchState.QUARANTINED]))
        .group_by(RecallMatchRow.state)
    )
    by_state = {row[0]: row[1] for row in session.execute(counted)}
    return Alerts(by_state.get(MatchState.PROPOSED, 0), by_state.get(MatchState.QUARANTINED, 0))
