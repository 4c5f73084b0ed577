"""Who is asking: the login behind a request, what it may do, and that its forms come from our own pages."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import Depends, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers

from stocksense.store import logins
from stocksense.store.database import Sessions
from stocksense.store.kept import Memory
from stocksense.store.logins import LIFETIME, Login
from stocksense.store.users import Person
from stocksense.store.version import version_of
from tools.services import Services
from ui.rights import Right, may

COOKIE = "stocksense_login"
FORM_COOKIE = "stocksense_form"
PART_HEADER = "x-part"
NOTICE_COOKIE = "stocksense_notice"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_logins = Memory(1000)
"""Logins that were found, each under the version of the database in which it was."""


@dataclass(frozen=True)
class Visit:
    """A person and the login that they came with."""

    person: Person
    login: Login

    def may(self, right: Right | str) -> bool:
        """Whether the person holds a right."""
        return may(self.person.role, Right(right))


def services_of(request: Request) -> Services:
    """What pages work with: database, clock, forecaster, sources."""
    services: Services = request.app.state.services
    return services


def visit_of(request: Request) -> Visit | None:
    """Who was found to be asking; None for a stranger, and on pages that ask for no right."""
    visit: Visit | None = getattr(request.state, "visit", None)
    return visit


def find_visit(services: Services, token: str, version: Hashable | None = None) -> Visit | None:
    """The visit behind a login's token; its use is noted now and then, which prolongs it.

    With the database's `version` it is read once for as long as nothing is written.
    """
    if not token:
        return None
    now = services.clock()
    read = partial(_login_of, services, token, now)
    key = (version, hashlib.sha256(token.encode()).digest())
    found = read() if version is None else _logins.answer(key, read)
    if found is None or found[0].expires_at <= now:
        return None
    login, person = found
    if login.wants_noting(now):
        with services.sessions.begin() as session:
            logins.note_use(session, login.id, now)
    return Visit(person, login)


def _login_of(services: Services, token: str, now: datetime) -> tuple[Login, Person] | None:
    with services.sessions() as session:
        return logins.login_of(session, token, now)


def version_at(request: Request) -> Hashable | None:
    """The database's version as this request came to read; None for what changes something, or where nobody tells."""
    version: Hashable | None = getattr(request.state, "version", None)
    return version


def _who(request: Request) -> Visit | None:
    """Who is asking, and at which version of the database.

    A form's answer shows what the form changed: no version is noted for it, and nothing that was kept is shown.
    """
    services = services_of(request)
    version = version_of(services.sessions)
    if request.method in _SAFE:
        request.state.version = version
    return find_visit(services, request.cookies.get(COOKIE, ""), version)


def needs(right: Right) -> Callable[[Request], Awaitable[Visit]]:
    """A dependency that lets pass who holds a right, and forms only with the token of their login.

    It gives the visit. Strangers get 401, which the application turns into the login page; others 403.
    """

    async def checked(request: Request) -> Visit:
        visit = await run_in_threadpool(_who, request)
        if visit is None:
            raise HTTPException(401)
        request.state.visit = visit
        if not visit.may(right):
            raise HTTPException(403)
        if request.method not in _SAFE:
            await _check_form(request, visit.login.csrf)
        return visit

    return checked


Viewer = Annotated[Visit, Depends(needs(Right.VIEW))]
"""Anybody who is logged in."""
Counter = Annotated[Visit, Depends(needs(Right.COUNT))]
"""Who may count stock, correct it and receive goods."""
Approver = Annotated[Visit, Depends(needs(Right.APPROVE))]
"""Who may approve what costs money, and what leaves or comes back on sale."""
Chief = Annotated[Visit, Depends(needs(Right.MANAGE))]
"""Who may manage people and settings."""


async def _check_form(request: Request, expected: str) -> None:
    given = request.headers.get("x-csrf", "")
    if not given:
        given = str((await request.form()).get("csrf", ""))
    if not secrets.compare_digest(given.encode(), expected.encode()):
        raise HTTPException(403, "csrf")


async def stranger_form(request: Request) -> None:
    """A dependency for the forms of strangers: what the form brings must be what its cookie says."""
    expected = request.cookies.get(FORM_COOKIE, "")
    if not expected:
        raise HTTPException(403, "csrf")
    await _check_form(request, expected)


def let_in(response: Response, request: Request, token: str) -> None:
    """Give the browser the cookie of a login."""
    response.set_cookie(
        COOKIE, token, max_age=int(LIFETIME.total_seconds()), httponly=True, samesite="lax", secure=_is_secure(request)
    )
    response.delete_cookie(FORM_COOKIE)


def let_out(response: Response) -> None:
    """Take the cookie of a login back, and the chat's."""
    response.delete_cookie(COOKIE)
    response.delete_cookie("access_token")


def form_token(request: Request) -> str:
    """What a stranger's form has to bring back: the one of the cookie, or a new one."""
    return request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)


def keep_form_token(response: Response, request: Request, token: str) -> None:
    """Give the browser the cookie against which a stranger's form is held."""
    response.set_cookie(FORM_COOKIE, token, httponly=True, samesite="strict", secure=_is_secure(request))


def address_of(request: Request) -> str:
    """Where a request comes from; behind a proxy uvicorn reads it from the proxy's header."""
    return request.client.host if request.client else ""


def cookie_of(headers: Headers) -> str:
    """The login's token among the cookies of bare headers."""
    pairs = (pair.strip().partition("=") for pair in headers.get("cookie", "").split(";"))
    return next((value for name, _, value in pairs if name == COOKIE), "")


def sessions_of(request: Request) -> Sessions:
    """The maker of database sessions."""
    return services_of(request).sessions


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
