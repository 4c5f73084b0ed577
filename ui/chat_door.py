"""The door to the chat: Chainlit takes seconds to load, so it is loaded beside the pages once they answer.

Whoever is logged in on the pages is logged in here, and nobody else: for each request the login is looked up, and
Chainlit is told who it is by its own kind of cookie, made for this one request.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stocksense.settings import Settings
from stocksense.store.users import Person
from tools.services import Services
from ui.furnishing import furnish, in_language, without_links
from ui.gate import Visit, cookie_of, find_visit

log = logging.getLogger(__name__)

CHAT = Path(__file__).parent / "chat.py"
PATH = "/chat"
_ASKED_AGAIN_SECONDS = 15.0
"""How long an open connection lives on after its login ended."""


class ChatDoor:
    """Lets people with a login through to Chainlit; others are led to the login page."""

    def __init__(self, settings: Settings, services: Services) -> None:
        self._settings = settings
        self._services = services
        self._loading: asyncio.Task[ASGIApp] | None = None

    def open(self) -> asyncio.Task[ASGIApp]:
        """Begin to load Chainlit in a thread, once."""
        if self._loading is None:
            self._loading = asyncio.create_task(run_in_threadpool(self._load))
        return self._loading

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on in the person's name."""
        visit = await run_in_threadpool(find_visit, self._services, cookie_of(Headers(scope=scope)))
        if visit is None:
            await _turn_away(scope, receive, send)
            return
        inner = await self.open()
        named = _in_the_name_of(scope, visit.person)
        if scope["type"] == "websocket":
            receive = _while_logged_in(receive, self._services, visit, cookie_of(Headers(scope=scope)))
        await inner(named, receive, send)

    def _load(self) -> ASGIApp:
        """Chainlit reads its surroundings when it is imported, so they are laid out first."""
        from fastapi import FastAPI

        furnish(self._settings)
        from chainlit import server
        from chainlit.utils import mount_chainlit

        # Chainlit's page as it comes would fetch fonts and styles from other hosts.
        page: Callable[[str], str] = server.get_html_template
        server.get_html_template = lambda root: without_links(page(root))

        inner = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        mount_chainlit(app=inner, target=str(CHAT), path=PATH)
        return inner


async def _turn_away(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4401})
        return
    wants_page = "text/html" in Headers(scope=scope).get("accept", "")
    to = f"/login?next={quote(scope['path'])}"
    answer: Response = RedirectResponse(to, 303) if wants_page else JSONResponse({"detail": "log in first"}, 401)
    await answer(scope, receive, send)


def _in_the_name_of(scope: Scope, person: Person) -> Scope:
    """The request with Chainlit's cookie for this person, in place of any that the browser sent."""
    import chainlit as cl
    from chainlit.auth import create_jwt

    metadata = {"role": str(person.role), "language": person.language, "name": person.name, "id": person.id}
    token = create_jwt(cl.User(identifier=person.email, display_name=person.name, metadata=metadata))
    kept = [part for part in Headers(scope=scope).get("cookie", "").split("; ") if not part.startswith("access_token")]
    cookie = "; ".join([*kept, f"access_token={token}"]).encode("latin-1")
    headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    query = in_language(scope["path"], scope.get("query_string", b""), person.language)
    return {**scope, "query_string": query, "headers": [*headers, (b"cookie", cookie)]}


def _while_logged_in(receive: Receive, services: Services, visit: Visit, token: str) -> Receive:
    """What a browser sends over a connection, until its login ends."""
    asked_at = time.monotonic()

    async def checked() -> Message:
        nonlocal asked_at
        message = await receive()
        if time.monotonic() - asked_at > _ASKED_AGAIN_SECONDS:
            asked_at = time.monotonic()
            if await run_in_threadpool(find_visit, services, token) is None:
                log.info("chat connection ended with its login: user=%d", visit.person.id)
                return {"type": "websocket.disconnect", "code": 4401}
        return message

    return checked
