"""Porter's stemmer for English words, in its author's own revised form (bli becomes ble, logi becomes log).

Follows M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980. Characters which are not a vowel
count as consonants, digits and letters of other scripts too, as in Lucene.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_STEP2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "bli": "ble", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble", "logi": "log",
}  # fmt: skip
_STEP3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti",
    "ous", "ive", "ize",
)  # fmt: skip


def _longest_first(suffixes: Iterable[str]) -> re.Pattern[str]:
    """A pattern which finds the longest of the suffixes at the end of a word."""
    return re.compile(f"(?:{'|'.join(sorted(suffixes, key=len, reverse=True))})$")


_SUFFIX2, _SUFFIX3, _SUFFIX4 = _longest_first(_STEP2), _longest_first(_STEP3), _longest_first(_STEP4)


def _shape(word: str) -> str:
    """The word as a string of c (consonant) and v (vowel): y is a vowel after a consonant."""
    shape: list[str] = []
    for letter in word:
        if letter in "aeiou" or (letter == "y" and shape and shape[-1] == "c"):
            shape.append("v")
        else:
            shape.append("c")
    return "".join(shape)


def _measure(stem: str) -> int:
    """How often a vowel is followed by a consonant: Porter's m."""
    return _shape(stem).count("vc")


def _ends_cvc(stem: str) -> bool:
    """Whether the stem ends consonant, vowel, consonant, the last not w, x or y."""
    return len(stem) > 2 and stem[-1] not in "wxy" and _shape(stem).endswith("cvc")


def _ends_double(stem: str) -> bool:
    """Whether the stem ends in a doubled consonant."""
    return len(stem) > 1 and stem[-1] == stem[-2] and _shape(stem)[-1] == "c"


def _plurals(word: str) -> str:
    """Step 1a: sses, ies and s."""
    if word.endswith(("sses", "ies")):
        return word[:-2]
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def _past_and_progressive(word: str) -> str:
    """Step 1b: eed, ed and ing."""
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    ending = 2 if word.endswith("ed") else 3 if word.endswith("ing") else 0
    stem = word[:-ending]
    if not ending or "v" not in _shape(stem):
        return word
    if stem.endswith(("at", "bl", "iz")):
        return stem + "e"
    if _ends_double(stem):
        return stem if stem[-1] in "lsz" else stem[:-1]
    return stem + "e" if _measure(stem) == 1 and _ends_cvc(stem) else stem


def _replace(word: str, suffixes: re.Pattern[str], replacements: dict[str, str]) -> str:
    """Steps 2 and 3: replace the longest suffix that fits, if the stem before it measures at least 1."""
    found = suffixes.search(word)
    if found and _measure(word[: found.start()]) > 0:
        return word[: found.start()] + replacements[found.group()]
    return word


def _remove(word: str) -> str:
    """Step 4: remove the longest suffix that fits, if the stem before it measures at least 2."""
    found = _SUFFIX4.search(word)
    if not found:
        return word
    stem = word[: found.start()]
    if found.group() == "ion" and not stem.endswith(("s", "t")):
        return word
    return stem if _measure(stem) > 1 else word


def _tidy(word: str) -> str:
    """Step 5: drop a final e, and one l of a final ll."""
    if word.endswith("e"):
        stem = word[:-1]
        measure = _measure(stem)
        if measure > 1 or (measure == 1 and not _ends_cvc(stem)):
            word = stem
    if word.endswith("ll") and _measure(word) > 1:
        word = word[:-1]
    return word


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a lower-case word; words of one or two characters come back unchanged."""
    if len(word) < 3:
        return word
    word = _past_and_progressive(_plurals(word))
    if word.endswith("y") and "v" in _shape(word[:-1]):
        word = word[:-1] + "i"
    word = _replace(word, _SUFFIX2, _STEP2)
    word = _replace(word, _SUFFIX3, _STEP3)
    return _tidy(_remove(word))
