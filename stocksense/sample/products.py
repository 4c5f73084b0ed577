"""The invented products of the sample shop, read from the files in `shelves/`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

from stocksense.domain.taxonomy import CategoryPath

WON_PER_DOLLAR = 1400
"""The fixed rate between the shop's won and the simulated wholesaler's dollars."""

_HERE = Path(__file__).parent
_CAP_OVER_COST = 1.1
_CAPITALS = {"mah": "mAh", "w": "W"}
"""Units that people write with capitals; the wholesaler's pages, where buyers search, have none."""


@dataclass(frozen=True)
class Leaf:
    """A leaf of the category tree in both languages, with the pattern of its demand.

    `rate` is units a day of a middling product at a middling location; `season` and `week` name curves of
    calendar.py; `daily_fresh` goods come each morning from a supplier of their own.
    """

    slug: str
    english: CategoryPath
    korean: CategoryPath
    rate: float
    season: str
    week: str
    daily_fresh: bool

    @property
    def query(self) -> str:
        """What a buyer searches for."""
        return self.english.sub3.lower()


@dataclass(frozen=True)
class SampleProduct:
    """One product: what customers see, and what a buyer asks the wholesaler for.

    `price` and `cost` are won a unit, `pack_size` is units a wholesale pack; `family` is shared by the products
    that differ in their option alone and stand on one wholesale page.
    """

    sku: str
    barcode: str
    family: str
    brand: str
    brand_ko: str
    line: str
    line_ko: str
    size: str
    size_ko: str
    option: str
    value: str
    value_ko: str
    model: str
    unit: str
    price: int
    cost: int
    pack_size: int
    shelf_life_days: int | None
    attributes: tuple[str, ...]
    leaf: Leaf

    @property
    def name_en(self) -> str:
        """Brand, line, option and size, such as `Duruon Cola Zero Sugar 355 ml`."""
        size = " ".join(_CAPITALS.get(word, word) for word in self.size.split())
        return " ".join(part for part in (self.brand, self.line, self.value.title(), size) if part)

    @property
    def page_name(self) -> str:
        """The name without the option, as on the wholesale page that the family shares."""
        return self.family

    @property
    def name_ko(self) -> str:
        """The same in Korean, such as `두루온 콜라 제로 355ml`."""
        return " ".join(part for part in (self.brand_ko, self.line_ko, self.value_ko, self.size_ko) if part)

    @property
    def request_attributes(self) -> tuple[str, ...]:
        """What a buyer asks for beside the category."""
        return self.attributes

    @property
    def request_options(self) -> Mapping[str, str]:
        """The option a buyer has to choose on the page: {name: value}, empty if there is none."""
        return {self.option: self.value} if self.option else {}

    @property
    def pack_dollars(self) -> float:
        """What the wholesaler asks for one pack, in dollars."""
        return pack_dollars(self.cost, self.pack_size)

    @property
    def price_cap_dollars(self) -> int:
        """The whole dollars below which a pack has to cost: a tenth over the usual price, rounded up."""
        return ceil(self.pack_dollars * _CAP_OVER_COST + 0.01)


def pack_dollars(cost: int, pack_size: int) -> float:
    """The dollars of a pack of `pack_size` units at `cost` won each, rounded down so that won never exceed the cost."""
    return cost * pack_size * 100 // WON_PER_DOLLAR / 100


@cache
def products() -> tuple[SampleProduct, ...]:
    """Every product of the sample shop, in the order of the shelves."""
    return tuple(product for shelf in _shelves() for product in _of_shelf(shelf))


@cache
def brands() -> Mapping[str, str]:
    """The invented brands: Korean to English."""
    names: dict[str, str] = json.loads((_HERE / "brands.json").read_text(encoding="utf-8"))["brands"]
    return names


def _shelves() -> list[dict[str, Any]]:
    files = sorted((_HERE / "shelves").glob("*.json"))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def _of_shelf(shelf: Mapping[str, Any]) -> Iterator[SampleProduct]:
    for entry in shelf["leaves"]:
        leaf = Leaf(
            slug=shelf["slug"],
            english=CategoryPath(shelf["en"], *entry["en"]),
            korean=CategoryPath(shelf["ko"], *entry["ko"]),
            rate=entry["rate"],
            season=entry["season"],
            week=entry["week"],
            daily_fresh=entry["daily_fresh"],
        )
        for family in entry["families"]:
            for one in family["products"]:
                yield _product(leaf, family, one)


def _product(leaf: Leaf, family: Mapping[str, Any], one: Mapping[str, str]) -> SampleProduct:
    brand = brands()[family["brand"]]
    return SampleProduct(
        sku=one["sku"],
        barcode=one["barcode"],
        family=f"{brand} {family['en']} {family['size']}",
        brand=brand,
        brand_ko=family["brand"],
        line=family["en"],
        line_ko=family["ko"],
        size=family["size"],
        size_ko=family["size_ko"],
        option=family.get("option", ""),
        value=one.get("en", ""),
        value_ko=one.get("ko", ""),
        model=family.get("model", ""),
        unit=family["unit"],
        price=family["price"],
        cost=family["cost"],
        pack_size=family["pack"],
        shelf_life_days=family["life"],
        attributes=tuple(family["attributes"]),
        leaf=leaf,
    )
