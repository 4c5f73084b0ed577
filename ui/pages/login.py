"""Logging in and out, with waits for who keeps failing."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from math import ceil

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from stocksense.store import audit, lockout, logins
from stocksense.store.users import Person, anybody, authenticate
from ui.gate import (
    COOKIE,
    Viewer,
    address_of,
    find_visit,
    form_token,
    keep_form_token,
    let_in,
    let_out,
    services_of,
    stranger_form,
)
from ui.open import shop_or_none
from ui.page import LANGUAGE_COOKIE, render, words_of

log = logging.getLogger(__name__)

router = APIRouter()


def inside(address: str) -> str:
    """An address of ours to lead on to; anything that could lead elsewhere becomes the first page."""
    is_ours = address.startswith("/") and not address.startswith(("//", "/\\")) and "\n" not in address
    return address if is_ours else "/"


@router.get("/login")
def login_page(request: Request, next: str = "/", language: str = "") -> Response:
    """The form; who is logged in already is led on, and on a fresh installation to the first run."""
    services = services_of(request)
    if find_visit(services, request.cookies.get(COOKIE, "")) is not None:
        return RedirectResponse(inside(next), 303)
    with services.sessions() as session:
        if not anybody(session):
            return RedirectResponse("/first-run", 303)
    if language in {"ko", "en"}:
        answer = RedirectResponse(f"/login?next={inside(next)}", 303)
        answer.set_cookie(LANGUAGE_COOKIE, language, samesite="lax", max_age=31_536_000)
        return answer
    return _form(request, next)


@router.post("/login", dependencies=[Depends(stranger_form)])
async def log_in(request: Request) -> Response:
    """Hold address and password against the accounts, unless too many tries have failed."""
    from starlette.concurrency import run_in_threadpool

    form = await request.form()
    return await run_in_threadpool(
        _try, request, str(form.get("email", "")), str(form.get("password", "")), str(form.get("next", "/"))
    )


@router.post("/logout")
def log_out(request: Request, visit: Viewer) -> Response:
    """End this browser's login."""
    with services_of(request).sessions.begin() as session:
        logins.log_out(session, visit.person.id, visit.login.id)
    answer = RedirectResponse("/login", 303)
    let_out(answer)
    return answer


def _try(request: Request, email: str, password: str, to: str) -> Response:
    services, address, say = services_of(request), address_of(request), words_of(request)
    now = services.clock()
    with services.sessions() as session:
        wait = lockout.locked_until(session, email, address, now)
        person = None if wait else authenticate(session, email, password)
    if person is None:
        if wait is None:
            with services.sessions.begin() as session:
                wait = lockout.note_failure(session, email, address, now)
            log.warning("login failed: address=%s", address)
        wrong = told_to_wait(request, wait, now) if wait else say("login.wrong")
        return _form(request, to, email=email, wrong=wrong, status=429 if wait else 400)
    return _enter(request, person, to, now)


def _enter(request: Request, person: Person, to: str, now: datetime) -> Response:
    agent = request.headers.get("user-agent", "")
    with services_of(request).sessions.begin() as session:
        lockout.forgive(session, person.email, address_of(request))
        new = logins.log_in(session, person.id, address=address_of(request), agent=agent, now=now)
        audit.write(session, None, "log in", person.email, actor=person.email, now=now)
    answer = RedirectResponse(inside(to), 303)
    let_in(answer, request, new.token)
    return answer


def told_to_wait(request: Request, until: datetime, now: datetime) -> str:
    """How long somebody who kept failing has to wait, and until when by the shop's clock."""
    shop = shop_or_none(services_of(request).sessions, "")
    say = words_of(request)
    if shop is not None:
        say = replace(say, time_zone=shop.time_zone)
    return say("login.locked", wait=say.duration(ceil((until - now).total_seconds())), until=until)


def _form(request: Request, to: str, *, email: str = "", wrong: str = "", status: int = 200) -> Response:
    token = form_token(request)
    answer = render(request, "login.html", status=status, csrf=token, next=inside(to), email=email, wrong=wrong)
    keep_form_token(answer, request, token)
    return answer
