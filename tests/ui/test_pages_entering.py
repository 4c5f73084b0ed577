"""Coming in, in a real browser: the first run on an empty machine, and the wait of who keeps failing."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import expect

from stocksense.settings import Settings
from stocksense.store.database import Sessions
from stocksense.store.shops import find_shop
from stocksense.store.users import users
from ui.kept import setup_code
from ui.web import build_app

PASSWORD = "a shop of my own"
DEVICES = pytest.mark.parametrize(("width", "language"), [(390, "ko"), (1280, "en")], ids=["phone", "screen"])


@dataclass
class Clock:
    """A clock that goes on when it is told to."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True)
class Fresh:
    """An installation in which nobody has an account yet, served."""

    address: str
    home: Path
    sessions: Sessions
    clock: Clock


@pytest.fixture
def fresh(sqlite_template: Path, tmp_path: Path) -> Iterator[Fresh]:
    """Served from this process, so that it starts at once and its clock can be put forward."""
    (tmp_path / "stocksense.db").write_bytes(sqlite_template.read_bytes())
    app, clock = build_app(Settings(_env_file=None, home=tmp_path)), Clock()
    app.state.services = replace(app.state.services, clock=clock)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield Fresh(address, tmp_path, app.state.services.sessions, clock)
    server.should_exit = True
    thread.join()
    app.state.services.sessions.kw["bind"].dispose()


@pytest.fixture
def begin(fresh, new_browser) -> Callable:
    """Goes to the installation for the first time, fills in the form, and starts."""

    def one(width: int, language: str, code: str = ""):
        page = new_browser(width, language).new_page()
        page.goto(fresh.address)
        page.fill("[name=code]", code or setup_code(fresh.home))
        page.fill("[name=shop]", "Corner")
        page.fill("[name=name]", "Kim Hana")
        page.fill("[name=email]", "kim@shop.test")
        page.fill("[name=password]", PASSWORD)
        page.select_option("[name=language]", language)
        page.select_option("[name=time_zone]", "Asia/Tokyo")
        page.click("main button.primary")
        return page

    return one


def try_password(page, password: str) -> None:
    page.fill("[name=email]", "kim@shop.test")
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.click("main button.primary")


@DEVICES
def test_the_first_run_makes_the_owner_and_leads_inside(fresh, begin, width, language):
    page = begin(width, language)

    page.wait_for_url(re.compile("/dashboard"))
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("main .banner.good")).to_contain_text("Kim Hana")
    expect(page.locator("header .shop")).to_have_text("Corner")
    with fresh.sessions() as session:
        (owner,) = users(session)
        assert (owner.email, owner.language, owner.time_zone) == ("kim@shop.test", language, "Asia/Tokyo")
        assert find_shop(session).name == "Corner"
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_wrong_setup_code_keeps_what_was_filled_in(fresh, begin):
    page = begin(390, "ko", code="AAAA-AAAA")

    expect(page.locator("#field-code-note")).to_contain_text("설정 번호가 맞지 않습니다")
    expect(page.locator("[name=shop]")).to_have_value("Corner")
    with fresh.sessions() as session:
        assert users(session) == ()


@DEVICES
def test_who_keeps_failing_is_told_until_when_and_then_let_in(fresh, begin, width, language):
    page = begin(width, language)
    page.wait_for_url(re.compile("/dashboard"))
    page.context.clear_cookies()
    page.goto(f"{fresh.address}/login?next=/account")

    for _ in range(5):
        try_password(page, "guess")
        expect(page.locator("[data-problem]")).to_be_visible()
    waits = page.locator("[data-problem]").inner_text()
    try_password(page, PASSWORD)

    assert re.search(r"[23]\d초 뒤\(.*\d:\d\d\)" if language == "ko" else r"in [23]\d s \(.* \d\d:\d\d\)", waits)
    expect(page.locator("[data-problem]")).to_be_visible()
    fresh.clock.ahead = timedelta(seconds=31)
    try_password(page, PASSWORD)
    page.wait_for_url(re.compile("/account"))
