"""The first run: who holds the code in the terminal makes the owner's account, and the shop if there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from stocksense.errors import BadValue
from stocksense.store import audit, lockout, logins
from stocksense.store.session import Session
from stocksense.store.shops import create_shop
from stocksense.store.states import Role
from stocksense.store.users import LONGEST_PASSWORD, SHORTEST_PASSWORD, anybody, prefer, save_user
from ui.gate import address_of, form_token, keep_form_token, let_in, services_of, stranger_form
from ui.kept import forget_setup_code, is_setup_code
from ui.open import shop_or_none
from ui.page import LANGUAGE_COOKIE, done, render, words_of
from ui.pages.login import told_to_wait
from ui.zones import zones

router = APIRouter()

_ACCOUNT = "first run"
"""By what failed guesses of the setup code are counted."""


@dataclass
class Answers:
    """What was filled in, and what is wrong with which of it."""

    code: str = ""
    shop: str = ""
    name: str = ""
    email: str = ""
    password: str = ""
    language: str = ""
    time_zone: str = "Asia/Seoul"
    wrong: dict[str, str] = field(default_factory=dict)


@router.get("/first-run")
def first_run_page(request: Request, language: str = "") -> Response:
    """The form, as long as nobody has an account."""
    if _is_claimed(request):
        return RedirectResponse("/login", 303)
    if language in {"ko", "en"}:
        answer = RedirectResponse("/first-run", 303)
        answer.set_cookie(LANGUAGE_COOKIE, language, samesite="lax", max_age=31_536_000)
        return answer
    return _form(request, Answers(language=words_of(request).language))


@router.post("/first-run", dependencies=[Depends(stranger_form)])
async def begin(request: Request) -> Response:
    """Make the owner's account, and the shop where there is none, and log in."""
    given = await request.form()
    answers = Answers()
    for name in ("code", "shop", "name", "email", "password", "language", "time_zone"):
        setattr(answers, name, str(given.get(name, "")))
    return await run_in_threadpool(_begin, request, answers)


def _begin(request: Request, answers: Answers) -> Response:
    if _is_claimed(request):
        raise HTTPException(409)
    services = services_of(request)
    if (refused := _guess(request, answers)) is not None:
        return refused
    _check(request, answers)
    if answers.wrong:
        return _form(request, answers)
    with services.sessions.begin() as session:
        if anybody(session):
            raise HTTPException(409)
        token = _make(request, session, answers)
    forget_setup_code(services.settings.home)
    answer = done(request, "/", "login.welcome", name=answers.name)
    let_in(answer, request, token)
    return answer


def _make(request: Request, session: Session, answers: Answers) -> str:
    """The account, the shop and the login, in the transaction of the caller; gives the login's token."""
    services, now = services_of(request), services_of(request).clock()
    if answers.shop:
        create_shop(session, answers.shop.strip(), now=now, time_zone=answers.time_zone)
    owner = save_user(
        session,
        answers.email,
        name=answers.name,
        role=Role.OWNER,
        now=now,
        language=answers.language,
        password=answers.password,
    )
    prefer(session, owner.id, time_zone=answers.time_zone)
    audit.write(session, None, "first run", owner.email, actor=owner.email, now=services.clock())
    agent = request.headers.get("user-agent", "")
    return logins.log_in(session, owner.id, address=address_of(request), agent=agent, now=now).token


def _guess(request: Request, answers: Answers) -> Response | None:
    """The form again for a wrong code; who keeps guessing has to wait."""
    services, say, now = services_of(request), words_of(request), services_of(request).clock()
    with services.sessions() as session:
        wait = lockout.locked_until(session, _ACCOUNT, address_of(request), now)
    if wait is None:
        if is_setup_code(services.settings.home, answers.code):
            return None
        with services.sessions.begin() as session:
            wait = lockout.note_failure(session, _ACCOUNT, address_of(request), now)
    if wait is not None:
        answers.wrong["code"] = told_to_wait(request, wait, now)
        return _form(request, answers, status=429)
    answers.wrong["code"] = say("login.code_wrong")
    return _form(request, answers)


def _check(request: Request, answers: Answers) -> None:
    say = words_of(request)
    if not answers.name.strip():
        answers.wrong["name"] = say("login.wrong_name")
    if not SHORTEST_PASSWORD <= len(answers.password) <= LONGEST_PASSWORD:
        answers.wrong["password"] = say("login.wrong_password")
    name, at, host = answers.email.strip().rpartition("@")
    if not (name and at and host) or " " in answers.email.strip():
        answers.wrong["email"] = say("login.wrong_email")
    if not _has_shop(request) and not answers.shop.strip():
        answers.wrong["shop"] = say("login.wrong_shop")
    if answers.language not in {"ko", "en"} or answers.time_zone not in available_timezones():
        raise BadValue(
            "choose a language and a time zone from the lists", in_korean="언어와 시간대를 목록에서 골라 주세요."
        )


def _is_claimed(request: Request) -> bool:
    with services_of(request).sessions() as session:
        return anybody(session)


def _has_shop(request: Request) -> bool:
    return shop_or_none(services_of(request).sessions, "") is not None


def _form(request: Request, answers: Answers, *, status: int = 0) -> Response:
    token = form_token(request)
    answer = render(
        request,
        "first_run.html",
        status=status or (400 if answers.wrong else 200),
        csrf=token,
        answers=answers,
        zones=zones(),
        has_shop=_has_shop(request),
    )
    keep_form_token(answer, request, token)
    return answer
