"""A bare asynchronous connection to PostgreSQL, for libraries that keep tables of their own beside ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection, OperationalError
from psycopg.rows import dict_row
from sqlalchemy import make_url

from stocksense.errors import StoreUnavailable
from stocksense.store.database import shown


@asynccontextmanager
async def open_connection(url: str) -> AsyncIterator[AsyncConnection[dict[str, Any]]]:
    """A connection that commits by itself and gives rows as dicts, without prepared statements (for poolers).

    Raises StoreUnavailable if the database cannot be reached.
    """
    plain = make_url(url).set(drivername="postgresql")
    try:
        connection = await AsyncConnection.connect(
            plain.render_as_string(hide_password=False), autocommit=True, prepare_threshold=None, row_factory=dict_row
        )
    except OperationalError as error:
        raise StoreUnavailable(
            f"the database {shown(plain)} cannot be reached; check DATABASE_URL",
            in_korean=f"데이터베이스 {shown(plain)}에 닿지 못했습니다. DATABASE_URL을 확인하세요.",
        ) from error
    async with connection:
        yield connection
