"""A web server of our own on localhost, and fetches that waste no time waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from stocksense.sources.answer import Answer
from stocksense.sources.http import HttpFetch, Patience


@dataclass
class Asked:
    """A question that reached the server."""

    method: str
    path: str
    values: dict[str, str]
    headers: dict[str, str]


@dataclass
class Reply:
    """What the server is to answer."""

    body: str | bytes = "{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Source:
    """A source on localhost: it answers with `replies` in turn, the last one for ever, and keeps what it was asked."""

    def __init__(self) -> None:
        self.replies: list[Reply] = [Reply()]
        self.asked: list[Asked] = []
        source = self

        class Door(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                source.note(self, parts.path, parts.query)

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                source.note(self, urlsplit(self.path).path, self.rfile.read(length).decode())

            def log_message(self, format: str, *args: object) -> None:
                """Keep the test's output quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def note(self, door: BaseHTTPRequestHandler, path: str, values: str) -> None:
        """Keep the question and answer it."""
        fields = {name: value[0] for name, value in parse_qs(values, keep_blank_values=True).items()}
        self.asked.append(Asked(door.command, path, fields, {k.lower(): v for k, v in door.headers.items()}))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        door.send_response(reply.status)
        for name, value in {"Content-Length": str(len(body)), **reply.headers}.items():
            door.send_header(name, value)
        door.end_headers()
        door.wfile.write(body)

    def answers(self, *replies: Reply | str) -> None:
        """Set what is answered from now on."""
        self.replies = [reply if isinstance(reply, Reply) else Reply(reply) for reply in replies]

    def stop(self) -> None:
        """Close the server."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def source() -> Iterator[Source]:
    server = Source()
    yield server
    server.stop()


@pytest.fixture
def reply() -> type[Reply]:
    return Reply


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def fetch(waits: list[float]) -> Iterator[HttpFetch]:
    with HttpFetch(Patience(timeout=2.0, retries=2), sleep=waits.append) as opened:
        yield opened


@pytest.fixture
def make_fetch(waits: list[float]) -> Iterator[Callable[..., HttpFetch]]:
    opened: list[HttpFetch] = []

    def make(**patience: float) -> HttpFetch:
        opened.append(HttpFetch(Patience(**patience), sleep=waits.append))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def answer() -> Callable[..., Answer]:
    return lambda text, status=200: Answer(status, {}, text, "http://source.test/list.json")


@pytest.fixture
def samples() -> Path:
    folder = Path(__file__).parents[3] / "shared" / "data" / "samples"
    if not folder.is_dir():
        pytest.skip(f"the real samples of the sources are not at {folder}")
    return folder
