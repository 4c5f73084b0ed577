"""Who the sample shop buys from, and what each of them asks: invented, but for the simulated wholesaler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stocksense.sample.products import SampleProduct

FOOD = frozenset(
    {"beverages", "snacks", "noodles", "dairy", "fresh", "frozen", "bakery", "health"},
)
"""The main categories that a supplier of food carries."""


@dataclass(frozen=True)
class SampleSupplier:
    """A supplier; `site` names the door by which an agent can buy there, `order_days` are weekdays, Monday 0."""

    name: str
    site: str
    lead_time_days: float
    lead_time_sd: float
    order_days: tuple[int, ...]


@dataclass(frozen=True)
class SampleOffer:
    """What one supplier asks for one product: won a unit, packs and minimum in units; indices into the shop's."""

    product: int
    supplier: int
    unit_price: int
    pack_size: int
    minimum_order: int


WHOLESALER = 0
FRESH = 1

SUPPLIERS: tuple[SampleSupplier, ...] = (
    SampleSupplier("웹샵 도매 (WebShop, simulated)", "webshop", 3.0, 1.0, (0, 2, 4)),
    SampleSupplier("첫새벽신선 (Cheotsaebyeok Fresh)", "", 1.0, 0.2, (0, 1, 2, 3, 4, 5, 6)),
    SampleSupplier("너른들식품 (Neoreundeul Foods)", "", 5.0, 2.0, (1,)),
    SampleSupplier("두손잡화 (Duson Sundries)", "", 6.0, 2.5, (3,)),
)
"""The first is the main one: it offers every product."""


def draw_offers(rng: np.random.Generator, products: Sequence[SampleProduct]) -> tuple[SampleOffer, ...]:
    """The wholesaler's offer for every product, the fresh supplier's for fresh goods, a rival's for half the rest.

    One rival in six is cheaper than the wholesaler; all rivals are slower and want two packs at least.
    """
    offers: list[SampleOffer] = []
    for at, product in enumerate(products):
        pack = product.pack_size
        offers.append(SampleOffer(at, WHOLESALER, product.cost, pack, pack))
        if product.leaf.daily_fresh:
            offers.append(SampleOffer(at, FRESH, _to_ten(product.cost * 0.97), pack, pack))
        elif rng.random() < 0.5:
            rival = 2 if product.leaf.slug in FOOD else 3
            times = rng.uniform(0.94, 0.985) if rng.random() < 1 / 6 else rng.uniform(1.01, 1.15)
            offers.append(SampleOffer(at, rival, _to_ten(product.cost * times), pack, 2 * pack))
    return tuple(offers)


def usual_offers(offers: Sequence[SampleOffer]) -> tuple[SampleOffer, ...]:
    """The cheapest offer of each product, in the order of the products: where its owner has bought."""
    usual: dict[int, SampleOffer] = {}
    for offer in sorted(offers, key=lambda offer: (offer.unit_price, offer.supplier)):
        usual.setdefault(offer.product, offer)
    return tuple(usual[at] for at in sorted(usual))


def _to_ten(won: float) -> int:
    return round(won / 10) * 10
