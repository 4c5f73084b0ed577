"""How good a purchase is, between 0 and 1: pure functions of a goal, a product and the options chosen.

total = (attribute hits + option hits + price within the cap) / (attributes + options + 1) * r_type

Two modes. `parity` scores as the reference does, quirks included. `fixed` mends those quirks that punish a right
choice, and nothing else, so that it never scores below parity:

- parity shortens a chosen value to the first colour inside it: "rectangular" to "tan", "black1901" to "black", and
  then does not know the wanted value any more. Fixed also accepts the very value that was wanted;
- a value with a non-breaking space is wanted as its escape `\\xa0`. Fixed reads any space as a space.

What fixed leaves as it is: a value whose words are all in the wanted one still counts ("large" for "x-large").
The quirks of clicking (one value in two groups, values with a bracket) are mended in `session.py`.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from rapidfuzz import fuzz, process, utils

from webshop_env.colours import COLOURS, shortened
from webshop_env.goals import Goal
from webshop_env.product import Product

Mode = Literal["parity", "fixed"]
FUZZY_HIT = 85.5
"""Two texts mean the same from so many of 100 points of likeness on: rounded, that is more than 85."""
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


class Fit(NamedTuple):
    """How well a product fits a goal, whichever options are chosen: attributes found, the rest as in `Reward`."""

    found: int
    r_type: float
    query_match: bool
    category_match: bool
    title_score: float


class Reward(NamedTuple):
    """The reward of a purchase and its parts: r_* are the shares reached, w_* the weights, in 0 to 1.

    r_option and w_option are None for a goal without options.
    """

    total: float
    r_type: float
    r_att: float
    w_att: float
    query_match: bool
    category_match: bool
    title_score: float
    r_price: bool
    w_price: float
    r_option: float | None = None
    w_option: float | None = None

    def parts(self) -> dict[str, float | bool]:
        """The parts by name, as the reference reports them."""
        parts = {
            "r_type": self.r_type,
            "r_att": self.r_att,
            "w_att": self.w_att,
            "query_match": self.query_match,
            "category_match": self.category_match,
            "title_score": self.title_score,
        }
        if self.r_option is not None and self.w_option is not None:
            parts |= {"r_option": self.r_option, "w_option": self.w_option}
        return parts | {"r_price": self.r_price, "w_price": self.w_price}


@lru_cache(maxsize=131_072)
def _plain(text: str) -> str:
    """A text as the likeness compares it: ASCII letters and digits, lower-cased."""
    return utils.default_process(_NOT_ASCII.sub("", text))


@lru_cache(maxsize=262_144)
def alike(left: str, right: str) -> bool:
    """Whether two texts share nearly all words of one of them; never if one has no ASCII letter or digit."""
    return fuzz.token_set_ratio(_plain(left), _plain(right)) >= FUZZY_HIT


@lru_cache(maxsize=16_384)
def _plain_each(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_plain, texts))


def any_alike(texts: tuple[str, ...], wanted: str) -> bool:
    """Whether one of the texts is `alike` to the wanted one."""
    plain = _plain(wanted)
    best = process.extractOne(plain, _plain_each(texts), scorer=fuzz.token_set_ratio, score_cutoff=FUZZY_HIT)
    return best is not None


def title_score(bought: tuple[str, ...], wanted: tuple[str, ...]) -> float:
    """How many of the wanted title's nouns the bought one has, over all of them, repeats counted."""
    return len(set(wanted).intersection(bought)) / len(wanted) if wanted else 0.2


def _type(same_query: bool, same_category: bool, score: float) -> float:
    """The factor for buying the right kind of thing."""
    if score < 0.1:
        return 0.1 if score > 0 else 0.0
    return 1.0 if same_query or same_category or score > 0.2 else 0.5


@lru_cache(maxsize=65_536)
def _steps(product_category: str) -> frozenset[str]:
    """The steps of a category chain such as `Home › Furniture`."""
    return frozenset(step.strip() for step in product_category.split("›"))


@lru_cache(maxsize=4096)
def _said(title: str, description: str, bullets: tuple[str, ...]) -> str:
    """What a product says of itself, lower-cased: title, description and bullets, a zero character between."""
    return "\0".join((title, description, " ".join(bullets))).lower()


def attribute_hits(wanted: tuple[str, ...], product: Product) -> int:
    """How many attributes a product has, by saying so in its texts or by its list of attributes."""
    said = _said(product.title, product.description, product.bullets)
    return sum([attribute in said or any_alike(product.attributes, attribute) for attribute in wanted])


def _parity_want(name: str | None, value: str) -> str:
    """The text which the reference compares with: a named option is compared as the text of a pair."""
    if name is None:
        return shortened(value)
    return min(COLOURS & {name, value}, default=str((name, value)))


def _same(text: str) -> str:
    """A value without the differences that nobody sees: kind of space, width, case."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=65_536)
def option_hit(name: str | None, value: str, chosen: tuple[tuple[str, str], ...], mode: Mode) -> bool:
    """Whether one wanted option is among those chosen."""
    wanted = _parity_want(name, value)
    if any(alike(shortened(picked), wanted) for _, picked in chosen):
        return True
    if mode == "parity":
        return False
    return any(
        name in (None, group) and (_same(picked) == _same(value) or (name is None and alike(picked, value)))
        for group, picked in chosen
    )


def fit(goal: Goal, product: Product, nouns: tuple[tuple[str, ...], tuple[str, ...]]) -> Fit:
    """How well a product fits a goal; `nouns` are those of the product's title and of the goal's."""
    same_query = product.query == goal.query
    same_category = len(_steps(product.product_category) & _steps(goal.product_category)) >= 2
    likeness = title_score(*nouns)
    found = attribute_hits(goal.attributes, product)
    return Fit(found, _type(same_query, same_category, likeness), same_query, same_category, likeness)


def score(goal: Goal, fitting: Fit, options: Mapping[str, str], *, price: float, mode: Mode = "parity") -> Reward:
    """The reward for buying a product that fits a goal so, at a price, with the options chosen."""
    chosen = tuple(options.items())
    matched = sum([option_hit(name, value, chosen, mode) for name, value in goal.options])
    in_cap = price <= goal.price_upper
    found, r_type, same_query, same_category, likeness = fitting
    attributes, wished = len(goal.attributes), len(goal.options)
    wishes = attributes + wished + 1
    return Reward(
        total=(found + matched + in_cap) / wishes * r_type,
        r_type=r_type,
        r_att=found / attributes if attributes else 0.0,
        w_att=attributes / wishes,
        query_match=same_query,
        category_match=same_category,
        title_score=likeness,
        r_price=in_cap,
        w_price=1 / wishes,
        r_option=matched / wished if wished else None,
        w_option=wished / wishes if wished else None,
    )
