"""Pages that were drawn, kept in memory until anything in the database changes, for everybody who sees the same.

A page is drawn with stand-ins where the person's name and the token of the forms belong, which each answer puts in. It
is kept under all that it depends on: address, part, role, language, theme, time zone, what it shows of the person's
own, and the database's version, asked anew for each request; so whoever writes, from whichever process, the next look
is right. Since pages also tell how long ago something was, none is shown for longer than LONGEST_SECONDS.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import Response
from markupsafe import escape

from stocksense.store.kept import Answer, Memory
from ui.gate import NOTICE_COOKIE, PART_HEADER, Visit, services_of, version_at

MOST_DRAWN = 800
"""Pages, and what several of them show, that are kept; a page has some 50 kB."""

LONGEST_SECONDS = 60

_NAME = f"name-{secrets.token_hex(16)}"
_CSRF = f"csrf-{secrets.token_hex(16)}"
_drawn = Memory(MOST_DRAWN)


@dataclass(frozen=True)
class _Drawn:
    """An answer with stand-ins in its body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def drawn(
    request: Request, visit: Visit, draw: Callable[[], Response], *, own: tuple[str, ...] = (), mine: Hashable = None
) -> Response:
    """What `draw` draws, or drew for the same address since anything changed, and for the same `mine`.

    `mine` is what the page shows of this person's own. Addresses that give a value for a name in `own`, and answers to
    somebody's own deed, are drawn for one person alone.
    """
    if NOTICE_COOKIE in request.cookies or any(request.query_params.get(name) for name in own):
        return draw()
    if version_at(request) is None:
        return draw()
    made = remembered(request, ("page", mine, *_seen(request, visit)), lambda: _draw(request, draw))
    body = made.body.replace(_NAME.encode(), escape(visit.person.name).encode())
    body = body.replace(_CSRF.encode(), escape(visit.login.csrf).encode())
    return Response(body, made.status, headers=dict(made.headers))


def remembered(request: Request, question: Hashable, read: Callable[[], Answer]) -> Answer:
    """What `read` reads, or read for the same question since anything changed; it must not be changed."""
    version = version_at(request)
    return read() if version is None else _drawn.answer((version, _turn(request), question), read)


def for_anybody(request: Request, visit: Visit | None) -> Visit | None:
    """The visit as a page shows it: with stand-ins while the page is drawn to be kept."""
    if visit is None or not getattr(request.state, "is_drawn_to_keep", False):
        return visit
    return Visit(replace(visit.person, name=_NAME), replace(visit.login, csrf=_CSRF))


def forget() -> None:
    """Forget all pages."""
    _drawn.forget()


def _draw(request: Request, draw: Callable[[], Response]) -> _Drawn:
    request.state.is_drawn_to_keep = True
    try:
        answer = draw()
    finally:
        request.state.is_drawn_to_keep = False
    headers = tuple((name, value) for name, value in answer.headers.items() if name != "content-length")
    return _Drawn(answer.status_code, headers, bytes(answer.body))


def _seen(request: Request, visit: Visit) -> tuple[Hashable, ...]:
    """All that a page's content depends on beside the database, the clock and what is the person's own."""
    person, part = visit.person, request.headers.get(PART_HEADER, "")
    return request.url.path, request.url.query, part, person.role, person.language, person.theme, person.time_zone


def _turn(request: Request) -> int:
    """A number that goes up every LONGEST_SECONDS, for each address at another moment."""
    shift = hash((request.url.path, request.url.query)) % LONGEST_SECONDS
    return int((services_of(request).clock().timestamp() + shift) // LONGEST_SECONDS)
