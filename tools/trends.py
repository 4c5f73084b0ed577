"""Which searched-for keywords are rising, by how much, and which of our products they touch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stocksense.domain.trend import Candidate
from stocksense.store import trends
from stocksense.store.products import ProductInfo, all_products
from stocksense.store.rising import rising
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from stocksense.store.states import is_generated
from tools.services import Services

MOST_ROWS = 30


@dataclass(frozen=True)
class TouchedProduct:
    """One of our products that a keyword names."""

    sku: str
    name_ko: str
    name_en: str


@dataclass(frozen=True)
class RisingKeyword:
    """A keyword with its rank (1 is the most searched) among `of`, and the one before; None if it is new in the list.

    The rank is over `window_days` days from `window_start` to `window_end`, in the list of `category` at `source`.
    """

    keyword: str
    category: str
    source: str
    rank: int
    before: int | None
    climbed: int
    of: int
    window_start: date
    window_end: date
    window_days: int
    products: tuple[TouchedProduct, ...]


@dataclass(frozen=True)
class Trends:
    """Rising keywords, those that touch our shelves first; `ranks_compared` of 0 means that nothing was read yet."""

    ranks_compared: int
    rises: tuple[RisingKeyword, ...]


def trending(services: Services, limit: int = 10) -> Trends:
    """List the keywords that climbed between the last two windows, with ranks and the products they touch.

    Args:
        limit: how many at most, 1 to 30.
    """
    with services.sessions() as session:
        shop = services.shop(session)
        products = {product.sku: product for product in all_products(session, shop.id)}
        found = sorted(rising(session, shop), key=lambda candidate: not candidate.skus)
        rows = tuple(_row(candidate, products) for candidate in found[: min(max(limit, 1), MOST_ROWS)])
        return Trends(_compared(session, shop), rows)


def _compared(session: Session, shop: ShopInfo) -> int:
    """Ranks of both windows that count for the shop; 0 while there is only one window."""
    windows = trends.newest_windows(session)
    before = [rank for rank in windows.before if is_generated(rank.source) == shop.is_generated]
    now = [rank for rank in windows.now if is_generated(rank.source) == shop.is_generated]
    return len(now) + len(before) if before else 0


def _row(candidate: Candidate, products: dict[str, ProductInfo]) -> RisingKeyword:
    rise = candidate.rise
    touched = (products[sku] for sku in candidate.skus if sku in products)
    return RisingKeyword(
        rise.keyword,
        rise.category,
        rise.source,
        rise.rank,
        rise.before,
        rise.climbed,
        rise.of,
        rise.window_start,
        rise.window_end,
        (rise.window_end - rise.window_start).days + 1,
        tuple(TouchedProduct(p.sku, p.name_ko, p.name_en) for p in touched),
    )


READS = (trending,)
WRITES = ()
