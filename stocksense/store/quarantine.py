"""Taking recalled goods off sale and putting them back: stock, product and match change together or not at all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from stocksense.domain.recall import MatchState
from stocksense.domain.stock import ProductStatus
from stocksense.store import products, recalls, stock
from stocksense.store.recalls import MatchInfo
from stocksense.store.tables import Product, RecallMatchRow


def settle_match(session: Session, match_id: int, state: MatchState, *, decided_by: str, now: datetime) -> MatchInfo:
    """Do what a decision about a match means: quarantine the goods, release them, or dismiss the match.

    Raises IllegalStep where that cannot follow what was done before, UnknownName for a match that isn't there.
    """
    match = recalls.match_of(session, match_id)
    shop_id = session.scalars(select(Product.shop_id).join(RecallMatchRow).where(RecallMatchRow.id == match_id)).one()
    settled = recalls.set_match_state(session, match_id, state, decided_by=decided_by, now=now)
    reference = f"recall match {match_id}"
    if state is MatchState.QUARANTINED:
        units = stock.quarantine(session, shop_id, match.sku, reference=reference, actor=decided_by, now=now)
        _set_status(session, shop_id, match.sku, ProductStatus.RECALLED)
        session.get_one(RecallMatchRow, match_id).units = units
        session.flush()
        return recalls.match_of(session, match_id)
    if state is MatchState.RELEASED:
        stock.release(session, shop_id, match.sku, reference=reference, actor=decided_by, now=now)
        if not any(other.sku == match.sku for other in recalls.matches(session, shop_id, states=_HELD)):
            _set_status(session, shop_id, match.sku, ProductStatus.ACTIVE)
    return settled


_HELD = (MatchState.QUARANTINED,)


def _set_status(session: Session, shop_id: int, sku: str, status: ProductStatus) -> None:
    """Change the status, but for what was discontinued: that stays so, recalled or not."""
    if products.product_of(session, shop_id, sku).status is not ProductStatus.DISCONTINUED:
        products.set_status(session, shop_id, sku, status)
