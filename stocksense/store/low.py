"""The products at or below their reorder point, found by the database, whatever the number of products."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from stocksense.domain.reorder import Reason
from stocksense.domain.shelf import ShelfState
from stocksense.domain.stock import ProductStatus, StockLevel
from stocksense.store.decisions import StoredDecision, decisions_numbered
from stocksense.store.tables import ProductFacts

_MAY_BE_LOW = (ShelfState.OUT, ShelfState.LOW, ShelfState.COMING)


@dataclass(frozen=True)
class Low:
    """A product at or below its reorder point: how it stands now, and what was last decided about it."""

    level: StockLevel
    decided: StoredDecision


@dataclass(frozen=True)
class LowProducts:
    """The most urgent of the low products, and how many there are in all."""

    total: int
    products: tuple[Low, ...]


def low_products(session: Session, shop_id: int, *, limit: int) -> LowProducts:
    """The products on sale whose available units are at or below their reorder point, the most urgent first.

    Urgent is what lasts the fewest days with what is on its way; what hardly anybody wants comes last.
    """
    f, where = ProductFacts, _is_low(shop_id)
    rows = session.execute(select(f, func.count().over()).where(*where).order_by(*_urgency(), f.sku).limit(limit)).all()
    decided = decisions_numbered(session, {facts.decision_id for facts, _ in rows if facts.decision_id is not None})
    low = tuple(Low(_level(facts), decided[facts.decision_id or 0]) for facts, _ in rows)
    return LowProducts(rows[0][1] if rows else 0, low)


def _level(facts: ProductFacts) -> StockLevel:
    past = min(facts.past_sale, max(facts.on_hand, 0))
    return StockLevel(facts.sku, facts.on_hand, facts.on_order, quarantined=facts.quarantined, past_sale=past)


def is_decided(session: Session, shop_id: int) -> bool:
    """Whether any run has decided about the shop's products yet."""
    f = ProductFacts
    one = select(f.product_id).where(f.shop_id == shop_id, f.decision_id.is_not(None)).limit(1)
    return session.scalar(one) is not None


def _is_low(shop_id: int) -> tuple[ColumnElement[bool], ...]:
    f = ProductFacts
    return (
        f.shop_id == shop_id,
        f.state.in_(_MAY_BE_LOW),
        f.status == ProductStatus.ACTIVE,
        f.decision_id.is_not(None),
        # An index of reorder points would find nearly all products, that of the states finds few.
        f.reorder_point + 0 > 0,
        f.on_hand - f.past_sale <= f.reorder_point,
    )


def _urgency() -> tuple[ColumnElement[int], ColumnElement[float]]:
    f = ProductFacts
    available = f.on_hand - f.past_sale
    unwanted = (f.reason == Reason.NO_DEMAND) | (f.daily_demand <= 0)
    lasts = (available + f.on_order + available / 1000.0) / func.nullif(f.daily_demand, 0.0)
    return case((unwanted, 1), else_=0), case((unwanted, available * 1.0), else_=lasts)
