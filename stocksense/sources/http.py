"""The one guarded door to the web: limits of time and size, a pause between questions, patience with a busy source."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import httpx

from stocksense.errors import SourceUnreachable
from stocksense.sources.answer import Answer, check_web_address, shown

log = logging.getLogger(__name__)

_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses with which a source says that the same question may be answered later."""

_MOVED = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Patience:
    """How long one answer may take and weigh, and how often a busy source is asked again.

    Seconds and bytes. `pause` lies between two questions to the same host; a wait that the source asks for is kept
    up to `longest_wait`, beyond it we give up at once.
    """

    timeout: float = 20.0
    longest_answer: float = 180.0
    most_bytes: int = 96 * 1024 * 1024
    retries: int = 3
    first_wait: float = 0.5
    longest_wait: float = 30.0
    pause: float = 0.0
    redirects: int = 3


class HttpFetch:
    """Asks sources over HTTP. Close it, or use it in a `with` block.

    `sleep` takes seconds; tests pass their own.
    """

    def __init__(
        self,
        patience: Patience | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        agent: str = "StockSense/0.1",
    ) -> None:
        self._patience = patience or Patience()
        self._sleep = sleep
        self._asked: dict[str, float] = {}
        self._client = httpx.Client(
            timeout=self._patience.timeout, follow_redirects=False, headers={"User-Agent": agent}
        )

    def __enter__(self) -> HttpFetch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def get(
        self, url: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask with GET. Raises SourceUnreachable, BadValue for an address that isn't a web address."""
        return self._ask("GET", url, params=params, headers=headers)

    def post(self, url: str, data: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask with POST, `data` as a form. Raises as `get`."""
        return self._ask("POST", url, data=data, headers=headers)

    def _ask(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One question, asked again while the source is busy or the connection fails."""
        request = self._client.build_request(
            method, check_web_address(url), params=params, data=data, headers=dict(headers or {})
        )
        for attempt in range(self._patience.retries + 1):
            answer, trouble = self._try(request)
            if answer is not None and answer.status not in _BUSY:
                return answer
            if answer is not None:
                trouble = f"it answered with status {answer.status}"
            if attempt < self._patience.retries:
                wait = self._wait(attempt, answer)
                log.info("source busy, asking again: url=%s trouble=%s wait=%.1f", shown(url), trouble, wait)
                self._sleep(wait)
        raise SourceUnreachable(
            f"{shown(url)} gave no answer in {self._patience.retries + 1} attempts: {trouble}; "
            f"check the network and the base URL in the settings, or try again later"
        )

    def _try(self, request: httpx.Request) -> tuple[Answer | None, str]:
        """One attempt: an answer, or in words what went wrong on the way."""
        try:
            return self._follow(request), ""
        except httpx.TimeoutException:
            return None, "it did not answer in time"
        except httpx.HTTPError as error:
            return None, f"the connection failed ({type(error).__name__})"

    def _follow(self, request: httpx.Request) -> Answer:
        """The answer at the end of a source's own redirects, which stay on its host: they'd carry our key away."""
        for _ in range(self._patience.redirects + 1):
            answer = self._read(request)
            if answer.status not in _MOVED or "location" not in answer.headers or request.method != "GET":
                return answer
            target = urljoin(answer.url, answer.headers["location"])
            here, there = urlsplit(answer.url), urlsplit(target)
            secure = there.scheme == "https" or there.scheme == here.scheme == "http"
            if there.hostname != here.hostname or not secure:
                raise SourceUnreachable(
                    f"{shown(answer.url)} sends us on to {shown(target)}, another site, where we don't follow; "
                    f"if the source has moved, change its base URL in the settings"
                )
            request = self._client.build_request("GET", target, headers=request.headers)
        raise SourceUnreachable(f"{shown(str(request.url))} sends us round in circles; check the base URL")

    def _read(self, request: httpx.Request) -> Answer:
        """One answer, read piece by piece so that neither an endless nor a slow one holds us."""
        self._keep_pause(request.url.host)
        ends = time.monotonic() + self._patience.longest_answer
        response = self._client.send(request, stream=True)
        body = bytearray()
        try:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > self._patience.most_bytes:
                    raise SourceUnreachable(
                        f"{shown(str(request.url))} answered with more than {self._patience.most_bytes:,} bytes, "
                        f"which no list of this kind has; check the base URL in the settings"
                    )
                if time.monotonic() > ends:
                    raise httpx.ReadTimeout("the answer took too long", request=request)
        finally:
            response.close()
        text = bytes(body).decode(_encoding(response), errors="replace")
        return Answer(response.status_code, dict(response.headers), text, str(request.url))

    def _keep_pause(self, host: str) -> None:
        """Wait until the last question to this host is long enough ago."""
        since = time.monotonic() - self._asked.get(host, float("-inf"))
        if since < self._patience.pause:
            self._sleep(self._patience.pause - since)
        self._asked[host] = time.monotonic()

    def _wait(self, attempt: int, answer: Answer | None) -> float:
        """Seconds until the next attempt: twice the last, or what the source asks for.

        Raises SourceUnreachable if it asks for more than we are ready to wait.
        """
        asked = _retry_after(answer.headers.get("retry-after", "")) if answer else None
        if asked is not None and asked > self._patience.longest_wait:
            raise SourceUnreachable(
                f"{shown(answer.url if answer else '')} asks to be left alone for {asked:.0f} seconds; "
                f"try again after that"
            )
        doubled: float = self._patience.first_wait * 2**attempt
        return min(max(asked or 0.0, doubled), self._patience.longest_wait)


def _retry_after(value: str) -> float | None:
    """Seconds that a `Retry-After` header asks for, written as a number or as a date; None if it says neither."""
    if value.strip().isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max((until - datetime.now(UTC)).total_seconds(), 0.0)


def _encoding(response: httpx.Response) -> str:
    """The character set that the answer names, if we know it, else UTF-8 with or without a mark."""
    named = (response.charset_encoding or "utf-8").lower()
    try:
        "".encode(named)
    except LookupError:
        return "utf-8-sig"
    return "utf-8-sig" if named in ("utf-8", "utf8") else named
