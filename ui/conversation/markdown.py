"""Texts made safe for the chat, which renders Markdown: names and notices from outside stay letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~:&$])")
_LINKING = re.compile(r"[\[\]<~]|:(?=[A-Za-z:\[{])")
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|javascript|data|mailto)(?=\s*:)|\b(www)(?=\.)|(?<=\w)(@)(?=\w)")
_ITEM = re.compile(r"\s*(?:[-*•]|\d+[.)])\s")
_JOINER = "\u2060"
"""A letter without width: it keeps what looks like an address from being made a link."""


def letters(text: object) -> str:
    """A text from outside as one line of plain letters: no markup, no link, no picture."""
    line = " ".join(str(text).split())
    return _SPECIAL.sub(r"\\\1", _without_addresses(line))


def answer_text(text: str) -> str:
    """An answer whose lists, tables and bold print stay, but that links nowhere and shows no picture.

    The tilde of a range (1일~3일) doesn't strike out what follows.
    """
    return _LINKING.sub(lambda found: "\\" + found[0], _without_addresses(text))


def is_item(line: str) -> bool:
    """Whether a line is an item of a list."""
    return _ITEM.match(line) is not None


def table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; whatever stands in its cells is shown letter by letter."""
    lines = [head, ["---"] * len(head), *rows]
    shown = [[cell if at == 1 else letters(cell) for cell in line] for at, line in enumerate(lines)]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in shown)


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub(lambda found: found[0] + _JOINER, text)
