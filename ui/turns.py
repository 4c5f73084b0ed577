"""Pages are drawn a few at a time, in the order in which they were asked for.

Python works on one page at a time anyway: forty at once would each take forty times as long, and the last would come no
sooner. What draws no page waits for nobody: the sign of life, static files, the chat, the listening for news, changes.
"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

AT_ONCE = 3
"""Pages that are drawn at once: while one waits for the database, another is worked on."""

NO_PAGES = ("/health", "/assets/", "/favicon.ico", "/events")
"""What these addresses begin with, draws no page."""


class InTurn:
    """Lets so many requests for pages in at once; a turn is over when the answer begins."""

    def __init__(self, app: ASGIApp, at_once: int = AT_ONCE) -> None:
        self._app = app
        self._turns = asyncio.Semaphore(at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for the turn of a request for a page."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].startswith(NO_PAGES):
            await self._app(scope, receive, send)
            return
        await self._turns.acquire()
        has_turn = True

        def over() -> None:
            nonlocal has_turn
            if has_turn:
                self._turns.release()
            has_turn = False

        async def sent(message: Message) -> None:
            over()
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            over()
