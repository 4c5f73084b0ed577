"""Reads JSON files of any size piece by piece: one entry of a list or of an object at a time, gzipped or not."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from webshop_env.errors import BadCatalogFile

CHUNK = 1 << 20
"""Characters read at a time; what is held in memory is this and the longest entry."""


class _Reader:
    """A window that moves over a file's text."""

    def __init__(self, path: Path, file: IO[str]) -> None:
        self._path = path
        self._file = file
        self._decoder = json.JSONDecoder()
        self._text = ""
        self._at = 0

    def _more(self) -> bool:
        """Read on; False at the end of the file."""
        chunk = self._file.read(CHUNK)
        self._text, self._at = self._text[self._at :] + chunk, 0
        return bool(chunk)

    def peek(self) -> str:
        """The next character that isn't white space; empty at the end of the file."""
        while True:
            while self._at < len(self._text):
                if not self._text[self._at].isspace():
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

    def take(self, expected: str) -> None:
        """Step over an expected character."""
        found = self.peek()
        if found != expected:
            raise BadCatalogFile(
                f"{self._path} is no valid JSON: {found or 'the end'!r} where {expected!r} belongs; download it again"
            )
        self._at += 1

    def value(self) -> Any:
        """The next value, complete."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except ValueError as error:
                if not self._more():
                    raise BadCatalogFile(f"{self._path} is no valid JSON ({error}); download it again") from error
                continue
            if end == len(self._text) and self._more():
                continue
            self._at = end
            return value


def _open(path: Path) -> IO[str]:
    """The file as text."""
    try:
        if path.suffix == ".gz":
            return gzip.open(path, "rt", encoding="utf-8")
        return path.open(encoding="utf-8")
    except OSError as error:
        raise BadCatalogFile(f"{path} cannot be read ({error}); check the path and the file") from error


def list_entries(path: Path) -> Iterator[Any]:
    """The entries of a JSON list, one after the other; raises BadCatalogFile where it breaks."""
    with _open(path) as file:
        reader = _Reader(path, file)
        reader.take("[")
        if reader.peek() != "]":
            yield reader.value()
            while reader.peek() == ",":
                reader.take(",")
                yield reader.value()
        reader.take("]")


def object_entries(path: Path) -> Iterator[tuple[str, Any]]:
    """The names and values of a JSON object, one after the other; raises BadCatalogFile where it breaks."""
    with _open(path) as file:
        reader = _Reader(path, file)
        reader.take("{")
        while reader.peek() not in ("}", ""):
            name = reader.value()
            reader.take(":")
            yield str(name), reader.value()
            if reader.peek() == ",":
                reader.take(",")
        reader.take("}")
