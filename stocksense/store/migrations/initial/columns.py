"""What the frozen tables share: naming of constraints, keys, documents."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Integer, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import JSON, TypeEngine

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables of the first release."""

KEY = BigInteger().with_variant(Integer(), "sqlite")
"""A row's number."""

DOCUMENT: TypeEngine[Any] = JSON().with_variant(JSONB(), "postgresql")
"""Plain values kept as JSON."""
