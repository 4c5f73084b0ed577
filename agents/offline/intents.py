"""What people can ask for, as patterns kept in intents.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from agents.offline.spelling import normal, squeezed

Needs = Literal["nothing", "product", "anything"]


@dataclass(frozen=True)
class Intent:
    """One thing that can be asked for.

    `needs` says what the rest of the clause names: nothing, a product, or anything that is to be looked up.
    `fixed` are arguments that always go with it. An intent without `tool` is answered by a phrase of its name.
    """

    name: str
    korean: re.Pattern[str]
    english: re.Pattern[str]
    tool: str = ""
    agent: str = ""
    needs: Needs = "nothing"
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def matches(self, clause: str) -> bool:
        """Whether a clause asks for this."""
        return bool(self.korean.search(squeezed(clause)) or self.english.search(normal(clause)))


def intent_of(clause: str) -> Intent | None:
    """The first intent that a clause matches, or None."""
    return next((intent for intent in INTENTS if intent.matches(clause)), None)


def _read() -> tuple[Intent, ...]:
    kept = tomllib.loads(Path(__file__).with_name("intents.toml").read_text("utf-8"))
    return tuple(
        Intent(**entry | {language: re.compile("|".join(entry[language])) for language in ("korean", "english")})
        for entry in kept["intent"]
    )


INTENTS = _read()
