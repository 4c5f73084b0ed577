"""What rows of sales add to the sales that the store has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import select
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
from stocksense.store.shops import locations_of, shop_of
from stocksense.store.tables import Sale

BACK = ":back"
"""Ends the key of a line that takes another one's units back."""

_ASKED_AT_ONCE = 2000


@dataclass(frozen=True)
class SaleEntry:
    """A line to record; one with negative units takes units back."""

    row: int
    sale: SaleRow


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
    kept = _kept_keys(session, shop_id, (key for sale in rows for key in (sale.key, sale.key + BACK)))
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
    lines = [sale]
    if sale.fate in {Fate.RETURNED, Fate.CANCELLED}:
        lines.append(replace(sale, key=sale.key + BACK, units=-sale.units, amount=-sale.amount))
    new = [SaleEntry(sale.number, line) for line in lines if line.key not in kept]
    outcome.create += new
    if not new:
        outcome.skipped[Skip.SAME] += 1


def _kept_keys(session: Session, shop_id: int, keys: Iterable[str]) -> set[str]:
    """Those of the keys that the store has."""
    kept: set[str] = set()
    waiting = iter(keys)
    while portion := list(islice(waiting, _ASKED_AT_ONCE)):
        found = select(Sale.line_key).where(Sale.shop_id == shop_id, Sale.line_key.in_(portion))
        kept.update(session.scalars(found))
    return kept
