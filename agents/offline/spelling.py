"""Texts made comparable: one width, no spaces in Korean, near misses of English words put right."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path


def _words(file: str) -> tuple[str, ...]:
    return tuple(Path(__file__).with_name(file).read_text("utf-8").split())


KNOWN = _words("spelling_known.txt")
"""Words by which an English question is understood; a near miss of one counts as it."""

_PLAIN = frozenset(_words("spelling_plain.txt"))
"""Words that are near one of these and mean what they say."""


@lru_cache(maxsize=512)
def normal(text: str) -> str:
    """Lower case, one width, single spaces, and near misses of known English words put right."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return re.sub(r"[a-z]{5,}", lambda match: mended(match.group()), re.sub(r"\s+", " ", plain)).strip()


@lru_cache(maxsize=512)
def squeezed(text: str) -> str:
    """Like `normal`, without any space: Korean is spaced as people please."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=2048)
def mended(word: str) -> str:
    """The known word that this one nearly is, or the word itself."""
    if word in KNOWN or word in _PLAIN:
        return word
    swapped = next((known for known in KNOWN if sorted(known) == sorted(word)), "")
    near = get_close_matches(word, KNOWN, n=1, cutoff=0.84)
    return swapped or (near[0] if near else word)
