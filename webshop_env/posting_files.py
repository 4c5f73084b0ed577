"""Builds the search index of a catalogue of any size on disk, and opens it mapped into memory.

Two passes: the first counts the terms of each product into a spill file; the second deals the counts out to their
terms, a few million at a time. Held in memory are the vocabulary, some numbers a product, and one chunk.
"""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from webshop_env.analyzer import terms
from webshop_env.errors import BadIndexFile
from webshop_env.search import Postings, length_norms
from webshop_env.shelf import load_array

CHUNK = 2_000_000
"""Postings dealt out at a time."""
VERSION = 1


class PostingWriter:
    """Takes the texts of products one by one, then writes the index."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers: dict[str, int] = {}
        self._lengths: list[int] = []
        self._sizes: list[int] = []
        self._spill_path = folder / "spill.bin"
        self._spill = self._spill_path.open("wb")

    def add(self, text: str) -> None:
        """Count the terms of the next product."""
        counts = Counter(terms(text))
        numbers = self._numbers
        pairs = [(numbers.setdefault(term, len(numbers)), count) for term, count in counts.items()]
        self._spill.write(np.array(pairs, dtype=np.int32).tobytes())
        self._lengths.append(counts.total())
        self._sizes.append(len(pairs))

    def finish(self, asins: Iterable[str]) -> None:
        """Write the index for the products added, whose asins are given in the same order."""
        self._spill.close()
        ordered = np.array([asin.encode() for asin in asins])
        ranks = np.empty(len(ordered), dtype=np.int32)
        ranks[np.argsort(ordered, kind="stable")] = np.arange(len(ordered), dtype=np.int32)
        norms = length_norms(self._lengths, sum(self._lengths) / max(len(self._lengths), 1))
        vocabulary, alphabetical = self._write_vocabulary()
        spill = np.memmap(self._spill_path, dtype=np.int32, mode="r").reshape(-1, 2) if sum(self._sizes) else None
        postings = np.zeros((0, 2), dtype=np.int32) if spill is None else spill
        self._deal(postings, np.cumsum(self._sizes, dtype=np.int64), (ranks, norms, alphabetical))
        facts = {"version": VERSION, "terms": vocabulary, "products": len(ordered)}
        (self._folder / "index.json").write_text(json.dumps(facts), encoding="utf-8")
        self._spill_path.unlink()

    def _write_vocabulary(self) -> tuple[int, NDArray[np.int32]]:
        """Write the terms in alphabetical (byte) order; returns how many, and each number's place in that order."""
        words = sorted((term.encode(), number) for term, number in self._numbers.items())
        places = np.empty(len(words), dtype=np.int32)
        places[[number for _, number in words]] = np.arange(len(words), dtype=np.int32)
        ends = np.cumsum([0, *(len(word) for word, _ in words)], dtype=np.int64)
        np.save(self._folder / "term_ends.npy", ends)
        (self._folder / "terms.bin").write_bytes(b"".join(word for word, _ in words))
        return len(words), places

    def _deal(
        self,
        spill: NDArray[np.int32],
        ends: NDArray[np.int64],
        known: tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int32]],
    ) -> None:
        """Write each posting to its term's part of the index; product i's postings end at `ends[i]`."""
        ranks, norms, places = known
        counts = np.zeros(len(places) + 1, dtype=np.int64)
        for chunk in _chunks(len(spill)):
            counts[1:] += np.bincount(places[spill[chunk, 0]], minlength=len(places))
        starts = np.cumsum(counts)
        np.save(self._folder / "starts.npy", starts)
        size, mode = (len(spill),), "w+"
        documents = np.lib.format.open_memmap(self._folder / "documents.npy", mode=mode, dtype=np.int32, shape=size)
        saturation = np.lib.format.open_memmap(self._folder / "saturation.npy", mode=mode, dtype=np.float32, shape=size)
        cursors = starts[:-1].copy()
        for chunk in _chunks(len(spill)):
            term = places[spill[chunk, 0]]
            owner = np.searchsorted(ends, np.arange(chunk.start, chunk.start + len(term)), side="right")
            order = np.argsort(term, kind="stable")
            term, owner = term[order], owner[order]
            first = np.searchsorted(term, term, side="left")
            target = cursors[term] + np.arange(len(term)) - first
            frequency = spill[chunk, 1][order].astype(np.float32)
            documents[target] = ranks[owner]
            saturation[target] = np.float32(1) + frequency * norms[owner]
            cursors += np.bincount(term, minlength=len(cursors))
        documents.flush()
        saturation.flush()


def _chunks(length: int) -> list[slice]:
    """Slices of at most CHUNK that cover a length."""
    return [slice(start, start + CHUNK) for start in range(0, length, CHUNK)]


class _Vocabulary:
    """Terms in a file, found by halving."""

    def __init__(self, folder: Path) -> None:
        self._ends: NDArray[np.int64] = load_array(folder, "term_ends")
        path = folder / "terms.bin"
        self._text = np.memmap(path, dtype=np.uint8, mode="r") if path.stat().st_size else np.zeros(0, dtype=np.uint8)

    def find(self, term: str) -> int | None:
        """The number of a term, or None."""
        wanted, low, high = term.encode(), 0, len(self._ends) - 1
        while low < high:
            middle = (low + high) // 2
            found = self._text[self._ends[middle] : self._ends[middle + 1]].tobytes()
            if found == wanted:
                return middle
            low, high = (middle + 1, high) if found < wanted else (low, middle)
        return None


class _Asins:
    """Asins by number, as text."""

    def __init__(self, asins: NDArray[np.bytes_]) -> None:
        self._asins = asins

    def __len__(self) -> int:
        return len(self._asins)

    def __getitem__(self, place: int) -> str:
        return bytes(self._asins[place]).decode()


def open_postings(folder: Path, asins: NDArray[np.bytes_]) -> Postings:
    """The index in a folder, for these sorted asins; raises BadIndexFile if it is incomplete or of another version."""
    try:
        facts = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadIndexFile(f"{folder} holds no finished index ({error}); import the catalogue again") from error
    if facts.get("version") != VERSION or facts.get("products") != len(asins):
        raise BadIndexFile(f"{folder} holds an index of another version or catalogue; import the catalogue again")
    starts, documents, saturation = (load_array(folder, name) for name in ("starts", "documents", "saturation"))
    return Postings(_Asins(asins), _Vocabulary(folder).find, starts, documents, saturation)
