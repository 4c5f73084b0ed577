"""Since when the ledger follows each shelf: sales from before that are history and take nothing off it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, case, func, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from stocksense.domain.stock import LocationKind, MoveKind
from stocksense.store.tables import Location, Product, StockMove

_COUNTS = (MoveKind.OPENING, MoveKind.CORRECTION)


def followed_since(session: Session, shop_id: int) -> dict[tuple[str, int], datetime]:
    """By SKU and store, the last count there, or the first move where nobody ever counted.

    A count says what is left after all that was sold before it, so a sale that is read in later must not be taken off
    once more. A shelf that is not in here has no ledger at all.
    """
    touched = union_all(_moves(shop_id, StockMove.origin_id), _moves(shop_id, StockMove.destination_id)).subquery()
    counted = func.max(case((touched.c.kind.in_(_COUNTS), touched.c.effective_at)))
    first = func.min(touched.c.effective_at)
    rows = (
        select(Product.sku, touched.c.location_id, counted, first)
        .join(Product, Product.id == touched.c.product_id)
        .join(Location, Location.id == touched.c.location_id)
        .where(Location.kind == LocationKind.STORE)
        .group_by(Product.sku, touched.c.location_id)
    )
    return {(sku, place): last or begun for sku, place, last, begun in session.execute(rows)}


def _moves(shop_id: int, place: InstrumentedAttribute[int]) -> Select[int, int, MoveKind, datetime]:
    return select(StockMove.product_id, place.label("location_id"), StockMove.kind, StockMove.effective_at).where(
        StockMove.shop_id == shop_id
    )
