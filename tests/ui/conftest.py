"""A home folder in which the main job has run once on the sample shop, a way to type commands there, and browsers."""

from __future__ import annotations

import fcntl
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from stocksense.settings import Settings
from stocksense.store.database import make_engine, make_sessions
from stocksense.store.states import Role
from stocksense.store.users import save_user

# A busy machine takes seconds for a page; what never comes fails all the same.
expect.set_options(timeout=20_000)

PLAIN = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "COLUMNS": "200"}


@dataclass(frozen=True)
class Typed:
    """What a command printed, and its exit status."""

    out: str
    err: str
    status: int

    @property
    def json(self) -> Any:
        """What was printed, as JSON."""
        return json.loads(self.out)


def type_in(home: Path, *words: str, **environment: str) -> Typed:
    """Type `stocksense WORDS` with nothing in the environment but the home folder and what is given."""
    command = [sys.executable, "-c", "from ui.cli.main import main; main()", *words]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=home,
        env=PLAIN | {"STOCKSENSE_HOME": str(home)} | environment,
        timeout=300,
        check=False,
    )
    return Typed(done.stdout, done.stderr, done.returncode)


@pytest.fixture(scope="session")
def first_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Typed]:
    """A home folder after the first run on a machine where nothing was set up, and what the run printed.

    One run, which takes long, serves all processes of the tests; each gets a copy of its home.
    """
    ours = tmp_path_factory.getbasetemp()
    everybodys = ours.parent if hasattr(request.config, "workerinput") else ours
    run, told = everybodys / "first-run", everybodys / "first-run.json"
    with (everybodys / "first-run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            run.mkdir()
            told.write_text(json.dumps(asdict(type_in(run, "--language", "en", "run", "--json"))))
    return shutil.copytree(run, ours / "home"), Typed(**json.loads(told.read_text()))


@pytest.fixture(scope="session")
def home(first_run: tuple[Path, Typed]) -> Path:
    """The home folder of the sample shop; tests don't change what others read."""
    return first_run[0]


@pytest.fixture
def typed(home: Path) -> Callable[..., Typed]:
    """Types a command in the sample shop's home."""
    return lambda *words, **environment: type_in(home, *words, **environment)


@pytest.fixture(scope="session")
def typed_in() -> Callable[..., Typed]:
    """Types a command in a home folder of the test's own."""
    return type_in


QUIET = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
PASSWORD = "open-sesame"
WIDTHS = {390: 844, 1280: 800}


def add_people(home: Path) -> None:
    """An account of each role and language in a home's shop: owner-ko@example.com, viewer-en@example.com ..."""
    engine = make_engine(Settings(_env_file=None, home=home).store_url)
    with make_sessions(engine).begin() as session:
        for language, name in (("ko", "김하나"), ("en", "Hana Kim")):
            for role in Role:
                email = f"{role}-{language}@example.com"
                now = datetime.now(UTC)
                save_user(session, email, name=name, role=role, now=now, language=language, password=PASSWORD)
    engine.dispose()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Site:
    """A served shop: its address, its home folder and what it printed."""

    address: str
    home: Path
    server: subprocess.Popen[str]
    seconds_to_start: float = 0.0
    _cookies: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def sessions(self) -> Any:
        """Sessions on the served shop's database, to see what a page did, or to change what it shows."""
        return make_sessions(make_engine(Settings(_env_file=None, home=self.home).store_url))


def serve(home: Path, *words: str) -> Site:
    """Serve a home folder, and wait until it answers."""
    port, began = free_port(), time.monotonic()
    server = subprocess.Popen(
        [sys.executable, "-c", "from ui.cli.main import main; main()", "serve", "--port", str(port), *words],
        env=PLAIN | {"STOCKSENSE_HOME": str(home)},
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=(home / "server.log").open("w"),
        text=True,
    )
    site = Site(f"http://127.0.0.1:{port}", home, server)
    for _ in range(1200):
        assert server.poll() is None, (home / "server.log").read_text()
        try:
            if httpx.get(f"{site.address}/health").status_code == 200:
                site.seconds_to_start = time.monotonic() - began
                return site
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the server did not answer within two minutes")


@pytest.fixture(scope="session")
def served() -> Iterator[Callable[..., Site]]:
    """Serves a home folder; all servers end with the tests."""
    sites: list[Site] = []

    def one(home: Path, *words: str) -> Site:
        sites.append(serve(home, *words))
        return sites[-1]

    yield one
    for site in sites:
        site.server.terminate()
    for site in sites:
        try:
            site.server.wait(20)
        except subprocess.TimeoutExpired:
            site.server.kill()


@pytest.fixture(scope="session")
def site(home: Path, tmp_path_factory: pytest.TempPathFactory, served: Callable[..., Site]) -> Site:
    """The sample shop after its first run, served, an account of each role; tests that change it take own_site."""
    own = shutil.copytree(home, tmp_path_factory.mktemp("site") / "home")
    add_people(own)
    return served(own)


@pytest.fixture
def own_site(home: Path, tmp_path: Path, served: Callable[..., Site]) -> Iterator[Site]:
    """A copy of the sample shop of the test's own, served, for tests that change something."""
    own = shutil.copytree(home, tmp_path / "home")
    add_people(own)
    one = served(own)
    yield one
    one.server.terminate()


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


def log_in(page: Page, address: str, email: str, password: str = PASSWORD) -> None:
    """Log in on the login page."""
    page.goto(f"{address}/login?next=/account")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.click("main button.primary")
    page.wait_for_url(f"{address}/account")


def device(browser: Browser, width: int, language: str, theme: str = "light") -> BrowserContext:
    """A browser of its own, as another device would be: a width (390 is a phone) and a language."""
    locale = {"ko": "ko-KR", "en": "en-GB"}[language]
    size = {"width": width, "height": WIDTHS.get(width, 800)}
    return browser.new_context(viewport=size, locale=locale, color_scheme=theme)


def log_in_once(context: BrowserContext, site: Site, role: str, language: str) -> None:
    """Log in with a device; a site's person does so once, the cookie serves all further devices."""
    who = (role, language)
    if who not in site._cookies:
        page = context.new_page()
        log_in(page, site.address, f"{role}-{language}@example.com")
        page.close()
        site._cookies[who] = [one for one in context.cookies() if one["name"] == "stocksense_login"]
    context.add_cookies(site._cookies[who])


@pytest.fixture(scope="session")
def faults() -> Callable[..., list[tuple[str, str]]]:
    """What axe-core finds serious on a page, by all its rules or as its options say."""

    def found(page: Page, **options: Any) -> list[tuple[str, str]]:
        violations = Axe().run(page, options={"resultTypes": ["violations"]} | options).response["violations"]
        serious = [one for one in violations if one["impact"] in {"serious", "critical"}]
        return [(one["id"], one["nodes"][0]["html"][:200]) for one in serious]

    return found


@pytest.fixture(scope="module")
def lasting_page(site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens empty pages of an owner of the shared shop, on a device that a file's tests share by width and language."""
    devices: dict[tuple[int, str], BrowserContext] = {}

    def one(width: int, language: str) -> Page:
        if (width, language) not in devices:
            devices[width, language] = device(browser, width, language)
            log_in_once(devices[width, language], site, "owner", language)
        return devices[width, language].new_page()

    yield one
    for context in devices.values():
        context.close()


@pytest.fixture
def new_browser(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens devices; they are closed with the test."""
    opened: list[BrowserContext] = []

    def one(width: int = 1280, language: str = "ko", theme: str = "light") -> BrowserContext:
        opened.append(device(browser, width, language, theme))
        return opened[-1]

    yield one
    for context in opened:
        context.close()


@pytest.fixture
def open_page(site: Site, new_browser: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Opens a page of the served shop as somebody who is logged in; `on` is another site than the shared one."""

    def one(
        path: str, width: int = 1280, language: str = "ko", role: str = "owner", *, theme: str = "light", on: Any = None
    ) -> Page:
        where = on or site
        context = new_browser(width, language, theme)
        log_in_once(context, where, role, language)
        page = context.new_page()
        page.goto(f"{where.address}{path}")
        return page

    return one
