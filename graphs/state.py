"""What the supervisor's graph knows while it answers one question, in plain values that a checkpoint keeps."""

from __future__ import annotations

import operator
from typing import Annotated, Any, TypedDict

from langchain_core.messages import AnyMessage


class Finding(TypedDict):
    """What one agent answered to one hand-over; `failed` if a source outside could not be asked."""

    agent: str
    text: str
    failed: bool


class Conversation(TypedDict, total=False):
    """One question on its way to an answer."""

    question: str
    """The user's question, word for word."""
    history: list[AnyMessage]
    """Questions and answers before it."""
    log: Annotated[list[AnyMessage], operator.add]
    """The supervisor's hand-overs, and the agents' answers to them."""
    findings: Annotated[list[Finding], operator.add]
    """Every agent's answer, in the order of the hand-overs."""
    steps: Annotated[list[dict[str, Any]], operator.add]
    """Every call of a tool."""
    rounds: int
    """How often the supervisor was asked."""
    reply: str
    """What the supervisor said itself, where no agent was needed."""


class Errand(TypedDict):
    """What one agent is sent with."""

    question: str
    history: list[AnyMessage]
    task: str
    call_id: str
