"""What buyers remember: reflections on trials that failed, and episodes that were solved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from stocksense.store.tables.table import Table
from stocksense.store.types import Document, Key


class ReflectionRow(Table):
    """What a buyer learned from a trial that failed; `fingerprint` is one for the same lesson on the same scope.

    A row that a person forgot stays, with the instant, so that it can be restored.
    `times` counts how often it was learned, `used` how often a later trial knew it, `helped` how often that one
    succeeded.
    """

    __tablename__ = "reflections"
    __table_args__ = (Index(None, "site", "category"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    site: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(default="")
    request: Mapped[str] = mapped_column(String(1000))
    lesson: Mapped[str] = mapped_column(String(1000))
    evidence: Mapped[str] = mapped_column(String(1000), default="")
    score: Mapped[float] = mapped_column(default=0.0)
    model: Mapped[str] = mapped_column(String(80), default="")
    times: Mapped[int] = mapped_column(default=1)
    used: Mapped[int] = mapped_column(default=0)
    helped: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    renewed_at: Mapped[datetime]
    forgotten_at: Mapped[datetime | None]


class EpisodeRow(Table):
    """A trial that was solved: its steps as thought, action and what was seen, to show to a model as an example."""

    __tablename__ = "episodes"
    __table_args__ = (Index(None, "site", "category"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    site: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(default="")
    request: Mapped[str] = mapped_column(String(1000))
    steps: Mapped[list[dict[str, Any]]] = mapped_column(Document)
    score: Mapped[float] = mapped_column(default=1.0)
    model: Mapped[str] = mapped_column(String(80), default="")
    times: Mapped[int] = mapped_column(default=1)
    used: Mapped[int] = mapped_column(default=0)
    helped: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    renewed_at: Mapped[datetime]
    forgotten_at: Mapped[datetime | None]
