"""The shop's products as rows of a file name them: by SKU, barcode or name."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from stocksense.store.products import ProductInfo

CLOSEST = 3
_LIKENESS = 60.0
"""Of 100; below it a suggestion is more confusing than helpful."""


class Catalogue:
    """Finds products however a file names them, and what may have been meant when there is none."""

    def __init__(self, products: Iterable[ProductInfo]) -> None:
        self._by_sku = {product.sku: product for product in products}
        everyone = self._by_sku.values()
        self._by_gtin = _only_ones((product.gtin.lstrip("0"), product) for product in everyone)
        named = ((fold_name(name), p) for p in everyone for name in {p.name_ko, p.name_en})
        self._by_name = _only_ones(named)
        self._names = {fold_name(name): name for p in everyone for name in (p.name_ko, p.name_en) if name}
        self._suggested: dict[str, str] = {}

    def by_code(self, skus: Sequence[str], gtin: str = "") -> ProductInfo | None:
        """The product of the first SKU that is known, else of the barcode, which a SKU may also be."""
        for sku in skus:
            if found := self._by_sku.get(sku):
                return found
        for digits in (gtin, *skus):
            if digits and (found := self._by_gtin.get(digits.lstrip("0"))):
                return found
        return None

    def by_name(self, name: str) -> ProductInfo | None:
        """The one product of that name, ignoring case, width and spaces; None if there are several."""
        return self._by_name.get(fold_name(name))

    def close_skus(self, sku: str) -> str:
        """The SKUs most like one that is not known, for people to read; `-` if none is."""
        return self._suggest(sku, list(self._by_sku))

    def close_names(self, name: str) -> str:
        """The names most like one that is not known, for people to read; `-` if none is."""
        return self._suggest(name, list(self._names.values()))

    def _suggest(self, wanted: str, choices: Sequence[str]) -> str:
        if wanted not in self._suggested:
            found = process.extract(wanted, choices, scorer=fuzz.ratio, limit=CLOSEST, score_cutoff=_LIKENESS)
            self._suggested[wanted] = ", ".join(choice for choice, *_ in found) or "-"
        return self._suggested[wanted]


def fold_name(name: str) -> str:
    """A name by which two spellings are compared: no case, width or spaces."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _only_ones(pairs: Iterable[tuple[str, ProductInfo]]) -> dict[str, ProductInfo]:
    """Keys that lead to exactly one product."""
    kept = [(key, product) for key, product in pairs if key]
    times = Counter(key for key, _ in kept)
    return {key: product for key, product in kept if times[key] == 1}
