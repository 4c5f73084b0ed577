"""Forecasts, and what was decided from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from stocksense.domain.reorder import Reason
from stocksense.store.tables.table import Table
from stocksense.store.types import Key, word


class ForecastRow(Table):
    """The newest forecast of each product and day on which one was made."""

    __tablename__ = "forecasts"
    __table_args__ = (UniqueConstraint("product_id", "made_on"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    made_on: Mapped[date]
    model: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(80))
    values: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class DecisionRow(Table):
    """What was decided about a product and from which situation; the same situation gives the same decision."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("product_id", "run_id"), Index(None, "shop_id", "made_on"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("job_runs.id"))
    made_on: Mapped[date]
    reason: Mapped[Reason] = mapped_column(word(Reason))
    order_quantity: Mapped[int]
    wanted: Mapped[int]
    situation: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
