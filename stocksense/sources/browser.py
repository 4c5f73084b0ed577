"""A real browser for pages that draw themselves by script: one tab, a clean profile, one host, nothing forbidden.

Each step ends when the page has come to rest: no request under way, and its text unchanged for a moment.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from stocksense.errors import BadSetting, NotInstalled, SourceUnreachable, SourceUnreadable

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, Route

log = logging.getLogger(__name__)

QUIET = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_SYSTEM = ("chromium", "chromium-browser", "google-chrome")
_HEAVY = frozenset({"image", "media", "font"})
"""Kinds of requests that nobody reads."""
_CALM_SECONDS = 0.12
"""So long nothing may change before a page counts as come to rest."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Seen:
    """A page at rest: its address and its HTML as it stands, scripts having run."""

    url: str
    html: str


@dataclass(frozen=True)
class Rules:
    """What a tab may do: ask `origin` (scheme and host) alone, and no path that begins with one of `never`.

    `popups` are selectors of buttons that close whatever lies over the page; seconds bound every step.
    """

    origin: str
    never: tuple[str, ...] = ()
    popups: tuple[str, ...] = ()
    seconds: float = 20.0


class Chromium:
    """A running browser, in a thread of its own, so that its tabs can be used from any thread, also from event loops.

    Raises NotInstalled, saying how to install one, if there is no Chromium; BadSetting if the one set is not there.
    """

    def __init__(self, wanted: Path | None = None) -> None:
        self._thread = ThreadPoolExecutor(1, "browser")
        self._playwright: Playwright | None = None
        self._browser: Browser
        try:
            self.run(lambda: self._start(wanted))
        except BaseException:
            self.close()
            raise

    def run(self, task: Callable[[], Result]) -> Result:
        """Do something in the browser's thread, and return what comes of it."""
        return self._thread.submit(task).result()

    def tab(self, rules: Rules) -> Tab:
        """A tab with a clean profile of its own."""
        return Tab(self, rules)

    def context(self) -> BrowserContext:
        """A clean profile; to be called in the browser's thread."""
        return self._browser.new_context(locale="ko-KR", accept_downloads=False, service_workers="block")

    def close(self) -> None:
        """End the browser with all its tabs; one that is closed stays closed."""
        with suppress(RuntimeError):
            self._thread.submit(self._end).result()
        self._thread.shutdown()

    def _start(self, wanted: Path | None) -> None:
        # Playwright takes half a second to import, and only who shops in a browser needs it.
        from playwright.sync_api import Error, sync_playwright

        self._playwright = sync_playwright().start()
        program = find_chromium(wanted, Path(self._playwright.chromium.executable_path))
        # Chromium refuses its sandbox to root, who could leave it anyway.
        is_root = os.geteuid() == 0
        try:
            self._browser = self._playwright.chromium.launch(
                executable_path=str(program),
                args=[*QUIET, *(["--no-sandbox"] if is_root else [])],
                chromium_sandbox=not is_root,
            )
        except Error as error:
            raise NotInstalled(f"{program} does not start ({_first_line(error)}); {HOW_TO_INSTALL}") from error

    def _end(self) -> None:
        if self._playwright is not None:
            # It ends the browser that it has started.
            self._playwright.stop()
        self._playwright = None


class Tab:
    """One tab of a browser. Close it, or use it with `contextlib.closing`; with `is_last` the browser ends with it."""

    def __init__(self, chromium: Chromium, rules: Rules, *, is_last: bool = False) -> None:
        self._chromium, self._rules, self._is_last = chromium, rules, is_last
        self._open_requests: set[Request] = set()
        self._page: Page
        self._in_thread(self._begin)

    def open(self, url: str, ready: str) -> Seen:
        """Open an address. Raises SourceUnreachable, SourceUnreadable if nothing fits the selector `ready`."""
        return self._in_thread(lambda: self._go(url, ready))

    def click(self, selector: str, ready: str) -> Seen:
        """Click the first element that fits, what lies over it being closed before. Raises as `open`."""
        return self._act(lambda page: page.locator(selector).first.click(timeout=self._milliseconds), selector, ready)

    def choose(self, selector: str, value: str, ready: str) -> Seen:
        """Choose a value of a `<select>`. Raises as `open`."""
        return self._act(
            lambda page: page.locator(selector).first.select_option(value, timeout=self._milliseconds), selector, ready
        )

    def fill(self, selector: str, text: str, ready: str) -> Seen:
        """Write into a field and leave it. Raises as `open`."""

        def write(page: Page) -> None:
            field = page.locator(selector).first
            field.fill(text, timeout=self._milliseconds)
            field.blur()

        return self._act(write, selector, ready)

    def close(self) -> None:
        """Forget the tab and its profile."""
        if self._is_last:
            self._chromium.close()
            return
        from playwright.sync_api import Error

        # A browser that died already needs no closing.
        with suppress(Error):
            self._in_thread(self._page.context.close)

    @property
    def _milliseconds(self) -> float:
        return self._rules.seconds * 1000

    def _in_thread(self, task: Callable[[], Result]) -> Result:
        return self._chromium.run(task)

    def _begin(self) -> None:
        context = self._chromium.context()
        self._guard(context)
        self._page = context.new_page()
        self._page.on("dialog", lambda dialog: dialog.dismiss())
        for selector in self._rules.popups:
            self._page.add_locator_handler(self._page.locator(selector).first, lambda button: button.click())

    def _guard(self, context: BrowserContext) -> None:
        """Hold every request against the rules, and count those that are under way."""
        context.route("**/*", self._pass_or_stop)
        context.on("request", self._begins)
        context.on("requestfinished", self._ends)
        context.on("requestfailed", self._ends)

    def _begins(self, request: Request) -> None:
        self._open_requests.add(request)

    def _ends(self, request: Request) -> None:
        self._open_requests.discard(request)

    def _pass_or_stop(self, route: Route) -> None:
        request = route.request
        if request.resource_type in _HEAVY:
            route.abort()
        elif why := why_not_ask(request.url, self._rules):
            log.warning("the browser was kept from asking: why=%s url=%s", why, request.url[:200])
            route.abort()
        else:
            route.continue_()

    def _go(self, url: str, ready: str) -> Seen:
        from playwright.sync_api import Error

        try:
            answer = self._page.goto(url, timeout=self._milliseconds, wait_until="domcontentloaded")
        except Error as error:
            raise SourceUnreachable(f"no answer from {url[:200]} ({_first_line(error)}); does the shop run?") from error
        if answer is not None and answer.status >= 400:
            raise SourceUnreachable(f"{url[:200]} answered with {answer.status}; try again later")
        return self._rest(ready)

    def _act(self, do: Callable[[Page], object], selector: str, ready: str) -> Seen:
        from playwright.sync_api import Error

        def step() -> Seen:
            try:
                do(self._page)
            except Error as error:
                where = urlsplit(self._page.url).path
                raise SourceUnreadable(
                    f"expected {selector!r} to be usable on {where}, but it is not ({_first_line(error)}); "
                    f"the shop may have changed its pages"
                ) from error
            return self._rest(ready)

        return self._in_thread(step)

    def _rest(self, ready: str) -> Seen:
        """Wait until the page shows what is expected and nothing moves on it any more."""
        ends = time.monotonic() + self._rules.seconds
        before, since = "", time.monotonic()
        while time.monotonic() < ends:
            html = self._html()
            if not html or html != before or self._open_requests:
                before, since = html, time.monotonic()
            elif time.monotonic() - since >= _CALM_SECONDS:
                if self._page.locator(ready).count():
                    return Seen(self._page.url, html)
                # What is expected may come with a timer that no request announces.
                if time.monotonic() - since > self._rules.seconds / 4:
                    break
        where = urlsplit(self._page.url).path
        raise SourceUnreadable(
            f"expected {ready!r} on {where}, but the page came to rest without; its layout is unknown"
        )

    def _html(self) -> str:
        """The page as it stands, empty while it goes from one address to the next."""
        from playwright.sync_api import Error

        try:
            self._page.wait_for_timeout(30)
            return self._page.content()
        except Error as error:
            if self._page.is_closed():
                raise SourceUnreachable(f"the browser ended ({_first_line(error)}); try again later") from error
            return ""


def open_tab(rules: Rules, *, chromium: Path | None = None) -> Tab:
    """A tab of a browser that is started for it, and ends with it. Raises as `Chromium`."""
    return Tab(Chromium(chromium), rules, is_last=True)


HOW_TO_INSTALL = "install it (`apt-get install chromium`, or `playwright install chromium`) or set STOCKSENSE_CHROMIUM"


def find_chromium(wanted: Path | None, own: Path) -> Path:
    """The Chromium to use: the one that was set, Playwright's `own`, else the system's.

    Raises BadSetting if the one that was set is not there, NotInstalled if there is none.
    """
    if wanted is not None:
        if not wanted.is_file():
            raise BadSetting(f"STOCKSENSE_CHROMIUM names {str(wanted)!r}, which is no file; correct it or unset it")
        return wanted
    if own.is_file():
        return own
    for name in _SYSTEM:
        if found := shutil.which(name):
            return Path(found)
    raise NotInstalled(f"no Chromium was found, and this shop's pages need a browser; {HOW_TO_INSTALL}")


def why_not_ask(url: str, rules: Rules) -> str:
    """Why a tab may not ask an address; empty if it may."""
    parts = urlsplit(url)
    if parts.scheme in ("data", "blob"):
        return ""
    if f"{parts.scheme}://{parts.netloc}" != rules.origin:
        return "another host"
    return "paths that are never asked" if parts.path.startswith(rules.never) else ""


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]
