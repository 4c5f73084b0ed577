"""Records kept in a file and found by their asin, without being read into memory.

A shelf NAME is three files: NAME.jsonl, a record a line in the order given; NAME.asins.npy, the asins sorted;
NAME.spans.npy, for each of these where its line begins, and its place in the order given.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webshop_env.errors import BadIndexFile


def write_shelf(folder: Path, name: str, records: Iterable[tuple[str, Any]]) -> None:
    """Write records by asin; of a repeated asin the first is kept."""
    asins: list[bytes] = []
    starts: list[int] = []
    with (folder / f"{name}.jsonl").open("wb") as file:
        for asin, record in records:
            asins.append(asin.encode())
            starts.append(file.tell())
            file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    keys = np.array(asins, dtype=f"S{max(map(len, asins), default=1)}")
    ordered, first = np.unique(keys, return_index=True)
    np.save(folder / f"{name}.asins.npy", ordered)
    np.save(folder / f"{name}.spans.npy", np.stack([np.array(starts, dtype=np.int64)[first], first]).astype(np.int64))


def load_array(folder: Path, name: str) -> NDArray[Any]:
    """An array mapped from its file; raises BadIndexFile if it isn't there."""
    try:
        array: NDArray[Any] = np.load(folder / f"{name}.npy", mmap_mode="r")
    except (OSError, ValueError) as error:
        raise BadIndexFile(f"{folder / name}.npy cannot be opened ({error}); import the catalogue again") from error
    return array


class Shelf:
    """A shelf opened for reading."""

    def __init__(self, folder: Path, name: str) -> None:
        self.asins: NDArray[np.bytes_] = load_array(folder, f"{name}.asins")
        spans = load_array(folder, f"{name}.spans")
        self._starts, self.places = spans[0], spans[1]
        try:
            self._file = (folder / f"{name}.jsonl").open("rb")
        except OSError as error:
            raise BadIndexFile(
                f"{folder / name}.jsonl cannot be opened ({error}); import the catalogue again"
            ) from error

    def __len__(self) -> int:
        return len(self.asins)

    def rank(self, asin: str) -> int | None:
        """The place of an asin among the sorted ones, or None."""
        key = asin.encode()
        place = int(np.searchsorted(self.asins, np.bytes_(key)))
        return place if place < len(self) and self.asins[place] == key else None

    def get(self, asin: str) -> Any | None:
        """The record of an asin, or None."""
        rank = self.rank(asin)
        if rank is None:
            return None
        self._file.seek(int(self._starts[rank]))
        return json.loads(self._file.readline())

    def in_order(self) -> Iterator[str]:
        """The asins in the order in which they were given."""
        for rank in np.argsort(self.places):
            yield self.asins[rank].decode()
