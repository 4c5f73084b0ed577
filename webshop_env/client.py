"""A shopper who visits the shop over HTTP: the face of `WebShopEnv`, each action one page fetched and read."""

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Literal, cast

import httpx
from bs4 import BeautifulSoup, Tag

from webshop_env.addresses import Place
from webshop_env.errors import EpisodeNotReady, ShopUnreachable
from webshop_env.pages import SEPARATOR
from webshop_env.reward import Mode
from webshop_env.session import parse_action

ClientObservation = Literal["text", "html", "url"]


class WebShopClient:
    """Visits the shop at `base_url` with the actions, observations and rewards of `WebShopEnv`.

    An action becomes an address, the page there is fetched and read; nothing but the page is known. Use it as a
    context manager, or close it. Raises ShopUnreachable when the server doesn't answer or refuses.
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
        self._page: BeautifulSoup | None = None
        self._html, self._url = "", ""
        self._links: dict[str, str] = {}
        self._parts: list[str] = []

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
        body = self._body()
        mode = cast(Mode, body["data-mode"])
        if mode == "fixed" and self._done:
            return self._observe(), 0.0, True, False, self._info()
        verb, argument = parse_action(action, mode)
        path = self._links.get(argument, "") if verb == "click" else ""
        if verb == "search":
            path = Place(str(body["data-sid"]), "results", tuple(argument.split(" "))).path
        if path:
            self._fetch(path)
        info = self._info()
        done = self._done and bool(path)
        return self._observe(), float(info.get("reward", 0.0)) if done else 0.0, done, False, info

    def _fetch(self, path: str, query: Mapping[str, Any] | None = None) -> None:
        """Open a page and read it."""
        try:
            answer = self._http.get(path, params=query or None, headers={"Accept": "text/html"})
            answer.raise_for_status()
        except httpx.HTTPStatusError as error:
            page = BeautifulSoup(error.response.text, "html.parser")
            why = page.p.get_text() if page.p else error.response.text[:200]
            raise ShopUnreachable(f"the shop refused {path[:200]!r}: {why}") from error
        except httpx.HTTPError as error:
            raise ShopUnreachable(f"no answer from {self._base_url} ({error}); is the server running?") from error
        self._html, self._url = answer.text, str(answer.url)
        self._page = BeautifulSoup(answer.text, "html.parser")
        self._read()

    def _read(self) -> None:
        """Read the parts and the links of the open page: buttons come first, then products, then options."""
        self._parts = []
        kinds: tuple[dict[str, str], ...] = ({}, {}, {})
        for tag in self._body().find_all(True):
            if "data-part" in tag.attrs:
                self._parts.append(tag.get_text())
            if "data-click" in tag.attrs:
                shapes = tag.get_attribute_list("class")
                kind = 1 if "product-link" in shapes else 2 if "option" in shapes else 0
                kinds[kind][str(tag["data-click"])] = str(tag.get("href", ""))
        self._links = kinds[0] | kinds[1] | kinds[2]

    def _body(self) -> Tag:
        """The open page; raises EpisodeNotReady before the first reset."""
        if self._page is None or self._page.body is None:
            raise EpisodeNotReady("no page is open yet; call reset() before step()")
        return self._page.body

    @property
    def _done(self) -> bool:
        return self._body()["data-done"] == "true"

    def _observe(self) -> str:
        if self._observation_mode == "html":
            return self._html
        if self._observation_mode == "url":
            return self._url
        return SEPARATOR.join(self._parts)

    def _info(self) -> dict[str, Any]:
        info: dict[str, Any] = {"clickables": list(self._links), "has_search_bar": "search" in self._links}
        outcome = self._body().find(id="outcome")
        if outcome is not None:
            info |= json.loads(outcome.get_text())
        return info
