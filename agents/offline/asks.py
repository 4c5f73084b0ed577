"""From a question to the things that it asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.offline.arguments import count_of, mention_of
from agents.offline.intents import Intent, intent_of
from agents.offline.spans import horizon_of, period_of

_CONNECTORS = re.compile(
    r"(\s*(?:[?？!]+|[.;,](?=\s)|\b(?:and also|and|also|plus)\b|그리고|또한|"
    r"(?<=[가-힣])(?:이랑|랑|하고|이고|고|와|과|며|는데|은데|한데)(?=[\s,]))\s*)",
    re.IGNORECASE,
)
_COUNTED = frozenset({"propose", "top_sellers", "slow_sellers", "low", "what_to_order"})
_CHOICE = re.compile(r"^\s*(\d{1,2})\s*(?:번|번째|요|이요)?[.!]?\s*$")
_LONGEST_FOLLOW_UP = 40


@dataclass(frozen=True)
class Ask:
    """One thing that a clause asks for.

    `period` is in the words of `parse_period`; `days` ahead and `count` are 0 where none is named; `mention` is what
    the clause names, in the user's words.
    """

    intent: Intent
    period: str = ""
    days: int = 0
    count: int = 0
    mention: str = ""


def asks_in(text: str, earlier: Sequence[str] = (), last_answer: str = "") -> tuple[Ask, ...]:
    """What a question asks for, in its order; empty if that can't be told.

    `earlier` are the questions before it, the newest last, to which a short follow-up (`and yesterday?`, `2`) relates.
    """
    chosen = _chosen(text, last_answer)
    if chosen:
        return tuple(replace(ask, mention=chosen) for ask in _last_asks(earlier)[-1:])
    found = tuple(_ask(intent, clause) for clause in clauses(text) if (intent := intent_of(clause)) is not None)
    if found:
        return _complete(found, earlier)
    return _follow_up(text, earlier)


def clauses(text: str) -> list[str]:
    """A question cut where both sides ask for something by themselves."""
    parts = _CONNECTORS.split(text)
    done: list[str] = []
    current = parts[0]
    for connector, part in zip(parts[1::2], parts[2::2], strict=True):
        if intent_of(current) is not None and intent_of(part) is not None:
            done.append(current)
            current = part
        else:
            current += connector + part
    return [*done, current]


def _ask(intent: Intent, clause: str) -> Ask:
    if intent.name == "forecast":
        days, rest = horizon_of(clause)
        return Ask(intent, days=days, mention=mention_of(rest))
    period, rest = period_of(clause)
    count = 0
    if intent.name in _COUNTED:
        count, rest = count_of(rest)
    return Ask(intent, period, count=count, mention=mention_of(rest) if intent.needs != "nothing" else "")


def _complete(found: tuple[Ask, ...], earlier: Sequence[str]) -> tuple[Ask, ...]:
    """A product that is asked about without being named is the one that was named last."""
    named = [ask.mention for ask in found if ask.mention] or [ask.mention for ask in _last_asks(earlier) if ask.mention]
    return tuple(
        replace(ask, mention=named[-1]) if ask.intent.needs == "product" and not ask.mention and named else ask
        for ask in found
    )


def _follow_up(text: str, earlier: Sequence[str]) -> tuple[Ask, ...]:
    before = _last_asks(earlier)
    if not before or len(text) > _LONGEST_FOLLOW_UP:
        return ()
    now = _ask(before[-1].intent, text)
    if not (now.mention or now.period or now.days or now.count):
        return ()
    last = before[-1]
    return (
        Ask(
            last.intent,
            now.period or last.period,
            now.days or last.days,
            now.count or last.count,
            now.mention or last.mention,
        ),
    )


def _last_asks(earlier: Sequence[str]) -> tuple[Ask, ...]:
    """What the newest of the earlier questions that asked for something asked for."""
    for text in reversed(earlier):
        found = tuple(_ask(intent, clause) for clause in clauses(text) if (intent := intent_of(clause)) is not None)
        if any(ask.intent.tool for ask in found):
            return tuple(ask for ask in found if ask.intent.tool)
    return ()


def _chosen(text: str, last_answer: str) -> str:
    """The SKU behind the number of a list that was offered before, if the text is nothing but such a number."""
    match = _CHOICE.match(text)
    line = re.search(rf"^{match[1]}\. .*\(([^()]+)\)\s*$", last_answer, re.MULTILINE) if match else None
    return line[1] if line else ""
