"""Takes pictures of the pages, of a sample shop made for this and thrown away afterwards."""

from __future__ import annotations

import argparse
import base64
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from playwright.sync_api import Browser, Page, sync_playwright

PAGES = {
    "dashboard": "/dashboard",
    "dark": "/dashboard",
    "inventory": "/inventory",
    "product": "/inventory?state=low",
    "approvals": "/approvals",
    "orders": "/orders",
    "order": "/orders?show=coming",
    "recalls": "/recalls",
    "trends": "/trends",
    "memory": "/memory",
    "jobs": "/jobs",
    "chat": "/chat/",
}
"""Where each picture is taken, or where the way to it begins."""
FURTHER = {"product": "#results tr.first a", "order": ".lines tbody th a"}
"""What is clicked on to get from there to the page of the picture."""
QUESTIONS = {"ko": "이번 주 매출 어때?", "en": "How are sales this week?"}
QUALITY = 82
"""Of WebP, in per cent: letters stay sharp, and a picture weighs about 40 kB."""
HEIGHTS = {390: 844, 1280: 800}
STOCKSENSE = Path(sys.executable).parent / "stocksense"


@contextmanager
def served_sample(home: Path, language: str) -> Iterator[tuple[str, str, str]]:
    """A sample shop after its first run, served: address, and the e-mail and password of its made-up owner."""
    around = {**os.environ, "STOCKSENSE_HOME": str(home), "STOCKSENSE_LANGUAGE": language, "DATABASE_URL": ""}
    if not (home / "stocksense.db").exists():
        subprocess.run([STOCKSENSE, "run"], env=around, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(STOCKSENSE), "serve", "--sample", "--port", str(port)]
    server = subprocess.Popen(command, env=around, stdout=subprocess.PIPE, text=True)
    try:
        told = ""
        while not (found := re.search(r"(\S+@example\.com)\s+(\S+)", told)):
            told = server.stdout.readline() if server.stdout else ""
        wait_for(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}", found[1], found[2]
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str) -> None:
    """Wait until the address answers."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (URLError, TimeoutError):
            time.sleep(0.1)
    raise SystemExit(f"{address} did not answer within a minute")


def logged_in(browser: Browser, width: int, language: str, at: tuple[str, str, str]) -> Page:
    """A page of somebody who is logged in, as wide as a phone or a screen."""
    address, email, password = at
    context = browser.new_context(viewport={"width": width, "height": HEIGHTS[width]}, locale=language)
    page = context.new_page()
    page.goto(f"{address}/login?next=/account")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.click("main button.primary")
    page.wait_for_url(f"{address}/account")
    return page


def take(page: Page, address: str, name: str, language: str, path: Path) -> None:
    """One picture: what is seen first, without scrolling; of the chat, what it answers."""
    page.emulate_media(color_scheme="dark" if name == "dark" else "light")
    page.goto(f"{address}{PAGES[name]}")
    if name in FURTHER:
        page.locator(FURTHER[name]).first.click()
        page.wait_for_load_state("load")
    if name == "chat":
        page.locator(".ss-brief").wait_for(timeout=60_000)
        page.locator("#chat-input").fill(QUESTIONS[language])
        page.locator("#chat-submit").click()
        page.locator(".ss-marks").first.wait_for(timeout=60_000)
        page.wait_for_timeout(2000)
        page.locator(".ss-marks").last.evaluate("mark => mark.scrollIntoView({ block: 'center' })")
    page.wait_for_timeout(400)
    shot = {"format": "webp", "quality": QUALITY}
    seen = page.context.new_cdp_session(page).send("Page.captureScreenshot", shot)
    path.write_bytes(base64.b64decode(seen["data"]))


def main() -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--language", choices=("ko", "en"), nargs="*", default=["ko", "en"])
    parser.add_argument("--width", type=int, choices=sorted(HEIGHTS), nargs="*", default=sorted(HEIGHTS))
    parser.add_argument("--pages", choices=PAGES, nargs="*", default=list(PAGES))
    wanted = parser.parse_args()
    wanted.to.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("STOCKSENSE_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for language in wanted.language:
            with served_sample(Path(folder) / language, language) as at:
                for width in wanted.width:
                    page = logged_in(browser, width, language, at)
                    for name in wanted.pages:
                        take(page, at[0], name, language, wanted.to / f"{name}-{language}-{width}.webp")
                        sys.stderr.write(f"{name} {language} {width}\n")
        browser.close()


if __name__ == "__main__":
    main()
