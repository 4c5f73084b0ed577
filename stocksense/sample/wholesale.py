"""The catalogue of the simulated wholesaler: about 1,000 invented products in WebShop's files.

`python -m stocksense.sample.wholesale FOLDER` writes it anew; the same seed gives the same bytes. Each family of the
sample shop's products has one right page, at the price that the shop's offer says, and pages beside it that
resemble it: see lookalikes.py for what is wrong with each.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

from stocksense.sample.listings import Listing, right_listing
from stocksense.sample.lookalikes import lookalikes
from stocksense.sample.products import SampleProduct, products
from stocksense.sample.wishes import spoken, templated

SEED = 7

_WISHED_SHARE = 0.65
_SPOKEN_EVERY = 3
_MOST_VALUES = 5
_TOKEN = re.compile(r"[^\s,|()/&+-]+")
_NOT_NOUNS_TEXT = """
a an and as at by for from in of on or the to up with x pack packs count piece pieces set sets box bag
ml l g kg m cm mm mah w h best hot new top genuine premium bargain original jumbo limited mini big cold cool dark
double easy fire free fresh frozen instant large mild mixed pure real small soft sweet whole wide wireless
한정판 점보 특가 미니
"""
_NOT_NOUNS = frozenset(_NOT_NOUNS_TEXT.split())


@dataclass(frozen=True)
class Wholesale:
    """The catalogue as WebShop's files hold it; `nouns` maps asins to the nouns of their titles."""

    products: list[dict[str, Any]]
    attributes: dict[str, dict[str, Any]]
    human: dict[str, list[dict[str, Any]]]
    nouns: dict[str, list[str]]


def generate_wholesale(seed: int = SEED) -> Wholesale:
    """The whole catalogue, its products shuffled."""
    made = Wholesale([], {}, {}, {})
    pages: list[Listing] = []
    for number, (name, group) in enumerate(groupby(products(), key=lambda product: product.family)):
        family = tuple(group)
        # A seed for each family, so that a new product changes nothing about the others.
        rng = Random(f"{seed}/{name}")
        others = _other_values(family, rng)
        right = right_listing(family, others[: max(0, _MOST_VALUES - len(family))][:2], round(rng.uniform(3.6, 4.9), 1))
        pages.append(right)
        pages += lookalikes(right, rng, others[2:], 3 + (number % 15 == 0))
        if number % _SPOKEN_EVERY != 2:
            korean = number % _SPOKEN_EVERY == 1
            made.human[right.asin] = [spoken(rng.choice(family), right, rng, korean=korean)]
    Random(seed).shuffle(pages)
    for page in pages:
        _add(made, page, seed)
    return made


def find_nouns(title: str) -> list[str]:
    """The likely nouns of a title: lower-cased words of letters alone, without joining words, adjectives and units."""
    found = (word.lower() for word in _TOKEN.findall(title) if word.isalpha())
    return [word for word in found if word not in _NOT_NOUNS]


def write_wholesale(folder: Path, seed: int = SEED) -> None:
    """Write products, attributes, human and nouns as .json.gz into a folder; the same seed gives the same bytes."""
    made = generate_wholesale(seed)
    for name in ("products", "attributes", "human", "nouns"):
        text = json.dumps(getattr(made, name), ensure_ascii=False, separators=(",", ":"))
        # Without a time stamp in the header, so that the files change only with what they hold.
        (folder / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def _other_values(family: Sequence[SampleProduct], rng: Random) -> list[str]:
    """Values that products of the same main category have for the same option, none like these; shuffled."""
    one, own = family[0], [set(product.value.split()) for product in family]
    alike = [product for product in products() if product.option == one.option and product.leaf.slug == one.leaf.slug]
    found = sorted({product.value for product in alike}) if one.option else []
    values = [
        value for value in found if not any(set(value.split()) <= ours or ours <= set(value.split()) for ours in own)
    ]
    rng.shuffle(values)
    return values


def _add(made: Wholesale, page: Listing, seed: int) -> None:
    rng = Random(f"{seed}/{page.key}/wish")
    made.products.append(page.record())
    entry: dict[str, Any] = {"attributes": list(page.attributes)}
    if page.pricing and rng.random() < _WISHED_SHARE:
        entry["instruction"], chosen = templated(page, rng)
        entry["instruction_attributes"] = list(chosen)
    made.attributes[page.asin] = entry
    made.nouns[page.asin] = find_nouns(page.title)


if __name__ == "__main__":
    write_wholesale(Path(sys.argv[1]))
