"""Answers a question: routes it to the agents that it concerns, keeps every answer, bounded and resumable."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any, NamedTuple, cast
from uuid import uuid4

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, AnyMessage, HumanMessage, SystemMessage, ToolMessage
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, Send

from agents.guard import MALFORMED, step_taken
from agents.offline import OfflineModel
from agents.offline.answer import HAND_OVER
from agents.offline.language import language_of
from agents.offline.phrases import phrase
from agents.roster import roster
from agents.subagent import ASKED_BY, Subagent, build_agent
from graphs.answers import Answer, Answered, Calling, Event, Spoke, Started, StepTaken, Used, answer_of
from graphs.checkpoints import open_checkpoints
from graphs.state import Conversation, Errand
from stocksense.errors import BadValue, ModelUnavailable, StockSenseError
from tools.services import Services

MOST_ROUNDS = 3
"""How often the supervisor may hand over; the agents of one round work at the same time."""

MOST_STEPS = 40
"""How many steps one agent's graph may take."""

LONGEST_QUESTION = 4000
KEPT_EXCHANGES = 6

PROMPT = """
You direct a small shop's agents. Hand the user's question over to every agent that it concerns, all at once where
they don't depend on each other, with the part of the question that each should answer, in the user's language and
with the user's names. The user reads the agents' answers themselves, so don't repeat them: when they have answered
everything, reply with one dot. Answer yourself only greetings and questions about what you can do.
"""

Graph = CompiledStateGraph[Conversation, None, Conversation, Conversation]


async def ask(
    services: Services,
    model: BaseChatModel,
    question: str,
    *,
    may_write: bool = True,
    thread_id: str | None = None,
    history: Sequence[tuple[str, str]] = (),
) -> Answer:
    """Answer one question, in its language; asked on the machine itself, so the tools that write are allowed.

    `history` are questions and answers before it. With `thread_id` the run is resumed where a kill left it, if it was
    asked the same. Raises BadValue for no question, ModelUnavailable where the model does not answer.
    """
    events = ask_events(services, model, question, may_write=may_write, thread_id=thread_id, history=history)
    done = [event async for event in events if isinstance(event, Answered)]
    return done[-1].answer


async def ask_events(  # noqa: PLR0913  # a question has that many sides: who asks, with which right, after what
    services: Services,
    model: BaseChatModel,
    question: str,
    *,
    may_write: bool,
    asked_by: str = "",
    thread_id: str | None = None,
    history: Sequence[tuple[str, str]] = (),
) -> AsyncGenerator[Event]:
    """Answer one question as `ask` does, telling on the way what happens; the last event is Answered.

    `may_write` is the right of whoever asks: without it a tool that changes anything refuses. `asked_by` is who that
    is, for the audit; empty for whoever the services act for.
    """
    asked = _checked(question)
    agents = roster(services.settings.tools)
    configuration = {"thread_id": thread_id or f"ask-{uuid4()}", ASKED_BY: asked_by}
    async with _checkpoints(services, thread_id) as saver:
        graph = _supervisor_of(services, model, agents, may_write=may_write).copy({"checkpointer": saver})
        run = _run(graph, asked, configuration, history, by_rules=isinstance(model, OfflineModel))
        # Whoever leaves in the middle must not leave tasks behind that still write where the run is kept.
        async with aclosing(run) as events:
            async for event in events:
                yield event
        if saver is not None:
            await saver.adelete_thread(configuration["thread_id"])


@asynccontextmanager
async def _checkpoints(services: Services, thread_id: str | None) -> AsyncIterator[BaseCheckpointSaver[str] | None]:
    """Where a run is kept while it goes on; one that nobody can name cannot be resumed, so it isn't kept."""
    if thread_id is None:
        yield None
        return
    async with open_checkpoints(services.settings) as saver:
        yield saver


class _Built(NamedTuple):
    """A supervisor that was put together, and of what."""

    services: Services
    model: BaseChatModel
    agents: tuple[Subagent, ...]
    may_write: bool
    graph: Graph


_built: list[_Built] = []
"""The newest supervisor of each right: putting one together takes longer than most questions."""


def _supervisor_of(services: Services, model: BaseChatModel, agents: tuple[Subagent, ...], *, may_write: bool) -> Graph:
    """The supervisor for these very parts and this right, as it was put together before if it was the same."""
    for one in _built:
        parts = one.services is services and one.model is model and one.agents == agents
        if parts and one.may_write is may_write:
            return one.graph
    made = build_supervisor(services, model, agents=agents, may_write=may_write)
    others = [one for one in _built if one.may_write is not may_write]
    _built[:] = [_Built(services, model, agents, may_write, made), *others]
    return made


def build_supervisor(
    services: Services,
    model: BaseChatModel,
    *,
    agents: Sequence[Subagent],
    may_write: bool,
    saver: BaseCheckpointSaver[str] | None = None,
) -> Graph:
    """The graph from a question to every agent's answer. Raises BadTool for a tool that cannot be used."""
    graph = StateGraph(Conversation)
    graph.add_node("supervise", _supervisor(model, agents), destinations=(*(agent.name for agent in agents), END))
    graph.add_edge(START, "supervise")
    for agent in agents:
        built = build_agent(agent, services, model, may_write=may_write)
        graph.add_node(agent.name, _worker(agent, built), input_schema=Errand)
        graph.add_edge(agent.name, "supervise")
    return graph.compile(checkpointer=saver)


def hand_over_tools(agents: Sequence[Subagent]) -> list[dict[str, Any]]:
    """One function an agent for a model to call, described by the agent's duty and its tools."""
    return [
        {
            "type": "function",
            "function": {
                "name": HAND_OVER + agent.name,
                "description": f"{agent.duty} Its tools: " + "; ".join(_summary(tool) for tool in agent.tools),
                "parameters": {
                    "type": "object",
                    "properties": {"task": {"type": "string", "description": "what the agent should answer"}},
                    "required": ["task"],
                },
            },
        }
        for agent in agents
    ]


def _summary(function: Callable[..., Any]) -> str:
    manual = (function.__doc__ or "").strip().splitlines()
    return f"{function.__name__}: {manual[0] if manual else ''}"


def _supervisor(model: BaseChatModel, agents: Sequence[Subagent]) -> Any:
    """The node that chooses; its destinations are the agents, itself and the end."""
    bound = model.bind_tools(hand_over_tools(agents))
    names = {HAND_OVER + agent.name: agent.name for agent in agents}

    async def supervise(state: Conversation) -> Command[Any]:
        rounds = state.get("rounds", 0)
        if rounds >= MOST_ROUNDS:
            return Command(goto=END)
        asked: list[AnyMessage] = [*state.get("history", []), HumanMessage(state["question"]), *state.get("log", [])]
        said = await bound.ainvoke([SystemMessage(PROMPT.strip()), *asked])
        calls = _fresh(said, names, state.get("log", []))
        if said.invalid_tool_calls and not calls:
            return Command(goto="supervise", update={"log": _sent_back(said), "rounds": rounds + 1})
        if not calls:
            return Command(goto=END, update={"reply": said.text, "rounds": rounds + 1})
        errands = [Send(names[call["name"]], _errand(state, call)) for call in calls]
        return Command(goto=errands, update={"log": [AIMessage("", tool_calls=calls)], "rounds": rounds + 1})

    return supervise


def _worker(agent: Subagent, graph: CompiledStateGraph[Any, Any, Any, Any]) -> Any:
    """The node that sends one agent on an errand."""

    async def work(state: Errand, runtime: Runtime[None]) -> Conversation:
        runtime.stream_writer({"started": agent.name})
        sent = [*state["history"], HumanMessage(_instruction(state))]
        try:
            done = await graph.ainvoke({"messages": sent}, {"recursion_limit": MOST_STEPS})
        except ModelUnavailable:
            raise
        except StockSenseError as error:
            language = language_of(state["question"])
            text = phrase("failed", language, error=error.told(language))
            return _found(agent.name, text, state["call_id"], [], failed=True)
        made = done["messages"][len(sent) :]
        return _found(agent.name, made[-1].text if made else "", state["call_id"], made)

    return work


def _found(
    agent: str, text: str, call_id: str, messages: Sequence[AnyMessage], *, failed: bool = False
) -> Conversation:
    calls = {call["id"]: dict(call) for m in messages if isinstance(m, AIMessage) for call in m.tool_calls}
    results = [m for m in messages if isinstance(m, ToolMessage) and m.tool_call_id in calls]
    return {
        "log": [ToolMessage(text or ".", tool_call_id=call_id)],
        "findings": [{"agent": agent, "text": text, "failed": failed}],
        "steps": [step_taken(agent, calls[result.tool_call_id], result) for result in results],
    }


def _fresh(said: AIMessage, names: dict[str, str], log: Sequence[AnyMessage]) -> list[Any]:
    """The hand-overs to agents that exist, without those that were made before."""
    before = {_key(call) for message in log if isinstance(message, AIMessage) for call in message.tool_calls}
    fresh = {_key(call): call for call in said.tool_calls if call["name"] in names and _key(call) not in before}
    return list(fresh.values())


def _key(call: Any) -> tuple[str, str]:
    return call["name"], str(call["args"].get("task", ""))


def _sent_back(said: AIMessage) -> list[AnyMessage]:
    """A hand-over whose arguments were no JSON, and the request to write it again."""
    answers = [ToolMessage(MALFORMED, tool_call_id=call.get("id") or "") for call in said.invalid_tool_calls]
    return [said, *answers]


def _errand(state: Conversation, call: Any) -> Errand:
    task = str(call["args"].get("task", ""))
    return {"question": state["question"], "history": state.get("history", []), "task": task, "call_id": call["id"]}


def _instruction(errand: Errand) -> str:
    """The user's question word for word, and the agent's part of it where that is another."""
    if errand["task"].strip() in ("", errand["question"].strip()):
        return errand["question"]
    return f"{errand['question']}\n\nYour part of it: {errand['task']}"


def _checked(question: str) -> str:
    if not question.strip():
        raise BadValue(
            "the question is empty; ask something, such as 'what is low?'",
            in_korean="질문이 비어 있습니다. '무엇이 부족해?'처럼 물어보세요.",
        )
    if len(question) > LONGEST_QUESTION:
        raise BadValue(
            f"the question has {len(question)} letters; ask in {LONGEST_QUESTION} at most",
            in_korean=f"질문이 {len(question)}자입니다. {LONGEST_QUESTION}자까지 물어볼 수 있습니다.",
        )
    return question.strip()


async def _run(
    graph: Graph, question: str, configuration: dict[str, str], history: Sequence[tuple[str, str]], *, by_rules: bool
) -> AsyncGenerator[Event]:
    """Run a question, or go on where a kill left the same one, telling what happens and then the answer."""
    config: Any = {"configurable": configuration, "recursion_limit": 4 * MOST_ROUNDS}
    resumes = await _is_left(graph, config, question)
    start: Conversation | None = None if resumes else {"question": question, "history": _messages(history)}
    known: Conversation = {"question": question}
    stream = graph.astream(start, config, stream_mode=["custom", "messages", "values"], subgraphs=True)
    async with aclosing(cast(AsyncGenerator[Any], stream)) as parts:
        async for part in parts:
            namespace, mode, payload = cast(tuple[tuple[str, ...], str, Any], part)
            if mode == "values":
                known = known if namespace else payload
            elif (event := _event(namespace, mode, payload)) is not None:
                yield event
    yield Answered(answer_of(known, by_rules=by_rules))


async def _is_left(graph: Graph, config: Any, question: str) -> bool:
    """Whether a kill left the same question unfinished; what it left of another one is forgotten."""
    if not isinstance(graph.checkpointer, BaseCheckpointSaver):
        return False
    left = await graph.aget_state(config)
    if left.next and left.values.get("question") == question:
        return True
    if left.values:
        await graph.checkpointer.adelete_thread(config["configurable"]["thread_id"])
    return False


def _messages(history: Sequence[tuple[str, str]]) -> list[AnyMessage]:
    kept = history[-KEPT_EXCHANGES:]
    return [message for asked, said in kept for message in (HumanMessage(asked), AIMessage(said))]


def _event(namespace: tuple[str, ...], mode: str, payload: Any) -> Event | None:
    if mode == "custom":
        if "started" in payload:
            return Started(payload["started"])
        return Calling(**payload["calling"]) if "calling" in payload else Used(StepTaken(**payload))
    chunk, _ = payload
    agent = namespace[0].split(":")[0] if namespace else ""
    return Spoke(agent, chunk.text) if agent and isinstance(chunk, AIMessageChunk) and chunk.text else None
