"""Chat models behind a server, with errors that say the way out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from json import JSONDecodeError
from typing import Any

import openai
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.exceptions import LangChainException
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI
from langchain_openai.chat_models.base import BaseChatOpenAI
from langchain_upstage import ChatUpstage
from pydantic import PrivateAttr, SecretStr

from stocksense.errors import ModelUnavailable
from stocksense.settings import Settings

_NO_KEY = SecretStr("none")

_REFUSED = "{server} refused the key; check {key}, or unset it to work offline"
_WORDS: tuple[tuple[type[openai.OpenAIError], str], ...] = (
    (openai.AuthenticationError, _REFUSED),
    (openai.PermissionDeniedError, _REFUSED),
    (openai.RateLimitError, "{server} is busy (429) after {retries} retries; wait, or raise STOCKSENSE_MODEL_RETRIES"),
    (openai.NotFoundError, "{server} knows no model {model!r}; check STOCKSENSE_MODEL and the base URL"),
    (openai.APITimeoutError, "{server} did not answer within {seconds:g} s; raise STOCKSENSE_MODEL_TIMEOUT_SECONDS"),
    (
        openai.APIConnectionError,
        "{server} cannot be reached; check the network and the base URL, or unset {key} to work offline",
    ),
    (openai.APIStatusError, "{server} failed with status {status} after {retries} retries; try again later"),
)
_OTHER = "{server} gave no usable answer ({error}); try again later"


def upstage_model(settings: Settings) -> BaseChatOpenAI:
    """Upstage's chat model of the settings' name."""
    model = _Upstage(
        model=settings.model,
        api_key=settings.upstage_api_key or _NO_KEY,
        base_url=settings.upstage_api_base,
        stream_usage=True,
        timeout=settings.model_timeout_seconds,
        max_retries=settings.model_retries,
        temperature=0,
    )
    return model.named(settings.upstage_api_base, "UPSTAGE_API_KEY", settings.model_timeout_seconds)


def server_model(settings: Settings) -> BaseChatOpenAI:
    """The chat model of an OpenAI-compatible server, such as one on this machine."""
    model = _Server(
        model=settings.model,
        api_key=settings.model_api_key or _NO_KEY,
        base_url=settings.model_base_url,
        timeout=settings.model_timeout_seconds,
        max_retries=settings.model_retries,
        temperature=0,
        use_responses_api=False,
    )
    return model.named(settings.model_base_url, "STOCKSENSE_MODEL_API_KEY", settings.model_timeout_seconds)


class _Explained(BaseChatOpenAI):
    """A served model whose failures are ModelUnavailable."""

    _server: str = PrivateAttr(default="")
    _key_variable: str = PrivateAttr(default="")
    _seconds: float = PrivateAttr(default=0.0)

    def named(self, server: str, key_variable: str, seconds: float) -> BaseChatOpenAI:
        """The model itself, knowing what to call its server and its key in messages."""
        self._server, self._key_variable, self._seconds = server, key_variable, seconds
        return self

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except openai.OpenAIError as error:
            raise ModelUnavailable(self._explanation(error)) from error
        except (JSONDecodeError, LangChainException, KeyError, TypeError, AttributeError, ValueError) as error:
            raise ModelUnavailable(
                f"{self._server} answered in a form that is not OpenAI's ({type(error).__name__}); "
                f"check that the base URL is that of a chat completions API"
            ) from error

    def _explanation(self, error: openai.OpenAIError) -> str:
        """What went wrong and the way out; the server's own words stay out, they may repeat the key."""
        said = next((words for kind, words in _WORDS if isinstance(error, kind)), _OTHER)
        return said.format(
            server=self._server,
            key=self._key_variable,
            model=self.model_name,
            retries=self.max_retries,
            seconds=self._seconds,
            status=getattr(error, "status_code", ""),
            error=type(error).__name__,
        )

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        with self._explaining():
            return super()._generate(messages, stop=stop, run_manager=run_manager, **kwargs)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        with self._explaining():
            return await super()._agenerate(messages, stop=stop, run_manager=run_manager, **kwargs)

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        with self._explaining():
            yield from super()._stream(*args, **kwargs)

    async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        with self._explaining():
            async for chunk in super()._astream(*args, **kwargs):
                yield chunk


class _Upstage(_Explained, ChatUpstage):
    """Upstage's chat model."""


class _Server(_Explained, ChatOpenAI):
    """A chat model behind an OpenAI-compatible server."""
