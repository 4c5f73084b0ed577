"""`--brain react` and `reflexion` over a chat model behind a server: its tokens are counted, its moods survived."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from typer.testing import CliRunner

from stocksense.errors import ModelUnavailable
from ui.cli.main import app

COMMAND = ("-l", "en", "eval", "webshop", "--split", "dev", "--workers", "1")


class Simple(ThreadingHTTPServer):
    """A chat model that searches, opens the first product and buys it; busy for the first `busy` questions."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.busy = 0
        self.asked: list[dict[str, Any]] = []

    def answer(self, messages: list[dict[str, Any]]) -> str:
        latest = messages[-1]["content"]
        if "Clickable: " not in latest:
            return "Look at a second product before you decide."
        names = json.loads(latest.rsplit("Clickable: ", 1)[1])
        products = [name for name in names if re.fullmatch(r"w[0-9a-f]{9}", name)]
        action = "click[buy now]" if "buy now" in names else f"click[{products[0]}]" if products else "search[cola]"
        return f"Thought: the next step.\nAction: {action}"


class _Answers(BaseHTTPRequestHandler):
    server: Simple

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked)
        status, body = 200, self._completion(self.server.answer(asked["messages"]))
        if self.server.busy:
            self.server.busy -= 1
            status, body = 429, {"error": {"message": "slow down"}}
        written = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def _completion(self, words: str) -> dict[str, Any]:
        choice = {"index": 0, "message": {"role": "assistant", "content": words}, "finish_reason": "stop"}
        usage = {"prompt_tokens": 90, "completion_tokens": 10, "total_tokens": 100}
        return {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[Simple]:
    server = Simple()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def typed(server, tmp_path, monkeypatch):
    """Types the command in this process, where the server's address is set."""
    monkeypatch.chdir(tmp_path)
    url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    known = {"STOCKSENSE_MODEL_BASE_URL": url, "STOCKSENSE_MODEL": "small", "STOCKSENSE_MODEL_RETRIES": "0"}
    return lambda *words: CliRunner().invoke(app, [*COMMAND, *words], env=known | {"STOCKSENSE_HOME": str(tmp_path)})


def test_a_busy_server_costs_no_score_and_tokens_are_counted(typed, server):
    server.busy = 1

    told = json.loads(typed("--brain", "react", "--n", "2", "--json").stdout)

    assert (told["n"], told["unfinished"], told["steps_mean"]) == (2, 0, 3)
    assert (told["tokens_mean"], told["tokens_estimated"]) == (300, False)
    assert told["shopper"].startswith("react with small (http://127.0.0.1")


def test_reflections_and_examples_reach_the_model(typed, server):
    words = ("--brain", "reflexion", "--trials", "2", "--n", "2", "--model", "other", "--examples", "1", "--json")

    told = json.loads(typed(*words).stdout)

    assert len(told["by_trial"]) == 2
    assert {asked["model"] for asked in server.asked} == {"other"}
    prompts = [[message["content"] for message in asked["messages"]] for asked in server.asked]
    assert any("Look at a second product" in prompt[1] for prompt in prompts)
    assert any("Walks that ended well" in prompt[0] for prompt in prompts)


def test_react_alone_retries_without_a_word_but_warmer(typed, server):
    typed("--brain", "react", "--trials", "3", "--n", "2", "--json")

    assert {asked["temperature"] for asked in server.asked} == {0.0, 0.1, 0.2}
    assert not any("no reflection" in str(asked["messages"]) for asked in server.asked)


def test_a_server_that_stays_away_leaves_tasks_without_a_result(typed, server):
    server.busy = 10_000

    answer = typed("--brain", "react", "--n", "20")

    assert isinstance(answer.exception, ModelUnavailable)
    assert "no task was finished" in str(answer.exception)
    assert "429" in str(answer.exception)
    assert len(server.asked) == 5
