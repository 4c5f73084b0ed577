"""Tells open pages what has changed, as server-sent events: one look at the database serves all who listen."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from stocksense.errors import StockSenseError
from stocksense.store.pulse import pulse
from tools.services import Services
from ui.gate import Viewer

log = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
_SILENCE_SECONDS = 20.0
"""After so long without news a comment is sent, so that a connection that is gone shows."""

router = APIRouter()


class Live:
    """Looks at the database while anybody listens, and passes on the names of the topics that changed."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._listeners: set[asyncio.Queue[str]] = set()
        self._watch: asyncio.Task[None] | None = None

    async def topics(self) -> AsyncIterator[str]:
        """Topics that have changed, several in one text with spaces between; empty now and then as a sign of life."""
        queue: asyncio.Queue[str] = asyncio.Queue()
        self._listeners.add(queue)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look())
        try:
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), _SILENCE_SECONDS)
                except TimeoutError:
                    yield ""
        finally:
            self._listeners.discard(queue)

    async def _look(self) -> None:
        known: dict[str, str] = {}
        while self._listeners:
            try:
                now = await run_in_threadpool(self._pulse)
            except StockSenseError as error:
                log.warning("could not look for changes: %s", error)
                now = known
            changed = [topic for topic, value in now.items() if known.get(topic, value) != value]
            known = now
            if changed:
                for queue in self._listeners:
                    queue.put_nowait(" ".join(changed))
            await asyncio.sleep(EVERY_SECONDS)

    def _pulse(self) -> dict[str, str]:
        with self._services.sessions() as session:
            return pulse(session)

    async def stop(self) -> None:
        """Stop looking."""
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch


@router.get("/events", include_in_schema=False)
async def events(request: Request, visit: Viewer) -> StreamingResponse:
    """The stream of changes to the pages of one browser."""
    live: Live = request.app.state.live

    async def told() -> AsyncIterator[str]:
        yield "retry: 3000\n\n"
        async for topics in live.topics():
            yield f"event: changed\ndata: {topics}\n\n" if topics else ": still here\n\n"

    return StreamingResponse(told(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})
