"""Where a running conversation is kept, so that it goes on after a kill: SQLite, or PostgreSQL by URL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from stocksense.settings import Settings
from stocksense.store.connection import open_connection

STRICT = JsonPlusSerializer(allowed_msgpack_modules=None)
"""Reads back plain values and messages only: a checkpoint that was tampered with cannot name code to run."""


@asynccontextmanager
async def open_checkpoints(settings: Settings) -> AsyncIterator[BaseCheckpointSaver[str]]:
    """The checkpoints beside the settings' database: in its PostgreSQL, else in a SQLite file of their own.

    Raises StoreUnavailable if the database cannot be reached.
    """
    if settings.store_url.startswith("postgresql"):
        # Most shops keep to SQLite, and should not pay for importing this.
        from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

        async with open_connection(settings.store_url) as connection:
            beside_ours = AsyncPostgresSaver(connection, serde=STRICT)
            await beside_ours.setup()
            yield beside_ours
        return
    settings.home.mkdir(parents=True, exist_ok=True)
    # A file of its own: a long write to the shop's data must not hold up the conversation, nor the other way round.
    async with AsyncSqliteSaver.from_conn_string(str(settings.home / "checkpoints.db")) as saver:
        saver.serde = STRICT
        yield saver


async def prune(saver: BaseCheckpointSaver[str], before: datetime) -> int:
    """Forget conversations that a kill left and nobody resumed since; returns how many."""
    newest: dict[str, str] = {}
    async for kept in saver.alist(None):
        thread = str(kept.config["configurable"]["thread_id"])
        newest[thread] = max(newest.get(thread, ""), kept.checkpoint["ts"])
    old = [thread for thread, at in newest.items() if datetime.fromisoformat(at) < before]
    for thread in old:
        await saver.adelete_thread(thread)
    return len(old)
