"""How words are compared when shopping: folded, stemmed lightly, and weighed by how rare they are."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

_WORD = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")
_FILLERS = frozenset(
    re.findall(
        r"\w+",
        """a an and are at be best buy by can find for from get give good i im in is it its like looking me my need
        of on or our please set should some than that the them this to want which with would you your also am has
        have dollar dollars price lower under less cheaper""",
    )
)
"""Words that say nothing about a product."""


def plain(text: str) -> str:
    """Lower case, one form for each character (NFKC), single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def stem(word: str) -> str:
    """A word without its plural ending; words of three letters or fewer stay as they are."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        return word[:-1]
    return word


@lru_cache(maxsize=65_536)
def words(text: str) -> tuple[str, ...]:
    """The stemmed words and numbers of a text, in order, repeats kept, fillers left out."""
    return tuple(stem(word) for word in _WORD.findall(plain(text)) if word not in _FILLERS)


@lru_cache(maxsize=65_536)
def word_set(text: str) -> frozenset[str]:
    """The different words of a text."""
    return frozenset(words(text))


def covered(wanted: str, text: str) -> float:
    """The share (0 to 1) of the wanted words that a text holds; 1 when nothing is wanted."""
    needed = word_set(wanted)
    return len(needed & word_set(text)) / len(needed) if needed else 1.0


def says(wanted: str, texts: Iterable[str]) -> bool:
    """Whether one of the texts holds every wanted word, together with the phrase's own order or not."""
    needed = word_set(wanted)
    return any(needed <= word_set(text) for text in texts)


def rarity(texts: Iterable[str]) -> dict[str, float]:
    """The weight of each word: the logarithm of how few of the texts hold it, always above zero."""
    sets = [word_set(text) for text in texts]
    counts: dict[str, int] = {}
    for held in sets:
        for word in held:
            counts[word] = counts.get(word, 0) + 1
    return {word: math.log(1 + len(sets) / count) for word, count in counts.items()}


def weighed_cover(wanted: Iterable[str], text: str, weights: Mapping[str, float]) -> float:
    """The share (0 to 1) of the wanted words' weight that a text holds; words without a weight count 1."""
    needed = frozenset(wanted)
    whole = sum(weights.get(word, 1.0) for word in needed)
    held = word_set(text)
    return sum(weights.get(word, 1.0) for word in needed if word in held) / whole if whole else 1.0
