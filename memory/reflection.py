"""A reflection: what was learned from a purchase that failed, about what, and by which evidence."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

HALF_LIFE_DAYS = 60.0
"""After so many days a reflection counts half."""
_GRAM = 3


@dataclass(frozen=True)
class Reflection:
    """When (aware, UTC), at which site, for which goods and request, the lesson, its evidence, and who drew it.

    `score` is how well the failed try did, 0 to 1. The book gives the rest: its `number`, how many `times` the lesson
    was learned (last `at`), in how many trials it was `used`, and how many of those it `helped`.
    """

    at: datetime
    site: str
    request: str
    lesson: str
    category: str = ""
    evidence: str = ""
    score: float = 0.0
    model: str = ""
    number: int = 0
    times: int = 1
    used: int = 0
    helped: int = 0


def likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1: the cosine of their three-letter pieces, in any script."""
    first, second = _grams(one), _grams(other)
    dot = sum(count * second[gram] for gram, count in first.items())
    return dot / (_length(first) * _length(second)) if dot else 0.0


def relevance(reflection: Reflection, *, request: str, category: str, now: datetime) -> float:
    """How much a reflection matters for a request now: likeness of request and goods, fading with age.

    Weighed by what it was good for: 1 for one that was never used, up to 2 for one that always helped, towards 0 for
    one that never did (twice Laplace's rule, (helped + 1) / (used + 2)).
    """
    alike = likeness(reflection.request, request)
    if category and reflection.category == category:
        alike = (1 + alike) / 2
    age_days = max((now - reflection.at).total_seconds() / 86_400, 0.0)
    return float(alike * 0.5 ** (age_days / HALF_LIFE_DAYS) * usefulness(reflection.used, reflection.helped))


def usefulness(used: int, helped: int) -> float:
    """The weight of what was used so often and helped so often: 1 if never used, 0 to 2."""
    return 2 * (helped + 1) / (used + 2)


@lru_cache(maxsize=4096)
def _grams(text: str) -> Counter[str]:
    folded = f"  {' '.join(unicodedata.normalize('NFKC', text).casefold().split())}  "
    return Counter(folded[start : start + _GRAM] for start in range(len(folded) - _GRAM + 1))


def _length(grams: Counter[str]) -> float:
    return math.sqrt(sum(count * count for count in grams.values()))
