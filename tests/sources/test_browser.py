"""What a browser's tab may do, and what it says when a page is not there or not as expected."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stocksense.errors import BadSetting, NotInstalled, SourceUnreachable, SourceUnreadable
from stocksense.settings import Settings
from stocksense.sources.browser import Chromium, Rules, find_chromium, why_not_ask

PAGE = """<!doctype html><meta charset="utf-8"><body><p id="late"></p><button id="pay">pay</button>
<button id="away">away</button><div id="over" hidden style="position:fixed;inset:0"><button id="shut">x</button></div>
<script>
setTimeout(() => { over.hidden = false }, 100);
shut.onclick = () => { over.hidden = true };
pay.onclick = () => fetch("/pay/1", {method: "POST"}).catch(() => { late.textContent = "refused" });
away.onclick = () => fetch("http://localhost:9/").catch(() => { late.textContent = "refused" });
fetch("/data").then((answer) => answer.text()).then((text) => { late.textContent = text });
</script>"""


@pytest.fixture
def served():
    """A page that fills itself by script, and everything that was asked of its server."""
    asked = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(404 if self.path == "/gone" else 200)
            self.end_headers()
            self.wfile.write({"/": PAGE.encode(), "/data": b"filled"}.get(self.path, b"nothing here"))

        def do_POST(self):
            self.do_GET()

        def log_message(self, *told):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


@pytest.fixture(scope="module")
def chromium():
    browser = Chromium(Settings(_env_file=None).chromium)
    yield browser
    browser.close()


@pytest.fixture
def tab(chromium, served):
    opened = chromium.tab(Rules(served[0], never=("/pay",), popups=("#shut",), seconds=6))
    yield opened
    opened.close()


def test_a_page_is_seen_when_its_script_has_filled_it(tab, served):
    assert "filled" in tab.open(served[0], "#late").html


def test_what_lies_over_the_page_is_closed_before_anything_is_clicked(tab, served):
    tab.open(served[0], "#late")

    assert "refused" in tab.click("#away", "#late").html


def test_where_one_pays_is_never_asked(tab, served):
    tab.open(served[0], "#late")

    assert "refused" in tab.click("#pay", "#late").html
    assert not [path for path in served[1] if path.startswith("/pay")]


def test_a_page_without_what_is_expected_is_unreadable(tab, served):
    with pytest.raises(SourceUnreadable, match="#price"):
        tab.open(served[0], "#price")


def test_a_button_that_is_not_there_is_unreadable(tab, served):
    tab.open(served[0], "#late")

    with pytest.raises(SourceUnreadable, match="#order"):
        tab.click("#order", "#late")


def test_an_address_that_answers_with_an_error_is_unreachable(tab, served):
    with pytest.raises(SourceUnreachable, match="404"):
        tab.open(f"{served[0]}/gone", "#late")


def test_tabs_share_nothing(chromium, served):
    rules = Rules(served[0], seconds=6)
    one, other = chromium.tab(rules), chromium.tab(rules)
    one.open(served[0], "#late")
    one.close()

    assert "filled" in other.open(served[0], "#late").html
    other.close()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://shop.test/cart", ""),
        ("data:text/plain,x", ""),
        ("http://shop.test/pay/1", "paths that are never asked"),
        ("https://shop.test/cart", "another host"),
        ("http://shop.test.evil/cart", "another host"),
        ("http://user@shop.test/cart", "another host"),
        ("file:///etc/passwd", "another host"),
    ],
)
def test_a_tab_asks_its_own_host_alone(url, why):
    assert why_not_ask(url, Rules("http://shop.test", never=("/pay",))) == why


def test_the_chromium_that_was_set_comes_first_then_playwright_s_own(tmp_path):
    wanted, own = tmp_path / "wanted", tmp_path / "own"
    wanted.touch()
    own.touch()

    assert find_chromium(wanted, own) == wanted
    assert find_chromium(None, own) == own


def test_a_chromium_that_was_set_and_is_not_there_is_a_bad_setting(tmp_path):
    with pytest.raises(BadSetting, match="STOCKSENSE_CHROMIUM"):
        find_chromium(tmp_path / "none", Path("/none"))


def test_a_program_that_is_no_browser_does_not_start(tmp_path):
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)

    with pytest.raises(NotInstalled, match="does not start"):
        Chromium(program)
