"""Cuts text into search terms: Unicode words, English possessives and stop words removed, Porter stems.

Words follow Unicode Standard Annex #29 (version 12.1) with the choices of Lucene's StandardTokenizer: runs of
letters, digits and underscores are one term; an ideograph, or a pictograph such as ★, is a term by itself.
"""

import json
import re
from functools import lru_cache
from pathlib import Path

from webshop_env.porter import stem

MAX_TERM_LENGTH = 255
_STOP_WORDS = """
a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was
will with
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
_BETWEEN_LETTERS = ".'‘’․﹒＇．:··՟״‧︓﹕："
_BETWEEN_DIGITS = ".'‘’․﹒＇．,;;։،؍٬߸⁄︐︔﹐﹔，；"
_POSSESSIVE = re.compile("['’＇][sS]$")
_WORD_BREAKS = Path(__file__).parent / "data" / "word_break.json"


def _character_class(ranges: str) -> str:
    """The inside of a regular expression's [...] from hexadecimal ranges such as '30-39 66b'."""
    pieces = []
    for span in ranges.split():
        first, _, last = span.partition("-")
        pieces.append(f"\\U{int(first, 16):08x}-\\U{int(last or first, 16):08x}")
    return "".join(pieces)


def _grammar(letter: str, digit: str, katakana: str, extend: str, joiner: str) -> str:
    """The pattern of one word, from the insides of its character classes."""
    marks = f"[{extend}]*" if extend else ""
    a, d, j = f"[{letter}]{marks}", f"[{digit}]{marks}", f"(?:[{joiner}]{marks})"
    letters = f"{a}(?:[{_BETWEEN_LETTERS}]{marks}(?={a}))?"
    digits = f"{d}(?:[{_BETWEEN_DIGITS}]{marks}(?=[{digit}]))?"
    core = f"(?:(?:{letters}|{digits})+"
    core += f"|(?:[{katakana}]{marks})+)" if katakana else ")"
    return f"{j}*{core}(?:{j}+{core})*{j}*"


# What _grammar says, for ASCII alone: several times faster, and most texts are.
_ASCII_WORD = re.compile(
    r"(?=_*[^\W_])\w+(?:(?<=[A-Za-z])[.':](?=[A-Za-z])\w+|(?<=[0-9])[.',;](?=[0-9])\w+)*", re.ASCII
)


@lru_cache(maxsize=1)
def _unicode_word() -> re.Pattern[str]:
    """The pattern of one word, number, ideograph or pictograph in any script."""
    classes = {name: _character_class(ranges) for name, ranges in json.loads(_WORD_BREAKS.read_text()).items()}
    extend, picture = f"[{classes['extend']}]*", f"[{classes['pictograph']}]"
    word = _grammar(
        classes["letter"], classes["numeric"], classes["katakana"], classes["extend"], joiner=classes["joiner"]
    )
    flag = "[\\U0001F1E6-\\U0001F1FF]"
    pictures = f"{picture}{extend}(?:(?<=\u200d){picture}{extend})*|[#*]\ufe0f?\u20e3|{flag}{extend}{flag}{extend}"
    scripts = f"(?:[{classes['complex']}]{extend})+|[{classes['ideograph']}]{extend}"
    return re.compile(f"{word}|{pictures}|{scripts}")


def words(text: str) -> list[str]:
    """The words of a text in order, before any of them is dropped or stemmed."""
    if text.isascii():
        found = _ASCII_WORD.findall(text)
    else:
        found = []
        for chunk in text.split(" "):
            found += (_ASCII_WORD if chunk.isascii() else _unicode_word()).findall(chunk)
    if any(len(word) > MAX_TERM_LENGTH for word in found):
        return [w[i : i + MAX_TERM_LENGTH] for w in found for i in range(0, len(w), MAX_TERM_LENGTH)]
    return found


@lru_cache(maxsize=200_000)
def _term(word: str) -> str:
    """The search term of one word, or an empty string for a stop word."""
    word = _POSSESSIVE.sub("", word).lower()
    return "" if word in STOP_WORDS else stem(word)


def terms(text: str) -> list[str]:
    """The search terms of a text in order, repeated as often as they occur."""
    return [term for term in map(_term, words(text)) if term]
