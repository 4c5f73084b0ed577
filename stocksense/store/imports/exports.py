"""The shop's tables as CSV or XLSX that people can open, change and import again.

Whatever a spreadsheet could take for a formula is written so that it shows as text, and is read back unchanged.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from stocksense.domain.stock import LocationKind
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue
from stocksense.store.imports.cells import escape
from stocksense.store.imports.formats import OWN_PRODUCTS, OWN_SALES, OWN_STOCK, Format
from stocksense.store.products import ProductInfo, all_products
from stocksense.store.shops import shop_of
from stocksense.store.tables import Balance, Location, Product, Sale

Value = str | int | Decimal


def export_products(session: Session, shop_id: int, path: Path) -> int:
    """Write every product into a CSV or XLSX file, by the path's ending; returns how many."""
    return _write(path, OWN_PRODUCTS, (_product_cells(product) for product in all_products(session, shop_id)))


def export_stock(session: Session, shop_id: int, path: Path) -> int:
    """Write the units of every product at every location that sells; returns how many rows."""
    rows = (
        select(Product.sku, Location.name, Balance.units)
        .join(Balance, Balance.product_id == Product.id)
        .join(Location, Location.id == Balance.location_id)
        .where(Product.shop_id == shop_id, Location.kind == LocationKind.STORE)
        .order_by(Product.sku, Location.id)
    )
    return _write(path, OWN_STOCK, ((*row,) for row in session.execute(rows)))


def export_sales(
    session: Session, shop_id: int, path: Path, *, first: date | None = None, last: date | None = None
) -> int:
    """Write every line of sales, or those from `first` to `last`, times in the shop's zone; returns how many."""
    zone = ZoneInfo(shop_of(session, shop_id).time_zone)
    sold = session.execute(_sales(shop_id, first, last).execution_options(yield_per=2000))
    rows = (
        (key, at.astimezone(zone).isoformat(" "), sku, place, units, price, amount, "Y" if promoted else "")
        for key, at, sku, place, units, price, amount, promoted in sold
    )
    return _write(path, OWN_SALES, rows)


def _sales(
    shop_id: int, first: date | None, last: date | None
) -> Select[str, datetime, str, str, int, Decimal, Decimal, bool]:
    rows = (
        select(
            Sale.line_key,
            Sale.sold_at,
            Product.sku,
            Location.name,
            Sale.units,
            Sale.unit_price,
            Sale.amount,
            Sale.promoted,
        )
        .join(Product, Product.id == Sale.product_id)
        .join(Location, Location.id == Sale.location_id)
        .where(Sale.shop_id == shop_id)
        .order_by(Sale.sold_at, Sale.id)
    )
    rows = rows.where(Sale.day >= first) if first else rows
    return rows.where(Sale.day <= last) if last else rows


def _product_cells(product: ProductInfo) -> tuple[Value, ...]:
    korean = None if product.category_ko == product.category else product.category_ko
    life = product.shelf_life_days
    return (
        product.sku,
        product.name_ko,
        product.name_en,
        product.gtin,
        product.brand,
        product.model,
        _path_text(product.category),
        _path_text(korean),
        product.unit,
        product.price,
        "" if life is None else life,
        product.status.value,
    )


def _path_text(category: CategoryPath | None) -> str:
    return str(category) if category else ""


def _write(path: Path, layout: Format, rows: Iterable[Sequence[Value]]) -> int:
    """Write under the layout's column names; the file appears whole or not at all. Raises BadValue for other kinds."""
    header = [names[0] for names in layout.columns.values()]
    counted = _Counted(rows)
    unfinished = path.with_name(f".{path.name}.part")
    try:
        if path.suffix.lower() == ".csv":
            _write_csv(unfinished, header, counted)
        elif path.suffix.lower() == ".xlsx":
            _write_xlsx(unfinished, header, counted)
        else:
            raise BadValue(f"{path.name!r} is neither CSV nor XLSX; end it with .csv or .xlsx")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return counted.rows


class _Counted:
    """Rows that count themselves on their way."""

    def __init__(self, rows: Iterable[Sequence[Value]]) -> None:
        self._given = rows
        self.rows = 0

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for row in self._given:
            self.rows += 1
            yield row


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """UTF-8 with its mark, by which Excel knows the encoding."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([escape(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)


def _write_xlsx(path: Path, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Texts as text cells, so that no code loses its zeros and nothing is worked out."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("StockSense")
    sheet.freeze_panes = "A2"
    sheet.append(list(header))
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, _unmistaken(value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"
                cell.number_format = "@"
                cell.quotePrefix = True
            cells.append(cell)
        sheet.append(cells)
    book.save(path)


def _unmistaken(text: str) -> str:
    """A text cell needs no apostrophe; but one that its text begins with would be taken for ours."""
    return escape(text) if text.startswith("'") else text
