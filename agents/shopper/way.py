"""The way from the page that is open to a product's own page: how many steps it takes, and the next of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agents.shopper.journey import PER_PAGE, Journey
from tools.shop_page import Page

BACK = {"item": 1, "detail": 2}
"""Clicks from a product's page, and from one of its texts, back to the list."""


@dataclass(frozen=True)
class Way:
    """Where a walk stands: `back` clicks from page `number` of the list of `query`, at `product` if that is open.

    A search may be made on any page, so a list is never further than its own page number.
    """

    journey: Journey
    query: str = ""
    number: int = 0
    back: int = 0
    product: str = ""

    @classmethod
    def from_page(cls, journey: Journey, page: Page) -> Way:
        """The way from the page that is open."""
        query = journey.queries[-1] if journey.queries else ""
        back = BACK.get(page.kind, 0)
        return cls(journey, query, journey.number, back, journey.at if back else "")

    def steps(self, product: str) -> int:
        """Steps until the product's own page is open."""
        if product == self.product:
            return self.back - 1
        return min(map(self._steps_to, self._spots(product))) + 1

    def beyond(self, product: str, *, read: bool = False) -> Way:
        """The way on from a product's page, or from one of its texts."""
        query, number = min(self._spots(product), key=self._steps_to)
        if product == self.product:
            query, number = self.query, self.number
        return Way(self.journey, query, number, BACK["detail" if read else "item"], product)

    def next(self, product: str) -> str:
        """The action that leads towards the product's own page."""
        if product == self.product:
            return "click[< prev]"
        query, number = spot = min(self._spots(product), key=self._steps_to)
        if self.query != query or self._steps_to(spot) == number < self._along(number):
            return f"search[{query}]"
        if self.back or number < self.number:
            return "click[< prev]"
        return "click[next >]" if number > self.number else f"click[{product}]"

    def _spots(self, product: str) -> Iterator[tuple[str, int]]:
        """Where a product is listed: queries and page numbers."""
        for query, place in self.journey.ranks[product].items():
            yield query, (place - 1) // PER_PAGE + 1

    def _along(self, number: int) -> int:
        """Steps to a page of the list that is open, or was, without searching again."""
        return self.back + abs(number - self.number)

    def _steps_to(self, spot: tuple[str, int]) -> int:
        query, number = spot
        return min(self._along(number), number) if query == self.query else number
