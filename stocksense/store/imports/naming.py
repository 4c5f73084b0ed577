"""Which product a row is about."""

from __future__ import annotations

from stocksense.store.imports.catalogue import Catalogue
from stocksense.store.imports.cells import barcode, clean, identifier
from stocksense.store.imports.kinds import Field
from stocksense.store.imports.sheet import Row
from stocksense.store.imports.wording import Fault
from stocksense.store.products import ProductInfo

_NAMES = (Field.NAME, Field.NAME_KO, Field.NAME_EN)


def product_of(row: Row, catalogue: Catalogue) -> ProductInfo | None:
    """The product of a row, or None with a problem noted.

    Codes count before the name: the first SKU column that names a product, then the barcode. A name counts only in a
    row without any code, and only if exactly one product bears it.
    """
    codes = [identifier(text) for text in row.texts(Field.SKU)]
    gtin, fault = barcode(row.text(Field.GTIN))
    skus = [code for code in codes if not isinstance(code, Fault)]
    if found := catalogue.by_code(skus, gtin):
        return found
    if broken := next((code for code in codes if isinstance(code, Fault)), None):
        row.note(Field.SKU, broken)
        return None
    if fault is Fault.SHORTENED:
        row.note(Field.GTIN, fault)
        return None
    if skus or gtin:
        row.note(Field.SKU if skus else Field.GTIN, Fault.UNKNOWN_SKU, hint=catalogue.close_skus((*skus, gtin)[0]))
        return None
    return _by_name(row, catalogue)


def _by_name(row: Row, catalogue: Catalogue) -> ProductInfo | None:
    names = [clean(row.text(field)) for field in _NAMES if row.text(field)]
    if not names:
        row.note(Field.SKU, Fault.EMPTY)
        return None
    for name in names:
        if found := catalogue.by_name(name):
            return found
    row.note(Field.NAME, Fault.UNKNOWN_NAME, value=names[0], hint=catalogue.close_names(names[0]))
    return None
