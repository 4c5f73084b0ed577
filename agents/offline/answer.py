"""From a question and what the tools returned so far to the next calls, or to the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.offline.asks import Ask, asks_in
from agents.offline.generic import best_match, generic_call
from agents.offline.intents import INTENTS
from agents.offline.language import Language, language_of
from agents.offline.phrases import phrase
from agents.offline.plan import Call, Outcome, Schemas, Step, steps
from agents.offline.tell import tell

HAND_OVER = "hand_over_to_"
"""How the supervisor's tools begin that pass a question on to an agent."""

KNOWN_TOOLS = frozenset(intent.tool for intent in INTENTS if intent.tool)


@dataclass(frozen=True)
class Reply:
    """What the model says: calls of tools, or a text."""

    text: str = ""
    calls: tuple[Call, ...] = ()


def answer(
    question: str,
    *,
    tools: Sequence[Mapping[str, Any]],
    outcomes: Mapping[str, Outcome],
    earlier: Sequence[str] = (),
    last_answer: str = "",
) -> Reply:
    """What comes next in a conversation whose last question is `question`.

    `tools` are OpenAI's descriptions of functions, `outcomes` what was called since the question, by call.
    """
    language = _language(question, earlier)
    asks = asks_in(question, earlier, last_answer)
    if any(tool["name"].startswith(HAND_OVER) for tool in tools):
        return _hand_over(question, asks, tools, outcomes, language)
    schemas = {tool["name"]: tool["parameters"].get("properties", {}) for tool in tools}
    mine = tuple(ask for ask in asks if ask.intent.tool in schemas)
    if not mine:
        return _with_other_tools(question, asks, tools, outcomes, language)
    return _work(mine, schemas, outcomes, language)


def _work(asks: Sequence[Ask], schemas: Schemas, outcomes: Mapping[str, Outcome], language: Language) -> Reply:
    todo = steps(asks, schemas, outcomes)
    missing = {s.call.key: s.call for s in todo if s.outcome is None and not s.must_name}
    if missing:
        return Reply(calls=tuple(missing.values()))
    texts = dict.fromkeys(tell(step, language) for step in todo)
    return Reply("\n\n".join(texts))


def _with_other_tools(
    question: str,
    asks: Sequence[Ask],
    tools: Sequence[Mapping[str, Any]],
    outcomes: Mapping[str, Outcome],
    language: Language,
) -> Reply:
    """Try the tools that no intent names: those that a developer added."""
    others = [tool for tool in tools if tool["name"] not in KNOWN_TOOLS]
    match = None if asks else best_match(question, others)
    if match is None:
        return Reply(_chat(asks, language))
    call = generic_call(question, match)
    outcome = outcomes.get(call.key)
    if outcome is None:
        return Reply(calls=(call,))
    return Reply(tell(Step(Ask(INTENTS[0]), call, outcome), language))


def _hand_over(
    question: str,
    asks: Sequence[Ask],
    agents: Sequence[Mapping[str, Any]],
    outcomes: Mapping[str, Outcome],
    language: Language,
) -> Reply:
    """Pass the question on to every agent that it concerns; once they have answered, add nothing."""
    if outcomes:
        return Reply()
    names = {agent["name"] for agent in agents}
    wanted = [HAND_OVER + ask.intent.agent for ask in asks if ask.intent.agent]
    if not asks:
        match = best_match(question, agents)
        wanted = [match["name"]] if match else []
    calls = tuple(Call(name, {"task": question}) for name in dict.fromkeys(wanted) if name in names)
    return Reply(calls=calls) if calls else Reply(_chat(asks, language))


def _chat(asks: Sequence[Ask], language: Language) -> str:
    """Answers that need no tool; without an intent, what can be asked."""
    talk = [ask.intent.name for ask in asks if not ask.intent.tool]
    return "\n\n".join(phrase(name, language) for name in dict.fromkeys(talk or ["unclear"]))


def _language(question: str, earlier: Sequence[str]) -> Language:
    spoken = [text for text in (question, *reversed(earlier)) if any(letter.isalpha() for letter in text)]
    return language_of(spoken[0] if spoken else question)
