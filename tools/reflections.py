"""What the buyer did and learned: the walk of a purchase, and lessons. Nothing here can be written by a model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from memory.book import Book
from memory.reflection import Reflection
from stocksense.errors import UnknownName
from stocksense.store import orders
from tools.naming import product_named
from tools.services import Services

SITE = "webshop"


@dataclass(frozen=True)
class WalkStep:
    """One step of a walk: why, what was done, and the beginning of what was seen."""

    thought: str
    action: str
    seen: str


@dataclass(frozen=True)
class PurchaseWalk:
    """How the buyer shopped for an order line: the request, who shopped with which lessons, and every step."""

    order_line: int
    sku: str
    name_ko: str
    name_en: str
    state: str
    at: datetime
    total: Decimal
    request: str
    buyer: str
    lessons: tuple[str, ...]
    outcome: str
    reason: str
    steps: tuple[WalkStep, ...]


def book_of(services: Services) -> Book:
    """The book of what was learned: the given one, else that of the shop's database."""
    return services.memory or Book(services.sessions)


def purchase_walk(services: Services, product: str = "") -> PurchaseWalk:
    """Tell how the buyer shopped for a product last, step by step: each thought, each click and what it saw.

    Args:
        product: SKU, barcode or name; empty for the last product that the buyer shopped for.
    """
    with services.sessions() as session:
        shop = services.shop(session)
        sku = product_named(session, shop.id, product).sku if product else ""
        walked = [
            line for line in orders.lines(session, shop.id) if "steps" in line.transcript and sku in ("", line.sku)
        ]
    if not walked:
        raise UnknownName("walk of the buyer", product or "last", "the buyer has not shopped for it yet")
    line = max(walked, key=lambda line: (line.changed_at, line.id))
    told = line.transcript
    return PurchaseWalk(
        line.id,
        line.sku,
        line.name_ko,
        line.name_en,
        str(line.state),
        line.changed_at,
        line.total,
        str(told.get("request", "")),
        str(told.get("brain", "")),
        tuple(told.get("lessons", ())),
        str(told.get("outcome", "")),
        str(told.get("reason", "")),
        tuple(WalkStep(step["thought"], step["action"], step["seen"]) for step in told["steps"]),
    )


def list_reflections(services: Services, limit: int = 20) -> tuple[Reflection, ...]:
    """List the newest lessons that the buyer drew from purchases that failed, newest first.

    Args:
        limit: how many at most, such as 20.
    """
    return book_of(services).newest(limit=max(limit, 1))


def recollect_reflections(services: Services, request: str) -> tuple[Reflection, ...]:
    """Find the lessons that matter for a purchase, by likeness of the request and recency.

    Args:
        request: what is to be bought, in words, such as "cola 355 ml, original, below 15 dollars".
    """
    return book_of(services).recollect(SITE, request, now=services.clock())


READS = (purchase_walk, list_reflections, recollect_reflections)
WRITES = ()
