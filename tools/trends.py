"""Which searched-for keywords are rising, by how much, and which of our products they touch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stocksense.domain.trend import Candidate
from stocksense.store import trends
from stocksense.store.rising import rising
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from stocksense.store.skus import both_names_of
from stocksense.store.states import is_generated
from tools.services import Services

MOST_ROWS = 30
MOST_PRODUCTS = 20


@dataclass(frozen=True)
class TouchedProduct:
    """One of our products that a keyword names."""

    sku: str
    name_ko: str
    name_en: str


@dataclass(frozen=True)
class RisingKeyword:
    """A keyword with its rank (1 is the most searched) among `of`, and the one before; None if it is new in the list.

    `products` are at most MOST_PRODUCTS of the `touched` products that it names.

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
    touched: int


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
        found = sorted(rising(session, shop), key=lambda candidate: not candidate.skus)[: min(max(limit, 1), MOST_ROWS)]
        listed = {sku for candidate in found for sku in candidate.skus[:MOST_PRODUCTS]}
        names = both_names_of(session, shop.id, listed)
        return Trends(_compared(session, shop), tuple(_row(candidate, names) for candidate in found))


def _compared(session: Session, shop: ShopInfo) -> int:
    """Ranks of both windows that count for the shop; 0 while there is only one window."""
    windows = trends.newest_windows(session)
    before = [rank for rank in windows.before if is_generated(rank.source) == shop.is_generated]
    now = [rank for rank in windows.now if is_generated(rank.source) == shop.is_generated]
    return len(now) + len(before) if before else 0


def _row(candidate: Candidate, names: dict[str, tuple[str, str]]) -> RisingKeyword:
    rise = candidate.rise
    listed = candidate.skus[:MOST_PRODUCTS]
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
        tuple(TouchedProduct(sku, *names[sku]) for sku in listed),
        len(candidate.skus),
    )


READS = (trending,)
WRITES = ()
