"""What the outside world says: recalls and trends."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from stocksense.domain.recall import Certainty, MatchState
from stocksense.store.tables.table import Table
from stocksense.store.types import Key, word


class Recall(Table):
    """A recall notice as its source published it."""

    __tablename__ = "recalls"
    __table_args__ = (UniqueConstraint("source", "uid"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    uid: Mapped[str] = mapped_column(String(80))
    product_name: Mapped[str] = mapped_column(String(500))
    notice: Mapped[dict[str, Any]]
    published_on: Mapped[date | None]
    fetched_at: Mapped[datetime]


class RecallMatchRow(Table):
    """A notice that touches one of the shop's products, and what was done about it."""

    __tablename__ = "recall_matches"
    __table_args__ = (UniqueConstraint("recall_id", "product_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    recall_id: Mapped[int] = mapped_column(ForeignKey("recalls.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    certainty: Mapped[Certainty] = mapped_column(word(Certainty))
    evidence: Mapped[str] = mapped_column(String(400))
    state: Mapped[MatchState] = mapped_column(word(MatchState), default=MatchState.PROPOSED)
    units: Mapped[int] = mapped_column(default=0)
    decided_by: Mapped[str] = mapped_column(String(80), default="")
    changed_at: Mapped[datetime]


class Trend(Table):
    """A keyword's rank in a popularity list over a window of days."""

    __tablename__ = "trends"
    __table_args__ = (UniqueConstraint("source", "category", "window_start", "window_end", "keyword"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    category: Mapped[str]
    keyword: Mapped[str]
    rank: Mapped[int]
    window_start: Mapped[date]
    window_end: Mapped[date]
    fetched_at: Mapped[datetime]
