"""Replenishment: sales go in, purchase orders come out, with a reason for every product."""

from __future__ import annotations

import operator
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Literal, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from graphs import proposing
from graphs.buying import place_order, recover_orders
from graphs.letters import write_letter
from graphs.progress import Progress
from graphs.recall_sweep import ask_recall_sources, match_notices, quarantine_certain
from graphs.report import report_of
from graphs.review import forecast_shop, note_empty_shelves, situations
from graphs.trend_scan import ask_trend_sources
from stocksense.domain.orders import ProposalState
from stocksense.domain.reorder import decide_all
from stocksense.store import decisions, facts, proposals, spending
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from tools.services import Services


class Replenishment(TypedDict, total=False):
    """What a replenishment knows as it goes; the rows in the store hold the rest."""

    run_id: int
    """The row of this run, which decisions and proposals are bound to."""
    failures: Annotated[list[str], operator.add]
    """What could not be done and was left out, in words."""
    to_buy: list[int]
    """Approved proposals, by number."""


def finish_earlier_orders(state: Replenishment, runtime: Runtime[Services]) -> Replenishment:
    """Finish what an interrupted run left half bought, or approved and not bought, before anything is decided anew."""
    services = runtime.context
    runtime.stream_writer(Progress("recover"))
    recover_orders(services)
    with services.sessions() as session:
        approved = proposals.proposals(session, services.shop(session).id, states=(ProposalState.APPROVED,))
    for done, proposal in enumerate(approved, 1):
        line = place_order(services, proposal.id)
        runtime.stream_writer(Progress("recover", done, len(approved), f"{line.sku}: {line.state}"))
    return {}


def forecast_demand(state: Replenishment, runtime: Runtime[Services]) -> Replenishment:
    """Forecast every product from its sales, days with an empty shelf corrected and noted."""
    note_empty_shelves(runtime.context)
    forecast_shop(
        runtime.context, lambda done, total, note: runtime.stream_writer(Progress("forecast", done, total, note))
    )
    return {}


def review_stock(state: Replenishment, runtime: Runtime[Services]) -> Replenishment:
    """Decide about every product under this week's budget, and keep each decision with what it was made from."""
    services = runtime.context
    with services.sessions.begin() as session:
        shop, today = services.shop(session), services.today(session)
        runtime.stream_writer(Progress("review"))
        facts.note_past_sale(session, shop.id, today)
        made = decide_all(situations(session, shop, today), budget_left(session, shop, services.clock()))
        decisions.save_decisions(session, shop.id, state["run_id"], made, made_on=today, now=services.clock())
    return {}


def budget_left(session: Session, shop: ShopInfo, now: datetime) -> Decimal | None:
    """What may still be spent this week, from Monday on; None where the owner set no weekly budget."""
    if not shop.budget_per_week:
        return None
    return max(shop.budget_per_week - spending.spent_this_week(session, shop, now), Decimal(0))


def propose_orders(state: Replenishment, runtime: Runtime[Services]) -> Replenishment:
    """Write a proposal for each product to order, and for a trial of what trends; older open ones are superseded."""
    services = runtime.context
    with services.sessions.begin() as session:
        shop = services.shop(session)
        run_id, language, now = state["run_id"], services.settings.language, services.clock()
        proposing.withdraw_earlier(session, shop, now=now)
        refusals = proposing.propose_reorders(session, shop, run_id, language=language, now=now)
        proposing.propose_trials(session, shop, run_id, language=language, now=now)
    return {"failures": list(refusals)}


def approve_by_policy(state: Replenishment, runtime: Runtime[Services]) -> Replenishment:
    """Approve what the owner's standing policy covers; the rest waits for a person."""
    services = runtime.context
    with services.sessions.begin() as session:
        shop = services.shop(session)
        proposing.approve_reorders(session, shop, state["run_id"], now=services.clock())
        approved = proposals.proposals(session, shop.id, states=(ProposalState.APPROVED,))
    return {"to_buy": [proposal.id for proposal in approved]}


def needs_orders(state: Replenishment) -> Literal["place_orders", "tell_owner"]:
    """Go shopping only if something was approved."""
    return "place_orders" if state["to_buy"] else "tell_owner"


def place_orders(state: Replenishment, runtime: Runtime[Services]) -> Replenishment:
    """Buy every approved proposal in the shop, one at a time; one that fails is left to the owner with its reason."""
    total = len(state["to_buy"])
    for done, proposal_id in enumerate(state["to_buy"]):
        runtime.stream_writer(Progress("buy", done, total))
        line = place_order(runtime.context, proposal_id)
        runtime.stream_writer(Progress("buy", done + 1, total, f"{line.sku}: {line.state}"))
    return {}


def tell_owner(state: Replenishment, runtime: Runtime[Services]) -> Replenishment:
    """Put a letter about the run into the outbox, and let the outbox leave."""
    services = runtime.context
    runtime.stream_writer(Progress("mail"))
    run_id, failures = state["run_id"], tuple(state.get("failures", ()))
    with services.sessions() as session:
        currency = services.shop(session).currency
    told = partial(report_of, services, run_id, failures)
    write_letter(services, "replenish", key=f"replenish-{run_id}", currency=currency, report=told)
    services.deliver()
    return {}


def build_replenish() -> CompiledStateGraph[Replenishment, Services, Replenishment, Replenishment]:
    """Recover, recalls, forecast, trends, review, propose, approve, buy, tell."""
    graph = StateGraph(Replenishment, context_schema=Services)
    for node in (
        finish_earlier_orders,
        ask_recall_sources,
        match_notices,
        quarantine_certain,
        forecast_demand,
        ask_trend_sources,
        review_stock,
        propose_orders,
        approve_by_policy,
        place_orders,
        tell_owner,
    ):
        graph.add_node(node)
    graph.add_edge(START, "finish_earlier_orders")
    graph.add_edge("finish_earlier_orders", "ask_recall_sources")
    graph.add_edge("ask_recall_sources", "match_notices")
    graph.add_edge("match_notices", "quarantine_certain")
    graph.add_edge("quarantine_certain", "forecast_demand")
    graph.add_edge("forecast_demand", "ask_trend_sources")
    graph.add_edge("ask_trend_sources", "review_stock")
    graph.add_edge("review_stock", "propose_orders")
    graph.add_edge("propose_orders", "approve_by_policy")
    graph.add_conditional_edges("approve_by_policy", needs_orders)
    graph.add_edge("place_orders", "tell_owner")
    graph.add_edge("tell_owner", END)
    return graph.compile()
