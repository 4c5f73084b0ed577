"""What a page of the shop is: the text it says, and what can be clicked on it.

A page is a list of parts in the order of the screen. The text observation joins them with ` [SEP] `; `rich_text`
marks buttons. What every page begins with, the instruction, is put before it by the session.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple, Protocol

SEPARATOR = " [SEP] "
SUB_PAGES = ("Description", "Features", "Reviews")
PartKind = Literal["text", "button", "link", "option"]
ClickKind = Literal["search", "index", "prev", "next", "item", "option", "sub", "buy"]


class Part(NamedTuple):
    """One visible piece of a page: what it is and what it says."""

    kind: PartKind
    text: str


class Click(NamedTuple):
    """What a click does; `target` is an asin, a sub-page or an option's value, `group` the option's group."""

    kind: ClickKind
    target: str = ""
    group: str = ""


class Page(Protocol):
    """A page without its instruction, as text, and what can be clicked on it."""

    @property
    def body(self) -> str:
        """What the page says, as the text observation joins it."""

    @property
    def names(self) -> tuple[str, ...]:
        """What can be clicked, in order."""

    @property
    def clicks(self) -> Mapping[str, Click]:
        """What each name does, in order."""

    @property
    def follow(self) -> Callable[[str], Click | None]:
        """The quick way from an action in its plain spelling, such as `click[buy now]`, to the click.

        None says nothing: other spellings have to be parsed and looked up in `clicks`.
        """

    @property
    def parts(self) -> Iterable[Part]:
        """What the page shows, in the order of the screen."""

    @property
    def has_search_bar(self) -> bool:
        """Whether a search can be typed."""


class SinglePage(NamedTuple):
    """A page that keeps its own clicks; its parts are made when asked for, as most pages are only seen as text."""

    body: str
    names: tuple[str, ...]
    clicks: Mapping[str, Click]
    follow: Callable[[str], Click | None]
    make_parts: Callable[[], Iterable[Part]]
    has_search_bar: bool = False

    @property
    def parts(self) -> Iterable[Part]:
        """What the page shows, in the order of the screen."""
        return self.make_parts()


SEARCH = Part("button", "Search")
TO_INDEX = Part("button", "Back to Search")
PREVIOUS = Part("button", "< Prev")
NEXT = Part("button", "Next >")
BUY = Part("button", "Buy Now")
BUTTON_CLICKS = {
    SEARCH: Click("search"),
    TO_INDEX: Click("index"),
    PREVIOUS: Click("prev"),
    NEXT: Click("next"),
    BUY: Click("buy"),
} | {Part("button", name): Click("sub", name) for name in SUB_PAGES}


def visible(text: str) -> str | None:
    """What a browser's text node shows: stripped, or None where there is no node or only a line break."""
    if not text or (not text.strip(" \t\n\r\f\v") and "\n" in text):
        return None
    return text.strip()


def part(kind: PartKind, text: str) -> list[Part]:
    """The part for a text, or nothing where the text shows nothing."""
    shown = visible(text)
    return [] if shown is None else [Part(kind, shown)]


def joined(parts: Iterable[Part]) -> str:
    """The text observation of some parts."""
    return SEPARATOR.join([part.text for part in parts])


def rich_text(parts: Iterable[Part], *, chosen: Iterable[str] = (), visited: Iterable[str] = ()) -> str:
    """The parts line by line, with buttons marked, and those clicked already: option values and asins."""
    values, asins = set(chosen), set(visited)
    notes: list[str] = []
    lines: list[str] = []
    for kind, text in parts:
        clicked = (kind == "option" and text in values) or (kind == "link" and text in asins)
        mark = "clicked button" if clicked else "button"
        if clicked and kind == "option":
            notes.insert(0, f"You have clicked {text}.\n")
        shape = {"text": "{0}", "button": "[button] {0} [button_]", "link": "\n[{1}] {0} [{1}_]"}
        lines.append(shape.get(kind, "  [{1}] {0} [{1}_]").format(text, mark) + "\n")
    return "".join(notes + lines)


def plain_actions(clicks: Mapping[str, Click]) -> dict[str, Click]:
    """The clicks by those actions that every mode reads alike: lower-cased, on one line, with no further bracket."""
    plain = {f"click[{name}]": click for name, click in clicks.items() if name == name.lower()}
    return {action: click for action, click in plain.items() if action.count("[") == 1 and "\n" not in action}


def make_page(
    make_parts: Callable[[], Iterable[Part]], clicks: Mapping[str, Click], *, has_search_bar: bool = False
) -> SinglePage:
    """A page of these parts: its buttons can be clicked first, then `clicks`; a later same name replaces the click."""
    parts = list(make_parts())
    every = {part.text.lower(): BUTTON_CLICKS[part] for part in parts if part in BUTTON_CLICKS}
    every.update(clicks)
    return SinglePage(joined(parts), tuple(every), every, plain_actions(every).get, make_parts, has_search_bar)


def page_of(*parts: Part, has_search_bar: bool = False) -> SinglePage:
    """A page of just these parts."""
    return make_page(lambda: parts, {}, has_search_bar=has_search_bar)


INDEX = page_of(SEARCH, has_search_bar=True)
