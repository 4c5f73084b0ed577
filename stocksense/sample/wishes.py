"""What shoppers say that they want from the wholesaler: our own wording, in English and Korean."""

from __future__ import annotations

from random import Random
from typing import Any

from stocksense.sample.listings import Listing, words
from stocksense.sample.products import SampleProduct

_ENGLISH = (
    "my shop has run out of {name} by {brand}, please order the carton that is {attributes}{option}",
    "we need {attributes} {query} for the shelf, a carton of {pack}{option}",
    "customers keep asking for {attributes} {query}{option}",
    "please restock {brand} {name}, {size} each, {attributes}{option}",
    "i would like a wholesale box of {query} from {brand}, {attributes}{option}",
)
_KOREAN = (
    "가게에 {brand_ko} {name_ko_i} 떨어졌어요. {attributes_ko} 제품으로 한 상자 주문해 주세요{option_ko}",
    "{attributes_ko} {leaf_ko} {pack}개 들이 한 상자가 필요합니다{option_ko}",
    "손님들이 {attributes_ko} {leaf_ko_eul} 자꾸 찾으세요{option_ko}",
    "{brand_ko} {name_ko} {size_ko} 도매로 주문할게요, {attributes_ko} 것으로요{option_ko}",
)


def templated(listing: Listing, rng: Random) -> tuple[str, tuple[str, ...]]:
    """An instruction by a fixed pattern, and the attributes that it names."""
    chosen = listing.attributes[: rng.choice((1, 2, 2, 3))]
    return f"I am looking for {', '.join(chosen)} {listing.leaf.query}", chosen


def spoken(product: SampleProduct, listing: Listing, rng: Random, *, korean: bool) -> dict[str, Any]:
    """An entry of WebShop's file of human instructions, in words that are ours."""
    chosen = product.attributes[: rng.choice((1, 2))]
    text = (_in_korean if korean else _in_english)(product, chosen, rng)
    return {
        "asin": listing.asin,
        "instruction": text,
        "attributes": list(listing.attributes),
        "options": [f"{product.option}: {product.value}"] if product.option else [""],
        "instruction_attributes": list(chosen),
        "instruction_options": [product.value] if product.option else [],
        "assignment_id": f"generated-{product.barcode}",
        "worker_id": "generated",
    }


def _in_english(product: SampleProduct, chosen: tuple[str, ...], rng: Random) -> str:
    return rng.choice(_ENGLISH).format(
        name=product.line.lower(),
        brand=product.brand,
        query=product.leaf.query,
        pack=product.pack_size,
        size=product.size,
        attributes=" and ".join(chosen),
        option=f", {product.option} {product.value}" if product.option else "",
    )


def _in_korean(product: SampleProduct, chosen: tuple[str, ...], rng: Random) -> str:
    leaf = product.leaf.korean.sub3
    option = words().options_ko.get(product.option, "")
    return rng.choice(_KOREAN).format(
        brand_ko=product.brand_ko,
        name_ko=product.line_ko,
        name_ko_i=product.line_ko + particle(product.line_ko, "이", "가"),
        leaf_ko=leaf,
        leaf_ko_eul=leaf + particle(leaf, "을", "를"),
        pack=product.pack_size,
        size_ko=product.size_ko,
        attributes_ko=", ".join(words().attributes_ko[name] for name in chosen),
        option_ko=f". {option + particle(option, '은', '는')} {product.value_ko}" if option else "",
    )


def particle(word: str, after_consonant: str, after_vowel: str) -> str:
    """The Korean particle that follows a word, by whether its last syllable ends in a consonant."""
    last = ord(word[-1]) - ord("가")
    closed = 0 <= last < 11172 and last % 28 > 0
    return after_consonant if closed else after_vowel
