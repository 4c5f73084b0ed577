"""Rising keywords, and the products of a shop that they name."""

from __future__ import annotations

from sqlalchemy.orm import Session

from stocksense.domain.stock import ProductStatus
from stocksense.domain.trend import Candidate, candidates, rises
from stocksense.store import trends
from stocksense.store.products import all_products
from stocksense.store.shops import ShopInfo
from stocksense.store.states import is_generated


def rising(session: Session, shop: ShopInfo, *, at_least: int = 3) -> tuple[Candidate, ...]:
    """What climbed `at_least` places between the newest two windows of each list, held against what is on sale.

    Generated lists count for a generated shop alone, and no others do there.
    """
    windows = trends.newest_windows(session)
    now, before = (
        [rank for rank in ranks if is_generated(rank.source) == shop.is_generated]
        for ranks in (windows.now, windows.before)
    )
    shelves = {
        product.sku: (
            product.name_ko,
            product.name_en,
            product.category_ko.leaf if product.category_ko else "",
            product.category.leaf if product.category else "",
        )
        for product in all_products(session, shop.id, status=ProductStatus.ACTIVE)
    }
    return candidates(rises(now, before, at_least=at_least), shelves)
