"""A buyer that asks a chat model for each thought and action, as two lines of text or as a call of a tool."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from agents.shopper.brain import BUY, HOW_TO_ACT, Thought, Turn, Usage, parse_action
from agents.shopper.request import Request

Style = Literal["text", "tools"]
SHOWN = 4_000
"""Characters of a page that the model is shown; the rest is cut."""
SHOWN_LATER = 1_200
"""Characters of a page that lies more than `FULL` steps back, so that a long walk does not grow without end."""
FULL = 4
HOW_TO_CALL = (
    "call exactly one tool with all of its arguments: search(thought, words), click(thought, name) or "
    "stop(thought, reason)"
)
_ANSWER = re.compile(r"\s*Thought:\s*(?P<thought>[^\n]*)\n+\s*Action:\s*(?P<action>[^\n]+?)\s*", re.IGNORECASE)
_EXAMPLE_STEP = re.compile(r"Thought: ([^\n]*)\nAction: (\w+)\[([^\n]*)\]")
_INVENTED = re.compile(r"\n\s*(?:Observation|Clickable)\s*:", re.IGNORECASE)


@dataclass(frozen=True)
class ChatShopper:
    """The brain of a chat model; `lessons` from earlier failures stand before the instruction.

    `examples` are solved walks of like requests, as text. In style `text` it answers in two lines, in style `tools` by
    calling search, click or stop, for models that were trained to.
    """

    model: BaseChatModel
    lessons: tuple[str, ...] = ()
    name: str = "react"
    examples: tuple[str, ...] = ()
    style: Style = "text"

    def think(
        self, observation: str, clickables: tuple[str, ...], *, history: tuple[Turn, ...], request: Request
    ) -> Thought:
        """Ask the model. An answer of another form becomes an empty action, with the rules as its fault.

        Raises ModelUnavailable if the model does not answer.
        """
        messages = self.messages(observation, clickables, history, request)
        if self.style == "text":
            answer = self.model.invoke(messages)
            thought = parse_answer(answer.text)
        else:
            answer = self.model.bind_tools([search, click, stop]).invoke(messages)
            thought = read_call(answer)
        return Thought(thought.thought, thought.action, usage_of(answer, messages), thought.fault)

    def messages(
        self, observation: str, clickables: tuple[str, ...], history: tuple[Turn, ...], request: Request
    ) -> list[BaseMessage]:
        """The conversation so far: rules and examples, lessons and instruction, then each turn and what followed."""
        told = [*_told(self.lessons), f"Instruction: {request.text}"]
        messages: list[BaseMessage] = [SystemMessage("\n\n".join([prompt(self.style), *_shown(self.examples)]))]
        if not history:
            return [*messages, HumanMessage("\n".join([*told, _seen(observation, clickables)]))]
        messages.append(HumanMessage("\n".join([*told, "Observation: the start page", 'Clickable: ["search"]'])))
        for place, turn in enumerate(history):
            most = SHOWN if len(history) - place <= FULL else SHOWN_LATER
            seen = _seen(turn.observation, turn.clickables, turn.refusal, most=most)
            messages += self._said(turn, seen, place)
        return messages

    def _said(self, turn: Turn, seen: str, place: int) -> list[BaseMessage]:
        """What the model did in a turn, in its own style, and what it was shown then."""
        if self.style == "text":
            return [AIMessage(f"Thought: {turn.thought}\nAction: {turn.action}"), HumanMessage(seen)]
        parsed = parse_action(turn.action)
        if parsed is None:
            return [AIMessage(turn.thought or "(an answer that could not be read)"), HumanMessage(seen)]
        verb, value = parsed
        call = {"name": verb, "args": {"thought": turn.thought, _ARGUMENT[verb]: value}, "id": f"step{place}"}
        return [AIMessage("", tool_calls=[call]), ToolMessage(seen, tool_call_id=f"step{place}")]


_ARGUMENT = {"search": "words", "click": "name", "stop": "reason"}


def search(thought: str, words: str) -> None:
    """Search the shop; possible on every page.

    Args:
        thought: one sentence, why.
        words: what to search for, such as "organic mint green tea".
    """


def click(thought: str, name: str) -> None:
    """Click one of the names that can be clicked on the page.

    Args:
        thought: one sentence, why.
        name: the name exactly as it is listed, such as "b0abc12345", "features", "large" or "buy now".
    """


def stop(thought: str, reason: str) -> None:
    """Give up, if nothing in the shop is what the instruction asks for.

    Args:
        thought: one sentence, why.
        reason: what is wrong with the nearest that was found.
    """


@cache
def prompt(style: Style = "text") -> str:
    """The rules and the example, from the file beside this one; how to answer depends on the style."""
    whole = (Path(__file__).parent / "prompt.md").read_text(encoding="utf-8")
    if style == "text":
        return whole
    head, rest = whole.split("Answer with exactly two lines", 1)
    rules = _EXAMPLE_STEP.sub(_as_call, rest[rest.index("Rules:") :]).replace(BUY, "clicking buy now")
    return f"{head}Answer by calling one tool, and give your thought with it: search, click or stop.\n\n{rules}"


def _as_call(step: re.Match[str]) -> str:
    """A step of the example as a model with tools does it."""
    thought, verb, value = (json.dumps(step[1]), step[2], json.dumps(step[3]))
    return f"Call: {verb}(thought={thought}, {_ARGUMENT[verb]}={value})"


def parse_answer(answer: str) -> Thought:
    """Split `Thought: ...` and `Action: ...`; an answer that is not exactly these two lines has the action "".

    An observation that the model goes on to invent is cut off.
    """
    found = _ANSWER.fullmatch(_INVENTED.split(answer, maxsplit=1)[0])
    if found is None:
        return Thought(" ".join(answer.split())[:500], "", fault=f"your answer had another form; {HOW_TO_ACT}")
    return Thought(found["thought"].strip(), found["action"])


def read_call(answer: AIMessage) -> Thought:
    """The first tool call of an answer as thought and action; one that cannot be read has the action ""."""
    said = " ".join(answer.text.split())[:500]
    if not answer.tool_calls:
        broken = "the arguments of your call were no valid JSON" if answer.invalid_tool_calls else "you called no tool"
        return Thought(said, "", fault=f"{broken}; {HOW_TO_CALL}")
    call = answer.tool_calls[0]
    value = call["args"].get(_ARGUMENT.get(call["name"], ""))
    if not isinstance(value, str) or not value.strip():
        return Thought(said, "", fault=f"your call of {call['name'][:40]!r} cannot be done; {HOW_TO_CALL}")
    thought = call["args"].get("thought") or said
    return Thought(" ".join(str(thought).split())[:500], f"{call['name']}[{value}]")


def usage_of(answer: AIMessage, asked: Sequence[BaseMessage]) -> Usage:
    """The tokens that the model says it read and wrote; where it does not say, an estimate from the letters."""
    told = answer.usage_metadata
    if told:
        return Usage(told["input_tokens"], told["output_tokens"])
    written = answer.text + "".join(json.dumps(call["args"], ensure_ascii=False) for call in answer.tool_calls)
    return Usage(sum(estimate_tokens(message.text) for message in asked), estimate_tokens(written), estimated=True)


def estimate_tokens(text: str) -> int:
    """About how many tokens a text has: one for four ASCII letters, one for each other letter."""
    plain = sum(letter.isascii() for letter in text)
    return (plain + 3) // 4 + len(text) - plain


def _told(lessons: tuple[str, ...]) -> list[str]:
    """Lessons, labelled as what they are."""
    if not lessons:
        return []
    head = "Notes from earlier tries, on how to look. They give no permission: the instruction alone says what to buy."
    return [head, *(f"- {lesson}" for lesson in lessons)]


def _shown(examples: tuple[str, ...]) -> list[str]:
    head = "Walks that ended well for other instructions, shortened; what they bought is not what you are asked for:"
    return [head, *examples] if examples else []


def _seen(observation: str, clickables: tuple[str, ...], refusal: str = "", *, most: int = SHOWN) -> str:
    lines = [f"Refused: {refusal}"] if refusal else []
    names = json.dumps(clickables, ensure_ascii=False)
    return "\n".join([*lines, f"Observation: {observation[:most]}", f"Clickable: {names}"])
