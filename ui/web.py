"""One web application: a sign of life at `/health`, the chat at `/chat`."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stocksense.settings import Settings, lend_to_chainlit
from ui.login import OWNER, kept_secret, owner_password

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'"
)
"""What a browser may load: our own, and nothing else."""

WATERMARK = {
    "ko": "숫자는 매장 데이터베이스에서 온 것입니다. 중요한 결정은 확인하고 하세요.",
    "en": "Numbers come from the shop's database. Check before you decide on something important.",
}
"""The line under the chat."""

CHAT = Path(__file__).parent / "chat.py"


def serve_pages(settings: Settings, *, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve until stopped; `say` is told where, and the password if it was made just now."""
    password = owner_password(settings)
    say(f"http://{host}:{port}/chat")
    if password.is_new:
        say(f"user: {OWNER}   password: {password.value}   (kept in {settings.home / 'chat-password'})")
    uvicorn.run(build_app(settings), host=host, port=port, log_level="warning")


def build_app(settings: Settings) -> FastAPI:
    """The application; Chainlit is loaded here, since it reads its surroundings when it is imported."""
    _furnish_chat(settings)
    from chainlit.utils import mount_chainlit

    app = FastAPI(title="StockSense", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    def health() -> dict[str, str]:
        """Say that the application answers, and which version it is."""
        return {"state": "ok", "version": version("stocksense")}

    @app.get("/", include_in_schema=False)
    def start() -> RedirectResponse:
        """Lead to the chat."""
        return RedirectResponse("/chat")

    app.add_middleware(StayLocal)
    mount_chainlit(app=app, target=str(CHAT), path="/chat")
    return app


class StayLocal:
    """Tells browsers to load nothing from other hosts: Chainlit's page asks for fonts and styles of the web."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the policy to every answer."""

        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Content-Security-Policy"] = POLICY
            await send(message)

        await self._app(scope, receive, with_policy)


def _furnish_chat(settings: Settings) -> None:
    """Lay Chainlit's configuration and its secret into the home folder."""
    folder = settings.home / ".chainlit"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text((files("ui") / "chainlit.toml").read_text(encoding="utf-8"), encoding="utf-8")
    lend_to_chainlit(settings.home, kept_secret(settings.home, "chat-secret", strength=48).value)
    _reword(folder / "translations")


def _reword(folder: Path) -> None:
    """Chainlit's own words, but for the line that takes every answer for a language model's."""
    folder.mkdir(exist_ok=True)
    for file in (files("chainlit") / "translations").iterdir():
        words = json.loads(file.read_text(encoding="utf-8"))
        words["chat"]["watermark"] = WATERMARK["ko" if file.name.startswith("ko") else "en"]
        (folder / file.name).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
