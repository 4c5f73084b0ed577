"""A buyer that asks a chat model for each thought and action, shown one whole example and nothing but the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from agents.shopper.brain import Thought, Turn
from agents.shopper.request import Request

SHOWN = 4_000
"""Characters of a page that the model is shown; the rest is cut."""
_ANSWER = re.compile(r"\s*Thought:\s*(?P<thought>[^\n]*)\n+\s*Action:\s*(?P<action>[^\n]+?)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class ChatShopper:
    """The brain of a chat model; `lessons` from earlier failures stand before the instruction."""

    model: BaseChatModel
    lessons: tuple[str, ...] = ()
    name: str = "react"

    def think(
        self, observation: str, clickables: tuple[str, ...], *, history: tuple[Turn, ...], request: Request
    ) -> Thought:
        """Ask the model. An answer of another form becomes an empty action, which the loop answers with the rules.

        Raises ModelUnavailable if the model does not answer.
        """
        return parse_answer(self.model.invoke(self.messages(observation, clickables, history, request)).text)

    def messages(
        self, observation: str, clickables: tuple[str, ...], history: tuple[Turn, ...], request: Request
    ) -> list[BaseMessage]:
        """The conversation so far: the rules and example, the instruction, then each turn and what followed it."""
        told = [f"Lesson from an earlier try: {lesson}" for lesson in self.lessons]
        told.append(f"Instruction: {request.text}")
        messages: list[BaseMessage] = [SystemMessage(prompt())]
        if not history:
            return [*messages, HumanMessage("\n".join([*told, _seen(observation, clickables)]))]
        messages.append(HumanMessage("\n".join([*told, "Observation: the start page", "Clickable: search"])))
        for turn in history:
            messages.append(AIMessage(f"Thought: {turn.thought}\nAction: {turn.action}"))
            messages.append(HumanMessage(_seen(turn.observation, turn.clickables, turn.refusal)))
        return messages


@cache
def prompt() -> str:
    """The rules and the example, from the file beside this one."""
    return (Path(__file__).parent / "prompt.md").read_text(encoding="utf-8")


def parse_answer(answer: str) -> Thought:
    """Split `Thought: ...` and `Action: ...`; an answer that is not exactly these two lines has the action ""."""
    found = _ANSWER.fullmatch(answer)
    if found is None:
        return Thought(" ".join(answer.split())[:500], "")
    return Thought(found["thought"].strip(), found["action"])


def _seen(observation: str, clickables: tuple[str, ...], refusal: str = "") -> str:
    lines = [f"Refused: {refusal}"] if refusal else []
    return "\n".join([*lines, f"Observation: {observation[:SHOWN]}", f"Clickable: {', '.join(clickables)}"])
