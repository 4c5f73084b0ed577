"""A messier shop made of a tidy one, to learn from: real sellers title, describe and sort with less care.

Titles lose words of the kind and gain stray ones, wishes are missing from texts, products stand under a neighbouring
kind, and options come in long grids of values that hardly differ. Only what holds in such a shop too is worth learning.
Everything is drawn from the seed and the words of the tidy shop; the odds below were chosen by looking at how far
weights learned here carry over to WebShop's 1,000 products, on goals of their dev split.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from webshop_env import Catalog, Product

KIND_WORD, WISH_IN_TITLE, WISH_IN_TEXT, MISFILED = 0.65, 0.15, 0.85, 0.3
"""The odds that a title has a word of the kind, that it has a wish, that the texts have it, and of another kind."""
PLAIN, WORDLESS, ASKED = 0.45, 0.35, 0.6
"""The odds that a product has no options, that it has no description, and that somebody asks for it."""
STRAY = (3, 11)
"""The fewest and the most stray words in a title."""
COLOURS = (
    "black", "white", "red", "blue", "green", "grey", "pink", "purple", "orange", "brown",
    "navy", "beige", "khaki", "silver", "gold", "ivory", "teal", "wine", "rose", "mint",
)  # fmt: skip
SIZES = (
    ("x-small", "small", "medium", "large", "x-large", "xx-large", "3x-large", "4x-large", "5x-large"),
    ("twin", "full", "queen", "king", "california king"),
    ("5", "5.5", "6", "6.5", "7", "7.5", "8", "8.5", "9", "9.5", "10", "11", "12"),
    ("4 ounce", "8 ounce", "12 ounce", "16 ounce", "32 ounce", "64 ounce"),
    ("2x3 ft", "3x5 ft", "4x6 ft", "5x7 ft", "6x9 ft", "8x10 ft"),
    ("pack of 1", "pack of 2", "pack of 3", "pack of 4", "pack of 6", "pack of 12"),
)
GROUPS = ("color", "size", "style")


def messy_shop(catalog: Catalog, seed: int) -> Catalog:
    """The messier shop, the same for the same tidy shop and seed."""
    sellers = _Sellers(catalog, seed)
    products = {asin: sellers.offer(product) for asin, product in catalog.products.items()}
    # The nouns of the tidy titles say what a thing is, whatever its seller calls it.
    return Catalog(products, name=f"{catalog.name}, made messy", nouns=catalog.nouns, seed=catalog.seed)


class _Sellers:
    """Writes each product's pages anew, in the words of the products around it."""

    def __init__(self, catalog: Catalog, seed: int) -> None:
        self._seed = seed
        self._kinds: dict[str, list[str]] = defaultdict(list)
        self._wishes: dict[str, list[str]] = defaultdict(list)
        self._words: list[str] = []
        for product in catalog.products.values():
            self._kinds[product.category].append(product.query)
            self._wishes[product.category] += product.attributes
            self._words += [*_english(product.title), *" ".join(product.attributes).split()]

    def offer(self, product: Product) -> Product:
        """One product as a careless seller offers it."""
        rng = random.Random(f"{self._seed} {product.asin}")
        borrowed = rng.sample(self._wishes[product.category], rng.randint(0, 4))
        wishes = tuple(dict.fromkeys((*product.attributes, *borrowed)))
        options = {} if rng.random() < PLAIN else self._options(product, rng)
        misfiled = rng.random() < MISFILED
        kind = rng.choice(self._kinds[product.category]) if misfiled else product.query
        asked = tuple(rng.sample(wishes, rng.randint(1, min(len(wishes), 6)))) if rng.random() < ASKED else ()
        told = [wish for wish in wishes if rng.random() < WISH_IN_TEXT]
        rng.shuffle(told)
        middle = rng.randint(0, len(told))
        return replace(
            product,
            title=self._title(product, kind, wishes, rng),
            query=kind,
            description="" if rng.random() < WORDLESS else self._prose(told[middle:], rng),
            bullets=tuple(self._prose([wish], rng) for wish in told[:middle]),
            options=options,
            attributes=wishes,
            instruction=_asking(kind, asked, rng) if asked else None,
            instruction_attributes=asked,
        )

    def _title(self, product: Product, kind: str, wishes: Iterable[str], rng: random.Random) -> str:
        own = [word for word in _english(product.title) if rng.random() < KIND_WORD]
        called = [word for word in kind.split() if rng.random() < KIND_WORD]
        parts = [*own[1:], *called, *(wish for wish in wishes if rng.random() < WISH_IN_TITLE)]
        parts += rng.choices(self._words, k=rng.randint(*STRAY))
        rng.shuffle(parts)
        return " ".join((*own[:1], *parts)).title()

    def _prose(self, wishes: Sequence[str], rng: random.Random) -> str:
        """A few words around each of the wishes."""
        around = [rng.choices(self._words, k=rng.randint(2, 12)) for _ in range(len(wishes) + 1)]
        pieces = [" ".join(words) for words in around]
        return " ".join(text for pair in zip(pieces, (*wishes, ""), strict=True) for text in pair).strip()

    def _options(self, product: Product, rng: random.Random) -> dict[str, tuple[str, ...]]:
        """One to three groups: the product's own, or long lists of colours, sizes and styles."""
        groups = dict(product.options) if rng.random() < 0.3 else {}
        for name in rng.sample(GROUPS, rng.choice((1, 1, 1, 2, 2))):
            groups[name] = self._values(name, rng)
        return groups

    def _values(self, name: str, rng: random.Random) -> tuple[str, ...]:
        if name == "size":
            sizes = rng.choice(SIZES)
            start = rng.randrange(len(sizes) - 1)
            return sizes[start : start + rng.randint(2, 9)]
        if name == "color":
            mark = rng.choice(("{}", "{}", "a-{}", "{} | {other}", "0{number}-{}", "{} {word}"))
        else:
            mark = rng.choice(("style {number}", "{word}", "{word} {number}", "{word} {}"))
        values = (
            mark.format(colour, other=rng.choice(COLOURS), number=rng.randint(1, 9), word=rng.choice(self._words))
            for colour in rng.sample(COLOURS, rng.randint(2, 12))
        )
        return tuple(dict.fromkeys(value.lower() for value in values))


def _english(title: str) -> list[str]:
    """The words of a title's English half, without the signs beside them."""
    return [word for part in title.split(" | ", maxsplit=1)[0].split() if (word := part.strip(",.()").lower())]


def _asking(kind: str, wishes: Sequence[str], rng: random.Random) -> str:
    """The request for a kind, with some of the wishes before it and the others after `with` or `for`."""
    first = rng.randint(0, len(wishes))
    second = rng.randint(first, len(wishes))
    said = " ".join(filter(None, ("Find me", ", ".join(wishes[:first]), kind)))
    said += f" with {', '.join(wishes[first:second])}" if second > first else ""
    return said + (f" for {', '.join(wishes[second:])}" if len(wishes) > second else "")
