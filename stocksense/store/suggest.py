"""Finding products while somebody types: any part of a SKU, barcode, name, brand or model, in milliseconds.

The texts of all products of a shop lie in memory as one text, one line a product, which is searched for the rarest
word typed; the other words are then looked for in its lines. That is exact for every language and every length, and
the same on every database. Whether the texts have changed since is asked of the database each time (`read_marks`).
"""

from __future__ import annotations

import threading
import unicodedata
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from stocksense.domain.shelf import ShelfState
from stocksense.domain.stock import ProductStatus
from stocksense.store.kept import kept_as
from stocksense.store.scope import LEVELS
from stocksense.store.tables import Category, Product, ProductFacts, ReadMark
from stocksense.store.tables.rollups import NO_CATEGORY

SHOPS_KEPT = 4
"""Shops whose texts stay in memory."""

_NAMES = slice(3, 5)
"""The fields of a line that are names, Korean and English."""

_CALLED = slice(1, 5)
"""The fields of a line that stand for one product: SKU, barcode, names."""

_ENOUGH = 200
"""Finds among which the best are chosen; whoever types a single letter gets some of thousands anyway."""


_SAMPLE = 100_000
"""Letters at the beginning that tell which word is likely the rarest; that decides how long it takes, and no more."""


@dataclass(frozen=True)
class Suggestion:
    """A product that fits what was typed."""

    sku: str
    name_ko: str
    name_en: str
    gtin: str
    status: ProductStatus
    on_hand: int
    state: ShelfState

    def name(self, language: str) -> str:
        """The name in a language (`ko` or `en`), the other one where it has none, else the SKU."""
        names = (self.name_ko, self.name_en) if language == "ko" else (self.name_en, self.name_ko)
        return names[0] or names[1] or self.sku


@dataclass(frozen=True)
class _Texts:
    """The products of a shop as one text of lines, in the order of their SKUs."""

    version: int
    ids: tuple[int, ...]
    categories: tuple[int, ...]
    starts: tuple[int, ...]
    text: str

    def lines_with(self, words: list[str]) -> Iterator[int]:
        """The lines in which every word occurs, from the top."""
        first, *others = sorted(words, key=lambda word: (self.text.count(word, 0, _SAMPLE), -len(word)))
        text, starts = self.text, self.starts
        at = text.find(first)
        while at >= 0:
            line = bisect_right(starts, at) - 1
            begin, end = starts[line], starts[line + 1]
            for word in others:
                if text.find(word, begin, end) < 0:
                    break
            else:
                yield line
            at = text.find(first, end)

    def lines_of(self, words: list[str], within: list[frozenset[int]]) -> Iterator[int]:
        """The lines in which every word occurs, or whose category is among those that the word names."""
        if not any(within):
            yield from self.lines_with(words)
            return
        for line, category in enumerate(self.categories):
            text = self.text[self.starts[line] : self.starts[line + 1]]
            if all(word in text or category in named for word, named in zip(words, within, strict=True)):
                yield line

    def line(self, number: int) -> str:
        """One line, without its end."""
        return self.text[self.starts[number] : self.starts[number + 1] - 1]


def suggest(session: Session, shop_id: int, text: str, *, limit: int = 10) -> tuple[Suggestion, ...]:
    """Products in which every word of `text` occurs, spaces and case aside; none for an empty text.

    What is exactly a SKU or barcode comes first, then what begins with it, then the rest by SKU.
    """
    ids = matching(session, shop_id, text, limit=_ENOUGH, best=limit)
    columns = (Product, ProductFacts.on_hand, ProductFacts.state)
    rows = session.execute(
        select(*columns).join(ProductFacts, ProductFacts.product_id == Product.id).where(Product.id.in_(ids))
    )
    found = {
        product.id: Suggestion(
            product.sku, product.name_ko, product.name_en, product.gtin, product.status, on_hand, state
        )
        for product, on_hand, state in rows
    }
    return tuple(found[key] for key in ids if key in found)


def matching(session: Session, shop_id: int, text: str, *, limit: int, best: int | None = None) -> tuple[int, ...]:
    """Row numbers of at most `limit` products in which every word of `text` occurs; with `best`, the best so many."""
    words = _words(text)
    if not words:
        return ()
    texts = _texts_of(session, shop_id)
    lines = list(islice(texts.lines_with(words), limit))
    if best is not None:
        whole = "".join(words)
        # What is exactly that holds every word, and is among the lines unless there were too many of them.
        exact = [line for line in _exact(texts, whole) if line not in lines] if len(lines) == limit else []
        lines = sorted([*exact, *lines], key=lambda line: (_rank(texts.line(line), whole), line))[:best]
    return tuple(texts.ids[line] for line in lines)


def in_any_field(session: Session, shop_id: int, text: str, *, limit: int) -> tuple[int, ...]:
    """Row numbers of at most `limit` products in whose texts or categories every word of `text` occurs, by SKU.

    What is exactly a SKU, barcode or name comes first; an empty text finds none.
    """
    words = _words(text)
    if not words:
        return ()
    texts = _texts_of(session, shop_id)
    within = [_categories_with(session, shop_id, texts.version, word) for word in words]
    found = [*_called(texts, "".join(words)), *islice(texts.lines_of(words, within), limit)]
    return tuple(texts.ids[line] for line in list(dict.fromkeys(found))[:limit])


def catalogue_of(session: Session, shop_id: int) -> int:
    """A number that changes with every change of what products are found by."""
    return session.scalar(_CATALOGUE, {"shop": shop_id}) or 0


_CATALOGUE = select(ReadMark.catalogue).where(ReadMark.shop_id == bindparam("shop"))


def named(session: Session, shop_id: int, words: list[str]) -> tuple[int, ...]:
    """Row numbers of the products of which one name holds every word, spaces and case aside."""
    plain = [_plain(word) for word in words]
    texts = _texts_of(session, shop_id)
    return tuple(
        texts.ids[line]
        for line in texts.lines_with(plain)
        if any(all(word in name for word in plain) for name in texts.line(line).split("\t")[_NAMES])
    )


def _exact(texts: _Texts, whole: str) -> Iterator[int]:
    """Lines one of whose fields is just what was typed, wherever they stand."""
    at = texts.text.find(f"\t{whole}\t")
    if at >= 0:
        yield bisect_right(texts.starts, at) - 1


def _called(texts: _Texts, whole: str) -> Iterator[int]:
    """Lines whose SKU, barcode or name is just what was typed, from the top."""
    wanted = f"\t{whole}\t"
    at = texts.text.find(wanted)
    while at >= 0:
        line = bisect_right(texts.starts, at) - 1
        if whole in texts.line(line).split("\t")[_CALLED]:
            yield line
        at = texts.text.find(wanted, texts.starts[line + 1])


def _categories_with(session: Session, shop_id: int, version: int, word: str) -> frozenset[int]:
    """The categories in whose names, Korean or English, of any level, a word occurs."""
    columns = [getattr(Category, level + tail) for tail in ("", "_ko") for level in LEVELS]

    def read() -> tuple[tuple[int, str], ...]:
        rows = session.execute(select(Category.id, *columns)).all()
        return tuple((key, "\t".join(_plain(name) for name in names)) for key, *names in rows)

    named = kept_as(session, ("names of categories", shop_id, version), read)
    return frozenset(key for key, names in named if word in names)


def _rank(line: str, whole: str) -> int:
    if f"\t{whole}\t" in line:
        return 0
    return 1 if f"\t{whole}" in line else 2


_kept: OrderedDict[tuple[str, int], _Texts] = OrderedDict()
_keeping = threading.Lock()


def _texts_of(session: Session, shop_id: int) -> _Texts:
    version = catalogue_of(session, shop_id)
    key = (str(session.get_bind().engine.url), shop_id)
    texts = _kept.get(key)
    if texts is not None and texts.version == version:
        return texts
    with _keeping:
        texts = _kept.get(key)
        if texts is None or texts.version != version:
            texts = _kept[key] = _read(session, shop_id, version)
            _kept.move_to_end(key)
            while len(_kept) > SHOPS_KEPT:
                _kept.popitem(last=False)
    return texts


def _read(session: Session, shop_id: int, version: int) -> _Texts:
    texts = (Product.sku, Product.gtin, Product.name_ko, Product.name_en, Product.brand, Product.model)
    columns = (Product.id, Product.category_id, *texts)
    rows = session.execute(select(*columns).where(Product.shop_id == shop_id).order_by(Product.sku)).all()
    # Fields are set off by tabs, so that nothing is found across two of them.
    lines = ["\t" + "\t".join(_plain(field) for field in row[2:]) + "\t\n" for row in rows]
    starts = accumulate((len(line) for line in lines), initial=0)
    ids, categories = tuple(row.id for row in rows), tuple(row.category_id or NO_CATEGORY for row in rows)
    return _Texts(version, ids, categories, tuple(starts), "".join(lines))


def _words(text: str) -> list[str]:
    return [word for part in text.split() if (word := _plain(part))]


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
