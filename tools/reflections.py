"""What the buyer learned from purchases that failed; nothing here can be written by a model."""

from __future__ import annotations

from memory.book import Book
from memory.reflection import Reflection
from tools.services import Services

SITE = "webshop"


def book_of(services: Services) -> Book:
    """The book of reflections: the given one, else that of the shop's database."""
    return services.memory or Book(services.sessions)


def list_reflections(services: Services, limit: int = 20) -> tuple[Reflection, ...]:
    """List the newest lessons that the buyer drew from purchases that failed, newest first.

    Args:
        limit: how many at most, such as 20.
    """
    return book_of(services).newest(SITE, limit=max(limit, 1))


def recollect_reflections(services: Services, request: str) -> tuple[Reflection, ...]:
    """Find the lessons that matter for a purchase, by likeness of the request and recency.

    Args:
        request: what is to be bought, in words, such as "cola 355 ml, original, below 15 dollars".
    """
    return book_of(services).recollect(SITE, request, now=services.clock())


READS = (list_reflections, recollect_reflections)
WRITES = ()
