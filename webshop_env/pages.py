"""Every page of a shop: results, products, what is told about them, and the page after a purchase."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial

from webshop_env.catalog import Catalog
from webshop_env.errors import UnknownPage
from webshop_env.known import Known
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
    """Every page of one catalogue; those seen lately are kept. `mode` says which names options are clicked by.

    `results` has its pages by query and number, `items` by asin, `sub_pages` by asin and name; `labels` has for each
    asin what each option value is called, with the click that chooses it.
    """

    def __init__(self, catalog: Catalog, mode: Mode) -> None:
        self.catalog = catalog
        self.mode = mode
        cards = Cards(catalog)
        self.results: Known[tuple[str, int], Page] = Known(lambda place: cards.page(*place), most=8192)
        self.items = Known(self._item, most=4096)
        self.sub_pages: Known[tuple[str, str], Page] = Known(lambda place: self._sub_page(*place), most=4096)
        self.labels = Known(self._labels, most=4096)

    def _item(self, asin: str) -> Page:
        """The page of one product, with its options."""
        return make_page(partial(self._item_parts, asin), dict(self.labels[asin]))

    def _item_parts(self, asin: str) -> list[Part]:
        product = self.catalog.product(asin)
        labels = self.labels[asin]
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


_quoted = lru_cache(maxsize=16_384)(json.dumps)
"""A text as JSON writes it."""

_THANKS = ("Thank you for shopping with us!", "Your code:", "None", "(Paste it in your MTurk interface.)", "Purchased")
_FORM = (
    "attrs", "None", "category", "None", "query", "None", "product category", "None", "Target", "asin", "options",
    "attrs", "price upper", "instuction text", "category", "product category", "query", "Goal", "None", "Reward",
    "Your score (min 0.0, max 1.0)",
)  # fmt: skip


def options_json(options: Iterable[tuple[str, str]]) -> str:
    """Options as JSON writes an object of them."""
    return "{" + ", ".join([f"{_quoted(name)}: {_quoted(value)}" for name, value in options]) + "}"


def _safe(json_text: str) -> str:
    """JSON as a page may hold it: without the characters that mean something in HTML."""
    for unsafe in "<>&'":
        json_text = json_text.replace(unsafe, f"\\u{ord(unsafe):04x}")
    return json_text


def _nowhere(action: str) -> None:
    """No action leads on from a purchase."""


def done_page(asin: str, options: Mapping[str, str], reward: float | None) -> Page:
    """The page after a purchase; `reward` is None for a purchase that nobody grades."""
    bought = _safe(options_json(sorted(options.items())))
    lines = (*_THANKS, "asin", asin, "options", bought, *_FORM, str(reward), "Reward Details", "None")
    return SinglePage(SEPARATOR.join(lines), (), {}, _nowhere, lambda: [Part("text", line) for line in lines])
