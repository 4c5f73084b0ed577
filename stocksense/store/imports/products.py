"""What rows of products change about the products that the shop has."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from sqlalchemy.orm import Session

from stocksense.domain.stock import ProductStatus
from stocksense.store.imports.kinds import Field
from stocksense.store.imports.outcome import Outcome, Skip
from stocksense.store.imports.problems import Problem
from stocksense.store.imports.product_rows import ProductRow, read_products
from stocksense.store.imports.sheet import Sheet
from stocksense.store.imports.wording import Fault
from stocksense.store.products import NewProduct, ProductInfo, all_products
from stocksense.store.shops import shop_of


@dataclass(frozen=True)
class ProductEntry:
    """A product to save, and the row that says so."""

    row: int
    product: NewProduct


_SAID = tuple(field.name for field in fields(ProductRow) if field.name != "number")


def plan_products(session: Session, shop_id: int, sheet: Sheet) -> Outcome[ProductEntry]:
    """Which products are new and which change. Cells that are empty, and columns that are not there, change nothing."""
    known = {product.sku: product for product in all_products(session, shop_id)}
    korean = {product.category_ko: product.category for product in known.values()}
    outcome: Outcome[ProductEntry] = Outcome()
    for row in read_products(sheet, shop_of(session, shop_id).currency, outcome):
        before = known.get(row.sku)
        said = {name: getattr(row, name) for name in _SAID if getattr(row, name) is not None}
        if "category_ko" in said and "category" not in said:
            said["category"] = korean.get(row.category_ko) or row.category_ko
        if before is None:
            outcome.create.append(ProductEntry(row.number, _once_named(NewProduct(**said))))
            continue
        if before.status is ProductStatus.RECALLED and said.pop("status", before.status) is not before.status:
            outcome.problems.append(_still_recalled(sheet, row))
        after = _once_named(replace(_as_given(before), **said))
        if after == _as_given(before):
            outcome.skipped[Skip.SAME] += 1
        else:
            outcome.update.append(ProductEntry(row.number, after))
    return outcome


def _as_given(product: ProductInfo) -> NewProduct:
    """A kept product in the form in which it is saved."""
    kept = {field.name: getattr(product, field.name) for field in fields(ProductInfo) if field.name != "id"}
    return _once_named(NewProduct(**kept))


def _once_named(product: NewProduct) -> NewProduct:
    """The product without a Korean category that only repeats the other one."""
    same = product.category_ko == product.category
    return replace(product, category_ko=None) if same and product.category else product


def _still_recalled(sheet: Sheet, row: ProductRow) -> Problem:
    return Problem(sheet.file, row.number, Field.STATUS.value, row.sku, Fault.STILL_RECALLED)
