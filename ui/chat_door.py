"""The door to the chat: Chainlit takes seconds to load, so it is loaded beside the pages once they answer.

Whoever is logged in on the pages is logged in here, and nobody else: for each request the login is looked up, and
Chainlit is told who it is by its own kind of cookie, made for this one request.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stocksense.settings import Settings, lend_to_chainlit
from stocksense.store.users import Person
from tools.services import Services
from ui.gate import Visit, cookie_of, find_visit
from ui.kept import kept_secret

log = logging.getLogger(__name__)

CHAT = Path(__file__).parent / "chat.py"
PATH = "/chat"
_ASKED_AGAIN_SECONDS = 15.0
"""How long an open connection lives on after its login ended."""

WATERMARK = {
    "ko": "숫자는 매장 데이터베이스에서 온 것입니다. 중요한 결정은 확인하고 하세요.",
    "en": "Numbers come from the shop's database. Check before you decide on something important.",
}
"""The line under the chat."""


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
        from chainlit.utils import mount_chainlit

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
    return {**scope, "headers": [*headers, (b"cookie", cookie)]}


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


def furnish(settings: Settings) -> None:
    """Lay Chainlit's configuration and its secret into the home folder."""
    folder = settings.home / ".chainlit"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text((files("ui") / "chainlit.toml").read_text(encoding="utf-8"), encoding="utf-8")
    lend_to_chainlit(settings.home, kept_secret(settings.home, "chat-secret", strength=48))
    _reword(folder / "translations")


def _reword(folder: Path) -> None:
    """Chainlit's own words, but for the line that takes every answer for a language model's."""
    folder.mkdir(exist_ok=True)
    for file in (files("chainlit") / "translations").iterdir():
        words = json.loads(file.read_text(encoding="utf-8"))
        words["chat"]["watermark"] = WATERMARK["ko" if file.name.startswith("ko") else "en"]
        (folder / file.name).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
