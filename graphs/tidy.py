"""Forgets what is no longer needed: old conversations, and runs of the agents that a kill left behind."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from graphs.checkpoints import open_checkpoints, prune
from stocksense.settings import Settings
from stocksense.store import conversations
from tools.services import Services

LEFT_FOR = timedelta(days=7)
"""After so long nobody resumes a run that was killed."""


class Tidying(TypedDict, total=False):
    """The state of a tidying: the run that it belongs to, and how much was forgotten."""

    run_id: int
    """The row of this run."""
    forgotten: int
    """Conversations that were forgotten."""
    dropped: int
    """Runs of agents that were dropped."""


def forget_conversations(state: Tidying, runtime: Runtime[Services]) -> Tidying:
    """Forget conversations that are older, or more, than the settings keep."""
    services = runtime.context
    kept = services.settings
    with services.sessions.begin() as session:
        gone = conversations.prune(
            session, now=services.clock(), keep_days=kept.chat_days, keep_newest=kept.chat_conversations
        )
    return {"forgotten": gone}


def drop_runs(state: Tidying, runtime: Runtime[Services]) -> Tidying:
    """Drop what a kill left of the agents' runs, and nobody resumed since."""
    return {"dropped": asyncio.run(_dropped(runtime.context.settings, runtime.context.clock() - LEFT_FOR))}


def build_tidy() -> CompiledStateGraph[Tidying, Services, Tidying, Tidying]:
    """Conversations, then runs."""
    graph = StateGraph(Tidying, context_schema=Services)
    graph.add_node(forget_conversations)
    graph.add_node(drop_runs)
    graph.add_edge(START, "forget_conversations")
    graph.add_edge("forget_conversations", "drop_runs")
    graph.add_edge("drop_runs", END)
    return graph.compile()


async def _dropped(settings: Settings, before: datetime) -> int:
    async with open_checkpoints(settings) as saver:
        return await prune(saver, before)
