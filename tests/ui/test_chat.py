"""The chat in a real browser, on a phone and on a screen: log in, ask, see what was looked up."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from stocksense.settings import Settings

QUIET = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def address(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat that is served from a copy of the sample shop's home."""
    own = shutil.copytree(home, tmp_path_factory.mktemp("chat") / "home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-c", "from ui.cli.main import main; main()", "serve", "--port", str(port)],
        env={"PATH": "/usr/bin:/bin", "STOCKSENSE_HOME": str(own), "STOCKSENSE_CHAT_PASSWORD": "open-sesame"},
        cwd=own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers."""
    for _ in range(240):
        assert server.poll() is None, "the server ended before it answered"
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    pytest.fail(f"{url} did not answer within two minutes")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium: the one of the settings, else the system's, else Playwright's own."""
    found = Settings(_env_file=None).chromium or shutil.which("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(found) if found else None, args=[*QUIET, "--no-sandbox"], chromium_sandbox=False
        )
        yield chromium
        chromium.close()


@pytest.fixture(params=[(390, 844), (1280, 800)], ids=["phone", "screen"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """The login page."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, locale="ko-KR")
    opened: Any = context.new_page()
    opened.goto(f"{address}/chat/")
    yield opened
    context.close()


def log_in(page: Page, password: str) -> None:
    page.locator("#email").fill("owner")
    page.locator("#password").fill(password)
    page.keyboard.press("Enter")


def test_a_question_is_answered_with_what_was_looked_up(page):
    log_in(page, "open-sesame")
    expect(page.get_by_text("부족한 상품")).to_be_visible(timeout=20_000)
    page.locator("#chat-input").click()
    page.keyboard.type("이번 주 매출 어때?")
    submit = page.locator("#chat-submit")
    expect(submit).to_be_enabled(timeout=20_000)
    submit.click()

    expect(page.get_by_text("이번 주 매출은")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("trend_analyst · sales_summary")).to_be_visible()


def test_a_wrong_password_opens_nothing(page):
    log_in(page, "open-barley")

    page.wait_for_timeout(1500)
    expect(page.locator("#chat-input")).to_have_count(0)
    expect(page.locator("#password")).to_be_visible()


def test_the_page_loads_nothing_from_other_hosts(browser, address):
    context = browser.new_context()
    page = context.new_page()
    answered: list[str] = []
    page.on("requestfinished", lambda request: answered.append(request.url))

    policy = page.goto(f"{address}/chat/").headers["content-security-policy"]
    page.wait_for_timeout(2000)
    context.close()

    assert "default-src 'self'" in policy
    assert [url for url in answered if not url.startswith((address, "data:", "blob:"))] == []


def test_the_sign_of_life_answers(address):
    assert httpx.get(f"{address}/health").json()["state"] == "ok"
