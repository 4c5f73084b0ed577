"""What `stocksense buy show` prints of a line that was left to the owner, and the mall that a command serves."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest

from stocksense.settings import Settings
from ui.cli.buy import _show_left
from ui.cli.face import Face, console


@pytest.fixture
def shown():
    """Prints what is left to the owner, and gives it back."""

    def show(told, language="en"):
        with console.capture() as captured:
            _show_left(Face(Settings(_env_file=None, language=language)), told)
        return captured.get()

    return show


def test_a_letter_is_shown_in_the_owner_s_language(shown):
    draft = {"kind": "letter", "en": {"subject": "S", "text": "Dear [b]"}, "ko": {"subject": "제목", "text": "본문"}}

    assert "Dear [b]" in shown({"draft": draft})
    assert "본문" in shown({"draft": draft}, "ko")


def test_a_cart_is_shown_with_its_address(shown):
    assert shown({"draft": {"kind": "cart", "cart": "http://mall/cart/1"}}) == "cart: http://mall/cart/1\n"


def test_what_was_seen_instead_is_shown_with_its_reason(shown):
    one = {"title": "Cola [red]", "page": "http://mall/1", "why": {"en": "too dear", "ko": "비쌈"}}

    assert shown({"alternatives": [one]}) == "seen instead: Cola [red]: too dear\n   http://mall/1\n"


def test_the_mall_is_served_by_a_command(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["shop", "mall", "--port", str(port), "--wall", "checkout"]
    command = [sys.executable, "-c", "from ui.cli.main import main; main()", *words]
    server = subprocess.Popen(command, env={**os.environ, "STOCKSENSE_HOME": str(tmp_path)}, cwd=tmp_path)
    try:
        ends = time.monotonic() + 60
        while True:
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/api/search", params={"q": "cola"})
                break
            except httpx.TransportError:
                assert time.monotonic() < ends
                time.sleep(0.3)
        assert answer.json()["total"] > 0
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)
