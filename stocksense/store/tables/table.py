"""The parent of all tables: one naming of constraints, one mapping of Python types."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase

from stocksense.store.types import Document, Instant, Money

NO_ROW_NUMBER = {"sqlite_with_rowid": False}
"""For tables whose key is all that they are found by: SQLite keeps the rows in its order, without a second index."""


class Table(DeclarativeBase):
    """The parent of all tables: names of constraints are fixed, so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        Decimal: Money,
        datetime: Instant,
        dict[str, Any]: Document,
        list[str]: Document,
        str: String(200),
    }
