"""The nouns of product titles, which the reward compares: read from tables, or found when a catalogue is loaded.

For each title, in this order: the catalogue's own table (asin to nouns); the frozen table of known titles, which
spaCy's English small model 3.8 tagged; spaCy itself, if it and that model are installed (the extra `nouns`); a rule of
thumb. How many titles each of them served is counted, so that the loader can say it.

The frozen table holds no titles: it keys the spans of the nouns by a hash of the title.
"""

import gzip
import hashlib
import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from webshop_env.product import Product

log = logging.getLogger(__name__)

Tagger = Callable[[str], tuple[str, ...]]
"""Gives the nouns of a title, lower-cased, in order."""
SPACY_MODEL = "en_core_web_sm"
_FROZEN = Path(__file__).parent / "data" / "title_nouns.json.gz"
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NO_NOUNS_TEXT = """
a an and are as at be both but by can fit fits for from has have in into is it its no not of on or our out per
plus so than that the their this to up use used very via we will with without you your
adjustable all big black blue brown casual classic clear comfortable cute dark double easy elegant extra fashion
free fresh full gold gray green grey heavy high hot large light little long loose low medium mini modern more multi
natural new non old one organic original other perfect pink portable professional purple pure red sexy short silver
single slim small soft solid super thick three two ultra warm waterproof white wide wireless yellow
"""
_NO_NOUNS = frozenset(_NO_NOUNS_TEXT.split())
_NO_NOUN_ENDINGS = ("able", "ible", "less", "ful", "ous", "ly", "ish")


def title_key(title: str) -> str:
    """The name of a title in the frozen table: 16 hexadecimal digits."""
    return hashlib.sha256(title.encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _frozen() -> Mapping[str, list[int]]:
    """The frozen table: title key to start and length of each noun in turn."""
    with gzip.open(_FROZEN, "rt", encoding="utf-8") as file:
        table: dict[str, list[int]] = json.load(file)
    return table


def frozen_nouns(title: str) -> tuple[str, ...] | None:
    """The nouns of a title which the frozen table knows, else None."""
    spans = _frozen().get(title_key(title))
    if spans is None:
        return None
    pairs = zip(spans[::2], spans[1::2], strict=True)
    return tuple(title[start : start + length].lower() for start, length in pairs)


def rule_of_thumb(title: str) -> tuple[str, ...]:
    """The words of a title which are likely nouns: all but function words, common adjectives and their endings."""
    found = (word.lower() for word in _WORD.findall(title))
    return tuple(word for word in found if word not in _NO_NOUNS and not word.endswith(_NO_NOUN_ENDINGS))


@lru_cache(maxsize=1)
def spacy_tagger() -> Tagger | None:
    """A function that asks spaCy for a title's nouns, or None where spaCy or its model is not installed."""
    if find_spec("spacy") is None:
        return None
    if find_spec(SPACY_MODEL) is None:
        log.warning(
            "spaCy is installed without %s, so a rule of thumb finds nouns; mend it: python -m spacy download %s",
            SPACY_MODEL, SPACY_MODEL,
        )  # fmt: skip
        return None
    # Parts of speech depend on none of the parts left out, which take half of the time.
    tag = import_module("spacy").load(SPACY_MODEL, exclude=["parser", "ner", "lemmatizer"])
    return lambda title: tuple(token.text.lower() for token in tag(title) if token.pos_ in ("NOUN", "PROPN"))


def find_nouns(
    products: Iterable[Product],
    table: Mapping[str, Iterable[str]] | None = None,
    *,
    tagger: Callable[[], Tagger | None] = spacy_tagger,
) -> tuple[dict[str, tuple[str, ...]], Counter[str]]:
    """The nouns of every product's title by asin, and how many titles each source served.

    `tagger` is asked for once a title is in neither table, since spaCy takes seconds to load.
    """
    nouns: dict[str, tuple[str, ...]] = {}
    served: Counter[str] = Counter()
    for product in products:
        source, nouns[product.asin] = _nouns_of(product, table or {}, tagger)
        served[source] += 1
    return nouns, served


def _nouns_of(
    product: Product, table: Mapping[str, Iterable[str]], tagger: Callable[[], Tagger | None]
) -> tuple[str, tuple[str, ...]]:
    """The source that knows a title's nouns, and the nouns."""
    if product.asin in table:
        return "catalogue table", tuple(table[product.asin])
    known = frozen_nouns(product.title)
    if known is not None:
        return "frozen table", known
    tag = tagger()
    if tag is not None:
        return "spaCy", tag(product.title)
    return "rule of thumb", rule_of_thumb(product.title)
