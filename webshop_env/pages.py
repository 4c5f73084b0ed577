"""Every page of a shop: results, products, what is told about them, and the page after a purchase."""

import json
from collections.abc import Mapping
from functools import lru_cache, partial

from webshop_env.catalog import Catalog
from webshop_env.errors import UnknownPage
from webshop_env.page import (
    BUTTON_CLICKS,
    BUY,
    PREVIOUS,
    SEPARATOR,
    SUB_PAGES,
    TO_INDEX,
    Click,
    Page,
    Part,
    SinglePage,
    make_page,
    part,
)
from webshop_env.product import Product
from webshop_env.results import Cards
from webshop_env.reward import Mode


class PageBook:
    """Every page of one catalogue; those seen lately are kept. `mode` says which names options are clicked by."""

    def __init__(self, catalog: Catalog, mode: Mode) -> None:
        self.catalog = catalog
        self.mode = mode
        self.results = lru_cache(maxsize=8192)(Cards(catalog).page)
        self.item = lru_cache(maxsize=4096)(self._item)
        self.sub_page = lru_cache(maxsize=4096)(self._sub_page)
        self.labels = lru_cache(maxsize=4096)(self._labels)

    def _item(self, asin: str) -> Page:
        """The page of one product, with its options."""
        return make_page(partial(self._item_parts, asin), dict(self.labels(asin)))

    def _item_parts(self, asin: str) -> list[Part]:
        product = self.catalog.product(asin)
        labels = self.labels(asin)
        parts = [TO_INDEX, PREVIOUS]
        for name in product.options:
            parts += part("text", name)
            for label, click in labels:
                parts += part("option", label) if click.group == name else []
        parts += [*part("text", product.title), Part("text", f"Price: {product.price_tag}")]
        return [*parts, Part("text", "Rating: N.A."), *(Part("button", name) for name in SUB_PAGES), BUY]

    def _labels(self, asin: str) -> list[tuple[str, Click]]:
        """What each option value of a product is called, with the click that chooses it."""
        return option_labels(self.catalog.product(asin), self.mode)

    def check_options(self, asin: str, options: Mapping[str, str]) -> None:
        """Raise UnknownProduct or UnknownPage unless the product has every option and value named."""
        offered = self.catalog.product(asin).options
        for name, value in options.items():
            if value not in offered.get(name, ()):
                raise UnknownPage(f"product {asin} has no option {name[:40]!r} with value {value[:40]!r}; see its page")

    def _sub_page(self, asin: str, name: str) -> Page:
        """The description, features or reviews of one product."""
        return make_page(partial(self._sub_page_parts, asin, name), {})

    def _sub_page_parts(self, asin: str, name: str) -> list[Part]:
        product = self.catalog.product(asin)
        texts = {"Description": [product.description], "Features": [f" {bullet}" for bullet in product.bullets]}
        return [TO_INDEX, PREVIOUS, *[shown for text in texts.get(name, ()) for shown in part("text", text)]]


def option_labels(product: Product, mode: Mode) -> list[tuple[str, Click]]:
    """What each option value is called on the page, with the click that chooses it.

    Parity calls it by its value, so that of two groups with the same value only the last can be chosen. Fixed writes
    the group before a value that is not unique, and plain spaces for other kinds of space.
    """
    if mode == "parity":
        return [(value, Click("option", value, name)) for name, group in product.options.items() for value in group]
    values = [(name, value) for name, group in product.options.items() for value in dict.fromkeys(group)]
    plain = [(name, value, " ".join(value.split())) for name, value in values]
    taken = [label for _, _, label in plain] + [button.text.lower() for button in BUTTON_CLICKS]
    return [
        (f"{name}: {label}" if taken.count(label) > 1 else label, Click("option", value, name))
        for name, value, label in plain
    ]


_in_order = json.JSONEncoder(sort_keys=True).encode
_UNSAFE = str.maketrans({unsafe: f"\\u{ord(unsafe):04x}" for unsafe in "<>&'"})
_THANKS = ("Thank you for shopping with us!", "Your code:", "None", "(Paste it in your MTurk interface.)", "Purchased")
_FORM = (
    "attrs", "None", "category", "None", "query", "None", "product category", "None", "Target", "asin", "options",
    "attrs", "price upper", "instuction text", "category", "product category", "query", "Goal", "None", "Reward",
    "Your score (min 0.0, max 1.0)",
)  # fmt: skip


def _nowhere(action: str) -> None:
    """No action leads on from a purchase."""


def done_page(asin: str, options: Mapping[str, str], reward: float | None) -> Page:
    """The page after a purchase; `reward` is None for a purchase that nobody grades."""
    bought = _in_order(options).translate(_UNSAFE) if options else "{}"
    lines = [*_THANKS, "asin", asin, "options", bought, *_FORM, str(reward), "Reward Details", "None"]
    return SinglePage(SEPARATOR.join(lines), (), {}, _nowhere, lambda: [Part("text", line) for line in lines])
