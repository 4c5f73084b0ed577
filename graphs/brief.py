"""The morning brief: what happened yesterday, and what needs the owner today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from graphs.letters import write_letter
from stocksense.domain.orders import OrderState, ProposalState
from stocksense.domain.reasons import Language
from stocksense.domain.recall import MatchState
from stocksense.store import jobs, orders, proposals, recalls, takings
from stocksense.store.states import JobState
from tools.services import Services


@dataclass(frozen=True)
class Brief:
    """What the letter tells. `change` is yesterday's sales against the same weekday a week before (0.1 = 10 % more)."""

    shop: str
    provenance: str
    currency: str
    day: date
    amount: Decimal
    units: int
    change: float | None
    top: tuple[tuple[str, int], ...]
    waiting: int
    waiting_total: Decimal
    arriving: tuple[str, ...]
    attention: tuple[str, ...]
    recalls: tuple[str, ...]
    failed_jobs: tuple[str, ...]


class Writing(TypedDict, total=False):
    """The state of a brief: the run that it belongs to."""

    run_id: int
    """The row of this run; the letter is written once a run."""


def brief_of(services: Services, language: Language) -> Brief:
    """Put the brief together from the store, with names in one language."""
    with services.sessions() as session:
        shop, today = services.shop(session), services.today(session)
        yesterday = today - timedelta(days=1)
        week_before = yesterday - timedelta(days=7)
        sold = takings.totals(session, shop.id, yesterday, yesterday)
        then = takings.totals(session, shop.id, week_before, week_before)
        top = takings.top_products(session, shop.id, yesterday, yesterday, limit=3)
        waiting = proposals.proposals(session, shop.id, states=(ProposalState.PENDING,))
        lines = orders.open_lines(session, shop.id)
        return Brief(
            shop=shop.name,
            provenance=shop.provenance,
            currency=shop.currency,
            day=today,
            amount=sold.amount,
            units=sold.units,
            change=float(sold.amount / then.amount - 1) if then.amount else None,
            top=tuple((product.name(language), product.units) for product in top),
            waiting=len(waiting),
            waiting_total=sum((one.terms.total for one in waiting), Decimal(0)),
            arriving=tuple(line.name(language) for line in lines if line.expected_on and line.expected_on <= today),
            attention=tuple(
                f"{line.name(language)}: {line.note}" for line in lines if line.state is OrderState.NEEDS_ATTENTION
            ),
            recalls=tuple(
                f"{match.name(language)}: {match.notice.product_name}"
                for match in recalls.matches(session, shop.id, states=(MatchState.PROPOSED,))
            ),
            failed_jobs=tuple(
                f"{run.job} ({run.started_at:%m-%d %H:%M} UTC)"
                for run in jobs.runs(session, shop.id)
                if run.state is JobState.FAILED and services.clock() - run.started_at < timedelta(days=1)
            ),
        )


def write_brief(state: Writing, runtime: Runtime[Services]) -> Writing:
    """Put the brief into the outbox, and let the outbox leave."""
    services = runtime.context
    with services.sessions() as session:
        currency = services.shop(session).currency
    key = f"brief-{state['run_id']}"
    write_letter(services, "brief", key=key, currency=currency, report=partial(brief_of, services))
    services.deliver()
    return {}


def build_brief() -> CompiledStateGraph[Writing, Services, Writing, Writing]:
    """Put together, write, send."""
    graph = StateGraph(Writing, context_schema=Services)
    graph.add_node(write_brief)
    graph.add_edge(START, "write_brief")
    graph.add_edge("write_brief", END)
    return graph.compile()
