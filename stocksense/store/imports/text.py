"""Separated text (CSV, TSV): which encoding, which separator, which rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from itertools import islice
from typing import NamedTuple

from stocksense.store.imports.problems import unreadable
from stocksense.store.imports.wording import Fault

SEPARATORS = ",;\t|"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_WEB_PAGE = re.compile(r"\s*<(?:!doctype|html|\?xml|table|head|meta)\b", re.IGNORECASE)
_FIELD_LIMIT = 1_000_000


class TextTable(NamedTuple):
    """The rows of a separated text, blank ones included, and how they were read."""

    rows: list[list[str]]
    encoding: str
    separator: str


def read_text(content: bytes, file: str, *, most_rows: int) -> TextTable:
    """Decode and split. Raises BadImport for what is no text, damaged text, a web page, or too many rows."""
    encoding = find_encoding(content, file)
    text = content.decode(encoding).removeprefix("\ufeff")
    if _WEB_PAGE.match(text):
        raise unreadable(file, Fault.WEB_PAGE)
    if "\0" in text or len(_CONTROL.findall(text)) > len(text) // 50:
        raise unreadable(file, Fault.BINARY)
    separator, text = _separator(text)
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), most_rows + 1))
    except csv.Error as error:
        raise unreadable(file, Fault.BINARY, value=str(error)) from error
    if len(rows) > most_rows:
        raise unreadable(file, Fault.TOO_MANY_ROWS, hint=f"{most_rows:,}")
    return TextTable(rows, encoding, separator)


def find_encoding(content: bytes, file: str) -> str:
    """The encoding of a text: by its mark, else UTF-8, UTF-16, Korean Windows (cp949), Western Windows (cp1252).

    Raises BadImport for bytes that are no text, and for text that is almost UTF-8 or cp949 but damaged.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _damaged_or(encoding, content, file)
    if _decodes(content, "utf-8"):
        return _unmarked_wide(content) or "utf-8"
    if wide := _unmarked_wide(content):
        return wide
    if _decodes(content, "cp949"):
        return "cp949"
    for encoding in ("utf-8", "cp949"):
        if _mostly(content, encoding):
            return _damaged_or(encoding, content, file)
    return _damaged_or("cp1252", content, file, Fault.BINARY)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _damaged_or(encoding: str, content: bytes, file: str, fault: Fault = Fault.DAMAGED_TEXT) -> str:
    """The encoding, if every byte is in it; else raise BadImport naming the row of the first that is not."""
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1 if fault is Fault.DAMAGED_TEXT else 0
        raise unreadable(file, fault, row=row, hint=encoding) from error
    return encoding


def _unmarked_wide(content: bytes) -> str | None:
    """UTF-16 without its mark shows zero bytes beside the separators and digits of its first line."""
    head = content[:400]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) // 20 or not (even or odd):
        return None
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    return encoding if min(even, odd) == 0 and _decodes(content, encoding) else None


def _mostly(content: bytes, encoding: str) -> bool:
    """Whether letters of Korean are read and at most one in five is damaged."""
    text = content.decode(encoding, errors="replace")
    korean = sum("가" <= letter <= "힣" for letter in text)
    return text.count("\ufffd") * 5 <= korean


def _separator(text: str) -> tuple[str, str]:
    """The separator, by Excel's `sep=` line or by how often each stands outside quotes in the first rows."""
    if found := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):
        return found.group(1), "\n" + text[found.end() :]
    head = re.sub(r'"[^"]*"', "", text[:20_000]).splitlines()[:20]
    counts = {separator: max((line.count(separator) for line in head), default=0) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: counts[separator])
    return (best if counts[best] else ","), text
