"""The recall sweep: ask the feeds, hold their notices against the shelves, take what is certain off sale."""

from __future__ import annotations

import operator
from datetime import timedelta
from typing import Annotated, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from graphs.progress import Progress
from stocksense.domain.recall import Certainty, MatchState
from stocksense.errors import SourceUnreachable, SourceUnreadable
from stocksense.store import quarantine, recalls, touched
from tools.services import Services

LOOK_BACK_DAYS = 365
"""How old a notice may be and still be held against the shelves; a lot can lie there for long."""

POLICY = "policy: certain recalls leave the shelf at once"
"""Who decided, where the owner's standing policy did."""


class Sweep(TypedDict, total=False):
    """What a sweep knows as it goes; the rows in the store hold the rest."""

    failures: Annotated[list[str], operator.add]
    """Sources that could not be asked, in words."""


def ask_recall_sources(state: Sweep, runtime: Runtime[Services]) -> Sweep:
    """Read every recall feed into the store; one that fails is named, and the others go on."""
    services = runtime.context
    failures: list[str] = []
    for source in services.recall_sources:
        runtime.stream_writer(Progress("recalls", note=source.name))
        with services.sessions() as session:
            since = services.today(session) - timedelta(days=LOOK_BACK_DAYS)
        try:
            notices = source.notices(since)
        except (SourceUnreachable, SourceUnreadable) as failure:
            failures.append(str(failure))
            continue
        with services.sessions.begin() as session:
            recalls.save_notices(session, notices, services.clock())
    return {"failures": failures}


def match_notices(state: Sweep, runtime: Runtime[Services]) -> Sweep:
    """Hold every recent notice against every product, and keep what touches."""
    services = runtime.context
    with services.sessions.begin() as session:
        shop = services.shop(session)
        since = services.today(session) - timedelta(days=LOOK_BACK_DAYS)
        touched.match_notices(session, shop, since, now=services.clock())
    return {}


def quarantine_certain(state: Sweep, runtime: Runtime[Services]) -> Sweep:
    """Take goods off sale whose barcode is recalled; likely matches wait for a person."""
    services = runtime.context
    with services.sessions.begin() as session:
        shop = services.shop(session)
        for match in recalls.matches(session, shop.id, states=(MatchState.PROPOSED,)):
            if match.certainty is Certainty.CERTAIN:
                quarantine.settle_match(
                    session, match.id, MatchState.QUARANTINED, decided_by=POLICY, now=services.clock()
                )
    return {}


def build_recall_sweep() -> CompiledStateGraph[Sweep, Services, Sweep, Sweep]:
    """Ask, match, quarantine."""
    graph = StateGraph(Sweep, context_schema=Services)
    graph.add_node(ask_recall_sources)
    graph.add_node(match_notices)
    graph.add_node(quarantine_certain)
    graph.add_edge(START, "ask_recall_sources")
    graph.add_edge("ask_recall_sources", "match_notices")
    graph.add_edge("match_notices", "quarantine_certain")
    graph.add_edge("quarantine_certain", END)
    return graph.compile()
