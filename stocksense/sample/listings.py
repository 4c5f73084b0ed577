"""One product page of the simulated wholesaler, from its parts to a record in WebShop's form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stocksense.sample.products import Leaf, SampleProduct

Record = dict[str, Any]

_HUES = (210, 30, 0, 50, 120, 190, 35, 260, 300, 230, 340, 200, 90, 15, 160)


@dataclass(frozen=True)
class Words:
    """Rival brands, phrases a main category adds, and Korean for attributes and options."""

    rivals: tuple[tuple[str, str], ...]
    extras: Mapping[str, tuple[str, ...]]
    options_ko: Mapping[str, str]
    attributes_ko: Mapping[str, str]


@cache
def words() -> Words:
    """The words of the wholesaler, read from words.json."""
    document = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
    return Words(
        rivals=tuple((rival["ko"], rival["en"]) for rival in document["rivals"]),
        extras={slug: tuple(phrases) for slug, phrases in document["extras"].items()},
        options_ko=document["options_ko"],
        attributes_ko=document["attributes_ko"],
    )


@dataclass(frozen=True)
class Listing:
    """What a page says. `pricing` is as in WebShop's files: "$9.9", "$9.9 - $19.9" or ""; `pack` counts units."""

    key: str
    leaf: Leaf
    brand: str
    brand_ko: str
    line: str
    line_ko: str
    size: str
    size_ko: str
    pack: int
    pricing: str
    attributes: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]]
    model: str = ""
    note: str = ""
    note_ko: str = ""
    rating: float | None = None
    shelf_life_days: int | None = None

    @property
    def asin(self) -> str:
        """Ten letters and digits that follow from the key."""
        return "W" + hashlib.sha256(self.key.encode()).hexdigest()[:9].upper()

    @property
    def title(self) -> str:
        """English first, Korean behind a bar: both are searched."""
        english = _joined(f"{self.brand} {self.line}", self.note, self.size, f"Pack of {self.pack}")
        korean = " ".join(part for part in (self.brand_ko, self.line_ko, self.note_ko, self.size_ko) if part)
        return f"{english} | {korean} {self.pack}개들이"

    @property
    def bullets(self) -> tuple[str, ...]:
        """Four sentences; the first is the one that WebShop searches."""
        what, korean = ", ".join(self.attributes), self.korean_attributes
        first = f"{what.upper()}: {self.leaf.query} for small shops, {self.pack} in a carton"
        keeps = "" if self.shelf_life_days is None else f", keeps {self.shelf_life_days} days from delivery"
        return (
            first,
            f"Every unit is {self.size}{keeps}",
            f"{korean + ' ' if korean else ''}{self.leaf.korean.sub3}, 소매점용 한 상자 {self.pack}개",
            "Delivered by the simulated wholesaler; an invented product",
        )

    @property
    def korean_attributes(self) -> str:
        """The attributes in Korean, those that have a translation."""
        return ", ".join(words().attributes_ko[name] for name in self.attributes if name in words().attributes_ko)

    def record(self) -> Record:
        """The page as a record of WebShop's product file."""
        return {
            "asin": self.asin,
            "name": self.title,
            "full_description": (
                f"A carton of {self.pack} for resale: {self.brand} {self.line}, {self.size} each. "
                f"Shelved under {self.leaf.english}. {self.leaf.korean.sub2} 도매, {self.brand_ko} {self.line_ko}."
            ),
            "small_description": list(self.bullets),
            "pricing": self.pricing,
            "images": [picture(self.leaf.slug)],
            "product_category": " › ".join(self.leaf.english.levels),
            "category": self.leaf.slug,
            "query": self.leaf.query,
            "customization_options": {
                name.capitalize(): [{"value": value, "image": None} for value in values]
                for name, values in self.options.items()
            }
            or "",
            "average_rating": self.rating,
            "page": 1,
            **({"model": self.model} if self.model else {}),
            "generated": True,
        }


def right_listing(family: Sequence[SampleProduct], more: Sequence[str], rating: float | None) -> Listing:
    """The page that the products of one family are bought on; `more` are further values of their option."""
    one = family[0]
    values = (*(product.value for product in family), *more)
    return Listing(
        key=one.family,
        leaf=one.leaf,
        brand=one.brand,
        brand_ko=one.brand_ko,
        line=one.line,
        line_ko=one.line_ko,
        size=one.size,
        size_ko=one.size_ko,
        pack=one.pack_size,
        pricing=dollars(one.pack_dollars),
        attributes=(*one.attributes, words().extras[one.leaf.slug][len(one.family) % 3]),
        options={one.option: values} if one.option else {},
        model=one.model,
        rating=rating,
        shelf_life_days=one.shelf_life_days,
    )


def dollars(amount: float) -> str:
    """An amount as the files write it, such as `$12.50`."""
    return f"${amount:.2f}"


def picture(slug: str) -> str:
    """A small drawing that stands for a main category, as a data address: nothing is fetched."""
    slugs = sorted(words().extras)
    hue = _HUES[slugs.index(slug) % len(_HUES)]
    return (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 80 80'%3E"
        f"%3Crect width='80' height='80' rx='12' fill='hsl({hue} 55%25 88%25)'/%3E"
        f"%3Ctext x='40' y='54' font-size='40' text-anchor='middle' fill='hsl({hue} 45%25 35%25)'%3E"
        f"{slug[0].upper()}%3C/text%3E%3C/svg%3E"
    )


def _joined(head: str, note: str, size: str, pack: str) -> str:
    return f"{head}{' ' + note if note else ''}, {size}, {pack}"
