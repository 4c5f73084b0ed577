"""Turns templates into pages: the words, the person, the shop, the way round, and parts of a page alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.environment import TemplateModule

from agents.shopper.lessons import lesson_in
from stocksense.domain.options import option_name
from stocksense.errors import UnknownName
from stocksense.store.alerts import Alerts, open_alerts
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from ui import charts
from ui.drawn import for_anybody, remembered
from ui.gate import NOTICE_COOKIE, PART_HEADER, Visit, services_of, visit_of
from ui.icons import icon
from ui.rights import Right
from ui.security import POLICY, POLICY_WITH_PLOTS
from ui.served import asset
from ui.wishes import wish
from ui.wording import Words, language_of

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE_COOKIE = "stocksense_language"


@dataclass(frozen=True)
class Nav:
    """A page's place in the way round; its label is the word `<topic>.nav`.

    `place` orders (10 is first), `primary` ones stand in the phone's bottom bar, `count` gives the badge's number,
    `needs` is the right without which it isn't shown.
    """

    topic: str
    path: str
    icon: str
    place: int
    primary: bool = False
    needs: Right = Right.VIEW
    count: Callable[[Session, ShopInfo], int] | None = None


@dataclass(frozen=True)
class Shown:
    """A place in the way round as this person sees it."""

    nav: Nav
    label: str
    count: int
    is_here: bool


@dataclass(frozen=True)
class Surroundings:
    """What every page tells beside its own matter."""

    say: Words
    shop: ShopInfo | None = None
    alerts: Alerts = field(default_factory=Alerts)
    nav: tuple[Shown, ...] = ()


@cache
def environment() -> Environment:
    """The templates' surroundings: everything is escaped, and a value that isn't there is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.globals.update(asset=asset, charts=charts, icon=icon, with_query=with_query, Right=Right)
    made.globals.update(option_name=option_name, wish=wish, lesson_in=lesson_in)
    return made


def render(request: Request, template: str, *, status: int = 200, plots: bool = False, **values: Any) -> HTMLResponse:
    """A page, or only the block that the header `X-Part` names; `plots` lets plotly's own styles through.

    Templates see `say` (the words), `request`, `visit`, `person`, `shop`, `nav`, `alerts`, `csrf`, `parts` (the macros
    of parts.html), and the given values.
    """
    visit, made = for_anybody(request, visit_of(request)), environment().get_template(template)
    part = request.headers.get(PART_HEADER, "")
    is_part = bool(part) and part in made.blocks
    around = _surroundings(request, visit, part if is_part else "")
    notice = _notice(request, around.say)
    context: dict[str, Any] = {
        "request": request,
        "here": request.url.path,
        "visit": visit,
        "person": visit.person if visit else None,
        "csrf": visit.login.csrf if visit else "",
        "theme": visit.person.theme if visit else "auto",
        "notice": None if is_part else notice,
        "say": around.say,
        "shop": around.shop,
        "alerts": around.alerts,
        "nav": around.nav,
    } | values
    context["parts"] = _parts(context)
    body = "".join(made.blocks[part](made.new_context(context))) if is_part else made.render(context)
    response = HTMLResponse(body, status, headers=_HEADERS)
    response.headers["Content-Security-Policy"] = POLICY_WITH_PLOTS if plots else POLICY
    if notice:
        response.delete_cookie(NOTICE_COOKIE)
    if notice and is_part:
        response.headers["X-Notice"] = quote(notice)
    return response


_HEADERS = {"Cache-Control": "no-store", "Vary": "X-Part, Cookie"}
"""Pages hold the shop's numbers: they are kept by nobody."""


def words_of(request: Request) -> Words:
    """The words of who is asking: the person's language and time zone, for a stranger the browser's language."""
    visit = visit_of(request)
    if visit is not None:
        return Words(visit.person.language, visit.person.time_zone)
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return Words(chosen if chosen in {"ko", "en"} else language_of(request.headers.get("accept-language", "")))


def done(request: Request, to: str, key: str, **values: object) -> Response:
    """Lead on to a page after a form was done, with a notice from the words; fragments are led by the script."""
    response: Response = RedirectResponse(to, status_code=303)
    if key:
        plain = {name: words_of(request).plain(value) for name, value in values.items()}
        response.set_cookie(NOTICE_COOKIE, quote(json.dumps([key, plain])), max_age=60, samesite="lax", httponly=True)
    return response


def with_query(request: Request, **changes: object) -> str:
    """The address of this page with some of its query changed; None takes a name away, and `page` starts over."""
    query = dict(request.query_params)
    if "page" not in changes:
        query.pop("page", None)
    query |= {name: str(value) for name, value in changes.items() if value is not None}
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
    return f"{request.url.path}?{urlencode(query)}" if query else request.url.path


def _surroundings(request: Request, visit: Visit | None, part: str) -> Surroundings:
    """What stands around a page, or only what the part needs that is drawn alone."""
    say = words_of(request)
    if visit is None:
        return Surroundings(say)
    needed = part if part in ("", "alerts") else "shop"
    told = remembered(request, ("around", needed), partial(_told, request, needed))
    if told.shop is not None:
        say = replace(say, currency=told.shop.currency)
    return Surroundings(say, told.shop, told.alerts, () if part else _nav(request, visit, say, told.counts))


@dataclass(frozen=True)
class _Told:
    """What the books say around every page, whoever looks; `counts` by topic."""

    shop: ShopInfo | None = None
    alerts: Alerts = field(default_factory=Alerts)
    counts: Mapping[str, int] = field(default_factory=dict)


def _told(request: Request, needed: str) -> _Told:
    services, places = services_of(request), request.app.state.nav
    with services.sessions() as session:
        try:
            shop = services.shop(session)
        except UnknownName:
            return _Told()
        alerts = Alerts() if needed == "shop" else open_alerts(session, shop.id)
        counts = {} if needed else {nav.topic: nav.count(session, shop) for nav in places if nav.count}
    return _Told(shop, alerts, counts)


def _nav(request: Request, visit: Visit, say: Words, counts: Mapping[str, int]) -> tuple[Shown, ...]:
    places: tuple[Nav, ...] = request.app.state.nav
    here = request.url.path
    return tuple(
        Shown(
            nav,
            say(f"{nav.topic}.nav"),
            counts.get(nav.topic, 0),
            here == nav.path or here.startswith(f"{nav.path}/"),
        )
        for nav in places
        if visit.may(nav.needs)
    )


def _notice(request: Request, words: Words) -> str | None:
    kept = request.cookies.get(NOTICE_COOKIE, "")
    try:
        key, values = json.loads(unquote(kept)) if kept else ("", {})
        return words(key, **values) if key else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _parts(context: dict[str, Any]) -> TemplateModule:
    """The macros, with the words and the person of this page at hand."""
    given = {name: context[name] for name in ("say", "csrf", "request", "visit", "here")}
    given |= {"address": partial(with_query, context["request"]), "next_number": count(1).__next__}
    return environment().get_template("parts.html").make_module(given)
