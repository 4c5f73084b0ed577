"""What every buyer's brain does: look at a page, think in words, and name one action."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Protocol

from agents.shopper.request import Request

Verb = Literal["search", "click", "stop"]
_ACTION = re.compile(r"(search|click|stop)\[(.*)\]", re.DOTALL)
BUY = "click[buy now]"
HOW_TO_ACT = "write one action: search[words], click[a name on the page] or stop[why nothing can be bought]"


@dataclass(frozen=True)
class Usage:
    """Tokens that a model read and wrote; `estimated` if it did not say, so that we counted letters instead."""

    tokens_in: int = 0
    tokens_out: int = 0
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out, self.estimated or other.estimated
        )

    @property
    def tokens(self) -> int:
        """Read and written together."""
        return self.tokens_in + self.tokens_out


NO_TOKENS = Usage()
"""What a brain without a model uses."""


@dataclass(frozen=True)
class Thought:
    """What the brain thinks, in words for people, and what it does next.

    `fault` says what is wrong with the form of a model's answer, and the rules: then there is no action. `korean` is
    the same thought in Korean, empty where the brain says it once.
    """

    thought: str
    action: str
    usage: Usage = NO_TOKENS
    fault: str = ""
    korean: str = ""


@dataclass(frozen=True)
class Turn:
    """One step of a walk: thought, action, and the page that followed; `refusal` says why nothing was done.

    `korean` is the thought in Korean, empty where the brain said it once.
    """

    thought: str
    action: str
    observation: str
    clickables: tuple[str, ...]
    page: str = ""
    refusal: str = ""
    usage: Usage = NO_TOKENS
    korean: str = ""


class Brain(Protocol):
    """Decides the next step from what can be seen; the same sight and history give the same decision."""

    @property
    def name(self) -> str:
        """What transcripts and lessons call it."""

    def think(
        self, observation: str, clickables: tuple[str, ...], *, history: tuple[Turn, ...], request: Request
    ) -> Thought:
        """The next thought and action. `observation` is the page now, `history` all turns before it."""


def parse_action(action: str) -> tuple[Verb, str] | None:
    """Split `search[words]`, `click[name]` or `stop[why]`; None if it is none of them or its brackets are empty."""
    found = _ACTION.fullmatch(action.strip())
    if found is None or not found[2].strip():
        return None
    verb: Verb = "search" if found[1] == "search" else "click" if found[1] == "click" else "stop"
    return verb, " ".join(found[2].split()).lower() if verb != "stop" else found[2].strip()
