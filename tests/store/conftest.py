"""A small shop on both databases, for every test of the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from stocksense.domain.taxonomy import CategoryPath
from stocksense.store.database import Sessions
from stocksense.store.offers import NewOffer, save_offers
from stocksense.store.products import NewProduct, save_products
from stocksense.store.shops import ShopInfo, create_shop, locations_of


@pytest.fixture
def now() -> datetime:
    """Wednesday, 11 March 2026, 9 in the morning in Seoul."""
    return datetime(2026, 3, 11, 0, 0, tzinfo=UTC)


@pytest.fixture
def shop(sessions: Sessions, now: datetime) -> ShopInfo:
    """A shop with two stores, three products, and a wholesaler who offers them all."""
    tea, milk = CategoryPath("Food", "Drinks", "Tea", "Green tea"), CategoryPath("Food", "Dairy", "Milk", "Fresh milk")
    products = [
        NewProduct(
            "TEA-1", "보성 녹차 티백", "Boseong green tea bags", "8800000000013", category=tea, price=Decimal(5200)
        ),
        NewProduct("TEA-2", "현미 녹차", "Brown rice green tea", brand="Dawon", category=tea, price=Decimal(4800)),
        NewProduct(
            "MILK-1", "아침 우유 1L", "Morning milk 1 l", category=milk, price=Decimal(2900), shelf_life_days=10
        ),
    ]
    with sessions.begin() as session:
        shop = create_shop(session, "Corner", now=now, stores=("Front", "Annex"))
        save_products(session, shop.id, products, now=now)
        save_offers(session, shop.id, [NewOffer(p.sku, "Wholesale", p.price * 6 / 10, 6, 6) for p in products])
    return shop


@pytest.fixture
def places(sessions: Sessions, shop: ShopInfo) -> dict[str, int]:
    """The shop's locations by name: Front, Annex, Suppliers, Customers, Quarantine, Losses."""
    with sessions() as session:
        return {place.name: place.id for place in locations_of(session, shop.id)}


@pytest.fixture
def another_shop(sessions: Sessions, now: datetime) -> Callable[[str], ShopInfo]:
    """Makes further shops, with one product called A."""

    def make(name: str) -> ShopInfo:
        with sessions.begin() as session:
            made = create_shop(session, name, now=now)
            save_products(session, made.id, [NewProduct("A", "가", "Article A", price=Decimal(1000))], now=now)
        return made

    return make
