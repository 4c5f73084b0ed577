"""The sample shop: two years of an invented unmanned store, drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from stocksense.domain.stock import ProductStatus
from stocksense.sample.calendar import Calendar, Floats
from stocksense.sample.demand import LOCATIONS, Demand, Ints, draw_demand
from stocksense.sample.products import SampleProduct, products
from stocksense.sample.suppliers import SUPPLIERS, SampleOffer, SampleSupplier, draw_offers, usual_offers
from stocksense.sample.supply import Supply, stock_shelves

PROVENANCE = "Generated sample shop: invented products, brands and sales (seed {seed}). Not real data."
"""What is said wherever the shop's numbers show."""

RECALLED_SKU = "ELC-MAGNETIC-POWER-5000"
"""The power bank that the recall notice in feeds/ names by its barcode."""

SAMPLE_UNTIL = date(2026, 10, 31)
"""The last day of the sample shop, unless another is asked for; the feeds are of the same weeks."""

SAMPLE_DAYS = 730


@dataclass(frozen=True)
class SampleShop:
    """A whole shop. Arrays are indexed by product, location and day, in the order of the tuples here.

    `true_demand` is what customers wanted, also from empty shelves: no shop knows it, tests and benchmarks do.
    """

    seed: int
    calendar: Calendar
    products: tuple[SampleProduct, ...]
    status: tuple[ProductStatus, ...]
    locations: tuple[str, ...]
    suppliers: tuple[SampleSupplier, ...]
    offers: tuple[SampleOffer, ...]
    demand: Demand
    supply: Supply

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the window, oldest first."""
        return self.calendar.days

    @property
    def until(self) -> date:
        """The last day."""
        return self.calendar.days[-1]

    @property
    def sales(self) -> Ints:
        """Units sold, shape (products, locations, days)."""
        return self.supply.sales

    @property
    def true_demand(self) -> Ints:
        """Units wanted, shape (products, locations, days); never below the sales."""
        return self.demand.true

    @property
    def on_hand(self) -> Ints:
        """Units on hand by the books at the end of each day, shape (products, locations, days)."""
        return self.supply.on_hand

    @property
    def unit_price(self) -> Ints:
        """The price on the shelf in won, promotions included, shape (products, days)."""
        return self.demand.unit_price

    @property
    def promoted(self) -> NDArray[np.bool_]:
        """Whether the product was on promotion, shape (products, days)."""
        return self.demand.promoted

    @property
    def on_order(self) -> Ints:
        """Units ordered and not delivered by the end, shape (products,)."""
        orders = self.supply.orders
        still = orders.arrives >= len(self.days)
        waiting: Ints = np.zeros(len(self.products), dtype=np.int32)
        np.add.at(waiting, orders.product[still], orders.units[still])
        return waiting

    @property
    def provenance(self) -> str:
        """Where the numbers come from."""
        return PROVENANCE.format(seed=self.seed)

    def usual_lead_times(self) -> tuple[Floats, Floats]:
        """Mean and spread of the lead time of each product's usual supplier, in days, each shape (products,)."""
        chosen = [self.suppliers[offer.supplier] for offer in usual_offers(self.offers)]
        mean = np.array([supplier.lead_time_days for supplier in chosen], dtype=np.float32)
        return mean, np.array([supplier.lead_time_sd for supplier in chosen], dtype=np.float32)


def generate(seed: int = 7, until: date = SAMPLE_UNTIL, days: int = SAMPLE_DAYS) -> SampleShop:
    """Draw the shop whose last day is `until`: the same arguments give the same shop, to the unit.

    Raises ValueError for a window under 200 days, which has no room for what is to be shown.
    """
    if days < 200:
        raise ValueError(f"a window of {days} days is too short for a sample shop; give 200 or more")
    rng = np.random.default_rng((seed, until.toordinal(), days))
    shelf = products()
    calendar = Calendar.until(until, days)
    kept = frozenset({RECALLED_SKU})
    demand = draw_demand(rng, shelf, calendar, keep=kept)
    offers = draw_offers(rng, shelf)
    supply = stock_shelves(rng, shelf, usual_offers(offers), calendar, demand=demand, well_stocked=kept)
    withdrawn = demand.lives.withdrawn < days
    return SampleShop(
        seed=seed,
        calendar=calendar,
        products=shelf,
        status=tuple(ProductStatus.DISCONTINUED if gone else ProductStatus.ACTIVE for gone in withdrawn),
        locations=tuple(name for name, _, _ in LOCATIONS),
        suppliers=SUPPLIERS,
        offers=offers,
        demand=demand,
        supply=supply,
    )
