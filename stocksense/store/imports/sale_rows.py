"""Rows of sales: what was sold, when, where, for how much, and by which key the line is known for good.

A row says either what became of an order line (`주문상태`: a returned one was first sold and then came back) or what
kind of dealing it is itself (`거래구분`: a return takes units back by its own row).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from stocksense.store.imports.catalogue import Catalogue
from stocksense.store.imports.cells import identifier, money, whole
from stocksense.store.imports.fates import KNOWN_STATES, Fate, fate
from stocksense.store.imports.headers import fold
from stocksense.store.imports.kinds import Field
from stocksense.store.imports.moments import Moment, moment
from stocksense.store.imports.naming import product_of
from stocksense.store.imports.places import Places
from stocksense.store.imports.sheet import Row, Sheet, data_rows
from stocksense.store.imports.wording import Fault

_YES = frozenset({"y", "yes", "true", "1", "o", "예", "행사"})
_LONGEST_KEY = 100
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class SaleRow:
    """What one good row says; negative units came back."""

    number: int
    sku: str
    location_id: int
    key: str
    fate: Fate
    at: datetime
    day: date
    units: int
    unit_price: Decimal
    amount: Decimal
    promoted: bool


@dataclass(frozen=True)
class Terms:
    """What a shop's rows are read by: its products and places, currency, clock, and today."""

    catalogue: Catalogue
    places: Places
    currency: str
    zone: ZoneInfo
    today: date


class SaleReader:
    """Reads rows of sales one after the other; equal lines that no number tells apart are counted through."""

    def __init__(self, sheet: Sheet, terms: Terms) -> None:
        self._sheet = sheet
        self._terms = terms
        self._times: Counter[str] = Counter()
        self._has_price = sheet.has(Field.PRICE) or sheet.has(Field.AMOUNT)
        self._key = self._named_key()

    def rows(self) -> Iterator[tuple[Row, SaleRow | None]]:
        """Every row, and what it says if nothing in it is wrong."""
        for row in data_rows(self._sheet):
            yield row, self._read(row)

    def _read(self, row: Row) -> SaleRow | None:
        became = row.read(Field.STATE, fate, hint=KNOWN_STATES)
        product = product_of(row, self._terms.catalogue)
        place = self._terms.places.of(row)
        when = self._when(row)
        units = self._units(row)
        prices = self._prices(row, units, product.price if product else Decimal(0)) if units is not None else None
        if units == 0 and became is not Fate.CANCELLED:
            row.note(Field.QUANTITY, Fault.ZERO)
        if not (product and place and when and became and prices and units is not None and row.is_good):
            return None
        price, amount = prices
        said = (when.at.isoformat(), product.sku, str(place.id), str(units), f"{amount:.2f}")
        key = self._key(row, said)
        if key is None:
            return None
        promoted = fold(row.text(Field.PROMOTED)) in _YES
        return SaleRow(
            row.number, product.sku, place.id, key, became, when.at, when.day, units, price, amount, promoted
        )

    def _units(self, row: Row) -> int | None:
        """The units that left, negative for a row that is itself a return or a cancellation."""
        dealing = row.read(Field.DEALING, fate, hint=KNOWN_STATES)
        units = row.read(Field.QUANTITY, whole)
        return -abs(units) if units and dealing in {Fate.RETURNED, Fate.CANCELLED} else units

    def _when(self, row: Row) -> Moment | None:
        """The time of the sale; a separate column of times is put behind the day."""
        clock = row.text(Field.TIME)
        text = row.text(Field.DAY)
        when = moment(f"{text} {clock}" if clock and ":" not in text else text, self._terms.zone)
        if isinstance(when, Fault):
            row.note(Field.DAY, when)
            return None
        if when.day > self._terms.today:
            row.note(Field.DAY, Fault.FUTURE)
        return when

    def _prices(self, row: Row, units: int, usual: Decimal) -> tuple[Decimal, Decimal] | None:
        """Unit price and amount, one worked out from the other where only one is told."""
        if not self._has_price:
            return usual, usual * units
        price, amount = self._money(row, Field.PRICE), self._money(row, Field.AMOUNT)
        if price is not None and price < 0:
            row.note(Field.PRICE, Fault.NEGATIVE)
        if amount is None and price is not None:
            return price, price * units
        if amount is None:
            row.note(Field.AMOUNT if self._sheet.has(Field.AMOUNT) else Field.PRICE, Fault.EMPTY)
            return None
        if amount < 0 < units:
            row.note(Field.AMOUNT, Fault.NEGATIVE)
        each = (abs(amount) / abs(units)).quantize(_CENT, ROUND_HALF_UP) if units else Decimal(0)
        return each if price is None else price, amount if units >= 0 else -abs(amount)

    def _money(self, row: Row, field: Field) -> Decimal | None:
        """An amount of the row, None if the cell is empty or wrong."""
        return row.read(field, lambda cell: money(cell, self._terms.currency)) if row.text(field) else None

    def _named_key(self) -> Callable[[Row, tuple[str, ...]], str | None]:
        """How lines of this sheet are named: by their own number, by their order, or by what they say."""
        known, system = self._sheet.header.format.line_key, self._sheet.format
        if self._sheet.has(Field.LINE_KEY):
            return lambda row, said: row.read(Field.LINE_KEY, identifier)
        if known and Field.LINE in known:
            return lambda row, said: self._joined(row, system, known)
        if self._sheet.has(Field.LINE) and self._sheet.has(Field.ORDER):
            return lambda row, said: self._joined(row, system, (Field.ORDER, Field.LINE))
        if self._sheet.has(Field.ORDER):
            return self._by_order
        return lambda row, said: self._counted(f"{system}:{_digest('|'.join(said))}")

    def _joined(self, row: Row, system: str, fields: tuple[Field, ...]) -> str | None:
        parts = [row.read(field, identifier) for field in fields]
        return _fitting(":".join([system, *(part for part in parts if part)])) if all(parts) else None

    def _by_order(self, row: Row, said: tuple[str, ...]) -> str | None:
        """By order and product, counted through; by what the row says where the order's number is empty."""
        if not row.text(Field.ORDER):
            return self._counted(f"{self._sheet.format}:{_digest('|'.join(said))}")
        order = row.read(Field.ORDER, identifier)
        return self._counted(f"{self._sheet.format}:{order}:{said[1]}") if order else None

    def _counted(self, key: str) -> str:
        """The key with the number of times that it occurred up to here."""
        fitting = _fitting(key)
        self._times[fitting] += 1
        return f"{fitting}#{self._times[fitting]}"


def _fitting(key: str) -> str:
    """The key itself, or a digest of it if the store has no room for it."""
    return key if len(key) <= _LONGEST_KEY else _digest(key)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
