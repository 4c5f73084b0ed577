"""Small files, built in code, as other systems would write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import select

from stocksense.store.database import Sessions
from stocksense.store.imports import ImportPlan, ImportReport, Kind, plan_import, read_import, run_import
from stocksense.store.imports.run import OnError
from stocksense.store.products import ProductInfo, product_of
from stocksense.store.sales import totals
from stocksense.store.shops import ShopInfo
from stocksense.store.stock import held_at
from stocksense.store.tables import Product, Sale

CsvFile = Callable[..., bytes]


@pytest.fixture
def csv_file() -> CsvFile:
    """Write rows as CSV bytes, in any encoding and with any separator."""

    def write(*rows: Sequence[object], encoding: str = "utf-8", separator: str = ",") -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=separator).writerows(rows)
        return text.getvalue().encode(encoding)

    return write


@pytest.fixture
def xlsx_file() -> Callable[..., bytes]:
    """Write rows as a workbook of one sheet."""

    def write(*rows: Sequence[object]) -> bytes:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(list(row))
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    return write


class Desk:
    """A shop's desk at which files are handed in: each call is a transaction of its own."""

    def __init__(self, sessions: Sessions, shop: ShopInfo, now: datetime) -> None:
        self.sessions, self.shop, self.now = sessions, shop, now

    def plan(self, content: bytes | str, *, kind: Kind | None = None, location: str | None = None) -> ImportPlan:
        """What a file would change."""
        raw = content.encode() if isinstance(content, str) else content
        with self.sessions() as session:
            return plan_import(
                session, self.shop.id, read_import(raw, "file.csv", kind=kind), now=self.now, location=location
            )

    def take(
        self,
        content: bytes | str,
        *,
        kind: Kind | None = None,
        location: str | None = None,
        on_error: OnError = "keep_good",
    ) -> ImportReport:
        """Import a file."""
        plan = self.plan(content, kind=kind, location=location)
        with self.sessions.begin() as session:
            return run_import(session, self.shop.id, plan, on_error=on_error, now=self.now, actor="test")

    def product(self, sku: str) -> ProductInfo:
        """A product of the shop."""
        with self.sessions() as session:
            return product_of(session, self.shop.id, sku)

    def held(self, sku: str) -> dict[str, int]:
        """Units of a product at each store."""
        with self.sessions() as session:
            return held_at(session, self.shop.id, sku)

    def sold(self) -> int:
        """Units sold, over all products and days."""
        with self.sessions() as session:
            return totals(session, self.shop.id, date(2020, 1, 1), date(2030, 1, 1)).units

    def lines(self) -> list[tuple[str, str, int, Decimal]]:
        """Key, SKU, units and amount of every line of sales."""
        rows = select(Sale.line_key, Product.sku, Sale.units, Sale.amount).join(Product, Product.id == Sale.product_id)
        with self.sessions() as session:
            return [(key, sku, units, paid) for key, sku, units, paid in session.execute(rows.order_by(Sale.id))]


@pytest.fixture
def desk(sessions: Sessions, shop: ShopInfo, now: datetime) -> Desk:
    """The desk of the shop with two stores (Front and Annex) and the products TEA-1, TEA-2 and MILK-1."""
    return Desk(sessions, shop, now)
