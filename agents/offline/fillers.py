"""Words of a question that name nothing on the shelf; the words themselves are in the text files beside."""

from __future__ import annotations

import re
from pathlib import Path

from agents.offline.spelling import mended, normal


def _words(file: str) -> list[str]:
    return Path(__file__).with_name(file).read_text("utf-8").split()


_ENGLISH = frozenset(_words("fillers_en.txt"))
_KOREAN = re.compile("|".join(_words("fillers_ko.txt")))


def is_filler(word: str) -> bool:
    """Whether a word, its particle or ending included, belongs to the question rather than to a name."""
    plain = normal(word)
    return mended(plain) in _ENGLISH or bool(_KOREAN.fullmatch(plain))
