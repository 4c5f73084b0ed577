"""The shop's pages as text: what each says, and what can be clicked on it.

A page is a list of parts in the order of the screen. The text observation joins them with ` [SEP] `; `rich_text`
marks buttons. What every page begins with, the instruction, is put before it by the session.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal, NamedTuple

from webshop_env.catalog import Catalog
from webshop_env.errors import UnknownPage
from webshop_env.product import Product
from webshop_env.reward import Mode

SEPARATOR = " [SEP] "
RESULTS_A_PAGE = 10
SUB_PAGES = ("Description", "Features", "Reviews")
PartKind = Literal["text", "button", "link", "option"]
ClickKind = Literal["search", "index", "prev", "next", "item", "option", "sub", "buy"]


class Part(NamedTuple):
    """One visible piece of a page: what it is and what it says."""

    kind: PartKind
    text: str


class Click(NamedTuple):
    """What a click does; `target` is an asin, a sub-page or an option's value, `group` the option's group."""

    kind: ClickKind
    target: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page without its instruction, as text, and what can be clicked on it, in order.

    `actions` has the clicks once more by their plain spelling, such as `click[buy now]`. The parts are made when asked
    for: most pages are only ever seen as text.
    """

    body: str
    clicks: Mapping[str, Click]
    actions: Mapping[str, Click]
    make_parts: Callable[[], Iterable[Part]]
    has_search_bar: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        """What the page shows, in the order of the screen."""
        return tuple(self.make_parts())


class Card(NamedTuple):
    """A product in a page of results: what it is clicked by, as name and as action, its text, and its parts."""

    name: str
    action: str
    click: Click
    body: str
    parts: list[Part]


SEARCH = Part("button", "Search")
TO_INDEX = Part("button", "Back to Search")
PREVIOUS = Part("button", "< Prev")
NEXT = Part("button", "Next >")
BUY = Part("button", "Buy Now")
_BUTTON_CLICKS = {
    SEARCH: Click("search"),
    TO_INDEX: Click("index"),
    PREVIOUS: Click("prev"),
    NEXT: Click("next"),
    BUY: Click("buy"),
} | {Part("button", name): Click("sub", name) for name in SUB_PAGES}


def visible(text: str) -> str | None:
    """What a browser's text node shows: stripped, or None where there is no node or only a line break."""
    if not text or (not text.strip(" \t\n\r\f\v") and "\n" in text):
        return None
    return text.strip()


def part(kind: PartKind, text: str) -> list[Part]:
    """The part for a text, or nothing where the text shows nothing."""
    shown = visible(text)
    return [] if shown is None else [Part(kind, shown)]


def joined(parts: Iterable[Part]) -> str:
    """The text observation of some parts."""
    return SEPARATOR.join([part.text for part in parts])


def rich_text(parts: Iterable[Part], *, chosen: Iterable[str] = (), visited: Iterable[str] = ()) -> str:
    """The parts line by line, with buttons marked, and those clicked already: option values and asins."""
    values, asins = set(chosen), set(visited)
    notes: list[str] = []
    lines: list[str] = []
    for kind, text in parts:
        clicked = (kind == "option" and text in values) or (kind == "link" and text in asins)
        mark = "clicked button" if clicked else "button"
        if clicked and kind == "option":
            notes.insert(0, f"You have clicked {text}.\n")
        shape = {"text": "{0}", "button": "[button] {0} [button_]", "link": "\n[{1}] {0} [{1}_]"}
        lines.append(shape.get(kind, "  [{1}] {0} [{1}_]").format(text, mark) + "\n")
    return "".join(notes + lines)


def plain_actions(clicks: Mapping[str, Click]) -> dict[str, Click]:
    """The clicks by those actions that every mode reads alike: lower-cased, on one line, with no further bracket."""
    plain = {f"click[{name}]": click for name, click in clicks.items() if name == name.lower()}
    return {action: click for action, click in plain.items() if action.count("[") == 1 and "\n" not in action}


def make_page(parts: list[Part], clicks: Mapping[str, Click], *, has_search_bar: bool = False) -> Page:
    """A page of these parts: its buttons can be clicked first, then `clicks`; a later same name replaces the click."""
    every = {part.text.lower(): _BUTTON_CLICKS[part] for part in parts if part in _BUTTON_CLICKS}
    every.update(clicks)
    return Page(joined(parts), every, plain_actions(every), lambda: parts, has_search_bar)


INDEX = make_page([SEARCH], {}, has_search_bar=True)
FIRST_TURNS, LATER_TURNS = (NEXT,), (PREVIOUS, NEXT)
"""The buttons that turn pages of results, on the first page and on those after it."""
ABOVE_RESULTS = {len(turns): make_page([TO_INDEX, *turns], {}) for turns in (FIRST_TURNS, LATER_TURNS)}
"""What can be clicked above a list of results, by how many buttons turn its pages."""


class PageBook:
    """Every page of one catalogue; those seen lately are kept. `mode` says which names options are clicked by."""

    def __init__(self, catalog: Catalog, mode: Mode) -> None:
        self.catalog = catalog
        self.mode = mode
        self.results = lru_cache(maxsize=8192)(self._results)
        self.card = lru_cache(maxsize=65_536)(self._card)
        self.item = lru_cache(maxsize=4096)(self._item)
        self.sub_page = lru_cache(maxsize=4096)(self._sub_page)
        self.labels = lru_cache(maxsize=4096)(self._labels)

    def _results(self, query: str, number: int) -> Page:
        """Page `number` (from 1, without end) of what a search finds."""
        asins = self.catalog.find(query)
        cards = [self.card(asin) for asin in asins[(number - 1) * RESULTS_A_PAGE : number * RESULTS_A_PAGE]]
        turns = FIRST_TURNS if number == 1 else LATER_TURNS
        above = ABOVE_RESULTS[len(turns)]
        clicks, actions = dict(above.clicks), dict(above.actions)
        for name, action, click, _, _ in cards:
            clicks[name] = actions[action] = click
        total = f"Page {number} (Total results: {len(asins)})"
        texts = [TO_INDEX.text, total, *[turn.text for turn in turns], *[card.body for card in cards]]
        return Page(SEPARATOR.join(texts), clicks, actions, partial(result_parts, total, turns, cards))

    def _card(self, asin: str) -> Card:
        """A product as results list it."""
        product = self.catalog.product(asin)
        parts = [Part("link", asin), *part("text", product.title), Part("text", product.price_tag)]
        name = asin.lower()
        return Card(name, f"click[{name}]", Click("item", asin), joined(parts), parts)

    def _item(self, asin: str) -> Page:
        """The page of one product, with its options."""
        product = self.catalog.product(asin)
        labels = self.labels(asin)
        parts = [TO_INDEX, PREVIOUS]
        for name in product.options:
            parts += part("text", name)
            for label, click in labels:
                parts += part("option", label) if click.group == name else []
        parts += [*part("text", product.title), Part("text", f"Price: {product.price_tag}")]
        parts += [Part("text", "Rating: N.A."), *(Part("button", name) for name in SUB_PAGES), BUY]
        return make_page(parts, dict(labels))

    def _labels(self, asin: str) -> list[tuple[str, Click]]:
        """What each option value of a product is called, with the click that chooses it."""
        return option_labels(self.catalog.product(asin), self.mode)

    def check_options(self, asin: str, options: Mapping[str, str]) -> None:
        """Raise UnknownProduct or UnknownPage unless the product has every option and value named."""
        offered = self.catalog.product(asin).options
        for name, value in options.items():
            if value not in offered.get(name, ()):
                raise UnknownPage(f"product {asin} has no option {name[:40]!r} with value {value[:40]!r}; see its page")

    def _sub_page(self, asin: str, name: str) -> Page:
        """The description, features or reviews of one product."""
        product = self.catalog.product(asin)
        texts = {"Description": [product.description], "Features": [f" {bullet}" for bullet in product.bullets]}
        parts = [TO_INDEX, PREVIOUS]
        for text in texts.get(name, ()):
            parts += part("text", text)
        return make_page(parts, {})


def result_parts(total: str, turns: Iterable[Part], cards: Iterable[Card]) -> list[Part]:
    """What a page of results shows: how many there are, what turns the page, and the products."""
    return [TO_INDEX, Part("text", total), *turns, *[part for card in cards for part in card.parts]]


def option_labels(product: Product, mode: Mode) -> list[tuple[str, Click]]:
    """What each option value is called on the page, with the click that chooses it.

    Parity calls it by its value, so that of two groups with the same value only the last can be chosen. Fixed writes
    the group before a value that is not unique, and plain spaces for other kinds of space.
    """
    if mode == "parity":
        return [(value, Click("option", value, name)) for name, group in product.options.items() for value in group]
    values = [(name, value) for name, group in product.options.items() for value in dict.fromkeys(group)]
    plain = [(name, value, " ".join(value.split())) for name, value in values]
    taken = [label for _, _, label in plain] + [button.text.lower() for button in _BUTTON_CLICKS]
    return [
        (f"{name}: {label}" if taken.count(label) > 1 else label, Click("option", value, name))
        for name, value, label in plain
    ]


_in_order = json.JSONEncoder(sort_keys=True).encode
_UNSAFE = str.maketrans({unsafe: f"\\u{ord(unsafe):04x}" for unsafe in "<>&'"})
_THANKS = ("Thank you for shopping with us!", "Your code:", "None", "(Paste it in your MTurk interface.)", "Purchased")
_FORM = (
    "attrs", "None", "category", "None", "query", "None", "product category", "None", "Target", "asin", "options",
    "attrs", "price upper", "instuction text", "category", "product category", "query", "Goal", "None", "Reward",
    "Your score (min 0.0, max 1.0)",
)  # fmt: skip


def done_page(asin: str, options: Mapping[str, str], reward: float | None) -> Page:
    """The page after a purchase; `reward` is None for a purchase that nobody grades."""
    bought = _in_order(options).translate(_UNSAFE) if options else "{}"
    lines = [*_THANKS, "asin", asin, "options", bought, *_FORM, str(reward), "Reward Details", "None"]
    return Page(SEPARATOR.join(lines), {}, {}, lambda: (Part("text", line) for line in lines))
