"""What a shop on the web looks like to the buyer: visits, what is seen after each action, and what was bought."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True)
class Draft:
    """A purchase that waits in a shop's cart for the owner; nothing was paid. Amounts in the site's currency.

    `total` is what the shop asks for the whole cart, `delivery` included; `coupon` is the price of one pack with a
    coupon that was offered and not taken; with `login` the shop lets nobody further without an account.
    """

    cart: str
    packs: int
    total: Decimal
    delivery: Decimal
    coupon: Decimal | None = None
    login: bool = False


@dataclass(frozen=True)
class Purchase:
    """What a site sold in one visit, or put into its cart if there is a `draft`.

    `price` is in the site's currency, for what one page sells at once.
    """

    product: str
    title: str
    options: tuple[tuple[str, str], ...]
    price: Decimal
    page: str
    draft: Draft | None = None


@dataclass(frozen=True)
class Sight:
    """A page as the buyer sees it: its text, what can be clicked, its address, and the purchase that it confirms."""

    text: str
    clickables: tuple[str, ...]
    page: str
    purchase: Purchase | None = None


class Visit(Protocol):
    """One walk through a shop; not shared between walks."""

    @property
    def sight(self) -> Sight:
        """What is seen now."""

    def act(self, action: str) -> Sight:
        """Do `search[words]` or `click[name]`; an action that the page doesn't offer changes nothing."""

    def close(self) -> None:
        """Leave the shop, and give back what the walk holds open."""


class Receipts(Protocol):
    """Where a site's sales are remembered, durably, by the key of the order line that they were made for."""

    def announce(self, key: str, page: str) -> None:
        """Note that the page's product is about to be bought, before the site is asked.

        Raises IllegalStep if the line no longer waits to be bought.
        """

    def announced(self, key: str) -> str:
        """The page that was about to be bought, empty if none was."""

    def find(self, key: str) -> Purchase | None:
        """What was sold for this key, if anything."""

    def keep(self, key: str, purchase: Purchase) -> Purchase:
        """Remember a sale and return it; if the key has one already, that one stands and is returned."""


@dataclass(frozen=True)
class Once:
    """A promise to sell once: whatever is bought in walks of this key is sold a single time.

    `packs` is how many of what one page sells go into a cart, where the site has one.
    """

    key: str
    receipts: Receipts
    packs: int = 1


class Site(Protocol):
    """A shop that the buyer can visit."""

    @property
    def name(self) -> str:
        """The word that suppliers and lessons know the site by."""

    @property
    def currency(self) -> str:
        """The currency of its prices, such as `USD` or `KRW`."""

    @property
    def sells_by_receipt(self) -> bool:
        """Whether nothing is sold until its receipt is kept; else a sale may have happened although none was."""

    def visit(self, instruction: str, *, once: Once | None = None) -> Visit:
        """Begin a walk, under the promise to sell once if one is given.

        At a shop that is not ours to pay at, Buy Now fills a cart, and its purchase is a draft for the owner.
        Raises SourceUnreachable if the shop does not answer.
        """
