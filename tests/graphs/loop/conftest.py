"""A shop of four products of the sample's, with ten weeks of sales, that buys in the shipped simulated shop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from forecasting.panel import SalesPanel
from stocksense.domain.demand import Forecast, Trial
from stocksense.domain.recall import RecallNotice
from stocksense.domain.stock import MoveKind
from stocksense.domain.trend import KeywordRank
from stocksense.sample.products import SampleProduct, products
from stocksense.settings import Settings
from stocksense.store.database import Sessions
from stocksense.store.moves import Move, record_moves
from stocksense.store.products import NewOffer, NewProduct, save_offers, save_products
from stocksense.store.sales import SaleLine, record_sales
from stocksense.store.shops import create_shop, locations_of, update_policy
from tools.services import Services
from tools.simulated_shop import open_site

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""A Monday, noon in Seoul."""

SALES_A_DAY = 4


@dataclass
class SteadyForecaster:
    """Expects every day to be like the mean of those known."""

    def forecast(self, panel: SalesPanel, shop: str, progress: Callable[[int, int, str], None]) -> tuple[Forecast, ...]:
        progress(1, 1, "steady")
        means = panel.units.mean(axis=1)
        return tuple(self._one(sku, float(mean), panel) for sku, mean in zip(panel.skus, means, strict=True))

    def _one(self, sku: str, mean: float, panel: SalesPanel) -> Forecast:
        leads = {days: {0.5: mean * days, 0.95: mean * days * 1.5} for days in (3, 7, 14)}
        low, high = (mean / 2,) * 21, (mean * 2,) * 21
        return Forecast(sku, panel.last_day, (mean,) * 21, low, high, leads, "steady", "v1", {"steady": 0.2})

    def card(self, shop: str) -> None:
        return None

    def trial(self, shop: str) -> Trial:
        return Trial(date(2026, 11, 1), 7, {(): (4.0,) * 14})


@dataclass
class Letterbox:
    """Counts how often the outbox was let go."""

    emptied: int = 0

    def deliver(self, sessions: Sessions, now: datetime) -> None:
        self.emptied += 1


@dataclass
class RecallFeed:
    """A recall feed of given notices; with a failure it raises that."""

    found: tuple[RecallNotice, ...] = ()
    failure: Exception | None = None
    name: str = "feed"

    def notices(self, since: date) -> tuple[RecallNotice, ...]:
        if self.failure:
            raise self.failure
        return self.found


@dataclass
class RankList:
    """A popularity list in which one keyword climbs to the top."""

    keyword: str
    name: str = "list"
    asked: list[date] = field(default_factory=list)

    def ranks(self, category_id: str, first: date, last: date) -> tuple[KeywordRank, ...]:
        self.asked.append(last)
        newest = last == max(self.asked)
        words = [self.keyword, "a", "b", "c"] if newest else ["a", "b", "c", "d"]
        return tuple(KeywordRank(self.name, category_id, word, at, first, last) for at, word in enumerate(words, 1))


def _new(product: SampleProduct) -> NewProduct:
    return NewProduct(
        product.sku,
        product.name_ko,
        product.name_en,
        product.barcode,
        category=product.leaf.english,
        category_ko=product.leaf.korean,
        price=Decimal(product.price),
        request={
            "kind": product.leaf.query,
            "name": product.page_name,
            "attributes": list(product.request_attributes),
            "options": dict(product.request_options),
        },
    )


@pytest.fixture
def shelf() -> tuple[SampleProduct, ...]:
    """Four drinks: the first two run low, the others have plenty."""
    return tuple(product for product in products() if product.sku.startswith("DRK-"))[:4]


@pytest.fixture
def make_services(sessions: Sessions, shelf: tuple[SampleProduct, ...], tmp_path: Path) -> Callable[..., Services]:
    """Services of the shop, with any part replaced."""
    _fill(sessions, shelf)
    whole = Services(
        settings=Settings(home=tmp_path, language="en", datalab_categories="50000006", _env_file=None),
        sessions=sessions,
        shop_name="",
        clock=lambda: NOW,
        forecaster=SteadyForecaster(),
        notifier=Letterbox(),
        site=open_site(""),
    )

    def with_parts(**parts: Any) -> Services:
        return replace(whole, **parts)

    return with_parts


def _fill(sessions: Sessions, shelf: tuple[SampleProduct, ...]) -> None:
    with sessions.begin() as session:
        shop = create_shop(session, "구멍가게", now=NOW, stores=("본점",))
        update_policy(session, shop.id, budget_per_order=Decimal(500_000), budget_per_week=Decimal(2_000_000))
        save_products(session, shop.id, [_new(product) for product in shelf], now=NOW)
        offers = [_offer(product) for product in shelf]
        save_offers(session, shop.id, offers)
        places = {place.name: place.id for place in locations_of(session, shop.id)}
        opened = NOW - timedelta(days=80)
        stock = [
            Move(product.sku, places["Suppliers"], places["본점"], units, MoveKind.OPENING, opened)
            for product, units in zip(shelf, (282, 285, 900, 900), strict=True)
        ]
        record_moves(session, shop.id, stock, actor="test", now=NOW)
        lines = [
            SaleLine(f"{back}:{product.sku}", product.sku, places["본점"], SALES_A_DAY, Decimal(1000), _noon(back))
            for back in range(1, 71)
            for product in shelf
        ]
        record_sales(session, shop.id, lines, actor="test", now=NOW)


def _offer(product: SampleProduct) -> NewOffer:
    return NewOffer(
        product.sku, "WebShop", Decimal(product.cost), product.pack_size, product.pack_size, 2.0, 0.0, site="webshop"
    )


def _noon(days_back: int) -> datetime:
    return NOW - timedelta(days=days_back)


@pytest.fixture
def recall_feed() -> type[RecallFeed]:
    """Makes recall feeds."""
    return RecallFeed


@pytest.fixture
def rank_list() -> type[RankList]:
    """Makes popularity lists."""
    return RankList


@pytest.fixture
def now() -> datetime:
    """The instant at which the tests play."""
    return NOW
