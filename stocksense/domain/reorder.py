"""When to order and how much: safety stock, reorder point, order quantity, and the reason for every product."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from math import ceil, hypot, sqrt
from typing import Any

from stocksense.domain.demand import Forecast, safety_factor
from stocksense.domain.stock import ProductStatus
from stocksense.errors import BadValue

NO_DEMAND_UNITS = 0.5
"""Expected units over lead time and cover below which a product counts as not in demand."""

NEW_PRODUCT_DAYS = 14
"""Days since the first sale under which a forecast rests on neighbours alone."""


def safety_stock(service_level: float, daily_demand_sd: float, lead_time_days: float) -> float:
    """The classical buffer `z * sd * sqrt(lead time)`, in units (Silver, Pyke and Thomas 2017, section 6).

    Raises BadValue for a negative spread or lead time, or a service level outside 0 to 1.
    """
    if daily_demand_sd < 0 or lead_time_days < 0:
        raise BadValue(f"spread {daily_demand_sd} and lead time {lead_time_days} days must not be negative")
    return max(safety_factor(service_level), 0.0) * daily_demand_sd * sqrt(lead_time_days)


def reorder_point(daily_demand: float, lead_time_days: float, safety_stock: float) -> float:
    """The inventory position at which to order: demand over the lead time, plus safety stock.

    In units. Raises BadValue if an argument is negative.
    """
    if min(daily_demand, lead_time_days, safety_stock) < 0:
        raise BadValue(
            f"daily demand {daily_demand}, lead time {lead_time_days} days and safety stock {safety_stock} "
            f"must not be negative"
        )
    return daily_demand * lead_time_days + safety_stock


def quantile_reorder_point(
    forecast: Forecast,
    *,
    lead_time_days: float,
    lead_time_sd: float,
    review_period_days: float,
    service_level: float,
) -> float:
    """The inventory position at which to order, from the forecast's own spread, in units.

    Demand over lead time plus review period stays within it with probability `service_level`. The uncertainty of
    the lead time adds to that of the demand as independent errors do. Raises BadValue if an argument is negative,
    or the forecast doesn't hold that service level.
    """
    if min(lead_time_days, lead_time_sd, review_period_days) < 0:
        raise BadValue(
            f"lead time {lead_time_days}, its spread {lead_time_sd} and review period {review_period_days} days "
            f"must not be negative"
        )
    days = lead_time_days + review_period_days
    mean = forecast.mean_within(days)
    buffer = max(forecast.demand_within(days, service_level) - mean, 0.0)
    late = max(safety_factor(service_level), 0.0) * forecast.daily_demand * lead_time_sd
    return mean + hypot(buffer, late)


def order_quantity(wanted: float, pack_size: int, minimum_order: int) -> int:
    """The smallest number of whole packs that holds `wanted` units and meets the supplier's minimum, in units.

    0 if nothing is wanted. Raises BadValue if the pack holds no unit.
    """
    if pack_size < 1:
        raise BadValue(f"a pack of {pack_size} units cannot be ordered; give 1 or more")
    if wanted <= 0:
        return 0
    return ceil(max(wanted, minimum_order) / pack_size) * pack_size


class Reason(StrEnum):
    """Why a product was, or was not, ordered."""

    ORDERED = "ordered"
    ENOUGH_STOCK = "enough_stock"
    ON_ORDER = "on_order_already"
    NO_DEMAND = "no_demand"
    RECALLED = "recalled"
    DISCONTINUED = "discontinued"
    OVER_BUDGET = "over_budget"
    BELOW_MINIMUM = "below_minimum"
    NEW_PRODUCT = "new_product"
    NO_OFFER = "no_offer"


@dataclass(frozen=True)
class Situation:
    """All that decides about one product, as it is stored: the same situation gives the same decision.

    `on_hand` are the units that can be sold (`StockLevel.available`); `past_sale` more lie there past their date.
    `reorder_point` covers lead time plus review period at `service_level`. `cover_days` is how many days of mean
    demand an order should last beyond it, `max_cover_days` the longest it may last (shelf life included).
    `budget_left` is in the shop's currency, None where there is no limit.
    """

    sku: str
    status: ProductStatus
    on_hand: int
    on_order: int
    daily_demand: float
    lead_time_days: float
    review_period_days: float
    service_level: float
    reorder_point: float
    safety_stock: float
    cover_days: float
    max_cover_days: float
    days_of_sales: int
    has_offer: bool = True
    unit_price: Decimal = Decimal(0)
    pack_size: int = 1
    minimum_order: int = 1
    budget_left: Decimal | None = None
    method: str = "quantile"
    model: str = ""
    past_sale: int = 0

    @property
    def inventory_position(self) -> int:
        """Units on hand and on the way."""
        return self.on_hand + self.on_order

    def as_json(self) -> dict[str, Any]:
        """The situation as plain values that JSON keeps exactly; money becomes text."""
        money = {"unit_price": str(self.unit_price), "budget_left": None}
        if self.budget_left is not None:
            money["budget_left"] = str(self.budget_left)
        return asdict(self) | {"status": str(self.status)} | money

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Situation:
        """The inverse of `as_json`. Unknown keys are left out, so that older rows can be read."""
        known = {f.name for f in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        budget = values.get("budget_left")
        values["status"] = ProductStatus(values["status"])
        values["unit_price"] = Decimal(values["unit_price"])
        values["budget_left"] = None if budget is None else Decimal(budget)
        return cls(**values)


@dataclass(frozen=True)
class Decision:
    """What to do about one product: a reason, and units to order (0 if none).

    `wanted` is what would be ordered if budget and minimum allowed it, in units.
    """

    situation: Situation
    reason: Reason
    order_quantity: int = 0
    wanted: int = 0

    @property
    def cost(self) -> Decimal:
        """What the order costs, in the shop's currency."""
        return self.situation.unit_price * self.order_quantity


def decide(situation: Situation) -> Decision:
    """Decide about one product. Every product gets a reason, whether it is ordered or not."""
    barred = _barred(situation)
    if barred is not None:
        return Decision(situation, barred)
    if situation.inventory_position > situation.reorder_point or _wanted(situation) <= 0:
        low = situation.on_hand <= situation.reorder_point
        return Decision(situation, Reason.ON_ORDER if low else Reason.ENOUGH_STOCK)
    return _order(situation)


def _barred(situation: Situation) -> Reason | None:
    """The reason for which the product isn't ordered however little of it there is, or None."""
    if situation.status is ProductStatus.RECALLED:
        return Reason.RECALLED
    if situation.status is ProductStatus.DISCONTINUED:
        return Reason.DISCONTINUED
    days = situation.lead_time_days + situation.review_period_days + situation.cover_days
    if situation.daily_demand * days < NO_DEMAND_UNITS:
        return Reason.NO_DEMAND
    if not situation.has_offer:
        return Reason.NO_OFFER
    return Reason.NEW_PRODUCT if situation.days_of_sales < NEW_PRODUCT_DAYS else None


def _order(situation: Situation) -> Decision:
    """Order up to reorder point plus cover, in whole packs, if minimum, shelf life and budget allow it."""
    quantity = order_quantity(_wanted(situation), situation.pack_size, situation.minimum_order)
    most = situation.daily_demand * situation.max_cover_days - situation.inventory_position
    if quantity > most:
        quantity = int(max(most, 0) // situation.pack_size) * situation.pack_size
    if quantity < max(situation.minimum_order, 1):
        smallest = order_quantity(1, situation.pack_size, situation.minimum_order)
        return Decision(situation, Reason.BELOW_MINIMUM, wanted=smallest)
    if situation.budget_left is not None and quantity * situation.unit_price > situation.budget_left:
        return Decision(situation, Reason.OVER_BUDGET, wanted=quantity)
    return Decision(situation, Reason.ORDERED, quantity, quantity)


def _wanted(situation: Situation) -> float:
    """Units missing up to the reorder point plus the cover."""
    return situation.reorder_point + situation.daily_demand * situation.cover_days - situation.inventory_position


def decide_all(situations: list[Situation], budget: Decimal | None) -> list[Decision]:
    """Decide about all products of a shop under one budget; the result keeps the order of the products.

    The money goes first to the product whose stock lasts the shortest against its reorder point, and each
    situation is stored with the budget that was left when its turn came.
    """
    decisions: dict[int, Decision] = {}
    left = budget
    for at in sorted(range(len(situations)), key=lambda at: (_urgency(situations[at]), situations[at].sku)):
        decision = decide(replace(situations[at], budget_left=left))
        decisions[at] = decision
        if left is not None:
            left -= decision.cost
    return [decisions[at] for at in range(len(situations))]


def _urgency(situation: Situation) -> float:
    """Inventory position as a share of the reorder point: the smaller, the sooner the shelf is empty."""
    return situation.inventory_position / situation.reorder_point if situation.reorder_point > 0 else float("inf")
