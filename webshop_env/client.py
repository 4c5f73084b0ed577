"""A shopper who visits the shop over HTTP: the face of `WebShopEnv`, each action one page fetched and read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, cast

import httpx
from bs4 import BeautifulSoup

from webshop_env.addresses import Place
from webshop_env.errors import EpisodeNotReady, ShopUnreachable
from webshop_env.page import SEPARATOR
from webshop_env.reward import Mode
from webshop_env.session import parse_action

ClientObservation = Literal["text", "html", "url"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One page as the shop answered it: its text, where each click leads, whether and how the visit ended."""

    sid: str
    mode: Mode
    text: str
    links: Mapping[str, str]
    done: bool
    outcome: Mapping[str, Any]


def read_facts(answer: str) -> Seen:
    """The page in an answer of plain values (JSON)."""
    facts = json.loads(answer)
    outcome = facts["outcome"] or {}
    return Seen(facts["sid"], facts["mode"], facts["observation"], facts["clickables"], facts["done"], outcome)


def read_html(answer: str) -> Seen:
    """The page in an answer for people: buttons can be clicked first, then products, then options."""
    body = BeautifulSoup(answer, "html.parser").body
    if body is None:
        raise ShopUnreachable(f"the answer is no page of the shop but {answer[:80]!r}; is this the shop's address?")
    texts: list[str] = []
    kinds: tuple[dict[str, str], ...] = ({}, {}, {})
    for tag in body.find_all(True):
        if "data-part" in tag.attrs:
            texts.append(tag.get_text())
        if "data-click" in tag.attrs:
            shapes = tag.get_attribute_list("class")
            kind = 1 if "product-link" in shapes else 2 if "option" in shapes else 0
            kinds[kind][str(tag["data-click"])] = str(tag.get("href", ""))
    outcome = body.find(id="outcome")
    return Seen(
        sid=str(body["data-sid"]),
        mode=cast(Mode, body["data-mode"]),
        text=SEPARATOR.join(texts),
        links=kinds[0] | kinds[1] | kinds[2],
        done=body["data-done"] == "true",
        outcome=json.loads(outcome.get_text()) if outcome is not None else {},
    )


class WebShopClient:
    """Visits the shop at `base_url` with the actions, observations and rewards of `WebShopEnv`.

    An action becomes an address, and the page there is fetched: as plain values, or as a browser gets it with the
    observation mode `html`. Nothing but the page is known. Use it as a context manager, or close it. Raises
    ShopUnreachable when the server doesn't answer or refuses.
    """

    def __init__(
        self,
        base_url: str,
        *,
        observation_mode: ClientObservation = "text",
        timeout_seconds: float = 10.0,
        http: httpx.Client | None = None,
    ) -> None:
        self._http = http or httpx.Client(base_url=base_url, timeout=timeout_seconds, follow_redirects=True)
        self._base_url = base_url
        self._observation_mode = observation_mode
        self._seen: Seen | None = None
        self._answer, self._url = "", ""

    def __enter__(self) -> "WebShopClient":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The address of the open page, empty before the first reset."""
        return self._url

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Begin a visit; the options are those of `WebShopEnv.reset`: `goal` or `instruction`."""
        wishes = {name: value for name, value in (options or {}).items() if name in ("goal", "instruction")}
        if seed is not None:
            wishes["seed"] = seed
        self._fetch("/", wishes)
        return self._observe(), self._info()

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Do one action: observation, reward, terminated, truncated (never), info."""
        seen = self._page
        if seen.mode == "fixed" and seen.done:
            return self._observe(), 0.0, True, False, self._info()
        verb, argument = parse_action(action, seen.mode)
        path = seen.links.get(argument, "") if verb == "click" else ""
        if verb == "search":
            path = Place(seen.sid, "results", tuple(argument.split(" "))).path
        if path:
            self._fetch(path)
        info = self._info()
        done = self._page.done and bool(path)
        return self._observe(), float(info.get("reward", 0.0)) if done else 0.0, done, False, info

    def _fetch(self, path: str, query: Mapping[str, Any] | None = None) -> None:
        """Open a page and read it."""
        for_people = self._observation_mode == "html"
        headers = {"Accept": "text/html" if for_people else "application/json"}
        try:
            answer = self._http.get(path, params=query or None, headers=headers)
            answer.raise_for_status()
        except httpx.HTTPStatusError as error:
            raise ShopUnreachable(f"the shop refused {path[:200]!r}: {_why(error.response)}") from error
        except httpx.HTTPError as error:
            raise ShopUnreachable(f"no answer from {self._base_url} ({error}); is the server running?") from error
        self._answer, self._url = answer.text, str(answer.url)
        try:
            self._seen = read_html(answer.text) if for_people else read_facts(answer.text)
        except (KeyError, TypeError, ValueError) as error:
            raise ShopUnreachable(
                f"what {self._base_url} answered is no page of the shop: {answer.text[:80]!r}; check the address"
            ) from error

    @property
    def _page(self) -> Seen:
        """The open page; raises EpisodeNotReady before the first reset."""
        if self._seen is None:
            raise EpisodeNotReady("no page is open yet; call reset() before step()")
        return self._seen

    def _observe(self) -> str:
        if self._observation_mode == "html":
            return self._answer
        return self._url if self._observation_mode == "url" else self._page.text

    def _info(self) -> dict[str, Any]:
        links = self._page.links
        return {"clickables": list(links), "has_search_bar": "search" in links, **self._page.outcome}


def _why(answer: httpx.Response) -> str:
    """What the shop says of an address that it refuses."""
    if answer.headers.get("content-type", "").startswith("application/json"):
        return str(answer.json().get("error", answer.text[:200]))
    page = BeautifulSoup(answer.text, "html.parser")
    return page.p.get_text() if page.p else answer.text[:200]
