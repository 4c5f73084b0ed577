"""What a product sold and lost by location and day, with what it cost, and the sums above: all in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from stocksense.store.rollups import MEASURES, Cell, add_to_rollups
from stocksense.store.tables import DailyLoss, DailySales, MonthlySales, Product, ProductFacts
from stocksense.store.tables.rollups import NO_CATEGORY
from stocksense.store.upsert import dialect_insert, portions

Shelf = tuple[int, int, date]
"""Product, location, day."""


@dataclass(frozen=True)
class Loss:
    """Units of a product that a location lost on a day; `missing` is below zero where a count found too much."""

    product_id: int
    location_id: int
    day: date
    waste: int = 0
    missing: int = 0


def add_sales(session: Session, shop_id: int, lines: Iterable[Mapping[str, Any]]) -> None:
    """Add lines of sales, as rows of the table `sales`, to the days and months of their products and to the sums."""
    given = list(lines)
    known = _categories_and_costs(session, {line["product_id"] for line in given})
    days: dict[Shelf, dict[str, Any]] = {}
    for line in given:
        key = (line["product_id"], line["location_id"], line["day"])
        nothing = {"units": 0, "amount": Decimal(0), "promoted": False, "cost": Decimal(0), "costed": Decimal(0)}
        day = days.setdefault(key, nothing)
        cost = known[line["product_id"]][1]
        day["units"] += line["units"]
        day["amount"] += line["amount"]
        day["promoted"] |= line["promoted"]
        day["cost"] += (cost or 0) * line["units"]
        day["costed"] += 0 if cost is None else line["amount"]
    _add_days(session, shop_id, days)
    _add_months(session, shop_id, days)
    add_to_rollups(session, shop_id, _cells(days, known))
    session.expire_all()


def add_losses(session: Session, shop_id: int, losses: Iterable[Loss]) -> None:
    """Add losses to the days of their products and to the sums, at what the units cost by the best offer now."""
    given = list(losses)
    if not given:
        return
    known = _categories_and_costs(session, {loss.product_id for loss in given})
    names = ("waste_units", "waste_cost", "missing_units", "missing_cost")
    days: dict[Shelf, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(names, 0))
    for loss in given:
        day, cost = days[loss.product_id, loss.location_id, loss.day], known[loss.product_id][1] or Decimal(0)
        for name, units in (("waste", loss.waste), ("missing", loss.missing)):
            day[f"{name}_units"] += units
            day[f"{name}_cost"] += cost * units
    statement = dialect_insert(session)(DailyLoss)
    sums = {name: getattr(DailyLoss, name) + statement.excluded[name] for name in names}
    keys = ("product_id", "location_id", "day")
    statement = statement.on_conflict_do_update(index_elements=list(keys), set_=sums)
    session.execute(statement, [dict(zip(keys, key, strict=True)) | days[key] for key in sorted(days)])
    add_to_rollups(session, shop_id, _cells(days, known))


def _add_days(session: Session, shop_id: int, days: Mapping[Shelf, Mapping[str, Any]]) -> None:
    statement = dialect_insert(session)(DailySales)
    sums = {
        name: getattr(DailySales, name) + statement.excluded[name] for name in ("units", "amount", "cost", "costed")
    }
    statement = statement.on_conflict_do_update(
        index_elements=["product_id", "location_id", "day"],
        set_=sums | {"promoted": or_(DailySales.promoted, statement.excluded.promoted)},
    )
    rows = [
        {"product_id": key[0], "location_id": key[1], "day": key[2], "shop_id": shop_id} | dict(days[key])
        for key in sorted(days)
    ]
    session.execute(statement, rows)


def _add_months(session: Session, shop_id: int, days: Mapping[Shelf, Mapping[str, Any]]) -> None:
    months: dict[Shelf, dict[str, Any]] = {}
    for (product_id, location_id, day), sums in days.items():
        month = months.setdefault(
            (product_id, location_id, day.replace(day=1)), {"units": 0, "amount": Decimal(0), "shop_id": shop_id}
        )
        month["units"] += sums["units"]
        month["amount"] += sums["amount"]
    statement = dialect_insert(session)(MonthlySales)
    statement = statement.on_conflict_do_update(
        index_elements=["product_id", "location_id", "month"],
        set_={name: getattr(MonthlySales, name) + statement.excluded[name] for name in ("units", "amount")},
    )
    rows = [{"product_id": key[0], "location_id": key[1], "month": key[2]} | months[key] for key in sorted(months)]
    session.execute(statement, rows)


def _cells(
    days: Mapping[Shelf, Mapping[str, Any]], known: Mapping[int, tuple[int, Decimal | None]]
) -> dict[Cell, dict[str, Any]]:
    """What came to each product, counted in its category."""
    cells: dict[Cell, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(MEASURES, 0))
    for (product_id, location_id, day), came in days.items():
        cell = cells[location_id, known[product_id][0], day]
        for name in came.keys() & set(MEASURES):
            cell[name] += came[name]
    return cells


def _categories_and_costs(session: Session, product_ids: Iterable[int]) -> dict[int, tuple[int, Decimal | None]]:
    """Each product's category (NO_CATEGORY where it has none) and what a unit costs, None where nobody offers it."""
    known: dict[int, tuple[int, Decimal | None]] = {}
    rows = select(Product.id, Product.category_id, ProductFacts.unit_cost).outerjoin(
        ProductFacts, ProductFacts.product_id == Product.id
    )
    for portion in portions(sorted(product_ids)):
        for product_id, category_id, cost in session.execute(rows.where(Product.id.in_(portion))):
            known[product_id] = (category_id or NO_CATEGORY, cost)
    return known
