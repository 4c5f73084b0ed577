"""Finds products by keywords: BM25 over the analyzed text of each product, ties in the order of the asin.

Scores follow Lucene to the last bit (k1 = 0.9, b = 0.4, single-precision terms, lengths rounded to one byte), so that
the order of results is the same.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from webshop_env.analyzer import terms
from webshop_env.known import Known

K1 = 0.9
B = 0.4
MOST_RESULTS = 50
SMALL = 10_000
"""Up to so many products it is faster to rank all of them than to pick out those found."""

PLACES = (1 << 29) - 1
"""The bits of a double that hold nothing when its value is of single precision."""

Number = TypeVar("Number", np.int32, np.float32)


def rounded_length(length: int) -> int:
    """A document's length as Lucene keeps it: exact below 40, then to four significant bits."""
    if length < 24:
        return length
    rest = length - 24
    shift = max(rest.bit_length() - 4, 0)
    return 24 + ((rest >> shift) << shift)


def length_norms(lengths: Sequence[int], average: float) -> NDArray[np.float32]:
    """BM25's 1 / (k1 * (1 - b + b * length / average)) of each document; shape (documents,)."""
    known: dict[int, np.float32] = {}
    k1, b, mean = np.float32(K1), np.float32(B), np.float32(average or 1)
    one = np.float32(1)
    for length in set(lengths):
        known[length] = one / (k1 * ((one - b) + b * np.float32(rounded_length(length)) / mean))
    return np.array([known[length] for length in lengths], dtype=np.float32)


class Names(Protocol):
    """Texts by number."""

    def __len__(self) -> int: ...
    def __getitem__(self, place: int, /) -> str: ...


@dataclass(frozen=True)
class Postings:
    """Where each term occurs: term t is in the documents[starts[t]:starts[t + 1]], documents in the asins' order.

    `saturation` is 1 + frequency * norm of the document, the part of BM25 which no query changes.
    """

    asins: Names
    find_term: Callable[[str], int | None]
    starts: NDArray[np.int64]
    documents: NDArray[np.int32]
    saturation: NDArray[np.float32]


class Found:
    """What a query found, best first; asins are looked up when they are asked for.

    `keys` are scores and places, best last, each place counted from the end of `asins` (see `Search`).
    """

    __slots__ = ("_asins", "_keys")

    def __init__(self, asins: Names, keys: NDArray[np.int64]) -> None:
        self._asins = asins
        self._keys = keys

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, some: slice) -> tuple[str, ...]:
        asins, last = self._asins, len(self._asins) - 1
        return tuple([asins[last - (key & PLACES)] for key in self._keys[::-1][some].tolist()])

    def __iter__(self) -> Iterator[str]:
        return iter(self[:])


_NOTHING = np.empty(0, dtype=np.int64)


class Search:
    """Keyword search over postings, in memory or mapped from a file; the last queries' results are kept."""

    def __init__(self, postings: Postings, *, kept_queries: int = 4096) -> None:
        self._postings = postings
        self._size = len(postings.asins)
        self._ranks = np.arange(self._size - 1, -1, -1, dtype=np.int64)
        self._gains = Known(self._term_gains, most=65_536 if self._size <= SMALL else 64)
        self.find = lru_cache(maxsize=kept_queries)(self._find)

    def _term_gains(self, said: tuple[str, int]) -> NDArray[np.int64] | None:
        """What a term adds to the scores when the query says it so many times; None for a term that never occurs.

        Two rows, so that the terms of a query are joined in one go: documents, and the bits of double-precision gains.
        """
        term, repeats = said
        number = self._postings.find_term(term)
        if number is None:
            return None
        span = slice(self._postings.starts[number], self._postings.starts[number + 1])
        documents = self._postings.documents[span]
        count = len(documents)
        idf = np.float32(np.log(1 + (self._size - count + 0.5) / (count + 0.5)))
        weight = np.float32(repeats) * idf
        gained = np.empty((2, count), dtype=np.int64)
        gained[0] = documents
        gained[1].view(np.float64)[:] = weight - weight / self._postings.saturation[span]
        return gained

    def _find(self, query: str) -> Found:
        """The products which fit the query best, at most 50, best first; none when no term occurs."""
        counts: dict[str, int] = {}
        for term in terms(query):
            counts[term] = counts.get(term, 0) + 1
        found = [gains for said in counts.items() if (gains := self._gains[said]) is not None]
        if not found:
            return Found(self._postings.asins, _NOTHING)
        documents, gains = np.concatenate(found, axis=1)
        # Lucene, too, adds single-precision gains up in double precision.
        scores = np.bincount(documents, gains.view(np.float64), self._size)
        return self._best(scores.astype(np.float32))

    def _best(self, scores: NDArray[np.float32]) -> Found:
        """The products with the highest scores above zero, ties in the order of their asins."""
        keys = scores.astype(np.float64).view(np.int64)
        # A positive float's bits rise with its value, and single precision leaves the low ones of a double empty:
        # score and place fit into one integer to sort by.
        if self._size <= SMALL:
            keys |= self._ranks
        else:
            hits = np.flatnonzero(keys)
            keys = keys[hits] | self._ranks[hits]
        if len(keys) > MOST_RESULTS:
            keys.partition(len(keys) - MOST_RESULTS)
            keys = keys[-MOST_RESULTS:].copy()
        keys.sort()
        return Found(self._postings.asins, keys if keys[0] > PLACES else keys[keys > PLACES])


def build_postings(texts: Mapping[str, str]) -> Postings:
    """The postings of texts by asin, in memory."""
    asins = sorted(texts)
    counted = [Counter(terms(texts[asin])) for asin in asins]
    lengths = [counts.total() for counts in counted]
    norms = length_norms(lengths, sum(lengths) / max(len(lengths), 1))
    where: dict[str, tuple[list[int], list[int]]] = {}
    for document, counts in enumerate(counted):
        for term, frequency in counts.items():
            documents, frequencies = where.setdefault(term, ([], []))
            documents.append(document)
            frequencies.append(frequency)
    numbers = {term: number for number, term in enumerate(where)}
    every_document = _joined((at[0] for at in where.values()), np.int32)
    every_frequency = _joined((at[1] for at in where.values()), np.float32)
    starts = np.zeros(len(where) + 1, dtype=np.int64)
    np.cumsum([len(at[0]) for at in where.values()], out=starts[1:])
    saturation = np.float32(1) + every_frequency * norms[every_document]
    return Postings(asins, numbers.get, starts, every_document, saturation)


def _joined(lists: Iterable[list[int]], kind: type[Number]) -> NDArray[Number]:
    """One array of all the lists' numbers."""
    return np.array([number for numbers in lists for number in numbers], dtype=kind)
