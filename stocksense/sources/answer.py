"""What a source answers, and what must hold of it before anything is read from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

from stocksense.errors import BadValue, SourceUnreachable, SourceUnreadable


@dataclass(frozen=True)
class Answer:
    """What a source answered; `text` is data from outside, never an instruction."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    text: str = field(repr=False)
    url: str


class Fetch(Protocol):
    """Something that asks a source; raises SourceUnreachable when there is no answer."""

    def get(
        self, url: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask with GET. Any answer of the source's own, a refusal (4xx) included, comes back."""
        ...

    def post(self, url: str, data: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask with POST, `data` as a form. Only for questions: it is asked again when the source is busy."""
        ...


def check_web_address(url: str) -> str:
    """The address itself, if it is http or https and names a host.

    Raises BadValue otherwise: a base URL from the settings must not read files or other protocols.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadValue(f"{shown(url)!r} is no web address; give one that begins with https:// or http://")
    return url


def shown(url: str) -> str:
    """An address as it may be shown: without user, password, query and fragment, where keys stand."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def read_document(answer: Answer, source: str) -> dict[str, Any]:
    """The JSON object that an answer holds.

    Raises SourceUnreadable if it holds a web page, as of a source that has shut us out, or anything else.
    """
    text = answer.text.lstrip("\ufeff \t\r\n")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        what = "a web page" if text.startswith("<") else "no answer of the form that we know"
        raise SourceUnreadable(
            f"{source} answered {shown(answer.url)} with {what}, so it blocks us or has changed; "
            f"wait an hour, open the address in a browser, and check its base URL in the settings"
        ) from error
    if not isinstance(document, dict):
        raise SourceUnreadable(f"{source} answered {shown(answer.url)} with a list where an object was due")
    return document


def check_reached(answer: Answer, source: str, remedy: str) -> None:
    """Raises SourceUnreachable, with the remedy, if the source refused to answer (status 400 and above)."""
    if answer.status >= 400:
        raise SourceUnreachable(f"{source} refused {shown(answer.url)} with status {answer.status}; {remedy}")
