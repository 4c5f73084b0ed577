"""Pages beside the right one: other brands, packs, sizes and flavours, resellers, and shoddy records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from stocksense.sample.listings import Listing, dollars, words

Kind = Callable[[Listing, Random, Sequence[str]], Listing]


def lookalikes(right: Listing, rng: Random, others: Sequence[str], count: int) -> list[Listing]:
    """`count` pages that resemble `right` but are not it; `others` are option values that it does not offer."""
    kinds = [_other_brand, *rng.sample([kind for kind in KINDS if others or kind is not _other_flavours], count - 1)]
    made = [kind(right, rng, others) for kind in kinds]
    return [
        replace(page, key=f"{right.key}/{kind.__name__}", rating=_rating(rng))
        for kind, page in zip(kinds, made, strict=True)
    ]


def _other_brand(right: Listing, rng: Random, others: Sequence[str]) -> Listing:
    """The same thing by somebody else, somewhat cheaper or dearer, sometimes without one of its merits."""
    brand_ko, brand = rng.choice(words().rivals)
    attributes = right.attributes if rng.random() < 0.5 else right.attributes[1:]
    price = _price(right) * rng.uniform(0.82, 1.2)
    return replace(
        right, brand=brand, brand_ko=brand_ko, model="", attributes=attributes, pricing=dollars(price), note=""
    )


def _other_pack(right: Listing, rng: Random, others: Sequence[str]) -> Listing:
    """The same thing by the half or double carton."""
    pack = rng.choice([size for size in (right.pack // 2, right.pack * 2) if size > 0])
    return replace(right, pack=pack, pricing=dollars(_price(right) * pack / right.pack * rng.uniform(0.97, 1.06)))


def _other_size(right: Listing, rng: Random, others: Sequence[str]) -> Listing:
    """The maker's larger edition, as a page with sizes to choose and a range of prices."""
    low = _price(right) * rng.uniform(1.2, 1.4)
    options = dict(right.options) | {"edition": ("large", "extra large")}
    return replace(
        right,
        note="Jumbo",
        note_ko="점보",
        options=options,
        model="",
        pricing=f"{dollars(low)} - {dollars(low * rng.uniform(1.15, 1.6))}",
    )


def _other_flavours(right: Listing, rng: Random, others: Sequence[str]) -> Listing:
    """A limited edition of the maker that has none of the values which the shop sells."""
    values = tuple(rng.sample(list(others), min(len(others), 3)))
    name = next(iter(right.options))
    return replace(right, note="Limited", note_ko="한정판", options={name: values}, model="")


def _reseller(right: Listing, rng: Random, others: Sequence[str]) -> Listing:
    """The very product, resold far above its price."""
    return replace(right, pricing=dollars(_price(right) * rng.uniform(1.4, 1.9)))


def _without_price(right: Listing, rng: Random, others: Sequence[str]) -> Listing:
    """Another brand's page that forgot its price."""
    return replace(_other_brand(right, rng, others), pricing="")


def _price_range(right: Listing, rng: Random, others: Sequence[str]) -> Listing:
    """Another brand's page that names only a range of prices."""
    low = _price(right) * rng.uniform(0.75, 0.95)
    return replace(_other_brand(right, rng, others), pricing=f"{dollars(low)} - {dollars(low * rng.uniform(1.3, 2.0))}")


def _stuffed(right: Listing, rng: Random, others: Sequence[str]) -> Listing:
    """A page whose title promises everything, with none of the merits behind it."""
    brand_ko, brand = rng.choice(words().rivals)
    promise = " ".join(rng.sample(["Best", "Hot", "New", "Top", "Genuine", "Premium", "Bargain", "Original"], 4))
    return replace(
        right,
        brand=f"{promise} {brand}",
        brand_ko=f"특가 {brand_ko}",
        attributes=words().extras[right.leaf.slug][:1],
        model="",
        pricing=dollars(_price(right) * rng.uniform(0.6, 0.85)),
    )


KINDS: tuple[Kind, ...] = (
    _other_pack,
    _other_size,
    _other_flavours,
    _reseller,
    _without_price,
    _price_range,
    _stuffed,
)


def _price(right: Listing) -> float:
    return float(right.pricing.removeprefix("$"))


def _rating(rng: Random) -> float | None:
    return None if rng.random() < 0.2 else round(rng.uniform(2.8, 4.9), 1)
