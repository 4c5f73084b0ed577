"""Products whose names look like what was typed, for slips of the pen: in milliseconds, whatever their number."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, chain, islice, repeat
from operator import itemgetter

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from stocksense.store.kept import kept_as
from stocksense.store.suggest import catalogue_of
from stocksense.store.tables import Product

_SHORTEST_PART = 5
"""Letters, Korean syllables taken apart, from which a text may stand for a part of a longer name."""

_LESS_FOR_A_PART = 3
"""Points of likeness that a part of a name counts less than a whole name."""

_PIECES = 3
"""Pieces of a text of which one must occur in a name as it is, for the text to be looked for inside it.

With as many pieces, up to two slips leave one piece as it was.
"""

_MOST_LOOKED_INTO = 2000
"""Names that are looked into for a part, those with the most pieces first."""


@dataclass(frozen=True)
class _Letters:
    """The letters of every product's names and SKUs: row number `ids[n]` bears `texts[n]`, line n of `whole`."""

    ids: tuple[int, ...]
    texts: tuple[str, ...]
    whole: str

    def with_text(self, text: str) -> Iterable[int]:
        """Which texts hold a text: as many lines end before it. No line of Python runs for each place."""
        before = self.whole.split(text)[:-1]
        return dict.fromkeys(accumulate(map(str.count, before, repeat("\n"))))


def alike(session: Session, shop_id: int, text: str, *, least: float, most: int) -> list[tuple[float, int]]:
    """At most so many (likeness, row number) of products called like `text`, the most alike first, then by SKU.

    Likeness is 0 to 100, `least` or more; Korean syllables are taken apart, so that one wrong vowel counts little.
    """
    wanted = _letters([text])[0]
    if not wanted:
        return []
    question = ("letters of names", shop_id, catalogue_of(session, shop_id))
    known = kept_as(session, question, partial(_read, session, shop_id))
    best: dict[int, tuple[float, int]] = {}
    for at, likeness in _scored(wanted, known, least):
        # Texts lie by SKU, so that the place of one is the place of its product.
        best[known.ids[at]] = max(best.get(known.ids[at], (0.0, 0)), (likeness, -at))
    ranked = sorted(best.items(), key=itemgetter(1), reverse=True)
    return [(likeness, key) for key, (likeness, _) in ranked[:most]]


def _scored(wanted: str, known: _Letters, least: float) -> Iterator[tuple[int, float]]:
    """Names that are like the text as a whole, and those that hold something like it."""
    for _, likeness, at in process.extract(wanted, known.texts, scorer=fuzz.ratio, score_cutoff=least, limit=None):
        yield at, likeness
    if len(wanted) < _SHORTEST_PART:
        return
    longer = {at: known.texts[at] for at in _with_a_piece(wanted, known)}
    least += _LESS_FOR_A_PART
    for _, part, at in process.extract(wanted, longer, scorer=fuzz.partial_ratio, score_cutoff=least, limit=None):
        yield at, part - _LESS_FOR_A_PART


def _with_a_piece(wanted: str, known: _Letters) -> Iterable[int]:
    """Names as long as the text or longer in which a piece of it occurs, those with the most pieces first."""
    size = -(-len(wanted) // _PIECES)
    pieces = [wanted[start : start + size] for start in range(0, len(wanted), size)]
    found = Counter(chain.from_iterable(known.with_text(piece) for piece in pieces))
    ranked = (at for held in range(len(pieces), 0, -1) for at, times in found.items() if times == held)
    return islice((at for at in ranked if len(known.texts[at]) >= len(wanted)), _MOST_LOOKED_INTO)


def _read(session: Session, shop_id: int) -> _Letters:
    columns = (Product.id, Product.name_ko, Product.name_en, Product.sku)
    rows = session.execute(select(*columns).where(Product.shop_id == shop_id).order_by(Product.sku)).all()
    names = [(key, name) for key, *names in rows for name in names if name]
    texts = _letters([name for _, name in names])
    return _Letters(tuple(key for key, _ in names), tuple(texts), "\n".join(texts))


def _letters(names: list[str]) -> list[str]:
    """Names without spaces and case, taken apart into letters; all at once, which is many times faster."""
    lines = "\n".join(" ".join(name.split()) for name in names)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", lines).casefold())
    return plain.replace(" ", "").split("\n")
