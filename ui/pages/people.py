"""The people who may log in: add them, change what they may do, close their accounts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel

from stocksense.errors import BadValue
from stocksense.store import audit, logins, users
from stocksense.store.session import Session
from stocksense.store.states import Role
from ui.gate import Chief, Visit, services_of
from ui.page import Nav, done, render, words_of
from ui.rights import Right

router = APIRouter()
NAV = Nav("people", "/people", icon="people", place=95, needs=Right.MANAGE)

Text = Annotated[str, Form()]


@router.get("/people")
def people_page(request: Request, visit: Chief) -> Response:
    """Everybody, with what they may do."""
    return _page(request)


class NewPerson(BaseModel):
    """What the form for a new person brings."""

    name: str = ""
    email: str = ""
    password: str = ""
    role: Role = Role.STAFF
    language: str = "ko"


@router.post("/people/add")
def add_person(request: Request, visit: Chief, new: Annotated[NewPerson, Form()]) -> Response:
    """Add a person with a first password."""
    services, say = services_of(request), words_of(request)
    if not _fits(new.password):
        return _page(request, given=new, wrong={"password": say("login.wrong_password")})
    with services.sessions() as session:
        if new.email.strip().casefold() in {person.email for person in users.users(session)}:
            return _page(request, given=new, wrong={"email": say("people.taken")})
    try:
        with services.sessions.begin() as session:
            saved = users.save_user(
                session,
                new.email,
                name=new.name or new.email,
                role=new.role,
                now=services.clock(),
                language=new.language,
                password=new.password,
            )
            _note(request, session, visit, f"add {new.role}", saved.email)
    except BadValue:
        return _page(request, given=new, wrong={"email": say("login.wrong_email")})
    return done(request, "/people", "people.added", name=saved.name)


@router.post("/people/{number}/change")
def change_person(
    request: Request, visit: Chief, number: int, role: Annotated[Role, Form()], password: Text = ""
) -> Response:
    """Give a person another role, and a new password if one was filled in, which logs them out."""
    if password and not _fits(password):
        return _page(request, problem=words_of(request)("login.wrong_password"))
    try:
        with services_of(request).sessions.begin() as session:
            person = users.set_role(session, number, role)
            if password:
                users.set_password(session, number, password)
                logins.log_out_elsewhere(session, number, but=visit.login.id)
            _note(request, session, visit, f"make {role}", person.email)
    except BadValue:
        return _page(request, problem=words_of(request)("people.last_owner"))
    return done(request, "/people", "people.changed", name=person.name)


@router.post("/people/{number}/open")
def open_or_close(request: Request, visit: Chief, number: int, closed: Annotated[bool, Form()]) -> Response:
    """Close an account, which logs its person out everywhere, or open it again."""
    try:
        with services_of(request).sessions.begin() as session:
            person = users.disable(session, number, disabled=closed, now=services_of(request).clock())
            if closed:
                logins.log_out_elsewhere(session, number)
            _note(request, session, visit, "close account" if closed else "open account", person.email)
    except BadValue:
        return _page(request, problem=words_of(request)("people.last_owner"))
    return done(request, "/people", "people.changed", name=person.name)


def _note(request: Request, session: Session, visit: Visit, action: str, subject: str) -> None:
    audit.write(session, None, action, subject, actor=visit.person.email, now=services_of(request).clock())


def _fits(password: str) -> bool:
    return users.SHORTEST_PASSWORD <= len(password) <= users.LONGEST_PASSWORD


def _page(
    request: Request, *, given: NewPerson | None = None, wrong: dict[str, str] | None = None, problem: str = ""
) -> Response:
    with services_of(request).sessions() as session:
        everybody = users.users(session)
    say = words_of(request)
    return render(
        request,
        "people.html",
        status=400 if wrong or problem else 200,
        people=everybody,
        roles=[(role.value, say(f"people.role_{role}")) for role in Role],
        given=given or NewPerson(language=say.language),
        wrong=wrong or {},
        problem=problem,
    )
