"""Which language a question is in."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["ko", "en"]

_ENGLISH_FRAME = re.compile(
    r"\b(?:what|why|how|when|which|who|where|is|are|was|were|did|do|does|the|show|list|tell|give|order|buy|forecast|"
    r"sales|please|any|for|of|much|many)\b",
    re.IGNORECASE,
)
_KOREAN = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|‘[^’]*’|“[^”]*”")


def language_of(text: str) -> Language:
    """Korean if there is any Hangul, unless an English sentence merely names something in Korean."""
    bare = _QUOTED.sub(" ", text)
    if not _KOREAN.search(bare):
        return "en" if re.search(r"[A-Za-z]", bare) or not _KOREAN.search(text) else "ko"
    return "en" if len(_ENGLISH_FRAME.findall(bare)) >= 2 else "ko"
