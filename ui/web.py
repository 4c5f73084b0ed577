"""One web application: the pages, the chat at `/chat`, and a sign of life at `/health`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.metadata import version
from pkgutil import iter_modules

import uvicorn
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

import ui.pages
from stocksense.settings import Settings
from stocksense.store.users import anybody
from ui import live, served
from ui.chat_door import PATH as CHAT_PATH
from ui.chat_door import ChatDoor
from ui.kept import setup_code
from ui.open import open_services
from ui.page import Nav
from ui.problems import add_problems
from ui.security import StayLocal
from ui.turns import InTurn

CHAT_WAITS_SECONDS = 2.0
"""So long after the start the chat begins to load, unless it is asked for first: the first page comes before it."""

CHAT = Nav("chat", CHAT_PATH, icon="chat", place=40, primary=True)


def serve_pages(settings: Settings, *, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve until stopped; `say` is told where, and the setup code while there is no account."""
    app = build_app(settings)
    address = f"http://{host}:{port}"
    with app.state.services.sessions() as session:
        is_fresh = not anybody(session)
    say(address)
    if is_fresh:
        say(f"No account yet. Open {address}/first-run and give this setup code: {setup_code(settings.home)}")
    uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=3)


def build_app(settings: Settings) -> FastAPI:
    """The application, its database open; the chat is loaded once it has started."""
    services = open_services(settings)
    door = ChatDoor(settings, services)
    looking = live.Live(services)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        later = asyncio.get_running_loop().call_later(CHAT_WAITS_SECONDS, door.open)
        yield
        later.cancel()
        await looking.stop()

    app = FastAPI(title="StockSense", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.services = services
    app.state.live = looking
    app.state.nav = _add_pages(app)
    app.include_router(served.router)
    app.include_router(live.router)
    _add_entrances(app)
    add_problems(app)
    app.add_middleware(InTurn)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(AtTheDoor, door=door)
    app.add_middleware(StayLocal)
    return app


class AtTheDoor:
    """Leads what is asked below `/chat` to the chat, with its whole path, as Chainlit wants it."""

    def __init__(self, app: ASGIApp, door: ASGIApp) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Choose between the pages and the chat."""
        path = scope.get("path", "")
        to_chat = path == CHAT_PATH or path.startswith(f"{CHAT_PATH}/")
        await (self._door if to_chat else self._app)(scope, receive, send)


def _add_pages(app: FastAPI) -> tuple[Nav, ...]:
    """Add every page among the files of `ui/pages`, and return the way round that they make."""
    places = [CHAT]
    for found in iter_modules(ui.pages.__path__):
        page = import_module(f"ui.pages.{found.name}")
        if hasattr(page, "router"):
            app.include_router(page.router)
        if hasattr(page, "NAV"):
            places.append(page.NAV)
    return tuple(sorted(places, key=lambda nav: nav.place))


def _add_entrances(app: FastAPI) -> None:
    @app.get("/health")
    async def health() -> dict[str, str]:
        """Say that the application answers, and which version it is."""
        return {"state": "ok", "version": version("stocksense")}

    @app.get("/", include_in_schema=False)
    def start() -> RedirectResponse:
        """Lead to the first page of the way round."""
        return RedirectResponse(app.state.nav[0].path, 303)
