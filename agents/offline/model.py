"""The offline chat model: reads the conversation, plans by intent, calls tools, and tells their results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from agents.offline.answer import Reply, answer
from agents.offline.plan import Call, Outcome


class OfflineModel(BaseChatModel):
    """A chat model by rules: deterministic, with tools, streaming; it knows nothing but its patterns.

    The same messages and tools give the same answer. It asks back where it can't tell what is meant.
    """

    @property
    def _llm_type(self) -> str:
        return "stocksense-offline"

    def bind_tools(
        self, tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool], **kwargs: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The model with these tools to call."""
        return self.bind(tools=[_described(tool) for tool in tools], **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        reply = _reply(messages, kwargs.get("tools", ()))
        calls = [
            {"name": call.tool, "args": dict(call.arguments), "id": _call_id(call, at, messages), "type": "tool_call"}
            for at, call in enumerate(reply.calls)
        ]
        return ChatResult(generations=[ChatGeneration(message=AIMessage(reply.text, tool_calls=calls))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        reply = _reply(messages, kwargs.get("tools", ()))
        for line in reply.text.splitlines(keepends=True):
            chunk = ChatGenerationChunk(message=AIMessageChunk(content=line))
            if run_manager:
                run_manager.on_llm_new_token(line, chunk=chunk)
            yield chunk
        made = [
            tool_call_chunk(
                name=call.tool,
                args=json.dumps(call.arguments, ensure_ascii=False),
                id=_call_id(call, at, messages),
                index=at,
            )
            for at, call in enumerate(reply.calls)
        ]
        yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=made, chunk_position="last"))

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        # As `_stream`, without a thread for each line.
        for chunk in self._stream(messages, stop, **kwargs):
            if run_manager and chunk.text:
                await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk


_KNOWN_TOOLS = 200
_tools: dict[int, tuple[Any, dict[str, Any]]] = {}
"""Descriptions of tools by the tool's id, with the tool itself, whose id nobody else has as long as it lives."""


def _described(tool: Any) -> dict[str, Any]:
    """A tool in OpenAI's terms; deriving that takes milliseconds, and agents bind their tools at each step."""
    if isinstance(tool, dict):
        return convert_to_openai_tool(tool)
    known = _tools.get(id(tool))
    if known is None:
        if len(_tools) >= _KNOWN_TOOLS:
            _tools.clear()
        known = _tools[id(tool)] = (tool, convert_to_openai_tool(tool))
    return known[1]


def _reply(messages: Sequence[BaseMessage], tools: Sequence[dict[str, Any]]) -> Reply:
    people = [at for at, message in enumerate(messages) if isinstance(message, HumanMessage)]
    if not people:
        return Reply()
    last = people[-1]
    answers = [str(m.text) for m in messages[:last] if isinstance(m, AIMessage) and m.text]
    return answer(
        str(messages[last].text),
        earlier=[str(messages[at].text) for at in people[:-1]],
        last_answer=answers[-1] if answers else "",
        tools=[tool["function"] for tool in tools],
        outcomes=_outcomes(messages[last:]),
    )


def _outcomes(turn: Sequence[BaseMessage]) -> dict[str, Outcome]:
    """What the calls of this turn came to, by call."""
    calls = {
        call["id"]: Call(call["name"], call["args"]) for m in turn if isinstance(m, AIMessage) for call in m.tool_calls
    }
    done = [message for message in turn if isinstance(message, ToolMessage) and message.tool_call_id in calls]
    return {calls[message.tool_call_id].key: _outcome(message) for message in done}


def _outcome(message: ToolMessage) -> Outcome:
    text = str(message.text)
    if message.status == "error":
        return Outcome(error=text)
    try:
        values = json.loads(text)
    except json.JSONDecodeError:
        return Outcome({"text": text})
    return Outcome(values if isinstance(values, dict) else {"rows": values})


def _call_id(call: Call, at: int, messages: Sequence[BaseMessage]) -> str:
    """The same in every run, and of its own in every place of a conversation."""
    return "call_" + hashlib.sha256(f"{len(messages)}/{at}/{call.key}".encode()).hexdigest()[:20]
