"""One's own account: language, theme, name, time zone, password, and the browsers one is logged in at."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from stocksense.errors import BadValue
from stocksense.store import audit, logins
from stocksense.store.users import Preferences, authenticate, prefer, set_password
from ui.gate import Viewer, Visit, let_out, services_of
from ui.page import done, render, words_of
from ui.pages.login import inside
from ui.zones import zones

router = APIRouter()

Text = Annotated[str, Form()]


@router.get("/account")
def account_page(request: Request, visit: Viewer) -> Response:
    """Everything about oneself."""
    return _page(request, visit)


@router.post("/account/choose")
def choose(request: Request, visit: Viewer, language: Text = "", theme: Text = "", next: Text = "/") -> Response:
    """Change language or theme, and return to the page on which that was chosen."""
    chosen = Preferences()
    if language:
        chosen["language"] = language
    if theme:
        chosen["theme"] = theme
    with services_of(request).sessions.begin() as session:
        prefer(session, visit.person.id, **chosen)
    return RedirectResponse(inside(next), 303)


@router.post("/account/profile")
def save_profile(request: Request, visit: Viewer, name: Text, time_zone: Text) -> Response:
    """Change name and time zone."""
    with services_of(request).sessions.begin() as session:
        prefer(session, visit.person.id, name=name, time_zone=time_zone)
    return done(request, "/account", "account.saved")


@router.post("/account/password")
def change_password(request: Request, visit: Viewer, old: Text, new: Text) -> Response:
    """Change the password, which ends all other logins."""
    services, say = services_of(request), words_of(request)
    with services.sessions() as session:
        if authenticate(session, visit.person.email, old) is None:
            return _page(request, visit, wrong_old=say("account.password_wrong"))
    try:
        with services.sessions.begin() as session:
            set_password(session, visit.person.id, new)
            ended = logins.log_out_elsewhere(session, visit.person.id, but=visit.login.id)
            audit.write(
                session,
                None,
                "change password",
                visit.person.email,
                actor=visit.person.email,
                now=services.clock(),
            )
    except BadValue:
        return _page(request, visit, wrong_new=say("login.wrong_password"))
    return done(request, "/account", "account.password_changed", n=ended)


@router.post("/account/logins/{login_id}/end")
def end_login(request: Request, visit: Viewer, login_id: int) -> Response:
    """End one of one's logins; ending this one logs out."""
    with services_of(request).sessions.begin() as session:
        logins.log_out(session, visit.person.id, login_id)
    if login_id == visit.login.id:
        answer = RedirectResponse("/login", 303)
        let_out(answer)
        return answer
    return done(request, "/account", "account.ended")


@router.post("/account/logins/end-others")
def end_others(request: Request, visit: Viewer) -> Response:
    """End all of one's logins but this one."""
    with services_of(request).sessions.begin() as session:
        ended = logins.log_out_elsewhere(session, visit.person.id, but=visit.login.id)
    return done(request, "/account", "account.others_ended", n=ended)


_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Whale/", "Whale"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser_of(agent: str) -> str:
    """What a browser calls itself, in two words such as `Chrome · Android`; unknown ones in their own words."""
    known = [next((name for mark, name in marks if mark in agent), "") for marks in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in known if name) or agent[:60]


def _page(request: Request, visit: Visit, *, wrong_old: str = "", wrong_new: str = "") -> Response:
    services = services_of(request)
    with services.sessions() as session:
        open_logins = logins.logins_of(session, visit.person.id, services.clock())
    values: dict[str, Any] = {
        "browser": browser_of,
        "logins": open_logins,
        "zones": zones(),
        "wrong_old": wrong_old,
        "wrong_new": wrong_new,
    }
    return render(
        request, "account.html", status=400 if wrong_old or wrong_new else 200, now=services.clock(), **values
    )
