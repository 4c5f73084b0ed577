"""Turning tools and a prompt into an agent: schemas, errors, bounds, and models behind a server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from langchain_core.messages import HumanMessage, ToolMessage

from agents.model import chat_model
from agents.roster import AGENTS, equipped, roster
from agents.subagent import Subagent, bind, build_agent
from agents.wire import as_json
from stocksense.domain.stock import ProductStatus
from stocksense.errors import BadTool, ModelUnavailable, SourceUnreachable, UnknownSku
from tools.registry import ExtraTool
from tools.services import Services


@dataclass(frozen=True)
class Reading:
    fridge: str
    degrees: Decimal
    on: date


def fridge_temperature(services: Services, fridge: str, hours: int = 1) -> Reading:
    """Tell how cold a fridge is.

    Args:
        fridge: its name, such as "North".
        hours: over how many hours.
    """
    if fridge == "South":
        raise UnknownSku("South")
    if fridge == "Broken":
        raise SourceUnreachable("the thermometer did not answer")
    return Reading(fridge, Decimal("3.50"), date(2026, 3, 11))


AGENT = Subagent("keeper", "Keeps.", "You keep.", reads=(fridge_temperature,))


def test_the_schema_comes_from_signature_and_docstring_without_services(sqlite_corner):
    schema = bind(fridge_temperature, sqlite_corner).args_schema.model_json_schema()

    assert schema["properties"]["fridge"]["description"] == 'its name, such as "North".'
    assert schema["properties"]["hours"]["default"] == 1
    assert set(schema["properties"]) == {"fridge", "hours"}
    assert schema["required"] == ["fridge"]


def test_a_result_reaches_the_model_as_json_with_money_and_days_as_text(sqlite_corner):
    result = bind(fridge_temperature, sqlite_corner).invoke({"fridge": "North"})

    assert json.loads(result) == {"fridge": "North", "degrees": "3.50", "on": "2026-03-11"}
    assert as_json({ProductStatus.ACTIVE: (Decimal(1), None, True)}) == '{"active": ["1", null, true]}'


async def run(services, upstage, question="how cold?", **settings):
    agent = build_agent(AGENT, services, chat_model(upstage.settings(**settings)), may_write=True)
    return (await agent.ainvoke({"messages": [HumanMessage(question)]}))["messages"]


async def test_parallel_calls_are_made_and_their_results_sent_back(sqlite_corner, upstage, calls, text):
    upstage.says(
        calls(("fridge_temperature", {"fridge": "North"}), ("fridge_temperature", {"fridge": "East"})), text("3.5 both")
    )

    messages = await run(sqlite_corner, upstage)

    assert messages[-1].text == "3.5 both"
    sent = [message for message in upstage.asked[1]["messages"] if message["role"] == "tool"]
    assert [json.loads(message["content"])["fridge"] for message in sent] == ["North", "East"]


async def test_arguments_that_are_no_json_are_sent_back_to_be_mended(sqlite_corner, upstage, calls, text):
    upstage.says(
        calls(("fridge_temperature", '{"fridge": "Nor')),
        calls(("fridge_temperature", {"fridge": "North"})),
        text("3.5"),
    )

    messages = await run(sqlite_corner, upstage)

    assert messages[-1].text == "3.5"
    assert "not valid JSON" in upstage.asked[1]["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [({"fridge": "South"}, "no product is called 'South'"), ({"fridg": "North"}, "fridge"), ({}, "fridge")],
)
async def test_what_a_model_can_mend_is_told_to_it(sqlite_corner, upstage, calls, text, arguments, said):
    upstage.says(calls(("fridge_temperature", arguments)), text("sorry"))

    messages = await run(sqlite_corner, upstage)

    told = next(message for message in messages if isinstance(message, ToolMessage))
    assert said in told.text
    assert told.status == "error"


async def test_a_tool_that_is_not_there_is_told_so(sqlite_corner, upstage, calls, text):
    upstage.says(calls(("approve_proposal", {"id": 1})), text("sorry"))

    messages = await run(sqlite_corner, upstage)

    assert "approve_proposal is not a valid tool" in messages[2].text


async def test_what_a_model_cannot_mend_is_a_failure(sqlite_corner, upstage, calls):
    upstage.says(calls(("fridge_temperature", {"fridge": "Broken"})))

    with pytest.raises(SourceUnreachable):
        await run(sqlite_corner, upstage)


async def test_the_same_call_is_made_once(sqlite_corner, upstage, calls, text):
    upstage.says(
        calls(("fridge_temperature", {"fridge": "North"}), ("fridge_temperature", {"fridge": "North"})), text("3.5")
    )

    messages = await run(sqlite_corner, upstage)

    results = [message for message in messages if isinstance(message, ToolMessage)]
    assert sorted(message.status for message in results) == ["error", "success"]


async def test_a_model_that_never_stops_calling_is_stopped(sqlite_corner, upstage, calls):
    upstage.says(calls(("fridge_temperature", {"fridge": "North"})))

    messages = await run(sqlite_corner, upstage)

    assert messages[-1].text.startswith("Stopped after 8 steps")


async def test_a_server_that_fails_is_a_model_unavailable(sqlite_corner, upstage, served):
    upstage.says(served({"error": "down"}, 500))

    with pytest.raises(ModelUnavailable, match="status 500"):
        await run(sqlite_corner, upstage, model_retries=0)


def test_only_the_buyer_proposes_and_nobody_approves():
    tools = {agent.name: {function.__name__ for function in agent.tools} for agent in AGENTS}

    assert [name for name, names in tools.items() if "propose_purchase" in names] == ["buyer"]
    assert not any("approve" in name or "decide_proposal" in name for names in tools.values() for name in names)


def test_every_agents_tools_have_a_manual(sqlite_corner):
    for agent in roster():
        for function in agent.tools:
            assert bind(function, sqlite_corner).description


def test_a_developers_tool_joins_the_agents_that_it_names():
    team = equipped(AGENTS, [ExtraTool(fridge_temperature, ("forecaster", "buyer"), writes=False)])

    assert [agent.name for agent in team if fridge_temperature in agent.reads] == ["forecaster", "buyer"]


def test_a_tool_for_an_agent_that_is_not_there_is_refused():
    with pytest.raises(BadTool, match="'cook', which is no agent; use one of trend_analyst"):
        equipped(AGENTS, [ExtraTool(fridge_temperature, ("cook",), writes=False)])


def test_a_name_that_is_taken_is_refused():
    def check_stock(services: Services) -> Reading:
        """Tell."""

    with pytest.raises(BadTool, match="has a tool of that name already"):
        equipped(AGENTS, [ExtraTool(check_stock, ("forecaster",), writes=False)])
