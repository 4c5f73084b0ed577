"""Measures the buyer without a language model: on the sample shop's products, and on WebShop's goals.

    .venv/bin/python benchmarks/buyer.py products
    .venv/bin/python benchmarks/buyer.py goals --first 500 --n 200
    .venv/bin/python benchmarks/buyer.py goals ../shared/data/webshop --first 500 --n 200

`products` asks the shipped wholesaler for every product of the sample shop, under the verifier that real purchases
pass. `goals` takes the shipped catalogue's goals, or those of a folder with WebShop's 1,000 products, in parity mode
with seed 7 and at most 15 steps. Goals 0 to 499 are the test split: look at them last, and once.
"""

from __future__ import annotations

import argparse
import math
import statistics
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from agents.shopper.brain import Turn
from agents.shopper.journey import look_back
from agents.shopper.offline import QUICK, OfflineShopper
from agents.shopper.request import Request, parse_request
from agents.shopper.verdict import judge
from agents.shopper.wanted import request_for
from graphs.react import Bounds, Trip, Walk, go
from stocksense.domain.orders import Terms
from stocksense.domain.stock import ProductStatus
from stocksense.sample.products import SampleProduct, products
from stocksense.store.products import OfferInfo, ProductInfo
from tools.simulated_shop import ShopVisit, shipped_shop
from tools.site import Purchase, Sight
from webshop_env import Catalog, WebShopEnv, load_catalog, load_shipped_catalog

WON_PER_DOLLAR = Decimal(1400)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson's score interval)."""
    z, share = 1.96, hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return middle - half, middle + half


def half_width(values: list[float]) -> float:
    """Half the 95 % interval of a mean (normal approximation)."""
    return 1.96 * statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.inf


def tell(name: str, scores: list[float], trips: list[Trip]) -> None:
    """Print a suite's score, success, steps and seconds."""
    hits, n = sum(score == 1 for score in scores), len(scores)
    low, high = wilson(hits, n)
    seconds = sorted(trip.seconds for trip in trips)
    print(f"{name}: n={n}")
    print(f"  score   {100 * statistics.mean(scores):5.1f} +- {100 * half_width(scores):.1f}")
    print(f"  success {100 * hits / n:5.1f} %  (95 %: {100 * low:.1f} to {100 * high:.1f})")
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


def run_goals(catalog: Catalog, suite: str, goals: Iterable[int], *, show: bool) -> None:
    """Shop for goals with the quick profile; nothing but pages and the instruction is read."""
    brain, scores, trips = OfflineShopper(QUICK), [], []
    for goal in goals:
        env = WebShopEnv(catalog, suite=suite)
        visit = ShopVisit(env, where=lambda: "", wish={"goal": goal})
        request = parse_request(env.session.instruction)
        trips.append(go(Walk(brain, visit, request, bounds=Bounds(steps=QUICK.steps))))
        scores.append(env.session.reward.total if env.session.reward else 0.0)
        if show and scores[-1] < 1:
            print(goal, round(scores[-1], 2), env.session.instruction, "|", trips[-1].outcome, trips[-1].reason)
    tell(f"{suite} goals of {catalog.name}, at most {QUICK.steps} steps", scores, trips)


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", default="products", choices=("products", "goals"))
    parser.add_argument("folder", nargs="?", type=Path, help="WebShop's files; left out: the shipped catalogue")
    parser.add_argument("--suite", default="templated", help="templated, human, paraphrased or paraphrased-ko")
    parser.add_argument("--first", type=int, default=500, help="number of the first goal")
    parser.add_argument("--n", type=int, default=200, help="how many goals")
    parser.add_argument("--step", type=int, default=1, help="every how-many-th goal")
    parser.add_argument("--show", action="store_true", help="print every purchase that was not right")
    chosen = parser.parse_args()
    if chosen.what == "products":
        run_products(show=chosen.show)
        return
    folder = chosen.folder
    catalog = (
        load_catalog(
            folder / "items_shuffle_1000.json",
            folder / "items_ins_v2_1000.json",
            nouns=folder / "title_nouns_sm38.json",
        )
        if folder
        else load_shipped_catalog()
    )
    last = min(chosen.first + chosen.n * chosen.step, len(catalog.goals(chosen.suite)))
    run_goals(catalog, chosen.suite, range(chosen.first, last, chosen.step), show=chosen.show)


if __name__ == "__main__":
    main()
