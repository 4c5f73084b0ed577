"""What the ranker looks at: numbers between 0 and 1, read from a request and from pages that anybody sees."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from agents.shopper.options import SAME_TEXT, SAME_WORDS, Group, chosen_of, name_words, said_options
from agents.shopper.request import Request
from agents.shopper.verdict import Offered
from agents.shopper.words import pair_set, tokens, word_set, words

Pair = tuple[str, str]
Phrase = tuple[frozenset[str], frozenset[Pair]]
SEARCHES = (1, 2, 3)
"""The first searches, whose places are looked at one by one."""
PLACES = (
    "place",  # 1 / its place in the shop's own order, the best over all searches
    "mean place",  # the mean of 1 / its place over all searches so far, 0 for a search that did not list it
    "searches",  # share of the searches so far that listed it
    *(f"place in search {number}" for number in SEARCHES),  # 1 / its place in each of the first searches, else 0
    *(f"top of search {number}" for number in SEARCHES),  # 1 for the first place there to 0 for the fiftieth, by log
    "low place",  # logarithm of that place, 0 for the first and 1 for the fiftieth
)
"""Where the shop's own order has a product: a guess at what its pages say, which nobody needs who has read them."""
LISTED = (
    *PLACES,
    "title words",  # share of the request's words in the title, rare words counting more
    "title pairs",  # share of the request's pairs of neighbouring words that stand so in the title
    "title kind",  # share of the kind's words in the title, rare words counting more
    "title head",  # the kind's last word, which names the thing, is in the title
    "title focus",  # share of the title's words that the request says
    "over cap",  # the lowest price is above the cap
    "partly over",  # the highest price is above the cap, the lowest is not
    "near cap",  # the price is 0 (1) to 40 (0) dollars below the cap: who names a cap has seen a price
    "far below",  # the price is more than 40 dollars below the cap
    "range",  # the price depends on the options
    "rivals",  # share of the wished attributes in whose place the title says another, as `short sleeve` for a long one
    "other sex",  # the title is for women and the request for men, or the other way round
)
"""What a list of results tells of a product."""
OPENED = (
    "option text",  # share of the named options that the page has letter by letter
    "option words",  # share of them that it has with the same words
    "option part",  # share of them that it has at best in part
    "all options",  # it has every named option, with the same words
    "option names",  # share of the named options whose name is on the page
    "open groups",  # share of the page's options about which the request says nothing
    "no options",  # the page has no options although the request names some
    "spare groups",  # the page has more options than the request names
    "page words",  # share of the request's words in title and chosen values, rare words counting more
)
"""What the product's own page adds: its options."""
READ = (
    "all words",  # share of the request's words anywhere on its pages, words rare among pages read counting more
    "all pairs",  # share of the request's pairs of neighbouring words anywhere, rare ones counting more
    "phrases",  # share of the wished attributes that its pages say word by word, rare ones counting more
    "plain phrases",  # the same, all counting alike
    "phrase words",  # share of the wished attributes whose words all occur somewhere
    "said values",  # share of the options that the request says in free words, as other pages call them, that it has
    "all values",  # it has all of them
    "all phrases",  # its pages say every wished attribute word by word
    "nothing missing",  # it has every option that is asked for, and every word of the request is somewhere
    "all head",  # the kind's last word is somewhere
    "all kind",  # share of the kind's words anywhere, rare words counting more
)
"""What its features and its description add."""
SKIPPED = len(PLACES)
"""So many of the features of an opened product count no longer when it was read."""
NAMES = {"listed": LISTED, "opened": (*LISTED, *OPENED), "read": (*LISTED[SKIPPED:], *OPENED, *READ)}
"""The features at each level of knowledge, in the order of the vectors."""
AGAINST = {
    "low place", "over cap", "partly over", "far below", "rivals", "other sex", "open groups", "no options",
    "spare groups",
}  # fmt: skip
"""What can only speak against a product; the rest speaks for it, but for `EITHER`."""
EITHER = {"range", "option part"}
_NEAR = 40.0
SEXES = (
    frozenset({"men", "man", "male", "boy", "남성", "남자", "남아", "남성용", "남자용", "남아용"}),
    frozenset({"women", "woman", "lady", "female", "girl", "여성", "여자", "여아", "여성용", "여자용", "여아용"}),
)
"""Words that say for whom a thing is made, stemmed."""


@dataclass(frozen=True)
class Wish:
    """A request as the features compare it."""

    words: frozenset[str]
    pairs: frozenset[Pair]
    kind: frozenset[str]
    head: frozenset[str]
    phrases: tuple[Phrase, ...]
    ends: tuple[Pair, ...]
    sexes: frozenset[int]
    cap: float | None
    either: tuple[frozenset[str], ...]

    def in_full(self, held: frozenset[str]) -> frozenset[str]:
        """Words that a product has, and those that it need not have beside them: `shirts & tanks` are either."""
        return held.union(*[both for both in self.either if both & held]) if self.either else held


@lru_cache(maxsize=4_096)
def wish_of(request: Request) -> Wish:
    """What is compared of a request."""
    wishes = (request.kind, request.name, *request.attributes)
    texts = (*wishes, *(value for _, value in request.options))
    kind = words(request.kind or request.name)
    # "machine wash underwear" begins with an attribute, and nothing says where it ends: its first two words are tried.
    first = [" ".join(kind[:2])] if len(kind) > 2 else []
    phrases = tuple((word_set(wish), pair_set(wish)) for wish in (*request.attributes, *first) if word_set(wish))
    said = frozenset(word for text in texts for word in words(text))
    attributes = [words(wish) for wish in request.attributes]
    return Wish(
        words=said,
        pairs=frozenset(pair for text in texts for pair in pairwise(words(text))),
        kind=frozenset(kind),
        head=frozenset(kind[-1:]),
        phrases=phrases,
        ends=tuple((wish[-2], wish[-1]) for wish in attributes if len(wish) > 1),
        sexes=_sexes(said),
        cap=None if request.price_cap is None else float(request.price_cap),
        either=tuple(_either(request.kind)),
    )


def _either(kind: str) -> Iterator[frozenset[str]]:
    """The words beside each `&` of a kind: shops file under `bags & cases` what is one of them."""
    for left, right in pairwise(kind.split("&")):
        if words(left) and words(right):
            yield frozenset({words(left)[-1], words(right)[0]})


def listed_features(
    request: Request, offered: Offered, places: Sequence[int], rarity: Mapping[str, float]
) -> tuple[float, ...]:
    """The features of a listed product; `places` are those in each search, from 1, and 0 where it was not listed."""
    place = min(filter(None, places))
    each = [places[number - 1] if number <= len(places) else 0 for number in SEARCHES]
    wish = wish_of(request)
    title = wish.in_full(word_set(offered.title))
    return (
        1 / place,
        sum(1 / one for one in places if one) / len(places),
        sum(one > 0 for one in places) / len(places),
        *(1 / one if one else 0.0 for one in each),
        *(1 - _depth(one) if one else 0.0 for one in each),
        _depth(place),
        _weighed(wish.words, title, rarity),
        _share(wish.pairs, pair_set(offered.title)),
        _weighed(wish.kind, title, rarity),
        float(wish.head <= title),
        len(title & wish.words) / (len(title) or 1),
        *_price_features(wish.cap, offered),
        _rivals(wish, offered.title),
        float(bool(wish.sexes and (theirs := _sexes(title)) and not wish.sexes & theirs)),
    )


def opened_features(request: Request, offered: Offered, rarity: Mapping[str, float]) -> tuple[float, ...]:
    """The features that the page of a product adds."""
    wish = wish_of(request)
    chosen = chosen_of(request, offered.options)
    asked = len(request.options) or 1
    liked = sorted((how for _, _, how in chosen), reverse=True)[: len(request.options)]
    none_asked = not request.options
    groups = len(offered.options)
    held = wish.in_full(word_set(offered.title).union(*(word_set(value) for _, value, _ in chosen)))
    return (
        sum(how >= SAME_TEXT for how in liked) / asked + none_asked,
        sum(how >= SAME_WORDS for how in liked) / asked + none_asked,
        sum(0 < how < SAME_WORDS for how in liked) / asked,
        float(sum(how >= SAME_WORDS for how in liked) >= len(request.options)),
        _names_found(request, offered.options) + none_asked,
        (groups - len(chosen)) / groups if groups else 0.0,
        float(bool(request.options) and not groups),
        min(max(groups - len(request.options), 0), 2) / 2 if request.options else 0.0,
        _weighed(wish.words, held, rarity),
    )


@dataclass(frozen=True)
class Held:
    """What all pages of a product say together.

    `chosen` are the values of options that the request leads to, by the words of their names; `groups` the names of
    all options. It is `complete` if it has every option that the request names.
    """

    words: frozenset[str]
    pairs: frozenset[Pair]
    title: frozenset[str]
    chosen: frozenset[tuple[frozenset[str], tuple[str, ...]]]
    groups: frozenset[frozenset[str]]
    complete: bool

    def has(self, name: frozenset[str], value: str) -> bool:
        """Whether an option of that name can be had with a value, or the title says so where there is no choice."""
        return (name, tokens(value)) in self.chosen if name in self.groups else word_set(value) <= self.title

    def says(self, phrase: Phrase) -> bool:
        """Whether a phrase stands there word by word."""
        return phrase[0] <= self.words and phrase[1] <= self.pairs


def held_by(request: Request, offered: Offered) -> Held:
    """What title, texts and chosen values of a product say."""
    chosen = chosen_of(request, offered.options)
    texts = (offered.title, *offered.texts, *(f"{group} {value}" for group, value, _ in chosen))
    return Held(
        wish_of(request).in_full(frozenset[str]().union(*map(word_set, texts))),
        frozenset[Pair]().union(*map(pair_set, texts)),
        word_set(offered.title),
        frozenset((name_words(group), tokens(value)) for group, value, _ in chosen),
        frozenset(name_words(group) for group, _ in offered.options),
        sum(how >= SAME_WORDS for _, _, how in chosen) >= len(request.options),
    )


class Rareness:
    """How rare the words, pairs and phrases of a request are among the products that were read.

    `opened` are the options of every page that was opened: they tell what the shop calls what the request says.
    """

    def __init__(self, request: Request, read: Iterable[Held], opened: Iterable[tuple[Group, ...]] = ()) -> None:
        self.values = said_options(request, opened)
        self.wish = wish = wish_of(request)
        pages = tuple(read)
        self.words = {
            word: _weight(pages, sum(word in page.words for page in pages)) for word in wish.words | wish.kind
        }
        self.pairs = {pair: _weight(pages, sum(pair in page.pairs for page in pages)) for pair in wish.pairs}
        self.phrases = [_weight(pages, sum(page.says(phrase) for page in pages)) for phrase in wish.phrases]

    def features(self, held: Held) -> tuple[float, ...]:
        """The features that the texts of a product add."""
        wish = self.wish
        said = [held.says(phrase) for phrase in wish.phrases]
        has = [held.has(name, value) for name, value in self.values.items()]
        count = len(said) or 1
        return (
            _part((self.words[word] for word in wish.words & held.words), (self.words[word] for word in wish.words)),
            _part((self.pairs[pair] for pair in wish.pairs & held.pairs), self.pairs.values()),
            _part((weight for weight, true in zip(self.phrases, said, strict=True) if true), self.phrases),
            sum(said) / count,
            sum(phrase[0] <= held.words for phrase in wish.phrases) / count,
            sum(has) / (len(has) or 1) + (not has),
            float(all(has)),
            float(all(said)),
            float(held.complete and all(has) and wish.words <= held.words),
            float(wish.head <= held.words),
            _part((self.words[word] for word in wish.kind & held.words), (self.words[word] for word in wish.kind)),
        )


def _weight(pages: tuple[Held, ...], count: int) -> float:
    """What is said by few counts much; what nobody says tells products not apart and counts nothing."""
    return math.log(1 + len(pages) / count) if count else 0.0


def _part(found: Iterable[float], whole: Iterable[float]) -> float:
    """A share of some weights; their order, which for sets is another one in each process, changes nothing."""
    total = math.fsum(whole)
    return math.fsum(found) / total if total else 1.0


@lru_cache(maxsize=1_024)
def _depth(place: int) -> float:
    """How deep in a list a place is: 0 for the first, 1 from the fiftieth on."""
    return min(math.log(place) / math.log(50), 1.0)


def _price_features(cap: float | None, offered: Offered) -> Iterator[float]:
    lowest, highest = offered.lowest, offered.highest
    if cap is None or lowest is None or highest is None:
        yield from (0.0, 0.0, 0.0, 0.0, float(lowest != highest))
        return
    gap = cap - float(highest)
    yield float(lowest > cap)
    yield float(lowest <= cap < highest)
    yield 1 - gap / _NEAR if 0 <= gap <= _NEAR else 0.0
    yield float(gap > _NEAR)
    yield float(lowest != highest)


def _rivals(wish: Wish, title: str) -> float:
    """The share of the attributes whose last word follows another in the title than in the request, and only there."""
    pairs = pair_set(title)
    rivalled = sum(
        end not in pairs and any(last == end[1] and other not in wish.words for other, last in pairs)
        for end in wish.ends
    )
    return rivalled / len(wish.ends) if wish.ends else 0.0


def _sexes(said: frozenset[str]) -> frozenset[int]:
    """For whom words say that a thing is: the places in `SEXES`."""
    return frozenset(place for place, known in enumerate(SEXES) if known & said)


def _names_found(request: Request, groups: tuple[Group, ...]) -> float:
    names = {name_words(group) for group, _ in groups}
    return sum(name_words(name) in names for name, _ in request.options) / (len(request.options) or 1)


def _weighed(wanted: frozenset[str], held: frozenset[str], rarity: Mapping[str, float]) -> float:
    """The share of the wanted words' weight that is held; a word of no title weighs 1."""
    return _part((rarity.get(word, 1.0) for word in wanted & held), (rarity.get(word, 1.0) for word in wanted))


def _share(wanted: frozenset[Pair], held: frozenset[Pair]) -> float:
    return len(wanted & held) / len(wanted) if wanted else 1.0
