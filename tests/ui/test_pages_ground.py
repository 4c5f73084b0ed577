"""Every page in a real browser, on a phone and on a screen, in both languages; and every word in its catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

import ui.pages
from ui.wording import Words, catalogue, language_of

UI = Path(ui.pages.__file__).parent.parent
TEMPLATES = sorted((UI / "templates").glob("*.html"))
FURTHER = ("/account", "/nowhere")
"""Addresses that the way round doesn't show."""
NAMES = {"StockSense", "–", "›", "·", "▲", "▼", "↑", "↓", "한국어", "English"}
"""What stands in templates and is no word of a language."""
WIDTHS = pytest.mark.parametrize("width", [390, 1280], ids=["phone", "screen"])
LANGUAGES = pytest.mark.parametrize("language", ["ko", "en"])


def paths() -> list[str]:
    """The addresses of the way round, as the application finds them, without the chat, which isn't ours to draw."""
    found = [
        re.findall(r'Nav\(\s*"\w+",\s*"(/[^"]*)"', file.read_text("utf-8")) for file in (UI / "pages").glob("*.py")
    ]
    return sorted({path for some in found for path in some})


PAGES = pytest.mark.parametrize("path", [*paths(), *FURTHER])
COLOURED = ((390, "ko"), (1280, "en"))
"""Where contrast is measured, which takes long: both widths, and no language has colours of its own."""
A4 = {"width": 718, "height": 1010}
"""What a sheet of paper holds within its margins, in CSS pixels."""


@dataclass(frozen=True)
class Seen:
    """What one visit to a page showed: faults by axe-core in the light and in the dark, text, bytes, complaints."""

    faults: list[tuple[str, str]]
    faults_in_the_dark: list[tuple[str, str]]
    wide: int
    text: str
    weight: int
    complaints: list[str]
    policy: str
    printed: dict[str, list[str]]


def printed(page: Page) -> dict[str, list[str]]:
    """What of the way round a sheet of paper would show, and which tables it would cut off."""
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    found: dict[str, list[str]] = page.evaluate(
        """() => ({
            shown: [...document.querySelectorAll(".top, .side, .filters, .actions, button, #toasts")]
                .filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 120)),
            cut: [...document.querySelectorAll("table")].filter((one) => one.checkVisibility()
                && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 120)),
            clipped: [...document.querySelectorAll(".scroll")].filter((one) => one.checkVisibility()
                && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1))
                .map((one) => one.getAttribute("aria-label") || one.outerHTML.slice(0, 120)),
        })"""
    )
    return found


@pytest.fixture(scope="module")
def seen(site: Any, lasting_page: Callable[..., Page], faults: Callable[..., Any]) -> Callable[..., Seen]:
    """Visits a page once in each width and language, looks at all there is to see, and remembers it."""

    @cache
    def visit(path: str, width: int = 390, language: str = "ko") -> Seen:
        page, answers, complaints = lasting_page(width, language), [], []
        page.on("response", lambda got: answers.append(got))  # noqa: PLW0108
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))

        answer = page.goto(f"{site.address}{path}")
        has_colours = (width, language) in COLOURED
        light = faults(page, rules={"color-contrast": {"enabled": has_colours}})
        wide = page.evaluate("document.documentElement.scrollWidth")
        text = page.locator("body").inner_text()
        weight = sum(len(got.body()) for got in answers if got.ok and "events" not in got.url)
        page.emulate_media(color_scheme="dark")
        dark = faults(page, runOnly=["color-contrast"]) if has_colours else []
        paper = printed(page)
        page.close()
        return Seen(light, dark, wide, text, weight, complaints, answer.headers["content-security-policy"], paper)

    return visit


@PAGES
@WIDTHS
@LANGUAGES
def test_a_page_is_readable_by_everybody(seen, path, width, language):
    assert seen(path, width, language).faults == []


@PAGES
@pytest.mark.parametrize(("width", "language"), COLOURED)
def test_a_page_is_readable_in_the_dark(seen, path, width, language):
    assert seen(path, width, language).faults_in_the_dark == []


@PAGES
@WIDTHS
@LANGUAGES
def test_a_page_fits_its_screen(seen, path, width, language):
    assert seen(path, width, language).wide <= width


@PAGES
@WIDTHS
@LANGUAGES
def test_a_page_holds_no_word_of_the_other_language(seen, path, width, language):
    text = seen(path, width, language).text
    other, least = ("en", 6) if language == "ko" else ("ko", 3)
    foreign = {
        one[other]
        for one in catalogue().values()
        if isinstance(one[other], str) and one[other] != one[language] and len(one[other]) >= least
    }

    found = {word for word in foreign - NAMES if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)}
    assert {word for word in found if "{" not in word} == set()


@PAGES
@WIDTHS
@LANGUAGES
def test_a_page_weighs_little_and_breaks_nothing(seen, path, width, language):
    page = seen(path, width, language)

    assert [said for said in page.complaints if "404" not in said] == []
    assert page.weight < 150_000
    assert "unsafe" not in page.policy.split("style-src")[0]


@PAGES
@LANGUAGES
def test_a_printed_page_holds_its_tables_whole_and_no_way_round(seen, path, language):
    assert seen(path, 1280, language).printed == {"shown": [], "cut": [], "clipped": []}


def test_every_wording_is_there_in_both_languages():
    blank = [
        key
        for key, wordings in catalogue().items()
        for text in wordings.values()
        for one in ([text] if isinstance(text, str) else text.values())
        if not one.strip()
    ]

    assert blank == []


def test_both_languages_put_in_the_same_values():
    def names(wording: object) -> set[str]:
        texts = [wording] if isinstance(wording, str) else list(wording.values())
        return {name for text in texts for name in re.findall(r"{(\w+)}", text)}

    assert [key for key, one in catalogue().items() if names(one["ko"]) != names(one["en"])] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_word_of_its_own(path):
    text = re.sub(r"{#.*?#}", "", path.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}", "\0", text, flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|title|placeholder|alt|value|content)="([^"]*)"', text)
    between = re.split(r"<[^>]*>|\0", text)

    words = {word for piece in between for word in piece.split() if re.search(r"[^\W\d_]", word)} - NAMES
    labels = {one for one in spoken if re.search(r"[가-힣]|[A-Za-z]{2,} [A-Za-z]{2,}", one.replace("\0", ""))}

    assert words == set()
    assert labels - {"width=device-width, initial-scale=1, viewport-fit=cover"} == set()


def test_every_word_that_is_asked_for_is_there():
    files = [*UI.glob("*.py"), *(UI / "pages").glob("*.py"), *TEMPLATES]
    topics = "|".join(sorted({key.split(".")[0] for key in catalogue()}))
    asked = {
        key
        for path in files
        for key in re.findall(rf"""["']((?:{topics})\.[a-z0-9_]+)["'](?! *~)""", path.read_text("utf-8"))
        if not key.endswith(("_", ".html", ".toml", ".py", ".js", ".css"))
    }

    assert asked - set(catalogue()) == {key for key in asked if key.endswith("_")}


@pytest.mark.parametrize(
    ("language", "shown"),
    [("ko", ("12,346원", "−3.5%", "1개", "2026년 3월 11일")), ("en", ("₩12,346", "−3.5%", "1 unit", "11 March 2026"))],
)
def test_numbers_money_and_days_are_written_as_people_do(language, shown):
    from datetime import date

    say = Words(language)

    assert (say.money(12345.5), say.change(-0.035, 1), say.units(1), say.day(date(2026, 3, 11))) == shown


def test_a_stranger_is_greeted_in_the_browsers_language():
    assert [language_of(wish) for wish in ("ko-KR,ko;q=0.9", "en-GB,en;q=0.9", "fr,ko;q=0.5", "fr", "")] == [
        "ko", "en", "ko", "en", "ko",
    ]  # fmt: skip
