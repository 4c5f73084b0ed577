"""Rows of stock: how many units lie where, against what the ledger knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from stocksense.domain.stock import LocationKind
from stocksense.store.imports.catalogue import Catalogue
from stocksense.store.imports.cells import whole
from stocksense.store.imports.kinds import Field
from stocksense.store.imports.naming import product_of
from stocksense.store.imports.outcome import Outcome, Skip
from stocksense.store.imports.places import Places
from stocksense.store.imports.problems import Problem
from stocksense.store.imports.sheet import Row, Sheet, data_rows
from stocksense.store.imports.wording import Fault
from stocksense.store.products import all_products
from stocksense.store.shops import locations_of
from stocksense.store.tables import Balance, CountRequest, Location, Product


@dataclass(frozen=True)
class StockEntry:
    """Units of a product that were counted at a location, and the row that says so."""

    row: int
    sku: str
    product_id: int
    location_id: int
    column: str
    on_hand: int

    @property
    def shelf(self) -> tuple[int, int]:
        """Product and location, by which balances are kept."""
        return self.product_id, self.location_id


def plan_stock(session: Session, shop_id: int, sheet: Sheet, *, location: str | None) -> Outcome[StockEntry]:
    """Which counts open a shelf, which correct it, and which only say what the ledger knows."""
    places = Places(locations_of(session, shop_id, LocationKind.STORE), location)
    places.check(sheet)
    known, doubted = balances(session, shop_id), _doubted(session, shop_id)
    outcome: Outcome[StockEntry] = Outcome()
    for entry in _read_stock(sheet, Catalogue(all_products(session, shop_id)), places, outcome):
        before = known.get(entry.shelf)
        if entry.on_hand == (before or 0) and entry.shelf not in doubted:
            outcome.skipped[Skip.SAME] += 1
        elif entry.on_hand < 0:
            value = str(entry.on_hand)
            outcome.problems.append(Problem(sheet.file, entry.row, entry.column, value, Fault.NEGATIVE))
        else:
            (outcome.create if before is None else outcome.update).append(entry)
    return outcome


def balances(session: Session, shop_id: int) -> dict[tuple[int, int], int]:
    """Units by product and location, where the ledger knows any."""
    rows = select(Balance.product_id, Balance.location_id, Balance.units)
    here = rows.join(Location, Location.id == Balance.location_id).where(Location.shop_id == shop_id)
    return {(product, place): units for product, place, units in session.execute(here)}


def _doubted(session: Session, shop_id: int) -> set[tuple[int, int]]:
    """Shelves of which a count was asked for: one that confirms the ledger settles that, too."""
    asked = select(CountRequest.product_id, CountRequest.location_id).where(CountRequest.settled_at.is_(None))
    here = asked.join(Product).where(Product.shop_id == shop_id)
    return {(product, place) for product, place in session.execute(here)}


def _read_stock(
    sheet: Sheet, catalogue: Catalogue, places: Places, outcome: Outcome[StockEntry]
) -> Iterator[StockEntry]:
    """One entry for each shelf; of rows that contradict each other none is taken but the first."""
    seen: dict[tuple[int, int], StockEntry] = {}
    for row in data_rows(sheet):
        outcome.rows += 1
        entries = [] if _is_extra(row) else list(_entries(row, catalogue, places))
        if not entries and not row.problems:
            outcome.skipped[Skip.EXTRA] += 1
        for entry in entries if row.is_good else ():
            twin = seen.setdefault(entry.shelf, entry)
            if twin is entry:
                yield entry
            elif twin.on_hand == entry.on_hand:
                outcome.skipped[Skip.TWIN] += 1
            else:
                row.note(Field.SKU, Fault.TWICE, hint=str(twin.row))
        outcome.problems += row.problems


def _entries(row: Row, catalogue: Catalogue, places: Places) -> Iterator[StockEntry]:
    """What a row says: the units of its one location, or of each location that has a column."""
    product = product_of(row, catalogue)
    for place, column, text in _counts(row, places):
        units = whole(text)
        if isinstance(units, Fault):
            row.problems.append(Problem(row.sheet.file, row.number, column, text, units))
        elif product and place:
            yield StockEntry(row.number, product.sku, product.id, place, column, units)


def _counts(row: Row, places: Places) -> Iterator[tuple[int | None, str, str]]:
    """Location, name of the column and text of each count; an empty cell in a location's own column is none."""
    if not row.sheet.header.locations:
        place = places.of(row)
        column = row.sheet.header.columns.get(Field.ON_HAND, (0,))[0]
        yield place.id if place else None, row.sheet.header.names[column], row.text(Field.ON_HAND)
    for name, index in row.sheet.header.locations.items():
        if index < len(row.cells) and row.cells[index].strip():
            column_name = row.sheet.header.names[index]
            place = places.named(name)
            if place is None:
                fault = Fault.UNKNOWN_LOCATION
                row.problems.append(Problem(row.sheet.file, row.number, column_name, name, fault, places.names))
            yield place.id if place else None, column_name, row.cells[index]


def _is_extra(row: Row) -> bool:
    """Whether a row counts nothing: a product's further picture, say."""
    return bool(row.text(Field.HANDLE)) and not row.text(Field.ON_HAND)
