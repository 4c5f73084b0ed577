"""What stands between a model and its tools: bounds, errors turned into messages, and a report of every call."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain.agents.middleware.types import AgentState
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, ToolMessage
from langgraph.prebuilt.tool_node import ToolCallRequest
from langgraph.types import Command

from agents.offline.language import Language, language_of
from agents.offline.phrases import phrase
from stocksense.errors import AlreadyProposed, Mendable, StockSenseError

MOST_MODEL_CALLS = 8
"""How often one agent may ask its model about one question."""

STOPPED = "Stopped after {count} steps without an answer; ask for less at once."

MALFORMED = "the arguments were not valid JSON, so nothing was done; send the call again with a JSON object"

SECONDS, WROTE, PROPOSAL = "seconds", "wrote", "proposal"

Result = ToolMessage | Command[Any]


class Guard(AgentMiddleware[AgentState[Any], Any, Any]):
    """Bounds one agent and reports what it does as custom events of the running graph.

    A Mendable error becomes a message in the language of the question; any other error travels up. Without
    `may_write` none of the tools that write is run, whatever a model wants: who asks may only look.
    """

    def __init__(
        self, agent: str, *, writes: frozenset[str], may_write: bool, most_calls: int = MOST_MODEL_CALLS
    ) -> None:
        super().__init__()
        self._agent = agent
        self._writes = writes
        self._may_write = may_write
        self._most_calls = most_calls

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        """Ask the model, unless it was asked too often; calls whose arguments are not JSON go back to it at once."""
        made: list[BaseMessage] = []
        while True:
            known = [*request.messages, *cast(list[AnyMessage], made)]
            asked = sum(isinstance(message, AIMessage) for message in _this_turn(known))
            if asked >= self._most_calls:
                return ModelResponse([*made, AIMessage(STOPPED.format(count=asked))])
            said = (await handler(request.override(messages=known))).result
            broken = [call for message in said if isinstance(message, AIMessage) for call in message.invalid_tool_calls]
            made += [*said, *(_malformed(call.get("id"), call.get("name")) for call in broken)]
            if not broken or any(isinstance(message, AIMessage) and message.tool_calls for message in said):
                return ModelResponse(made)

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[Result]]
    ) -> Result:
        """Run one call of a tool, bounded and reported."""
        started = time.perf_counter()
        if (refusal := self._forbidden(request) or _repeated(request)) is not None:
            return self._report(request, started, refusal)
        request.runtime.stream_writer({"calling": call_begun(self._agent, dict(request.tool_call))})
        try:
            return self._report(request, started, await handler(request))
        except Mendable as error:
            return self._report(request, started, _refusal(request, error))
        except StockSenseError as error:
            self._report(request, started, _failure(request, error.told(_language(request))))
            raise

    def _forbidden(self, request: ToolCallRequest) -> ToolMessage | None:
        """A refusal in the language of the question if the call would write for somebody who may not, else None."""
        if self._may_write or request.tool_call["name"] not in self._writes:
            return None
        return _failure(request, phrase("may_only_look", _language(request)))

    def _report(self, request: ToolCallRequest, started: float, result: Result) -> Result:
        """Note on the message how long the call took and whether it wrote, and tell whoever watches."""
        if not isinstance(result, ToolMessage):
            return result
        wrote = request.tool_call["name"] in self._writes and result.status != "error"
        result.additional_kwargs[SECONDS] = round(time.perf_counter() - started, 4)
        result.additional_kwargs[WROTE] = wrote
        request.runtime.stream_writer(step_taken(self._agent, dict(request.tool_call), result))
        return result


def call_begun(agent: str, call: dict[str, Any]) -> dict[str, Any]:
    """One call that is about to be made, in the plain values of `step_taken`."""
    return {"agent": agent, "tool": str(call["name"]), "arguments": dict(call["args"])}


def step_taken(agent: str, call: dict[str, Any], result: ToolMessage) -> dict[str, Any]:
    """One call with its outcome, in plain values that a checkpoint keeps and a stream carries."""
    failed = result.status == "error"
    return {
        "agent": agent,
        "tool": str(call["name"]),
        "arguments": dict(call["args"]),
        "seconds": float(result.additional_kwargs.get(SECONDS, 0.0)),
        "wrote": bool(result.additional_kwargs.get(WROTE, False)),
        "result": "" if failed else str(result.text),
        "error": str(result.text) if failed else "",
        "proposal": result.additional_kwargs.get(PROPOSAL),
    }


def _language(request: ToolCallRequest) -> Language:
    """The language of the question that a call is about."""
    return language_of(_this_turn(request.state["messages"])[0].text)


def _refusal(request: ToolCallRequest, error: Mendable) -> ToolMessage:
    """Why a call was refused, in the language of the question, with the number of the proposal in its way."""
    message = _failure(request, error.told(_language(request)))
    if isinstance(error, AlreadyProposed):
        message.additional_kwargs[PROPOSAL] = error.proposal
    return message


def _failure(request: ToolCallRequest, message: str) -> ToolMessage:
    call = request.tool_call
    return ToolMessage(message, tool_call_id=str(call["id"]), name=call["name"], status="error")


def _malformed(call_id: str | None, name: str | None) -> ToolMessage:
    return ToolMessage(MALFORMED, tool_call_id=call_id or "", name=name or "", status="error")


def _repeated(request: ToolCallRequest) -> ToolMessage | None:
    """A refusal if this very call was made before in this turn, else None."""
    wanted = _key(request.tool_call["name"], request.tool_call["args"])
    turn = _this_turn(request.state["messages"])
    for call in (call for message in turn if isinstance(message, AIMessage) for call in message.tool_calls):
        if call["id"] == request.tool_call["id"]:
            return None
        if _key(call["name"], call["args"]) == wanted:
            return _failure(request, "the same call was made before, so it was not made again; use its result")
    return None


def _key(name: str, arguments: dict[str, Any]) -> str:
    return name + json.dumps(arguments, sort_keys=True, ensure_ascii=False, default=str)


def _this_turn(messages: Sequence[BaseMessage]) -> Sequence[BaseMessage]:
    """The messages since the last one of a person."""
    people = [at for at, message in enumerate(messages) if message.type == "human"]
    return messages[people[-1] :] if people else messages
