"""The simulated shop as a site to buy at: inside this process, or behind a server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any, Protocol

from stocksense.errors import SourceUnreachable
from tools.site import Once, Purchase, Sight, Site, Visit
from webshop_env import WebShopEnv, load_shipped_catalog
from webshop_env.catalog import Catalog
from webshop_env.client import WebShopClient
from webshop_env.errors import ShopUnreachable

CENT = Decimal("0.01")


class Walkable(Protocol):
    """What the in-process shop and its HTTP client have in common, in Gymnasium's terms."""

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Begin with `options={"instruction": ...}`: the first page as text, and facts about it."""

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Act: the page as text, reward, whether it ended, whether it was cut off, facts about the page."""

    def close(self) -> None:
        """Give back what the walk holds open."""


class ShopVisit:
    """One walk through the simulated shop; under a promise to sell once, a second purchase gets the first's receipt."""

    def __init__(
        self, shop: Walkable, *, where: Callable[[], str], wish: dict[str, Any], once: Once | None = None
    ) -> None:
        self._shop, self._where, self._once = shop, where, once
        text, info = _asking(lambda: shop.reset(options=wish))
        self._sight = _seen(text, info, where())

    @property
    def sight(self) -> Sight:
        """What is seen now."""
        return self._sight

    def act(self, action: str) -> Sight:
        """Do `search[words]` or `click[name]`. Raises SourceUnreachable if the shop does not answer."""
        once = self._once
        if once and action.lower() == "click[buy now]":
            sold = once.receipts.find(once.key)
            if sold is not None:
                self._sight = Sight("This order was sold before.", (), sold.page, sold)
                return self._sight
            once.receipts.announce(once.key, self._sight.page)
        text, _, _, _, info = _asking(lambda: self._shop.step(action))
        sight = _seen(text, info, self._where())
        if sight.purchase is not None and once:
            sight = replace(sight, purchase=once.receipts.keep(once.key, sight.purchase))
        self._sight = sight
        return sight

    def close(self) -> None:
        """Leave the shop."""
        self._shop.close()


@dataclass(frozen=True)
class InProcessShop:
    """The simulated shop inside this process. It forgets its sales with the process, so the receipt is the sale."""

    catalog: Catalog
    name: str = "webshop"
    currency: str = "USD"
    sells_by_receipt: bool = True

    def visit(self, instruction: str, *, once: Once | None = None) -> Visit:
        """Begin a walk in a session of its own."""
        env = WebShopEnv(self.catalog, mode="fixed")
        return ShopVisit(env, where=lambda: env.session.url, wish={"instruction": instruction}, once=once)


@dataclass(frozen=True)
class HttpShop:
    """The simulated shop behind a server, as `stocksense shop serve` runs it; it may sell and our process end."""

    base_url: str
    name: str = "webshop"
    currency: str = "USD"
    sells_by_receipt: bool = False

    def visit(self, instruction: str, *, once: Once | None = None) -> Visit:
        """Begin a walk in a session of its own. Raises SourceUnreachable if the server does not answer."""
        client = WebShopClient(self.base_url)
        return ShopVisit(client, where=lambda: client.url, wish={"instruction": instruction}, once=once)


@cache
def shipped_shop() -> InProcessShop:
    """The in-process shop with the catalogue that comes with the project; loaded once."""
    return InProcessShop(load_shipped_catalog())


def open_site(webshop_url: str) -> Site:
    """The simulated shop at a base URL, or in process when the URL is empty."""
    return HttpShop(webshop_url) if webshop_url else shipped_shop()


def _asking(ask: Callable[[], Any]) -> Any:
    """What the shop answers; its not answering becomes our error."""
    try:
        return ask()
    except ShopUnreachable as error:
        raise SourceUnreachable(f"the simulated shop did not answer: {error}") from error


def _seen(text: str, info: dict[str, Any], page: str) -> Sight:
    bought = info.get("purchase")
    purchase = None
    if bought:
        purchase = Purchase(
            product=bought["asin"].lower(),
            title=bought["title"],
            options=tuple(sorted(bought["options"].items())),
            price=Decimal(str(bought["price"])).quantize(CENT),
            page=bought["url"],
        )
    return Sight(text, tuple(info["clickables"]), page, purchase)
