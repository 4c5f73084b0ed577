"""Solved walks as examples: shortened to what was thought and done, with pages told in our own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agents.shopper.brain import Turn
from agents.shopper.request import Request
from memory.examples import Episode
from memory.own_words import own_words
from tools.shop_page import read_page

LONGEST = 120
"""Characters of a thought or an action in an example."""
Step = Mapping[str, str]


def compact(history: Iterable[Turn], request: Request) -> tuple[Step, ...]:
    """The steps of a walk that did something, without a word that a page wrote but for the names that were clicked.

    What was seen is told as the kind of page alone, and thoughts are kept only as far as they are the buyer's own.
    """
    turns = [turn for turn in history if turn.action and not turn.refusal]
    pages = [turn.observation for turn in turns]
    return tuple(
        {
            "thought": own_words(turn.thought, pages=pages, request=request.text)[:LONGEST],
            "action": turn.action[:LONGEST],
            "seen": _kind_of(turn),
        }
        for turn in turns
    )


def as_text(episode: Episode) -> str:
    """An episode as the prompt shows it: its instruction, then each thought and action and the page that followed."""
    lines = [f"Instruction: {episode.request}"]
    for step in episode.steps:
        thought = f"Thought: {step['thought']}" if step.get("thought") else "Thought: (left out)"
        lines += [thought, f"Action: {step.get('action', '')}", f"Observation: ({step.get('seen', '')})"]
    return "\n".join(lines)


def _kind_of(turn: Turn) -> str:
    page = read_page(turn.observation, turn.clickables)
    if page.kind == "results":
        return f"page {page.number} of {page.total} results"
    if page.kind == "item":
        return f"a product with {len(page.options)} groups of options"
    return {"detail": "more about the product", "done": "bought"}.get(page.kind, "the start page")
