"""What was said in the chat: conversations, their steps (messages and calls of tools), and what is shown in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from stocksense.store.tables.table import Table


class Conversation(Table):
    """One conversation of a person; `changed_at` is that of its newest step."""

    __tablename__ = "conversations"
    __table_args__ = (Index(None, "user_id", "changed_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ConversationStep(Table):
    """A message or a call of a tool; `said` is its text, by which it is searched, `body` all that is shown of it."""

    __tablename__ = "conversation_steps"
    __table_args__ = (Index(None, "conversation_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    said: Mapped[str] = mapped_column(Text)
    body: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class ConversationElement(Table):
    """A card, a plot or a text beside a message; `content` is what is fetched to show it."""

    __tablename__ = "conversation_elements"
    __table_args__ = (Index(None, "conversation_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    mime: Mapped[str] = mapped_column(String(80))
    content: Mapped[str] = mapped_column(Text)
    body: Mapped[dict[str, Any]]
