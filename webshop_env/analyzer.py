"""Cuts text into search terms: Unicode words, English possessives and stop words removed, Porter stems.

Words follow Unicode Standard Annex #29 (version 12.1) with the choices of Lucene's StandardTokenizer: runs of
letters, digits and underscores are one term; an ideograph, or a pictograph such as ★, is a term by itself.
"""

import json
import re
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path

from webshop_env.known import Known
from webshop_env.porter import stem

MAX_TERM_LENGTH = 255
_STOP_WORDS = """
a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was
will with
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
_POSSESSIVE = re.compile("['’＇][sS]$")
_WORD_BREAKS = Path(__file__).parent / "data" / "word_break.json"


class _Shapes(dict[int, str]):
    """The class of each character as one ASCII letter, looked up when a character is first met."""

    def __init__(self) -> None:
        super().__init__()
        spans: list[tuple[int, int, str]] = []
        for name, ranges in json.loads(_WORD_BREAKS.read_text(encoding="utf-8")).items():
            for span in ranges.split():
                first, _, last = span.partition("-")
                spans.append((int(first, 16), int(last or first, 16), _SHAPES[name]))
        # Where spans overlap (a circled letter is a pictograph too), the class named first decides.
        self._spans = {shape: [span for span in spans if span[2] == shape] for shape in _SHAPES.values()}
        self._marks = {ord(mark): shape for shape, marks in _MARKS.items() for mark in marks}

    def __missing__(self, point: int) -> str:
        self[point] = shape = self._marks.get(point) or self._find(point)
        return shape

    def _find(self, point: int) -> str:
        for shape, spans in self._spans.items():
            place = bisect_right(spans, point, key=lambda span: span[0]) - 1
            if place >= 0 and point <= spans[place][1]:
                return shape
        return "-"


_SHAPES = {
    "letter": "a", "numeric": "1", "katakana": "k", "extend": "x", "joiner": "_", "pictograph": "p", "complex": "c",
    "ideograph": "i",
}  # fmt: skip
_MARKS = {
    "*": ".'‘’․﹒＇．",  # between letters and between digits
    ":": ":··՟״‧︓﹕：",  # between letters
    ",": ",;;։،؍٬߸⁄︐︔﹐﹔，；",  # between digits
    "z": "\u200d",
    "#": "#*",
    "f": "\ufe0f",
    "e": "\u20e3",
    "r": "".join(map(chr, range(0x1F1E6, 0x1F200))),
}
_CORE = "(?:(?:aX(?:[*:]X(?=a))?|1X(?:[*,]X(?=1))?)+|(?:kX)+)"
_PICTURES = "pX(?:(?<=z)pX)*|#f?e|rXrX"
_UNICODE_WORD = re.compile(f"(?:_X)*{_CORE}(?:(?:_X)+{_CORE})*(?:_X)*|{_PICTURES}|(?:cX)+|iX".replace("X", "[xzfe]*"))
# The same for ASCII alone, which most texts are: several times faster.
_ASCII_WORD = re.compile(
    r"(?=_*[^\W_])\w+(?:(?<=[A-Za-z])[.':](?=[A-Za-z])\w+|(?<=[0-9])[.',;](?=[0-9])\w+)*", re.ASCII
)


@lru_cache(maxsize=1)
def _shapes() -> _Shapes:
    return _Shapes()


def _unicode_words(text: str) -> list[str]:
    """The words of a text in any script: found in the text of its characters' classes."""
    found = _UNICODE_WORD.finditer(text.translate(_shapes()))
    return [text[match.start() : match.end()] for match in found]


def words(text: str) -> list[str]:
    """The words of a text in order, before any of them is dropped or stemmed."""
    if text.isascii():
        found = _ASCII_WORD.findall(text)
    else:
        found = []
        for chunk in text.split(" "):
            found += _ASCII_WORD.findall(chunk) if chunk.isascii() else _unicode_words(chunk)
    if len(text) > MAX_TERM_LENGTH and any(len(word) > MAX_TERM_LENGTH for word in found):
        return [w[i : i + MAX_TERM_LENGTH] for w in found for i in range(0, len(w), MAX_TERM_LENGTH)]
    return found


def _term(word: str) -> str:
    """The search term of one word, or an empty string for a stop word."""
    word = _POSSESSIVE.sub("", word).lower()
    return "" if word in STOP_WORDS else stem(word)


def _terms_of(chunk: str) -> tuple[str, ...]:
    """The search terms of a text without blanks."""
    return tuple(term for term in map(_term, words(chunk)) if term)


_TERMS = Known(_terms_of, most=100_000)


def terms(text: str) -> list[str]:
    """The search terms of a text in order, repeated as often as they occur."""
    return [term for chunk in text.split(" ") for term in _TERMS[chunk]]
