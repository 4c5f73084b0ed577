"""Tools that no intent names: found by the words of their name and manual, called with what the question holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agents.offline.arguments import count_of, mention_of
from agents.offline.fillers import is_filler
from agents.offline.plan import Call
from agents.offline.spans import period_of
from agents.offline.spelling import normal

Tool = Mapping[str, Any]


def best_match(question: str, tools: Sequence[Tool]) -> Tool | None:
    """The tool whose name and manual share the most telling words with a question; None if none shares any."""
    asked = _words(question)
    scored = [(_score(asked, tool), -at, tool) for at, tool in enumerate(tools)]
    best = max(scored, default=(0.0, 0, None), key=lambda entry: entry[:2])
    return best[2] if best[0] >= 1 else None


def generic_call(question: str, tool: Tool) -> Call:
    """A call with a period, a number and a name where the tool takes them by type and name."""
    period, rest = period_of(question)
    count, rest = count_of(rest)
    name = " ".join(word for word in mention_of(rest).split() if not _shared(word, tool)) or mention_of(rest)
    arguments: dict[str, Any] = {}
    for argument, schema in tool["parameters"].get("properties", {}).items():
        if argument == "period" and period:
            arguments[argument] = period
        elif schema.get("type") in ("integer", "number") and count:
            arguments[argument] = count
        elif schema.get("type") == "string" and argument != "period" and name:
            arguments[argument] = name
            name = ""
    return Call(tool["name"], arguments)


def _score(asked: set[str], tool: Tool) -> float:
    named, told = _words(tool["name"].replace("_", " ")), _words(tool.get("description", ""))
    return sum(2.0 if _in(word, named) else 0.5 if _in(word, told) else 0.0 for word in asked)


def _shared(word: str, tool: Tool) -> bool:
    return _in(_stem(word), _words(tool["name"].replace("_", " ") + " " + tool.get("description", "")))


def _in(word: str, words: set[str]) -> bool:
    return word in words or (len(word) >= 2 and word >= "가" and any(other.startswith(word) for other in words))


def _words(text: str) -> set[str]:
    found = re.findall(r"[a-z]{3,}|[가-힣]{2,}", normal(text))
    return {_stem(word) for word in found if not is_filler(word)}


def _stem(word: str) -> str:
    plain = normal(word)
    if re.search("[가-힣]", plain):
        return re.sub(r"(은|는|이|가|을|를|의|에|도|로|으로|에서|야|요|인가|입니까)$", "", plain) or plain
    return re.sub(r"(ies|es|s)$", "", plain) if len(plain) > 4 else plain
