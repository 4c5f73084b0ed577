"""A chat model that says what a test has it say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def scripted() -> Callable[[Callable[[Any, list[str]], Any]], Any]:
    """Makes a chat model from a function `(messages, names of its tools) -> AIMessage`."""
    # LangChain takes seconds to import, which most tests should not pay for.
    from langchain_core.language_models import BaseChatModel
    from langchain_core.outputs import ChatGeneration, ChatResult
    from langchain_core.utils.function_calling import convert_to_openai_tool

    class ScriptedModel(BaseChatModel):
        rules: Any = None
        names: list[str] = []

        @property
        def _llm_type(self) -> str:
            return "scripted"

        def bind_tools(self, tools: Any, **_: Any) -> Any:
            names = [convert_to_openai_tool(tool)["function"]["name"] for tool in tools]
            return self.model_copy(update={"names": names})

        def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **_: Any) -> ChatResult:
            return ChatResult(generations=[ChatGeneration(message=self.rules(messages, self.names))])

    return lambda rules: ScriptedModel(rules=rules)
