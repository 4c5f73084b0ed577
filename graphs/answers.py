"""What comes out of a question: the answer with every step that was taken, and events on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.offline.language import Language, language_of
from agents.offline.phrases import phrase
from agents.offline.tell import TELLERS
from graphs.state import Conversation


@dataclass(frozen=True)
class StepTaken:
    """One call of a tool by an agent; `error` is empty where it worked, `wrote` says whether it changed anything.

    `proposal` is the number of the proposal on account of which a call was refused.
    """

    agent: str
    tool: str
    arguments: Mapping[str, Any]
    seconds: float
    wrote: bool = False
    result: str = field(default="", repr=False)
    error: str = ""
    proposal: int | None = None


@dataclass(frozen=True)
class Answer:
    """The answer to a question: every agent's answer, none rewritten.

    `failures` are sentences about what could not be asked; they are part of the text, too.
    """

    text: str
    language: Language
    steps: tuple[StepTaken, ...] = ()
    agents: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Started:
    """An agent began to work."""

    agent: str


@dataclass(frozen=True)
class Spoke:
    """An agent wrote a piece of its answer."""

    agent: str
    text: str


@dataclass(frozen=True)
class Calling:
    """An agent begins to call a tool; Used with the same agent, tool and arguments follows."""

    agent: str
    tool: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Used:
    """An agent called a tool."""

    step: StepTaken


@dataclass(frozen=True)
class Answered:
    """The whole answer; the last event."""

    answer: Answer


Event = Started | Calling | Used | Spoke | Answered

_CLAIMS = re.compile(
    r"\bI(?:'ve| have|'m)?\s+(?:just\s+|now\s+)?(?:ordered|placed|bought|purchased|reordered)\b"
    r"|\border (?:was|has been|is) placed\b"
    r"|(?:주문|발주|구매)(?:했|하였|를 완료|을 완료|을 마쳤|를 마쳤|이 완료|가 완료|완료했|을 넣었|를 넣었)",
)
"""Words by which a model claims a purchase, which none of its tools can make."""


def answer_of(state: Conversation, *, by_rules: bool) -> Answer:
    """The answer that a finished conversation holds.

    What was done is told by the calls that were made, whatever a model says about them; the offline model tells
    nothing else anyway.
    """
    language = language_of(state["question"])
    findings, steps = state.get("findings", []), tuple(StepTaken(**step) for step in state.get("steps", []))
    texts = list(dict.fromkeys(finding["text"].strip() for finding in findings if finding["text"].strip()))
    text = "\n\n".join(texts) or state.get("reply", "").strip() or phrase("unclear", language)
    return Answer(
        text=text if by_rules else _with_facts(text, steps, language),
        language=language,
        steps=steps,
        agents=tuple(dict.fromkeys(finding["agent"] for finding in findings)),
        failures=tuple(finding["text"] for finding in findings if finding["failed"]),
    )


def _with_facts(text: str, steps: Sequence[StepTaken], language: Language) -> str:
    done = [_fact(step, language) for step in steps if step.wrote]
    facts = [fact for fact in done if fact and fact not in text]
    if _CLAIMS.search(text):
        facts.insert(0, phrase("nothing_ordered", language))
    return "\n\n".join([text, *facts])


def _fact(step: StepTaken, language: Language) -> str:
    teller = TELLERS.get(step.tool)
    return teller(json.loads(step.result), language) if teller else f"{step.tool}: {step.result}"
