"""One shopper's visit: which page is open, what has been chosen, and what each action does.

Parity keeps the reference's quirks of acting: options with `[` cannot be clicked, of two groups with the same value
only the last can be chosen, and shopping goes on after Buy Now. Fixed mends the first two, and ends the visit.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from webshop_env.addresses import Place, PlaceKind
from webshop_env.goals import Goal
from webshop_env.page import INDEX, SEPARATOR, Click, Page, Part, part, rich_text
from webshop_env.pages import PageBook, done_page, options_json
from webshop_env.reward import Mode, Reward

BASE_URL = "http://127.0.0.1:3000"
HIDDEN_PREFIXES = ("<r>", "<c>", "<q>", "<a>")
_PARITY_ACTION = re.compile(r"(.+)\[(.+)\]")
_FIXED_ACTION = re.compile(r"\s*(\w+)\[(.+)\]", re.DOTALL)


def parse_action(action: str, mode: Mode) -> tuple[str, str]:
    """The verb and the lower-cased argument of `verb[argument]`; both empty for any other text.

    Parity splits at the last `[`, as the reference does; fixed at the first, so that options may hold one.
    """
    # Plain actions, nearly all, need no pattern that looks for the last bracket from the end of the text.
    verb, bracket, rest = action.partition("[")
    if bracket and len(rest) > 1 and rest.endswith("]") and verb.isalpha() and "[" not in rest and "\n" not in rest:
        return verb, rest[:-1].lower()
    found = (_FIXED_ACTION if mode == "fixed" else _PARITY_ACTION).match(action)
    return (found.group(1), found.group(2).lower()) if found else ("", "")


class Purchase(NamedTuple):
    """What was bought: the options chosen by group, the price in dollars as the reward counts it, and where."""

    asin: str
    title: str
    options: Mapping[str, str]
    price: float
    price_tag: str
    url: str

    def as_dict(self) -> dict[str, Any]:
        """The purchase as plain values."""
        return self._asdict() | {"options": dict(self.options)}


@lru_cache(maxsize=8192)
def _instruction_parts(instruction: str) -> tuple[Part, ...]:
    return Part("text", "Instruction:"), *part("text", instruction)


@lru_cache(maxsize=8192)
def _heading(instruction: str) -> str:
    return SEPARATOR.join([shown.text for shown in _instruction_parts(instruction)])


@dataclass(slots=True)
class Session:
    """The state of one visit. `goal` is None when the instruction is free, and then nothing is graded."""

    pages: PageBook
    sid: str
    instruction: str
    goal: Goal | None = None
    page: Page = INDEX
    kind: PlaceKind = "index"
    query: str = ""
    number: int = 1
    asin: str = ""
    sub: str = ""
    options: dict[str, str] = field(default_factory=dict)
    visited: set[str] = field(default_factory=set)
    actions: int = 0
    notice: str = ""
    reward: Reward | None = None
    purchase: Purchase | None = None
    done: bool = False
    heading: str = ""

    def __post_init__(self) -> None:
        self.heading = _heading(self.instruction)

    def act(self, action: str) -> float:
        """Do one action and return its reward; an action that cannot be done changes nothing."""
        self.actions += 1
        self.notice = ""
        plain = self.page.follow(action)
        if plain is not None:
            return self._click(plain)
        mode = self.pages.mode
        if self.done and mode == "fixed":
            return 0.0
        self.done = False
        verb, argument = parse_action(action, mode)
        if verb == "click":
            click = self.page.clicks.get(argument)
            if click is not None:
                return self._click(click)
        elif verb == "search":
            self.search(argument)
        return 0.0

    def search(self, query: str, number: int = 1) -> None:
        """Open a page of results, unless the query asks for hidden fields."""
        if query[:3] in HIDDEN_PREFIXES and query[3:4] in ("", " "):
            self.notice = f"Search refused: {query[:3]} lists products by hidden fields; search with plain words."
            return
        self.query = query
        self._open_results(number)

    def _open_results(self, number: int) -> None:
        self.kind, self.number, self.asin = "results", number, ""
        self.options = {}
        self.page = self.pages.results[self.query, number]

    def open_item(self, asin: str) -> None:
        """Open a product's page; the options chosen there before are kept only on the way back from a sub-page."""
        self.kind, self.asin = "item", asin
        self.visited.add(asin)
        self.page = self.pages.items[asin]

    def open_sub_page(self, name: str) -> None:
        """Open the description, features or reviews of the product."""
        self.kind, self.sub = "sub", name
        self.page = self.pages.sub_pages[self.asin, name]

    def _open_index(self) -> None:
        self.kind, self.page, self.number, self.asin, self.query = "index", INDEX, 1, "", ""
        self.options, self.visited, self.actions = {}, set(), 0

    def _click(self, click: Click) -> float:
        """Follow a click and return its reward."""
        kind = click.kind
        if kind == "option":
            self.options[click.group] = click.target
        elif kind == "item":
            self.open_item(click.target)
        elif kind == "sub":
            self.open_sub_page(click.target)
        elif kind == "next":
            self._open_results(self.number + 1)
        elif kind == "prev":
            self._go_back()
        elif kind == "index":
            self._open_index()
        elif kind == "buy":
            return self.buy()
        return 0.0

    def _go_back(self) -> None:
        if self.kind == "sub":
            self.open_item(self.asin)
        else:
            self._open_results(self.number - (self.kind == "results"))

    def buy(self) -> float:
        """Buy the open product with the options chosen, and return the reward; 0.0 when nothing is graded."""
        catalog = self.pages.catalog
        product = catalog.product(self.asin)
        item_url, bought = self.url, dict(self.options)
        price = catalog.prices[self.asin]
        self.purchase = Purchase(self.asin, product.title, bought, price, product.price_tag, item_url)
        if self.goal is not None:
            self.reward = catalog.score(self.goal, self.asin, bought, mode=self.pages.mode)
        self.kind, self.done = "done", True
        self.page = done_page(self.asin, bought, self.total)
        return self.total or 0.0

    @property
    def text(self) -> str:
        """The text observation."""
        kind = self.kind
        if kind == "done":
            shown = self.page.body
        elif kind == "index":
            shown = f"WebShop [SEP] {self.heading} [SEP] Search"
        else:
            shown = f"{self.heading} [SEP] {self.page.body}"
        return f"{self.notice}{SEPARATOR}{shown}" if self.notice else shown

    @property
    def instruction_parts(self) -> tuple[Part, ...]:
        """The instruction as every page begins with it."""
        return _instruction_parts(self.instruction)

    @property
    def parts(self) -> list[Part]:
        """Every part of the page in order, the notice and the instruction included."""
        parts = [Part("text", self.notice)] if self.notice else []
        if self.kind == "index":
            parts.append(Part("text", "WebShop"))
        if self.kind != "done":
            parts += self.instruction_parts
        return parts + list(self.page.parts)

    @property
    def rich_text(self) -> str:
        """The observation line by line, with buttons marked and those clicked already."""
        chosen = [label for label, click in self.page.clicks.items() if self.is_chosen(click)]
        return rich_text(self.parts, chosen=chosen, visited=self.visited)

    def is_chosen(self, click: Click) -> bool:
        """Whether a click would choose the option value that is chosen already."""
        return click.kind == "option" and self.options.get(click.group) == click.target

    @property
    def place(self) -> Place:
        """The open page as a place, which has an address."""
        words = tuple(self.query.split(" "))
        return Place(self.sid, self.kind, words, self.number, asin=self.asin, sub=self.sub, options=dict(self.options))

    def go(self, place: Place) -> float:
        """Open the page at a place and return the reward, which only a purchase has.

        Raises UnknownProduct or UnknownPage if there is no such page.
        """
        if place.kind in ("item", "sub", "done"):
            self.pages.check_options(place.asin, place.options)
        self.notice, self.done = "", False
        if place.kind == "index":
            self._open_index()
            return 0.0
        if place.kind == "results":
            self.search(" ".join(place.keywords), place.number)
            return 0.0
        if place.kind != "done":
            self.query, self.number = " ".join(place.keywords), place.number
        self.options = dict(place.options)
        self.open_item(place.asin)
        if place.kind == "sub":
            self.open_sub_page(place.sub)
        return self.buy() if place.kind == "done" else 0.0

    @property
    def total(self) -> float | None:
        """The reward of the purchase; None before it, and when nothing is graded."""
        return self.reward.total if self.reward is not None else None

    @property
    def outcome(self) -> dict[str, Any]:
        """What became of the visit: the purchase, whether it was graded, the reward and its parts."""
        graded = self.reward is not None
        parts = self.reward.parts() if self.reward is not None else {}
        bought = self.purchase.as_dict() if self.purchase is not None else None
        return {"purchase": bought, "graded": graded, "reward": self.total or 0.0, "reward_parts": parts}

    @property
    def url(self) -> str:
        """The address of the open page, without percent signs, as the reference builds it."""
        words = self.query.replace(" ", "+")
        if self.kind == "results":
            return f"{BASE_URL}/search_results/{self.sid}/{words}/{self.number}"
        if self.kind == "item":
            place = f"{self.sid}/{self.asin}/{words}/{self.number}"
            return f"{BASE_URL}/item_page/{place}/{options_json(self.options.items())}"
        if self.kind == "sub":
            place = f"{self.sid}/{self.asin}/{words}/{self.number}/{self.sub}"
            return f"{BASE_URL}/item_sub_page/{place}/{self.options}"
        if self.kind == "done":
            return f"{BASE_URL}/done/{self.sid}/{self.asin}/{self.options}"
        return f"{BASE_URL}/{self.sid}"
