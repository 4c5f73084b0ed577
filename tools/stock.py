"""What is on the shelves: products, units in each state, and what is low and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from stocksense.domain.reasons import sentence
from stocksense.domain.reorder import Decision, decide
from stocksense.domain.stock import ProductStatus, StockLevel
from stocksense.errors import UnknownName
from stocksense.store import decisions, proposals, stock
from stocksense.store.low import Low, is_decided, low_products
from stocksense.store.products import ProductInfo
from stocksense.store.stock import units_on_hand
from tools.naming import close_products, product_named, products_named
from tools.services import Services

MOST_ROWS = 50
NO_DECISIONS = "run `stocksense run` once, it decides about every product"
NO_DECISIONS_KO = "`stocksense run`을 한 번 실행하면 모든 상품을 판단합니다."


@dataclass(frozen=True)
class ProductLine:
    """A product with its price for customers and the units on hand."""

    sku: str
    name_ko: str
    name_en: str
    category_ko: str
    price: Decimal
    status: ProductStatus
    on_hand: int


@dataclass(frozen=True)
class FoundProducts:
    """Products that a text stands for; `close` are those called alike, where none is called so."""

    text: str
    currency: str
    total: int
    products: tuple[ProductLine, ...]
    close: tuple[ProductLine, ...]


@dataclass(frozen=True)
class ShelfStock:
    """Units of one product in each state.

    `past_sale` are units on hand past their date, which cannot be sold. `reorder_point` in units, `daily_demand` in
    units a day and `days_left` are None until the first run decided.
    """

    sku: str
    name_ko: str
    name_en: str
    status: ProductStatus
    on_hand: int
    on_order: int
    quarantined: int
    past_sale: int
    reorder_point: float | None
    daily_demand: float | None
    days_left: float | None
    next_expiry: date | None
    expiring_units: int


@dataclass(frozen=True)
class LowProduct:
    """A product at or below its reorder point, and in a sentence why it should, or shouldn't, be ordered.

    `on_hand` leaves out what is past its date and cannot be sold.
    `proposal` is the number of the purchase proposal that waits for approval or is about to be ordered, if any.
    """

    sku: str
    name_ko: str
    name_en: str
    on_hand: int
    on_order: int
    reorder_point: float
    days_left: float
    reason: str
    reason_ko: str
    reason_en: str
    proposal: int | None


@dataclass(frozen=True)
class LowStock:
    """What is low as of a day, the most urgent first; `total` counts also those that are not shown."""

    as_of: date
    total: int
    products: tuple[LowProduct, ...]


def find_products(services: Services, text: str, limit: int = 9) -> FoundProducts:
    """Find products by SKU, barcode, name, brand or category; where none fits, those called alike.

    Args:
        text: what to search for, such as "우유" or "SNK-001".
        limit: how many at most, 1 to 50.
    """
    with services.sessions() as session:
        shop = services.shop(session)
        found = products_named(session, shop.id, text, limit=MOST_ROWS)
        close = () if found else tuple(product for _, product in close_products(session, shop.id, text))
        shown = found[: min(max(limit, 1), MOST_ROWS)]
        held = units_on_hand(session, shop.id, [product.id for product in (*shown, *close)])
        lines = [tuple(_line(product, held[product.id]) for product in some) for some in (shown, close)]
        return FoundProducts(text, shop.currency, len(found), *lines)


def check_stock(services: Services, product: str) -> ShelfStock:
    """Tell how many units of one product are on hand, on order and in quarantine, and how long they last.

    Args:
        product: SKU, barcode or name as the user wrote it, such as "TEA-GREEN-100".
    """
    with services.sessions() as session:
        shop = services.shop(session)
        found = product_named(session, shop.id, product)
        level = stock.level_of(session, shop.id, found.sku, services.today(session))
        made = decisions.decision_of(session, shop.id, found.sku)
        expiring = [lot for lot in stock.lots_of(session, shop.id, found.sku) if lot.expires_on]
        return ShelfStock(
            found.sku,
            found.name_ko,
            found.name_en,
            found.status,
            level.on_hand,
            level.on_order,
            level.quarantined,
            level.past_sale,
            made.decision.situation.reorder_point if made else None,
            made.decision.situation.daily_demand if made else None,
            _days(level, made.decision) if made else None,
            expiring[0].expires_on if expiring else None,
            expiring[0].units if expiring else 0,
        )


def low_stock(services: Services, limit: int = 10) -> LowStock:
    """List the products whose units on hand are at or below the reorder point, and why each is, or isn't, ordered.

    Args:
        limit: how many at most, 1 to 50; the most urgent come first.
    """
    with services.sessions() as session:
        shop = services.shop(session)
        if not is_decided(session, shop.id):
            raise UnknownName("decision", shop.name, NO_DECISIONS, in_korean=NO_DECISIONS_KO)
        found = low_products(session, shop.id, limit=min(max(limit, 1), MOST_ROWS))
        waiting = proposals.live_proposals(session, shop.id, [low.decided.sku for low in found.products])
        rows = tuple(_low(low, shop.currency, waiting.get(low.decided.sku)) for low in found.products)
        return LowStock(services.today(session), found.total, rows)


def _low(low: Low, currency: str, proposal: int | None) -> LowProduct:
    """The product with what would be decided with the units of this moment."""
    kept, level = low.decided, low.level
    now = decide(
        replace(kept.decision.situation, on_hand=level.available, on_order=level.on_order, past_sale=level.past_sale)
    )
    at = now.situation
    return LowProduct(
        kept.sku,
        kept.name_ko,
        kept.name_en,
        at.on_hand,
        at.on_order,
        round(at.reorder_point, 4),
        round(max(at.on_hand, 0) / at.daily_demand, 1) if at.daily_demand > 0 else 0.0,
        str(now.reason),
        sentence(now, "ko", currency),
        sentence(now, "en", currency),
        proposal,
    )


def _line(product: ProductInfo, on_hand: int) -> ProductLine:
    category = str(product.category_ko or "")
    return ProductLine(product.sku, product.name_ko, product.name_en, category, product.price, product.status, on_hand)


def _days(level: StockLevel, decision: Decision) -> float:
    demand = decision.situation.daily_demand
    return round(max(level.available, 0) / demand, 1) if demand > 0 else 0.0


READS = (find_products, check_stock, low_stock)
WRITES = ()
