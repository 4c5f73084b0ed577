"""The shop as a web server, for people in a browser and for programs.

Every page is an address (see `addresses.py`). A visit begins at `/`, which draws a goal, or at `/?goal=3`,
`/?instruction=...` or `/?seed=7`; an address `/fixed_3` visits goal 3 too. Asked for `text/plain` a page answers with
its text observation, asked for `application/json` with the observation, the links and the outcome.
"""

import random
import re
import secrets
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from webshop_env.addresses import Place, read_place
from webshop_env.catalog import Catalog
from webshop_env.errors import UnknownGoal, UnknownPage, UnknownProduct
from webshop_env.goals import draw_goal
from webshop_env.html import render, templates
from webshop_env.pages import PageBook
from webshop_env.reward import Mode
from webshop_env.session import Session
from webshop_env.visits import Visits

_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FIXED_SID = re.compile(r".*fixed.*_(\d{1,9})")
_STYLE = (Path(__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
MOST_WORDS = 500


class Shop:
    """What the server serves: one catalogue, one goal suite, one mode, and the visits under way."""

    def __init__(self, catalog: Catalog, *, suite: str, mode: Mode, visits: Visits | None = None) -> None:
        self.catalog = catalog
        self.suite = suite
        self.visits = visits if visits is not None else Visits()
        self._pages = PageBook(catalog, mode)

    def open(
        self, sid: str, *, goal: int | None = None, instruction: str | None = None, seed: str | None = None
    ) -> Session:
        """Begin a visit: with a free instruction, a goal by its index, or one drawn by weight."""
        if instruction is not None:
            session = Session(self._pages, sid, instruction)
        else:
            weights = [each.weight for each in self.catalog.goals(self.suite)]
            if goal is None and weights:
                goal = draw_goal(weights, random.Random(seed))
            wanted = self.catalog.goal(self.suite, goal or 0)
            session = Session(self._pages, sid, wanted.instruction, wanted)
        self.visits.keep(session)
        return session

    def session(self, place: Place) -> Session:
        """The visit to which a page belongs; raises UnknownPage when it is over."""
        session = self.visits.find(place.sid)
        if session is not None:
            return session
        fixed = _FIXED_SID.fullmatch(place.sid)
        if _SID.fullmatch(place.sid) and (fixed or place.kind == "index"):
            return self.open(place.sid, goal=int(fixed.group(1)) if fixed else None)
        raise UnknownPage(f"the visit {place.sid[:64]!r} is over; begin a new one at /")


def create_app(
    catalog: Catalog, *, suite: str = "templated", mode: Mode = "fixed", visits: Visits | None = None
) -> FastAPI:
    """The web application of a shop."""
    shop = Shop(catalog, suite=suite, mode=mode, visits=visits)
    app = FastAPI(title="WebShop", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.shop = shop

    async def begin(request: Request) -> Response:
        wishes = request.query_params
        goal = wishes.get("goal")
        if goal is not None and not goal.isdecimal():
            raise UnknownGoal(f"goal {goal[:40]!r} is no number; see /health for how many there are")
        sid = secrets.token_urlsafe(12)
        shop.open(
            sid,
            goal=None if goal is None else int(goal[:9]),
            instruction=wishes.get("instruction"),
            seed=wishes.get("seed"),
        )
        return RedirectResponse(f"/{sid}", status_code=303)

    async def search(request: Request) -> Response:
        words = tuple(request.query_params.get("q", "")[:MOST_WORDS].lower().split(" "))
        return RedirectResponse(Place(request.path_params["sid"], "results", words).path, status_code=303)

    async def page(request: Request) -> Response:
        place = read_place(request.scope["raw_path"].decode("ascii", "replace"))
        session = shop.session(place)
        session.go(place)
        return _answer(session, request.headers.get("accept", ""))

    app.add_route("/", begin)
    app.add_route("/style.css", _style)
    app.add_route("/health", _health)
    app.add_route("/search/{sid}", search)
    app.add_route("/{path:path}", page)
    for error in (UnknownGoal, UnknownPage, UnknownProduct):
        app.add_exception_handler(error, _gone)
    return app


async def _style(request: Request) -> Response:
    return Response(_STYLE, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


async def _health(request: Request) -> Response:
    shop: Shop = request.app.state.shop
    goals = len(shop.catalog.goals(shop.suite))
    return JSONResponse({"products": len(shop.catalog.products), "suite": shop.suite, "goals": goals})


async def _gone(request: Request, error: Exception) -> Response:
    """The page for an address that cannot be opened; the visit stays as it was."""
    if request.headers.get("accept", "").startswith(("text/plain", "application/json")):
        return JSONResponse({"error": str(error)}, status_code=404)
    return HTMLResponse(templates().get_template("gone.html").render(why=str(error)), status_code=404)


def _answer(session: Session, accept: str) -> Response:
    """The open page in the form asked for."""
    if accept.startswith("text/plain"):
        return PlainTextResponse(session.text)
    if accept.startswith("application/json"):
        return JSONResponse(_facts(session))
    return HTMLResponse(render(session))


def _facts(session: Session) -> dict[str, Any]:
    """The open page as plain values; `clickables` maps each name to its path."""
    place = session.place
    return {
        "sid": session.sid,
        "mode": session.pages.mode,
        "observation": session.text,
        "clickables": {name: place.after(click).path for name, click in session.page.clicks.items()},
        "has_search_bar": session.page.has_search_bar,
        "done": session.done,
        "outcome": session.outcome if session.done else None,
    }
