"""Column types that mean the same on SQLite and PostgreSQL: money, instants, words from a fixed list."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import JSON, TypeEngine

from stocksense.errors import BadValue


class Money(TypeDecorator[Decimal]):
    """A Decimal kept as whole hundredths, so that sums are exact on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Decimal to hundredths; raises BadValue rather than rounding an amount away."""
        if value is None:
            return None
        hundredths = Decimal(value) * 100
        if hundredths != hundredths.to_integral_value():
            raise BadValue(f"the amount {value} has more than two decimals; round it first")
        return int(hundredths)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Hundredths to Decimal."""
        return None if value is None else Decimal(int(value)) / 100


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite, which knows no time zones, keeps it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raises BadValue for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise BadValue(f"the time {value} has no time zone; give an aware one")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What comes back is aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def word(words: type[StrEnum]) -> Enum:
    """A column that holds one of an enumeration's words, and is read back as its member."""
    return Enum(words, native_enum=False, length=24, values_callable=lambda kind: [str(member) for member in kind])


Key = BigInteger().with_variant(Integer(), "sqlite")
"""A row's number; SQLite counts up by itself only for INTEGER."""

Document: TypeEngine[Any] = JSON().with_variant(JSONB(), "postgresql")
"""Plain values kept as JSON."""
