"""Pages of what a search finds.

A walk through the shop sees more of these than of all others together. Each keeps texts alone, which Python's garbage
collector never has to look at again.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from webshop_env.catalog import Catalog
from webshop_env.known import Known
from webshop_env.page import (
    NEXT,
    PREVIOUS,
    SEPARATOR,
    TO_INDEX,
    Click,
    Part,
    SinglePage,
    joined,
    page_of,
    part,
    plain_actions,
)

RESULTS_A_PAGE = 10
MOST_CARDS = 65_536
FIRST_TURNS, LATER_TURNS = page_of(TO_INDEX, NEXT), page_of(TO_INDEX, PREVIOUS, NEXT)
"""What can be clicked above the products, on the first page and on those after it."""


class Card(NamedTuple):
    """A product as results list it: what it is clicked by, and its text."""

    name: str
    body: str


class Cards:
    """The products of a catalogue as results list them.

    `clicks` has those listed first by their plain action; None where two asins differ in nothing but case.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.clicks: dict[str, Click | None] = {}
        self._known = Known(self._card, most=MOST_CARDS)

    def page(self, query: str, number: int) -> "ResultsPage":
        """Page `number` (from 1, without end) of what a search finds."""
        found = self.catalog.find(query)
        shown = found[(number - 1) * RESULTS_A_PAGE : number * RESULTS_A_PAGE]
        cards = [self._known[asin] for asin in shown]
        body = SEPARATOR.join([_head(number, len(found)), *[card.body for card in cards]])
        names = dict.fromkeys([*_turns(number).names, *[card.name for card in cards]])
        return ResultsPage(body, tuple(names), shown, number, len(found), self)

    def parts(self, asin: str) -> list[Part]:
        """What results show of a product."""
        product = self.catalog.product(asin)
        return [Part("link", asin), *part("text", product.title), Part("text", product.price_tag)]

    def _card(self, asin: str) -> Card:
        name, click = asin.lower(), Click("item", asin)
        if len(self.clicks) < MOST_CARDS:
            for action in plain_actions({name: click}):
                self.clicks[action] = click if self.clicks.get(action, click) == click else None
        return Card(name, joined(self.parts(asin)))


class ResultsPage(NamedTuple):
    """Page `number` of the `total` products found, with the products `asins`; see `Page`."""

    body: str
    names: tuple[str, ...]
    asins: tuple[str, ...]
    number: int
    total: int
    cards: Cards
    has_search_bar: bool = False

    @property
    def clicks(self) -> Mapping[str, Click]:
        """What each name does, in order; a product called like a button, or like another, takes its place."""
        return {**_turns(self.number).clicks, **{asin.lower(): Click("item", asin) for asin in self.asins}}

    def follow(self, action: str) -> Click | None:
        """The click of a plain action, or None."""
        click = self.cards.clicks.get(action)
        return click if click is not None and click.target in self.asins else _turns(self.number).follow(action)

    @property
    def parts(self) -> Iterable[Part]:
        """How many products were found, what turns the page, and the products."""
        to_index, *turns = _turns(self.number).parts
        listed = [part for asin in self.asins for part in self.cards.parts(asin)]
        return [to_index, Part("text", _title(self.number, self.total)), *turns, *listed]


def _turns(number: int) -> SinglePage:
    return FIRST_TURNS if number == 1 else LATER_TURNS


def _title(number: int, total: int) -> str:
    return f"Page {number} (Total results: {total})"


def _head(number: int, total: int) -> str:
    """What stands above the products, as text: the title follows the first button."""
    return _turns(number).body.replace(SEPARATOR, f"{SEPARATOR}{_title(number, total)}{SEPARATOR}", 1)
