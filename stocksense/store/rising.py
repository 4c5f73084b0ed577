"""Rising keywords, and the products of a shop that they name."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from stocksense.domain.stock import ProductStatus
from stocksense.domain.trend import Candidate, candidates, rises
from stocksense.store import trends
from stocksense.store.products import all_products, product_of
from stocksense.store.shops import ShopInfo
from stocksense.store.states import is_generated


def rising(
    session: Session, shop: ShopInfo, *, at_least: int = 3, only: Collection[str] | None = None
) -> tuple[Candidate, ...]:
    """What climbed `at_least` places between the newest two windows of each list, held against what is on sale.

    With `only`, against the products of these SKUs alone.

    Generated lists count for a generated shop alone, and no others do there.
    """
    windows = trends.newest_windows(session)
    now, before = (
        [rank for rank in ranks if is_generated(rank.source) == shop.is_generated]
        for ranks in (windows.now, windows.before)
    )
    if only is None:
        shelf = all_products(session, shop.id, status=ProductStatus.ACTIVE)
    else:
        shelf = tuple(product_of(session, shop.id, sku) for sku in sorted(only))
    shelves = {
        product.sku: (
            product.name_ko,
            product.name_en,
            product.category_ko.leaf if product.category_ko else "",
            product.category.leaf if product.category else "",
        )
        for product in shelf
    }
    return candidates(rises(now, before, at_least=at_least), shelves)
