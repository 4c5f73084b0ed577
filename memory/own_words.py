"""What of a model's reflection may be kept: only its own words about how to shop, never a page's, never about rights.

A reflection is written with pages in sight, so a page could dictate it. What it may change is small by construction:
whether something may be bought is decided by code that reads no lesson. This file keeps the words clean as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

RUN = 5
"""A sentence that shares so many words in a row with a page is the page's, not the model's."""
LONGEST = 300
"""Characters of a lesson."""
_SENTENCES = re.compile(r"(?<=[.!?。;])\s+|[\n\r]+")
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"https?:|www\.|\w@\w|\b[\w-]+\.(?:com|net|org|io|kr|cn|shop|xyz)\b|[<>{}\[\]|`]")
_RIGHTS = re.compile(
    r"\b(?:pric|cap\b|caps\b|capped|budget|approv|owner|polic|permi|allow|authori|quantit|units?\b|amount|pay|paid\b|"
    r"money|dollar|won\b|limit|cost|expensive|afford|gate|verif|check(?:s|ed|er)?\b|ignor|disregard|overrid|bypass|skip|"
    r"instruction|system|admin|password|secret|key\b|keys\b|account|address|always buy|buy now|must buy|order)|"
    r"가격|금액|예산|상한|한도|승인|허가|허락|정책|사장|주인|수량|결제|지불|달러|원\b|무시|우회|건너|검사|검증|지시|시스템|비밀|계정|무조건|주문"
)
"""Words by which a sentence would speak of what may be bought, for how much, how many, or by whose leave."""


def own_words(text: str, *, pages: Iterable[str], request: str) -> str:
    """The sentences of a reflection that may be kept, at most 300 characters; empty if none may.

    Dropped are sentences that share five words in a row with a page (the request's own words aside), that hold an
    address or mark-up, a number or a product's number that the request does not have, or that speak of prices,
    budgets, quantities, approvals, checks and the like: those follow from the request, and no lesson changes them.
    """
    asked = _words(request)
    theirs = set().union(*(_runs(_words(page)) for page in pages)) - _runs(asked)
    kept: list[str] = []
    for sentence in _SENTENCES.split(_clean(text)):
        together = _words(" ".join([*kept, sentence]))
        if sentence.strip() and _is_own(sentence, frozenset(asked)) and not _runs(together) & theirs:
            kept.append(sentence.strip())
    return _cut(kept)


def _is_own(sentence: str, asked: frozenset[str]) -> bool:
    strange = any(any(letter.isdigit() for letter in word) and word not in asked for word in _words(sentence))
    folded = unicodedata.normalize("NFKC", sentence).casefold()
    return not (strange or _ADDRESS.search(folded) or _RIGHTS.search(folded))


def _cut(sentences: list[str]) -> str:
    """As many whole sentences as fit."""
    said = ""
    for sentence in sentences:
        if len(said) + len(sentence) + 1 > LONGEST:
            break
        said = f"{said} {sentence}".strip()
    return said


def _clean(text: str) -> str:
    """One form for each character, without those that cannot be seen but for line ends."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in plain if letter in "\n\r" or unicodedata.category(letter)[0] != "C")


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(_clean(text).casefold()))


def _runs(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    return {words[start : start + RUN] for start in range(len(words) - RUN + 1)}
