"""The addresses of the shop's pages: everything that a page shows, but the instruction, stands in its address.

/{sid}                                                          where to search
/search_results/{sid}/{words}/{number}                          results, words joined by +
/item_page/{sid}/{asin}/{words}/{number}/{options}              a product, options as JSON
/item_sub_page/{sid}/{asin}/{words}/{number}/{sub}/{options}    its description, features or reviews
/done/{sid}/{asin}/{options}                                    the purchase
"""

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import quote, unquote

from webshop_env.errors import UnknownPage
from webshop_env.page import SUB_PAGES, Click

PlaceKind = Literal["index", "results", "item", "sub", "done"]
LAST_PAGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """One page of one visit."""

    sid: str
    kind: PlaceKind = "index"
    keywords: tuple[str, ...] = ()
    number: int = 1
    asin: str = ""
    sub: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    def after(self, click: Click) -> "Place":
        """The page to which a click leads."""
        match click.kind:
            case "index":
                leads_to = Place(self.sid)
            case "option":
                leads_to = replace(self, options={**self.options, click.group: click.target})
            case "item":
                leads_to = replace(self, kind="item", asin=click.target, options={})
            case "sub":
                leads_to = replace(self, kind="sub", sub=click.target)
            case "buy":
                leads_to = replace(self, kind="done")
            case "prev" if self.kind == "sub":
                leads_to = replace(self, kind="item", sub="")
            case "next" | "prev":
                step = {"item": 0, "results": 1 if click.kind == "next" else -1}[self.kind]
                leads_to = Place(self.sid, "results", self.keywords, self.number + step)
            case _:
                leads_to = self
        return leads_to

    @property
    def path(self) -> str:
        """The address as a path, every piece of it quoted."""
        words = "+".join(quote(word, safe="") for word in self.keywords)
        options = quote(json.dumps(dict(self.options), ensure_ascii=False), safe="")
        if self.kind == "index":
            return f"/{self.sid}"
        if self.kind == "results":
            return f"/search_results/{self.sid}/{words}/{self.number}"
        if self.kind == "done":
            return f"/done/{self.sid}/{self.asin}/{options}"
        where = f"{self.sid}/{self.asin}/{words}/{self.number}"
        if self.kind == "sub":
            return f"/item_sub_page/{where}/{self.sub}/{options}"
        return f"/item_page/{where}/{options}"


def read_place(path: str) -> Place:
    """The place at a quoted path; raises UnknownPage if there is none."""
    match path.lstrip("/").split("/"):
        case [sid] if sid:
            return Place(unquote(sid))
        case ["search_results", sid, words, number]:
            return Place(unquote(sid), "results", _words(words), _number(number))
        case ["item_page", sid, asin, words, number, options]:
            place = Place(unquote(sid), "item", _words(words), _number(number))
            return replace(place, asin=unquote(asin), options=_options(options))
        case ["item_sub_page", sid, asin, words, number, sub, options] if sub in SUB_PAGES:
            place = Place(unquote(sid), "sub", _words(words), _number(number))
            return replace(place, asin=unquote(asin), sub=sub, options=_options(options))
        case ["done", sid, asin, options]:
            return Place(unquote(sid), "done", asin=unquote(asin), options=_options(options))
    raise UnknownPage(f"the shop has no page {path[:200]!r}; begin at /")


def _words(text: str) -> tuple[str, ...]:
    """The keywords in a quoted piece of a path."""
    return tuple(unquote(word) for word in text.split("+"))


def _number(text: str) -> int:
    """The number of a page of results."""
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LAST_PAGE and len(text) <= 9:
        return int(text)
    raise UnknownPage(f"results have no page {text[:40]!r}; pages are numbered from 1")


def _options(text: str) -> dict[str, str]:
    """The options in a quoted piece of a path, JSON or the text of a Python dict."""
    written = unquote(text)
    try:
        options = json.loads(written)
    except ValueError:
        try:
            options = ast.literal_eval(written)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            options = None
    if isinstance(options, dict) and all(isinstance(piece, str) for pair in options.items() for piece in pair):
        return options
    raise UnknownPage(f"options {written[:80]!r} cannot be read; write them as JSON, such as {{}}")
