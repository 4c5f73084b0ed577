"""A tiny wholesale shop, and a retailer with one approved proposal to buy there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from stocksense.domain.demand import Forecast
from stocksense.domain.orders import Terms
from stocksense.domain.taxonomy import CategoryPath
from stocksense.settings import Settings
from stocksense.store import products, proposals, shops
from stocksense.store.database import Sessions
from stocksense.store.products import NewOffer, NewProduct
from tools.services import Services
from tools.simulated_shop import InProcessShop
from tools.site import Once, Sight, Visit
from webshop_env.catalog import Catalog, read_products

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
WHOLESALER = "Wholesale"


class NoForecaster:
    def forecast(self, panel: Any, shop: str, progress: Callable[[int, int, str], None]) -> tuple[Forecast, ...]:
        raise AssertionError("nobody forecasts while shopping")


class NoNotifier:
    def deliver(self, sessions: Sessions, now: datetime) -> Any:
        raise AssertionError("nobody writes while shopping")


def record(asin: str = "W00000COLA", **changes: Any) -> dict[str, Any]:
    """The right page for the proposal, unless something about it is changed."""
    right = {
        "asin": asin,
        "name": "Duruon Cola, 355 ml, Pack of 24",
        "full_description": "A carton of 24 for resale.",
        "small_description": ["CAFFEINATED, CRISP TASTE: cola for small shops"],
        "pricing": "$10.00",
        "images": ["data:,"],
        "product_category": "Beverages › Soft Drinks › Cola",
        "category": "beverages",
        "query": "cola",
        "customization_options": {"Flavor": [{"value": "original"}, {"value": "zero sugar"}]},
    }
    return right | changes


@pytest.fixture
def page() -> Callable[..., dict[str, Any]]:
    return record


@pytest.fixture
def shop_with() -> Callable[..., InProcessShop]:
    """A shop that sells exactly these records."""
    return lambda *records: InProcessShop(Catalog(read_products(records, {})))


@dataclass
class CountingShop:
    """A shop out there: it sells when asked, whether or not we live to see it, and counts what it sold."""

    inner: InProcessShop
    name: str = "webshop"
    currency: str = "USD"
    sells_by_receipt: bool = False
    sold: list[str] = field(default_factory=list)

    def visit(self, instruction: str, *, once: Once | None = None) -> Visit:
        return CountingVisit(self, self.inner.visit(instruction), once)


class CountingVisit:
    def __init__(self, shop: CountingShop, inner: Visit, once: Once | None) -> None:
        self._shop, self._inner, self._once = shop, inner, once

    @property
    def sight(self) -> Sight:
        return self._inner.sight

    def act(self, action: str) -> Sight:
        if self._once and action == "click[buy now]":
            self._once.receipts.announce(self._once.key, self._inner.sight.page)
        sight = self._inner.act(action)
        if sight.purchase is None or self._once is None:
            return sight
        self._shop.sold.append(self._once.key)
        return replace(sight, purchase=self._once.receipts.keep(self._once.key, sight.purchase))

    def close(self) -> None:
        self._inner.close()


@pytest.fixture
def counting() -> type[CountingShop]:
    return CountingShop


@pytest.fixture
def open_services() -> Callable[..., Services]:
    """Services on a database and a site, at a fixed hour, in English unless told otherwise."""

    def build(sessions: Sessions, site: Any, **settings: Any) -> Services:
        return Services(
            settings=Settings(_env_file=None, **({"language": "en"} | settings)),
            sessions=sessions,
            shop_name="",
            clock=lambda: NOW,
            forecaster=NoForecaster(),
            notifier=NoNotifier(),
            site=site,
        )

    return build


@pytest.fixture
def approved() -> Callable[..., int]:
    """The number of an approved proposal for 48 zero-sugar colas at 600 won at most, bought in packs of 24."""

    def build(sessions: Sessions, *, unit_price: int = 600, quantity: int = 48, site: str = "webshop") -> int:
        terms = Terms(
            "Corner", "COLA-ZERO", WHOLESALER, quantity, Decimal(unit_price), "KRW", (("flavor", "zero sugar"),)
        )
        cola = NewProduct(
            "COLA-ZERO",
            name_en="Duruon Cola Zero Sugar 355 ml",
            category=CategoryPath("Beverages", "Soft Drinks", "Colas", "Cola"),
            request={"attributes": ["caffeinated", "crisp taste"], "options": {"flavor": "zero sugar"}},
        )
        offer = NewOffer("COLA-ZERO", WHOLESALER, Decimal(unit_price), pack_size=24, minimum_order=24, site=site)
        with sessions.begin() as session:
            shop = shops.create_shop(session, "Corner", now=NOW)
            products.save_products(session, shop.id, [cola], now=NOW)
            products.save_offers(session, shop.id, [offer])
            made = proposals.propose(session, shop.id, terms, idempotency_key="run-1:COLA-ZERO", now=NOW)
            proposals.decide_proposal(session, made.id, digest=made.digest, approved=True, decided_by="owner", now=NOW)
        return made.id

    return build
