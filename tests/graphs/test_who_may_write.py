"""Who may only look changes nothing by talking, whatever is asked and whatever a model wants."""

import asyncio
from dataclasses import replace

import pytest
from langchain_core.messages import AIMessage
from sqlalchemy import text

from agents.offline import OfflineModel
from graphs.supervisor import ask, ask_events
from stocksense.domain.recall import RecallNotice
from stocksense.store import audit


class Feed:
    """A recall feed with one notice; it counts how often it is asked."""

    name = "safetykorea"

    def __init__(self):
        self.asked = 0

    def notices(self, since):
        self.asked += 1
        return [RecallNotice("safetykorea", "R-78", "보리톡", barcodes=("8800000001034",))]


def rows(services, table):
    with services.sessions() as session:
        return session.execute(text(f"SELECT count(*) FROM {table}")).scalar()


@pytest.mark.parametrize(
    ("question", "told"),
    [("구름우유 12개 주문해 줘", "주인이나 관리자에게"), ("order 12 cloud milk", "Ask an owner or a manager")],
)
async def test_an_order_asked_by_who_may_only_look_is_refused_in_words(sqlite_corner, question, told):
    before = rows(sqlite_corner, "proposals")

    answer = await ask(sqlite_corner, OfflineModel(), question, may_write=False)

    assert told in answer.text
    assert rows(sqlite_corner, "proposals") == before
    assert [(step.tool, step.wrote) for step in answer.steps] == [("propose_purchase", False)]


async def test_feeds_are_not_asked_for_who_may_only_look(sqlite_corner):
    feed = Feed()
    services, before = replace(sqlite_corner, recall_sources=(feed,)), rows(sqlite_corner, "recall_matches")

    answer = await ask(services, OfflineModel(), "새 리콜 확인해 줘", may_write=False)

    assert "주인이나 관리자에게" in answer.text
    assert (feed.asked, rows(sqlite_corner, "recall_matches")) == (0, before)


async def test_the_right_is_that_of_each_question_also_where_agents_are_put_together_once(sqlite_corner):
    model, before = OfflineModel(), rows(sqlite_corner, "proposals")

    for sku, may_write in (("DRK-2", True), ("SNK-2", False), ("SNK-2", True)):
        await ask(sqlite_corner, model, f"{sku} 6개 주문해 줘", may_write=may_write)

    assert rows(sqlite_corner, "proposals") == before + 2


async def test_a_run_that_is_gone_on_with_has_the_right_of_now(sqlite_corner):
    before = rows(sqlite_corner, "proposals")
    events = ask_events(sqlite_corner, OfflineModel(), "구름우유 12개 주문해 줘", may_write=True, thread_id="left")
    await anext(events)
    await events.aclose()
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []

    answer = await ask(sqlite_corner, OfflineModel(), "구름우유 12개 주문해 줘", may_write=False, thread_id="left")

    assert "볼 수만 있어" in answer.text
    assert rows(sqlite_corner, "proposals") == before


async def test_the_audit_names_who_asked_for_a_proposal(sqlite_corner):
    model, who = OfflineModel(), ("", "hana@example.com")

    for sku, address in zip(("DRK-2", "SNK-2"), who, strict=True):
        events = ask_events(sqlite_corner, model, f"{sku} 6개 주문해 줘", may_write=True, asked_by=address)
        assert [event async for event in events]

    with sqlite_corner.sessions() as session:
        entries = audit.entries(session, sqlite_corner.shop(session).id)
    assert [one.actor for one in entries if one.action == "purchase proposed"][:2] == ["hana@example.com", "chat"]


def stubborn(messages, names):
    """A model that wants to buy whatever it is told."""
    if names[0].startswith("hand_over"):
        return AIMessage("", tool_calls=[{"name": "hand_over_to_buyer", "args": {"task": "buy"}, "id": "h"}])
    if messages[-1].type == "tool" and len(messages) > 8:
        return AIMessage("I ordered 12.")
    wanted = {"product": "DRK-2", "quantity": len(messages)}
    return AIMessage("", tool_calls=[{"name": "propose_purchase", "args": wanted, "id": f"p{len(messages)}"}])


async def test_a_stubborn_model_writes_nothing_for_who_may_only_look(sqlite_corner, scripted):
    before = rows(sqlite_corner, "proposals")

    answer = await ask(sqlite_corner, scripted(stubborn), "buy milk", may_write=False)

    assert rows(sqlite_corner, "proposals") == before
    assert {step.error for step in answer.steps} == {
        "Your role may only look here, so nothing was done. Ask an owner or a manager."
    }
    assert "a conversation orders nothing" in answer.text
