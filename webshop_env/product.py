"""One product of the shop, and the reading of it from a record of the catalogue's file."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from webshop_env.errors import BadCatalogFile

Record = Mapping[str, Any]

NO_PRICE = 100.0
"""What a product without a price costs, in dollars."""
NO_ATTRIBUTES = ("DUMMY_ATTR",)
"""The attributes of a product which the attribute file does not name."""
LONGEST_ASIN = 10


@dataclass(frozen=True, slots=True)
class Product:
    """A product as the pages show it and as the reward reads it; prices in dollars, option values lower-cased."""

    asin: str
    title: str
    description: str
    bullets: tuple[str, ...]
    category: str
    query: str
    product_category: str
    prices: tuple[float, ...]
    options: Mapping[str, tuple[str, ...]]
    images: tuple[str, ...] = ()
    option_images: Mapping[str, str] | None = None
    attributes: tuple[str, ...] = NO_ATTRIBUTES
    instruction: str | None = None
    instruction_attributes: tuple[str, ...] = ()

    @property
    def price_tag(self) -> str:
        """The price as shown: `$9.99`, or `$9.99 to $19.99`."""
        return _price_tag(self.prices)

    @property
    def indexed_text(self) -> str:
        """What a search looks at: title, description, first bullet and options, lower-cased."""
        options = ", and ".join(f"{name}: {', '.join(values)}" for name, values in self.options.items())
        return " ".join((self.title, self.description, self.bullets[0] if self.bullets else "", options)).lower()


@lru_cache(maxsize=4096)
def _price_tag(prices: tuple[float, ...]) -> str:
    return " to ".join([f"${price}" for price in prices])


def read_prices(pricing: str) -> tuple[float, ...]:
    """The one price, or the lowest and highest, in a text such as `$9.99 - $19.99`; 100.0 when it is empty.

    Raises ValueError if a piece after a dollar sign holds no number.
    """
    if not pricing:
        return (NO_PRICE,)
    pieces = [re.sub(r"[^\d.]", "", piece) for piece in pricing.split("$")[1:]]
    try:
        prices = tuple(float(Decimal(piece)) for piece in pieces)
    except InvalidOperation:
        prices = ()
    if not prices:
        raise ValueError(pricing)
    return prices[:2]


def read_product(record: Record, extra: Record | None = None) -> Product:
    """The product in one record of the product file and its entry of the attribute file.

    Raises BadCatalogFile, naming the product, the field, its value and the remedy.
    """
    asin = _text(record, "asin")
    try:
        prices = read_prices(_text(record, "pricing", missing=""))
    except ValueError as error:
        raise _bad(asin, "pricing", record.get("pricing"), "write '$9.99', '$9.99 - $19.99' or ''") from error
    options, option_images = _options(asin, record.get("customization_options") or {})
    extra = extra if extra is not None else {"attributes": NO_ATTRIBUTES}
    return Product(
        asin=asin,
        title=_text(record, "name"),
        description=_text(record, "full_description", missing=""),
        bullets=_texts(record, "small_description"),
        category=_text(record, "category", missing=""),
        query=_text(record, "query", missing="").lower().strip(),
        product_category=_text(record, "product_category", missing=""),
        prices=prices,
        options=options,
        images=_texts(record, "images"),
        option_images=option_images or None,
        attributes=_texts(extra, "attributes", asin=asin),
        instruction=_text(extra, "instruction", missing="", asin=asin) or None,
        instruction_attributes=_texts(extra, "instruction_attributes", asin=asin),
    )


def _options(asin: str, groups: object) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """The values of each option group in order, and the picture of each value that has one."""
    field = "customization_options"
    if not isinstance(groups, Mapping):
        raise _bad(asin, field, groups, 'write {"Size": [{"value": "large"}]} or ""')
    options: dict[str, tuple[str, ...]] = {}
    images: dict[str, str] = {}
    for name, contents in groups.items():
        if contents is None:
            continue
        values = []
        for content in _entries(asin, f"{field}.{name}", contents):
            raw = content.get("value")
            if not isinstance(raw, str):
                raise _bad(asin, f"{field}.{name}.value", raw, "write the option's value as a text")
            values.append(raw.strip().replace("/", " | ").lower())
            if content.get("image"):
                images[values[-1]] = str(content["image"])
        options[str(name).lower()] = tuple(values)
    return options, images


def _entries(asin: str, field: str, contents: object) -> Iterable[Record]:
    """The entries of one option group, each a mapping."""
    if isinstance(contents, list) and all(isinstance(content, Mapping) for content in contents):
        return contents
    raise _bad(asin, field, contents, 'write a list of {"value": ...}, or null')


def _text(record: Record, field: str, *, missing: str | None = None, asin: str | None = None) -> str:
    """A text field; `missing` stands for an absent or null one, if that is allowed."""
    value = record.get(field)
    if value is None:
        value = missing
    if isinstance(value, str):
        return value
    raise _bad(asin or record.get("asin"), field, value, "write a text")


def _texts(record: Record, field: str, *, asin: str | None = None) -> tuple[str, ...]:
    """A list of texts; a single text counts as a list of one, an absent field as an empty list."""
    value = record.get(field)
    if isinstance(value, str):
        return (value,)
    if value is None:
        return ()
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise _bad(asin or record.get("asin"), field, value, "write a list of texts")


def _bad(asin: object, field: str, value: object, remedy: str) -> BadCatalogFile:
    """The error for one field of one product."""
    shown = repr(value)
    shown = shown if len(shown) <= 80 else shown[:77] + "..."
    return BadCatalogFile(f"product {asin!r}: field {field!r} is {shown}; {remedy}")
