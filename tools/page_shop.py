"""A shop whose pages we read in a browser, as a site to shop at: it fills a cart for the owner and never pays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal
from urllib.parse import urljoin, urlsplit

from stocksense.errors import SourceUnreadable
from stocksense.sources.browser import Rules, Seen, Tab, open_tab
from tools.site import Draft, Once, Purchase, Sight, Visit
from tools.storefront import (
    PER_PAGE,
    Basket,
    Card,
    Choice,
    Item,
    Layout,
    Listing,
    detail_page,
    item_page,
    listing_page,
    start_page,
)

MOST_FIRST_CHOICES = 12
"""Of an option on which others depend so many values are tried to learn what the others hold."""


@dataclass(frozen=True)
class PageShop:
    """A shop at `base_url` whose pages have a layout. Nothing is ever sold to us: its purchases are drafts."""

    name: str
    currency: str
    base_url: str
    layout: Layout
    open_tab: Callable[[Rules], Tab] = open_tab
    seconds: float = 20.0
    sells_by_receipt: bool = True

    def visit(self, instruction: str, *, once: Once | None = None) -> Visit:
        """Begin a walk in a clean tab. Raises NotInstalled where there is no browser; the shop is asked later."""
        parts = urlsplit(self.base_url)
        rules = Rules(f"{parts.scheme}://{parts.netloc}", self.layout.never, self.layout.popups, seconds=self.seconds)
        return PageVisit(self, self.open_tab(rules), once)


@dataclass
class _Walk:
    """Where a visit is: the words searched for, what they found, the page of it, and the product that is open."""

    place: Literal["start", "results", "item", "detail"] = "start"
    words: str = ""
    listing: Listing = field(default_factory=lambda: Listing((), 0))
    is_listing_open: bool = False
    number: int = 1
    card: Card | None = None
    item: Item | None = None
    chosen: dict[int, Choice] = field(default_factory=dict)


class PageVisit:
    """One walk through a shop's pages; what they say is written down as the pages that our buyer knows."""

    def __init__(self, shop: PageShop, window: Tab, once: Once | None) -> None:
        self._shop, self._window, self._once, self._layout = shop, window, once, shop.layout
        self._walk = _Walk()
        self._sight = Sight(*start_page(), shop.base_url)

    @property
    def sight(self) -> Sight:
        """What is seen now."""
        return self._sight

    def act(self, action: str) -> Sight:
        """Do `search[words]` or `click[name]`; raises SourceUnreachable, SourceUnreadable."""
        verb, _, rest = action.partition("[")
        name = rest.removesuffix("]").strip()
        if verb == "search" and name:
            self._search(name)
        elif verb == "click" and name.lower() in {offered.lower() for offered in self._sight.clickables}:
            self._click(name.lower())
        return self._sight

    def close(self) -> None:
        """Leave the shop and close the tab."""
        self._window.close()

    def _click(self, name: str) -> None:
        steps: dict[str, Callable[[], None]] = {
            "back to search": self._begin_anew,
            "< prev": self._back,
            "next >": lambda: self._turn_to(self._walk.number + 1),
            "buy now": self._draft,
        }
        if name in steps:
            steps[name]()
        elif self._walk.place == "results":
            self._open(name)
        elif name in self._layout.tabs:
            self._read_on(name)
        elif self._walk.place == "item":
            self._choose(name)

    def _begin_anew(self) -> None:
        self._walk = _Walk()
        self._show(start_page(), self._shop.base_url)

    def _search(self, words: str) -> None:
        self._walk = _Walk(words=words)
        self._load_listing()
        self._turn_to(1)

    def _load_listing(self) -> None:
        url = urljoin(self._shop.base_url, self._layout.search(self._walk.words))
        seen = self._window.open(url, self._layout.listed)
        self._walk.listing, self._walk.is_listing_open = self._layout.read_listing(seen.html), True

    def _turn_to(self, number: int) -> None:
        """Show a page of results, loading more of them as far as it takes and the shop has any."""
        walk = self._walk
        while len(walk.listing.cards) < min(number * PER_PAGE, walk.listing.total):
            if not walk.is_listing_open:
                self._load_listing()
            loaded = len(walk.listing.cards)
            walk.listing = self._layout.read_listing(self._window.click(self._layout.more, self._layout.listed).html)
            if len(walk.listing.cards) <= loaded:
                raise SourceUnreadable(
                    f"{self._shop.name} says it found {walk.listing.total}, but shows {loaded} and no more"
                )
        walk.place, walk.number, walk.card, walk.item = "results", number, None, None
        cards = walk.listing.cards[(number - 1) * PER_PAGE : number * PER_PAGE]
        page = listing_page(cards, number=number, total=walk.listing.total, currency=self._shop.currency)
        self._show(page, urljoin(self._shop.base_url, self._layout.search(walk.words)))

    def _back(self) -> None:
        if self._walk.place == "results":
            self._turn_to(max(self._walk.number - 1, 1))
        elif self._walk.place == "item":
            self._turn_to(self._walk.number)
        else:
            self._show_item()

    def _open(self, number: str) -> None:
        walk = self._walk
        walk.card = next(card for card in walk.listing.cards if card.number == number)
        walk.chosen, walk.is_listing_open = {}, False
        walk.item = self._layout.read_item(self._window.open(self._address(walk.card), self._layout.item).html)
        if any(not group.choices for group in walk.item.groups):
            walk.item = self._explored(walk.item)
        self._show_item()

    def _explored(self, item: Item) -> Item:
        """The product with every option's values; those that depend on the first are learned by trying its values."""
        first, *later = item.groups
        found: list[dict[str, Choice]] = [{} for _ in later]
        for choice in [choice for choice in first.choices if not choice.sold_out][:MOST_FIRST_CHOICES]:
            seen = self._layout.read_item(
                self._window.choose(self._layout.option(0), choice.value, self._layout.item).html
            )
            for known, group in zip(found, seen.groups[1:], strict=True):
                known.update({own.name: own for own in group.choices if not own.sold_out})
        groups = (
            first,
            *(replace(group, choices=tuple(known.values())) for group, known in zip(later, found, strict=True)),
        )
        self._window.open(self._address(self._card), self._layout.item)
        return replace(item, groups=groups)

    def _show_item(self) -> None:
        """Show the open product: while options are open, its price is a range up to the dearest of them."""
        self._walk.place = "item"
        item = self._item
        open_groups = [group for place, group in enumerate(item.groups) if place not in self._walk.chosen]
        most = sum(
            max((own.extra for own in group.choices if not own.sold_out), default=Decimal(0)) for group in open_groups
        )
        highest = item.price + most if item.price is not None else None
        self._show(item_page(item, currency=self._shop.currency, highest=highest), self._address(self._card))

    def _read_on(self, name: str) -> None:
        seen = self._window.click(self._layout.tabs[name], f"{self._layout.panel}")
        self._walk.place = "detail"
        self._show(detail_page(self._layout.read_panel(seen.html)), self._address(self._card))

    def _choose(self, name: str) -> None:
        """Choose an option's value; one that cannot be had together with what is chosen changes nothing."""
        item = self._item
        for place, group in enumerate(item.groups):
            choice = next((own for own in group.choices if own.name.lower() == name and not own.sold_out), None)
            if choice is not None:
                self._walk.chosen[place] = choice
                self._apply()
                return

    def _apply(self) -> None:
        """Set the shop's own options, the first first, as the others depend on it, and read the price that follows."""
        html, usable = "", {}
        for place in sorted(self._walk.chosen):
            choice = self._walk.chosen[place]
            if html and choice.name not in _names(self._layout.read_item(html), place):
                continue
            if place and 0 not in self._walk.chosen:
                usable[place] = choice
                continue
            html = self._window.choose(self._layout.option(place), choice.value, self._layout.item).html
            usable[place] = choice
        self._walk.chosen = usable
        if html:
            self._walk.item = replace(self._item, price=self._layout.read_item(html).price)
        self._show_item()

    def _draft(self) -> None:
        """Put what is open into the shop's cart and go as far as the checkout page, which is the owner's."""
        item, once = self._item, self._once
        kept = once.receipts.find(once.key) if once else None
        if kept is not None:
            self._sight = Sight("This order waits in the cart.", (), kept.page, kept)
            return
        if item.sold_out or item.price is None or len(self._walk.chosen) < len(item.groups):
            return
        packs = once.packs if once else 1
        self._window.fill(self._layout.quantity, str(packs), self._layout.item)
        self._window.click(self._layout.put, self._layout.to_cart)
        cart = self._window.click(self._layout.to_cart, self._layout.cart)
        purchase = self._purchase(cart, packs)
        if once:
            purchase = once.receipts.keep(once.key, purchase)
        self._sight = Sight("It waits in the cart for the owner, who pays.", (), cart.url, purchase)

    def _purchase(self, cart: Seen, packs: int) -> Purchase:
        """What the cart holds, with what the checkout asks. Raises SourceUnreadable if it holds anything else."""
        item, basket = self._item, self._layout.read_cart(cart.html)
        if basket.quantity != packs or basket.lines != 1:
            raise SourceUnreadable(
                f"{packs} packs were put into the cart of {self._shop.name}, but it holds {basket.quantity} "
                f"in {basket.lines} lines; empty it by hand"
            )
        asked, login = self._checkout(basket)
        draft = Draft(cart.url, packs, asked.total, asked.delivery, item.coupon, login)
        chosen = tuple((item.groups[place].name, own.name) for place, own in sorted(self._walk.chosen.items()))
        price = basket.price if basket.price is not None else item.price
        return Purchase(self._card.number, item.title, chosen, price or Decimal(0), self._address(self._card), draft)

    def _checkout(self, basket: Basket) -> tuple[Basket, bool]:
        """What the checkout page asks, and whether it is behind a login; then the cart's own sums stand."""
        seen = self._window.click(self._layout.order, self._layout.ordered)
        if self._layout.is_login(seen.url):
            return basket, True
        return self._layout.read_checkout(seen.html), False

    def _show(self, page: tuple[str, tuple[str, ...]], url: str) -> None:
        self._sight = Sight(*page, url)

    def _address(self, card: Card) -> str:
        return urljoin(self._shop.base_url, card.path)

    @property
    def _card(self) -> Card:
        if self._walk.card is None:
            raise SourceUnreadable(f"no product of {self._shop.name} is open; open one from its list first")
        return self._walk.card

    @property
    def _item(self) -> Item:
        if self._walk.item is None:
            raise SourceUnreadable(f"no product of {self._shop.name} is open; open one from its list first")
        return self._walk.item


def _names(item: Item, place: int) -> set[str]:
    return {own.name for own in item.groups[place].choices if not own.sold_out}
