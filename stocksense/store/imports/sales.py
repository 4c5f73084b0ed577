"""What rows of sales add to the sales that the store has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from stocksense.domain.stock import LocationKind
from stocksense.store.imports.catalogue import Catalogue
from stocksense.store.imports.fates import Fate
from stocksense.store.imports.kinds import Field
from stocksense.store.imports.outcome import Outcome, Skip
from stocksense.store.imports.places import Places
from stocksense.store.imports.sale_rows import SaleReader, SaleRow, Terms
from stocksense.store.imports.sheet import Row, Sheet
from stocksense.store.imports.wording import Fault
from stocksense.store.products import all_products
from stocksense.store.sales import SaleLine, known_line_keys
from stocksense.store.shops import locations_of, shop_of

BACK = ":back"
"""Ends the key of a line that takes another one's units back."""


@dataclass(frozen=True)
class SaleEntry:
    """A line to record, and the row that says so; one with negative units takes units back."""

    row: int
    line: SaleLine


def plan_sales(
    session: Session, shop_id: int, sheet: Sheet, *, location: str | None, now: datetime
) -> Outcome[SaleEntry]:
    """Which lines are new. A line that was read in before is passed over, so files may overlap.

    An order that is returned is recorded as sold and as come back, on the same day, as its file knows no other; one
    that is cancelled is taken back if it was read in before, else passed over; one that is unpaid waits.
    """
    shop = shop_of(session, shop_id)
    places = Places(locations_of(session, shop_id, LocationKind.STORE), location)
    places.check(sheet)
    catalogue = Catalogue(all_products(session, shop_id))
    terms = Terms(catalogue, places, shop.currency, ZoneInfo(shop.time_zone), shop.day_of(now))
    outcome: Outcome[SaleEntry] = Outcome()
    if not sheet.has(Field.PRICE) and not sheet.has(Field.AMOUNT):
        outcome.problems.append(sheet.problem(Fault.PRICED))
    rows = list(_without_twins(SaleReader(sheet, terms).rows(), outcome))
    kept = known_line_keys(session, shop_id, [key for sale in rows for key in (sale.key, sale.key + BACK)])
    for sale in rows:
        _plan_line(sale, kept, outcome)
    return outcome


def _without_twins(rows: Iterable[tuple[Row, SaleRow | None]], outcome: Outcome[SaleEntry]) -> Iterator[SaleRow]:
    """The good rows, each key once; problems and twins are noted."""
    seen: set[str] = set()
    for row, sale in rows:
        outcome.rows += 1
        outcome.problems += row.problems
        if sale is None:
            continue
        if sale.key in seen:
            outcome.skipped[Skip.TWIN] += 1
            continue
        seen.add(sale.key)
        if sale.fate is Fate.PARTLY:
            row.problems.clear()
            row.note(Field.STATE, Fault.PARTLY_REFUNDED)
            outcome.problems += row.problems
        yield sale


def _plan_line(sale: SaleRow, kept: set[str], outcome: Outcome[SaleEntry]) -> None:
    """Put what is new about one line into the outcome."""
    if sale.fate is Fate.UNPAID:
        outcome.skipped[Skip.UNPAID] += 1
        return
    if sale.fate is Fate.CANCELLED and sale.key not in kept:
        outcome.skipped[Skip.CANCELLED] += 1
        return
    lines = [_line(sale)]
    if sale.fate in {Fate.RETURNED, Fate.CANCELLED}:
        lines.append(_line(replace(sale, key=sale.key + BACK, units=-sale.units, amount=-sale.amount)))
    new = [SaleEntry(sale.number, line) for line in lines if line.line_key not in kept]
    outcome.create += new
    if not new:
        outcome.skipped[Skip.SAME] += 1


def _line(sale: SaleRow) -> SaleLine:
    return SaleLine(
        line_key=sale.key,
        sku=sale.sku,
        location_id=sale.location_id,
        units=sale.units,
        unit_price=sale.unit_price,
        sold_at=sale.at,
        amount=sale.amount,
        promoted=sale.promoted,
    )
