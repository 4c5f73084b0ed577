"""Which values to choose of the options that a page offers, for options named in a request and for free words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from agents.shopper.request import Request
from agents.shopper.words import plain, stem, tokens, word_set

Group = tuple[str, tuple[str, ...]]
SAME_TEXT, SAME_WORDS = 3.0, 2.0
_LONGEST = 14
"""Words of the longest value that is looked for in free words."""
_OWN_NAMES = {
    "색상": "color", "색": "color", "색깔": "color", "컬러": "color", "사이즈": "size", "크기": "size", "맛": "flavor",
    "향": "scent", "스타일": "style", "핏": "fit", "종류": "style", "colour": "color", "flavour": "flavor",
}  # fmt: skip
_NO_NAME = {"name", "type"}


@lru_cache(maxsize=8_192)
def name_words(name: str) -> frozenset[str]:
    """The words that tell an option's name from others: `Flavor Name`, `flavors` and `맛` are one."""
    found = {stem(word) for word in plain(name).split()} - _NO_NAME
    return frozenset(_OWN_NAMES.get(word, word) for word in found)


@lru_cache(maxsize=131_072)
def likeness(wanted: str, own: str) -> float:
    """How well a value fits: the same text, the same words, or less.

    Between 1 and 0.5 it holds the wanted words among others, below that it is among the wanted words; 0: not at all.
    """
    if plain(wanted) == plain(own):
        return SAME_TEXT
    needed, held = word_set(wanted), word_set(own)
    if not needed or not held:
        return 0.0
    if needed == held:
        return SAME_WORDS
    if needed < held:
        return 0.5 + 0.5 * len(needed) / len(held)
    return 0.5 * len(held) / len(needed) if held < needed else 0.0


@lru_cache(maxsize=65_536)
def chosen_of(request: Request, groups: tuple[Group, ...]) -> tuple[tuple[str, str, float], ...]:
    """What to choose: (group, value as the page spells it, its likeness), at most one value for each group.

    Options that the request names are held against the group of that name, else against all. Groups that are left
    are searched for the longest value that the request says, unless it asks for one exact product.
    """
    chosen: dict[str, tuple[str, float]] = {}
    for name, value in request.options:
        named = [group for group in groups if name_words(name) == name_words(group[0])]
        fits = [(likeness(value, own), group, own) for group, values in named or groups for own in values]
        how, group, own = max(fits, key=lambda fit: fit[0], default=(0.0, "", ""))
        if how > 0:
            chosen.setdefault(group, (own, how))
    if not request.name:
        for group, values in groups:
            if group not in chosen and (said := _said_value(request, group, values)[0]):
                chosen[group] = (said, SAME_WORDS)
    return tuple((group, value, how) for group, (value, how) in chosen.items())


def said_options(request: Request, pages: Iterable[tuple[Group, ...]]) -> dict[frozenset[str], str]:
    """The options that a request in free words asks for, as pages of the shop call them: {words of the name: value}.

    Of what several pages offer for a name the longest that the request says outside its kind: who asks for
    `5x-large tall` is not served by `x-large`. Empty for a request that names its options.
    """
    found: dict[frozenset[str], tuple[float, str]] = {}
    kind = frozenset(tokens(request.kind))
    for group, values in () if request.options else chain.from_iterable(pages):
        value, worth = _said_value(request, group, values)
        if value and not kind >= {*tokens(value)} and worth > found.get(name_words(group), (0.0, ""))[0]:
            found[name_words(group)] = (worth, value)
    return {name: value for name, (_, value) in found.items()}


@lru_cache(maxsize=65_536)
def _said_value(request: Request, group: str, values: tuple[str, ...]) -> tuple[str, float]:
    """The value that a request says in free words, and its worth; empty if it says none.

    The longest, best beside the group's name and not in the kind.
    """
    text, runs, said = plain(request.said), _runs(request.said), tokens(request.said)
    named, kind = name_words(group), frozenset(tokens(request.kind))
    best, best_worth = "", 0.0
    for value in values:
        run = tokens(value)
        for start in runs.get(run, ()) if run else ():
            around = {*said[max(start - 2, 0) : start], *said[start + len(run) : start + len(run) + 2]}
            beside = bool({_OWN_NAMES.get(word, word) for word in around} & named)
            worth = len(run) + 0.5 * beside + 0.25 * (not kind >= {*run}) + 0.125 * (plain(value) in text)
            if worth > best_worth:
                best, best_worth = value, worth
    return best, best_worth


@lru_cache(maxsize=1_024)
def _runs(text: str) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Every run of words in a text, up to the longest, and where it begins."""
    found: dict[tuple[str, ...], tuple[int, ...]] = {}
    for start, run in _all_runs(tokens(text)):
        found[run] = (*found.get(run, ()), start)
    return found


def _all_runs(said: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for start in range(len(said)):
        for end in range(start + 1, min(start + _LONGEST, len(said)) + 1):
            yield start, said[start:end]
