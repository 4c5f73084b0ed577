"""How words are compared when shopping: folded, stemmed lightly, and weighed by how rare they are."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(r"\d+(?:\.\d+)?|[가-힣]+|[^\W\d_가-힣]+")
"""A number, or a run of letters of one script: in `black으로` the colour stands free of its particle."""
_POSSESSIVE = re.compile(r"['’]s\b")
_FILLERS = frozenset(
    re.findall(
        r"\w+",
        """a an and are at be best buy by can find for from get give good i im in is it its like looking me my need
        of on or our please set should some than that the them this to want which with would you your also am has
        have dollar dollars price lower under less cheaper
        about as ask bit broke but care choose cost could dearer do does find hello help hi hoping just kind ll
        love matter may must more most nothing now only pick prefer re rather recommend require search searching
        sell show so something spend spent suggest take there they thing think trying up usd ve was we what
        wish wondering won budget
        matters loves old own buying needs needed
        것 거 걸 게 건 그 꼭 봐 이 저 저는 제가 좀 사 새 해요 되요 돼요""",
    )
)
"""Words that say nothing about a product: how people ask for things in English and Korean."""
_KOREAN_ASKING = re.compile(
    r"(?:찾[고아은으]|추천|주문|구매|구입|구해|구하|필요|부탁|원해|원하|골라|고르|사려|사고|싶|보여|주세|주시|줘|있나|있어|있을|혹시|위주|"
    r"조건|중요|괜찮|좋겠|제품|걸로|것으|망가|쓰던|새로|하나|맞아|되는|그리고)"
)
"""How Korean words begin by which people ask; their endings are many."""
_PARTICLES = re.compile(
    r"(?<=[가-힣]{2})(?:이나|에서|까지|이|가|와|과|도|만|요|의)$|(?<=[가-힣])(?:으로요|으로|로요|은|는|을|를|로)$"
)


def plain(text: str) -> str:
    """Lower case, one form for each character (NFKC), single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def stem(word: str) -> str:
    """A word without its plural ending, or without its Korean particle; short words stay as they are."""
    if "가" <= word[0] <= "힣":
        return _PARTICLES.sub("", word)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        return word[:-1]
    return word


def _all_words(text: str) -> list[str]:
    return _WORD.findall(_POSSESSIVE.sub("", plain(text)))


@lru_cache(maxsize=65_536)
def tokens(text: str) -> tuple[str, ...]:
    """The stemmed words and numbers of a text, in order, fillers and repeats kept."""
    return tuple(map(_stem, _all_words(text)))


@lru_cache(maxsize=65_536)
def is_filler(word: str) -> bool:
    """Whether a word says nothing about a product."""
    return word in _FILLERS or _KOREAN_ASKING.match(word) is not None


@lru_cache(maxsize=65_536)
def words(text: str) -> tuple[str, ...]:
    """The stemmed words and numbers of a text, in order, repeats kept, fillers left out."""
    return tuple(_stem(word) for word in _all_words(text) if not is_filler(word))


@lru_cache(maxsize=32_768)
def pair_set(text: str) -> frozenset[tuple[str, str]]:
    """The different pairs of neighbouring words of a text."""
    return frozenset(pairwise(words(text)))


_stem = lru_cache(maxsize=65_536)(stem)


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
    whole = math.fsum(weights.get(word, 1.0) for word in needed)
    held = word_set(text)
    return math.fsum(weights.get(word, 1.0) for word in needed if word in held) / whole if whole else 1.0
