"""Measures the buyer without a language model where the sample shop buys: is each product's own page bought?

    .venv/bin/python benchmarks/wholesaler.py [--show]

The shipped wholesaler is asked for every product of the sample shop, under the verifier that real purchases pass.
`stocksense eval webshop` measures the buyer on WebShop's goals, and `benchmarks/buyer.py` prints the README's table.
"""

from __future__ import annotations

import argparse
import statistics
from decimal import Decimal

from agents.shopper.brain import Turn
from agents.shopper.journey import look_back
from agents.shopper.offline import OfflineShopper
from agents.shopper.request import Request
from agents.shopper.verdict import judge
from agents.shopper.wanted import request_for
from graphs.react import Trip, Walk, go
from stocksense.domain.orders import Terms
from stocksense.domain.stock import ProductStatus
from stocksense.sample.products import SampleProduct, products
from stocksense.store.products import OfferInfo, ProductInfo
from tools.simulated_shop import shipped_shop
from tools.site import Purchase, Sight
from webshop_env.scores import Score

WON_PER_DOLLAR = Decimal(1400)


def tell(name: str, rewards: list[float], trips: list[Trip]) -> None:
    """Print how many were right, steps and seconds."""
    score = Score("offline", "shipped", "sample shop", "all", "fixed", 7, tuple(rewards))
    low, high = score.success_interval
    seconds = sorted(trip.seconds for trip in trips)
    print(f"{name}: n={len(rewards)}")
    print(f"  right   {score.success:5.1f} %  (95 %: {low:.1f} to {high:.1f})")
    print(f"  steps   {statistics.mean(len(trip.history) for trip in trips):5.1f}")
    print(f"  seconds {statistics.mean(seconds):.3f} each, median {statistics.median(seconds):.3f}")


def wanted(product: SampleProduct) -> Request:
    """What the buyer is asked for when two packs of a sample product are approved at the wholesaler's price."""
    options = tuple(product.request_options.items())
    info = ProductInfo(
        id=0,
        sku=product.sku,
        name_ko=product.name_ko,
        name_en=product.name_en,
        gtin=product.barcode,
        brand=product.brand,
        model=product.model,
        category=product.leaf.english,
        category_ko=product.leaf.korean,
        unit=product.unit,
        price=Decimal(product.price),
        shelf_life_days=product.shelf_life_days,
        status=ProductStatus.ACTIVE,
        request={"attributes": list(product.request_attributes), "options": dict(options)},
    )
    pack, cost = product.pack_size, Decimal(product.cost)
    offer = OfferInfo(0, "wholesaler", "webshop", product.sku, cost, pack, pack, 3.0, 1.0)
    terms = Terms("sample", product.sku, "wholesaler", 2 * pack, cost, "KRW", options)
    return request_for(info, offer, terms, WON_PER_DOLLAR)


def is_right(product: SampleProduct, bought: Purchase | None) -> bool:
    """Whether the purchase is the product's own page, by a look at what the buyer cannot see: how it was made."""
    if bought is None:
        return False
    title = f"{product.brand} {product.line}, {product.size}, Pack of {product.pack_size} | "
    price = Decimal(str(product.pack_dollars)).quantize(Decimal("0.01"))
    return (
        bought.title.startswith(title)
        and bought.price == price
        and dict(bought.options) == dict(product.request_options)
    )


def run_products(*, show: bool) -> None:
    """Buy every product of the sample shop at the shipped wholesaler."""
    scores, trips = [], []
    for product in products():
        request = wanted(product)

        def gate(sight: Sight, history: tuple[Turn, ...], request: Request = request) -> str:
            journey = look_back(history)
            verdict = judge(request, journey.offer(journey.at))
            return "" if verdict.accepted else str(verdict)

        trip = go(Walk(OfflineShopper(), shipped_shop().visit(request.text), request, gate))
        trips.append(trip)
        scores.append(float(is_right(product, trip.purchase)))
        if show and scores[-1] < 1:
            print(product.sku, request.text, "|", trip.outcome, trip.reason)
    tell("sample shop's products at the shipped wholesaler", scores, trips)


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print every purchase that was not right")
    run_products(show=parser.parse_args().show)


if __name__ == "__main__":
    main()
