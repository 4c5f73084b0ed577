"""Rows of products: what each says, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from stocksense.domain.stock import ProductStatus
from stocksense.domain.taxonomy import CategoryPath, parse_category
from stocksense.errors import BadValue
from stocksense.store.imports.cells import barcode, identifier, money, whole, words
from stocksense.store.imports.headers import fold
from stocksense.store.imports.kinds import Field
from stocksense.store.imports.outcome import Outcome, Skip
from stocksense.store.imports.sheet import Row, Sheet, data_rows
from stocksense.store.imports.wording import Fault

Said = TypeVar("Said")

_LONGEST = {Field.SKU: 80, Field.NAME: 300, Field.BRAND: 200, Field.MODEL: 200, Field.UNIT: 24, Field.CATEGORY: 200}
_NO_OPTION = frozenset({"defaulttitle", "regular", ""})
_STATUS_WORDS = {
    ProductStatus.ACTIVE: "active y yes true 1 판매중 품절 판매함 판매 정상 진열함",
    ProductStatus.DISCONTINUED: "discontinued archived draft inactive n no false 0 판매중지 판매종료 판매금지 판매안함",
    ProductStatus.RECALLED: "recalled 회수 회수중 리콜",
}
STATUSES = {word: status for status, known in _STATUS_WORDS.items() for word in known.split()}


@dataclass(frozen=True)
class ProductRow:
    """What one row says about a product; None where it says nothing."""

    number: int
    sku: str
    name_ko: str | None = None
    name_en: str | None = None
    gtin: str | None = None
    brand: str | None = None
    model: str | None = None
    category: CategoryPath | None = None
    category_ko: CategoryPath | None = None
    unit: str | None = None
    price: Decimal | None = None
    shelf_life_days: int | None = None
    status: ProductStatus | None = None


def read_products(sheet: Sheet, currency: str, outcome: Outcome[Any]) -> Iterator[ProductRow]:
    """The rows that can be used, one for each SKU; problems and rows passed over are noted in `outcome`."""
    seen: dict[str, ProductRow] = {}
    for row in data_rows(sheet):
        outcome.rows += 1
        if _is_extra(row):
            outcome.skipped[Skip.EXTRA] += 1
            continue
        product = _product(row, currency)
        twin = seen.setdefault(product.sku, product)
        if product.sku and twin is not product:
            if replace(twin, number=product.number) == product and row.is_good:
                outcome.skipped[Skip.TWIN] += 1
                continue
            row.note(Field.SKU, Fault.TWICE, hint=str(twin.number))
        outcome.problems += row.problems
        if row.is_good:
            yield product


def short_text(row: Row, field: Field, longest: Field) -> str | None:
    """A field's text, None if it is empty; a problem is noted for what does not fit into the store."""
    text = row.read(field, words)
    return _checked(row, field, text, longest) if text else None


def product_name(row: Row) -> str | None:
    """The name with its options, as shops with variants show it: `Tea - Green / 100 g`."""
    name = row.read(Field.NAME, words)
    options = [row.read(field, words) or "" for field in (Field.OPTION1, Field.OPTION2, Field.OPTION3)]
    told = " / ".join(option for option in options if fold(option) not in _NO_OPTION)
    return _checked(row, Field.NAME, f"{name} - {told}" if told else name, Field.NAME) if name else None


def is_korean(text: str) -> bool:
    """Whether there is a Korean letter in a text."""
    return any("가" <= letter <= "힣" for letter in text)


def _checked(row: Row, field: Field, text: str, longest: Field) -> str:
    """The text, with a problem noted if it is too long, and a warning if it looks like a formula."""
    if len(text) > _LONGEST[longest]:
        row.note(field, Fault.TOO_LONG, hint=str(_LONGEST[longest]))
    if text[0] in "=＝":
        row.note(field, Fault.FORMULA_TEXT)
    return text


def _product(row: Row, currency: str) -> ProductRow:
    sku = row.read(Field.SKU if row.text(Field.SKU) else Field.GTIN, identifier)
    if sku and len(sku) > _LONGEST[Field.SKU]:
        row.note(Field.SKU, Fault.TOO_LONG, hint=str(_LONGEST[Field.SKU]))
    name = product_name(row)
    name_ko = short_text(row, Field.NAME_KO, Field.NAME) or (name if name and is_korean(name) else None)
    name_en = short_text(row, Field.NAME_EN, Field.NAME) or (name if name and not is_korean(name) else None)
    category, category_ko = _categories(row)
    return ProductRow(
        number=row.number,
        sku=sku or "",
        name_ko=name_ko,
        name_en=name_en,
        gtin=_gtin(row),
        brand=short_text(row, Field.BRAND, Field.BRAND),
        model=short_text(row, Field.MODEL, Field.MODEL),
        category=category,
        category_ko=category_ko,
        unit=short_text(row, Field.UNIT, Field.UNIT),
        price=_if_said(row, Field.PRICE, partial(money, currency=currency)),
        shelf_life_days=_if_said(row, Field.SHELF_LIFE, whole),
        status=_if_said(row, Field.STATUS, _status, hint="판매중, 판매중지, active, discontinued"),
    )


def _if_said(row: Row, field: Field, parse: Callable[[str], Said | Fault], *, hint: str = "") -> Said | None:
    """The field's value, None if the cell is empty; a number below zero is a problem."""
    if not row.text(field):
        return None
    value = row.read(field, parse, hint=hint)
    if isinstance(value, Decimal | int) and value < 0:
        row.note(field, Fault.NEGATIVE)
    return value


def _status(text: str) -> ProductStatus | Fault:
    return STATUSES.get(fold(text), Fault.UNKNOWN_STATE)


def _gtin(row: Row) -> str | None:
    digits, fault = barcode(row.text(Field.GTIN))
    if fault:
        row.note(Field.GTIN, fault)
    return digits or None


def _categories(row: Row) -> tuple[CategoryPath | None, CategoryPath | None]:
    """The category and its Korean name. One that is told once, in Korean, is the Korean name."""
    levels = [row.read(level, words) or "" for level in (Field.MAIN, Field.SUB1, Field.SUB2, Field.SUB3)]
    told = _path(row, Field.MAIN, levels) if any(levels) else _written_path(row, Field.CATEGORY)
    korean = _written_path(row, Field.CATEGORY_KO)
    if told and not korean and is_korean(str(told)):
        return None, told
    return told, korean


def _written_path(row: Row, field: Field) -> CategoryPath | None:
    text = row.read(field, words) or ""
    return _path(row, field, parse_category(text).levels) if text.strip("> ›") else None


def _path(row: Row, field: Field, levels: Sequence[str]) -> CategoryPath | None:
    if any(len(level) > _LONGEST[Field.CATEGORY] for level in levels):
        row.note(field, Fault.TOO_LONG, hint=str(_LONGEST[Field.CATEGORY]))
        return None
    try:
        return CategoryPath(*levels)
    except BadValue:
        row.note(field, Fault.CATEGORY_GAP, value=" > ".join(levels))
        return None


def _is_extra(row: Row) -> bool:
    """Whether a row only adds, say, a picture to the product above: a handle, but neither code nor price nor name."""
    about = (Field.SKU, Field.PRICE, Field.OPTION1)
    return bool(row.text(Field.HANDLE)) and not any(row.text(field) for field in about)
