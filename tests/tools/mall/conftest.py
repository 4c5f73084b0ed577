"""A tiny mall on a free port, and a real browser to shop in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import uvicorn

from stocksense.settings import Settings
from stocksense.sources.browser import Chromium
from tools.shops.mall import open_site
from tools.site import Purchase
from webshop_env.catalog import Catalog, read_products
from webshop_env.mall import Mall, Manners, create_mall
from webshop_env.mall_goods import Odds

NEVER = Odds(sold_out=0, value_sold_out=0, coupon=0, list_price=0)


def record(
    asin: str = "W00000COLA", name: str = "Duruon Cola, Pack of 24 | 두루온 콜라", **changes: Any
) -> dict[str, Any]:
    return {
        "asin": asin,
        "name": name,
        "full_description": "A carton of 24 for resale.",
        "small_description": ["CRISP TASTE: cola", "Keeps cool"],
        "pricing": "$10.00",
        "images": [],
        "product_category": "Beverages › Cola",
        "category": "beverages",
        "query": "cola",
        "customization_options": {"Flavor": [{"value": "original"}, {"value": "zero sugar"}]},
    } | changes


@dataclass(frozen=True)
class Open:
    """A mall that runs."""

    url: str
    mall: Mall


@contextmanager
def running(*records: dict[str, Any], odds: Odds = NEVER, **manners: Any) -> Iterator[Open]:
    app = create_mall(Catalog(read_products(records, {})), manners=Manners(odds=odds, **manners))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Open(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", app.state.mall)
    server.should_exit = True
    thread.join()


@pytest.fixture
def ware() -> Callable[..., dict[str, Any]]:
    return record


@pytest.fixture
def mall_of() -> Iterator[Callable[..., Open]]:
    """Opens malls that sell exactly these records, and closes them at the end."""
    with ExitStack() as stack:
        yield lambda *records, **manners: stack.enter_context(running(*records, **manners))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """One browser for all walks; each gets a clean profile."""
    browser = Chromium(Settings(_env_file=None).chromium)
    yield browser
    browser.close()


@pytest.fixture
def enter(chromium: Chromium) -> Iterator[Callable[..., Any]]:
    """Begins walks in a mall, and ends them."""
    begun: list[Any] = []

    def begin(shop: Open, once: Any = None) -> Any:
        site = open_site(Settings(_env_file=None, mall_url=shop.url, source_timeout_seconds=8))
        begun.append(replace(site, open_tab=chromium.tab).visit("cola", once=once))
        return begun[-1]

    yield begin
    for visit in begun:
        visit.close()


@dataclass
class Notebook:
    """Receipts in memory."""

    kept: dict[str, Purchase] = field(default_factory=dict)

    def announce(self, key: str, page: str) -> None:
        raise AssertionError("a draft is never announced as a purchase")

    def announced(self, key: str) -> str:
        return ""

    def find(self, key: str) -> Purchase | None:
        return self.kept.get(key)

    def keep(self, key: str, purchase: Purchase) -> Purchase:
        return self.kept.setdefault(key, purchase)


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()
