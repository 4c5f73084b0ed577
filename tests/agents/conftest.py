"""A server that speaks Upstage's protocol, answering what a test tells it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from stocksense.settings import Settings

KEY = "up_secret_of_ours"


@dataclass
class Served:
    """One answer: a status, a body (a dict is sent as JSON, a list of dicts as a stream), headers, a delay."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def written(self) -> tuple[str, bytes]:
        if isinstance(self.body, list):
            lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in self.body]
            return "text/event-stream", "".join([*lines, "data: [DONE]\n\n"]).encode()
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return "application/json", text.encode()


class ModelServer(ThreadingHTTPServer):
    """Answers in turn; the last answer is repeated for ever. Keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[Served] = []
        self.asked: list[dict[str, Any]] = []
        self.headers_seen: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def settings(self, **overrides: Any) -> Settings:
        known = {"upstage_api_key": SecretStr(KEY), "upstage_api_base": self.url, "model_timeout_seconds": 5.0}
        return Settings(**(known | overrides))

    def says(self, *answers: Any, **extras: Any) -> None:
        self.answers = [a if isinstance(a, Served) else Served(a, **extras) for a in answers]


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.asked.append(json.loads(self.rfile.read(length)))
        self.server.headers_seen.append({name.lower(): value for name, value in self.headers.items()})
        answer = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        time.sleep(answer.seconds)
        kind, body = answer.written()
        self.send_response(answer.status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def served() -> type[Served]:
    return Served


@pytest.fixture
def upstage() -> Iterator[ModelServer]:
    server = ModelServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def _completion(message: dict[str, Any], reason: str = "stop") -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": reason}
    usage = {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8}
    return {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}


@pytest.fixture
def text() -> Any:
    """A plain answer of the model."""
    return lambda words: _completion({"content": words})


@pytest.fixture
def calls() -> Any:
    """An answer that calls tools: pairs of a name and arguments, which may be text that is no JSON."""

    def build(*wanted: tuple[str, Any]) -> dict[str, Any]:
        made = [
            {"id": f"c{at}-{time.monotonic_ns()}", "type": "function", "function": {"name": name, "arguments": written}}
            for at, (name, arguments) in enumerate(wanted)
            for written in [arguments if isinstance(arguments, str) else json.dumps(arguments)]
        ]
        return _completion({"content": None, "tool_calls": made}, "tool_calls")

    return build


@pytest.fixture
def chunks() -> Any:
    """A streamed answer, one chunk a piece of text."""

    def build(*pieces: str) -> list[dict[str, Any]]:
        frame = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        deltas: list[tuple[dict[str, Any], str | None]] = [({"role": "assistant", "content": ""}, None)]
        deltas += [({"content": piece}, None) for piece in pieces] + [({}, "stop")]
        return [frame | {"choices": [{"index": 0, "delta": d, "finish_reason": why}]} for d, why in deltas]

    return build
