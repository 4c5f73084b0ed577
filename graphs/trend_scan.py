"""The trend scan: read the popularity lists of two weeks, and find what rises and which shelves it touches."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from graphs.letters import write_letter
from graphs.progress import Progress
from stocksense.domain.trend import Candidate, KeywordRank
from stocksense.errors import SourceUnreachable, SourceUnreadable
from stocksense.store import rising, trends
from tools.services import Services, TrendSource

WINDOW_DAYS = 7
"""Length of a window; the newest ends the day before today, when the lists of the day before are out."""


class Scan(TypedDict, total=False):
    """What a scan knows as it goes; the rows in the store hold the rest."""

    run_id: int
    """The row of this run; the letter is written once a run."""
    failures: Annotated[list[str], operator.add]
    """Sources that could not be asked, in words."""


def ask_trend_sources(state: Scan, runtime: Runtime[Services]) -> Scan:
    """Read every list over the last two windows into the store; one that fails is named, and the others go on."""
    services = runtime.context
    failures: list[str] = []
    with services.sessions() as session:
        today = services.today(session)
    for source in services.trend_sources:
        runtime.stream_writer(Progress("trends", note=source.name))
        try:
            ranks = _two_windows(source, services.settings.datalab_categories.split(","), today)
        except (SourceUnreachable, SourceUnreadable) as failure:
            failures.append(str(failure))
            continue
        with services.sessions.begin() as session:
            trends.save_ranks(session, ranks, services.clock())
    return {"failures": failures}


def _two_windows(source: TrendSource, categories: list[str], today: date) -> list[KeywordRank]:
    """The ranks of the last window and of the one before it."""
    last = today - timedelta(days=1)
    windows = [(end - timedelta(days=WINDOW_DAYS - 1), end) for end in (last, last - timedelta(days=WINDOW_DAYS))]
    return [
        rank for category in categories for first, end in windows for rank in source.ranks(category.strip(), first, end)
    ]


@dataclass(frozen=True)
class TrendReport:
    """What the letter tells: what rises, and what could not be asked."""

    shop: str
    found: tuple[Candidate, ...]
    failures: tuple[str, ...]


def write_trends(state: Scan, runtime: Runtime[Services]) -> Scan:
    """Put a letter about what rises into the outbox, and let the outbox leave."""
    services = runtime.context
    with services.sessions() as session:
        shop = services.shop(session)
        report = TrendReport(shop.name, rising.rising(session, shop), tuple(state.get("failures", ())))
    write_letter(services, "trends", key=f"trends-{state['run_id']}", currency=shop.currency, report=lambda _: report)
    services.deliver()
    return {}


def build_trend_scan() -> CompiledStateGraph[Scan, Services, Scan, Scan]:
    """Ask, keep the answers, write."""
    graph = StateGraph(Scan, context_schema=Services)
    graph.add_node(ask_trend_sources)
    graph.add_edge(START, "ask_trend_sources")
    graph.add_node(write_trends)
    graph.add_edge("ask_trend_sources", "write_trends")
    graph.add_edge("write_trends", END)
    return graph.compile()
