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
    """The products on sale whose units on hand are at or below their reorder point, the most urgent first.

    Urgent is what lasts the fewest days with what is on its way; what hardly anybody wants comes last.
    """
    f, where = ProductFacts, _is_low(shop_id)
    rows = session.execute(
        select(f.sku, f.on_hand, f.on_order, f.quarantined, f.decision_id, func.count().over().label("in_all"))
        .where(*where)
        .order_by(*_urgency(), f.sku)
        .limit(limit)
    ).all()
    decided = decisions_numbered(session, {row.decision_id for row in rows})
    return LowProducts(
        rows[0].in_all if rows else 0,
        tuple(
            Low(StockLevel(row.sku, row.on_hand, row.on_order, quarantined=row.quarantined), decided[row.decision_id])
            for row in rows
        ),
    )


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
        f.on_hand <= f.reorder_point,
    )


def _urgency() -> tuple[ColumnElement[int], ColumnElement[float]]:
    f = ProductFacts
    unwanted = (f.reason == Reason.NO_DEMAND) | (f.daily_demand <= 0)
    lasts = (f.on_hand + f.on_order + f.on_hand / 1000.0) / func.nullif(f.daily_demand, 0.0)
    return case((unwanted, 1), else_=0), case((unwanted, f.on_hand * 1.0), else_=lasts)
