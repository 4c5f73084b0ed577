"""What was said in the chat, kept by person and pruned; steps and elements are kept as the chat gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from stocksense.errors import UnknownName
from stocksense.store.tables import Conversation, ConversationElement, ConversationStep, User


@dataclass(frozen=True)
class ConversationInfo:
    """A conversation without what was said; `owner` is the address of the person whose it is."""

    id: str
    user_id: int
    owner: str
    name: str
    details: Mapping[str, Any]
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class Said:
    """A whole conversation: its steps in order, and the bodies of its elements."""

    info: ConversationInfo
    steps: tuple[dict[str, Any], ...]
    elements: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Content:
    """What is fetched to show an element, and whose it is."""

    user_id: int
    mime: str
    content: str


def save_conversation(
    session: Session,
    conversation_id: str,
    user_id: int,
    *,
    now: datetime,
    name: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add a conversation, or change its name and details (a detail of None is taken away).

    Raises UnknownName if it is somebody else's.
    """
    row = _owned(session, conversation_id, user_id, now)
    if name is not None:
        row.name = name[:200]
    if details:
        row.details = {key: value for key, value in {**row.details, **details}.items() if value is not None}
    session.flush()


def save_step(session: Session, conversation_id: str, user_id: int, body: Mapping[str, Any], *, now: datetime) -> None:
    """Add a step, or replace the one with its `id`. Raises UnknownName if the conversation is somebody else's."""
    conversation = _owned(session, conversation_id, user_id, now)
    row = session.get(ConversationStep, body["id"])
    if row is None:
        row = ConversationStep(id=body["id"], conversation_id=conversation.id, created_at=_instant(body, now))
        session.add(row)
    _check_same(row.conversation_id, conversation_id)
    row.said = str(body.get("output") or "") if "message" in str(body.get("type")) else ""
    row.body = {**(row.body or {}), **body}
    conversation.changed_at = max(conversation.changed_at, now)
    session.flush()


def save_element(  # noqa: PLR0913  # an element has that many sides
    session: Session,
    conversation_id: str,
    user_id: int,
    body: Mapping[str, Any],
    *,
    mime: str,
    content: str,
    now: datetime,
) -> None:
    """Add an element, or replace the one with its `id`. Raises UnknownName if the conversation is somebody else's."""
    conversation = _owned(session, conversation_id, user_id, now)
    row = session.get(ConversationElement, body["id"])
    if row is None:
        row = ConversationElement(id=body["id"], conversation_id=conversation.id)
        session.add(row)
    _check_same(row.conversation_id, conversation_id)
    row.mime, row.content, row.body = mime[:80], content, dict(body)
    session.flush()


def remove_step(session: Session, step_id: str, user_id: int) -> None:
    """Take a step out of a person's conversation."""
    session.execute(delete(ConversationStep).where(ConversationStep.id == step_id, _of(ConversationStep, user_id)))


def remove_element(session: Session, element_id: str, user_id: int) -> None:
    """Take an element out of a person's conversation."""
    mine = _of(ConversationElement, user_id)
    session.execute(delete(ConversationElement).where(ConversationElement.id == element_id, mine))


def note_feedback(session: Session, step_id: str, feedback: Mapping[str, Any] | None) -> None:
    """Note what a person thinks of an answer; None takes it back."""
    row = session.get(ConversationStep, step_id)
    if row is not None:
        row.body = {**row.body, "feedback": dict(feedback) if feedback else None}


def conversation_of(session: Session, conversation_id: str) -> ConversationInfo | None:
    """A conversation without what was said; None if there is none."""
    found = session.execute(_joined().where(Conversation.id == conversation_id)).one_or_none()
    return _info(*found) if found else None


def said_in(session: Session, conversation_id: str) -> Said | None:
    """A whole conversation; None if there is none."""
    info = conversation_of(session, conversation_id)
    if info is None:
        return None
    steps = (
        select(ConversationStep.body)
        .where(ConversationStep.conversation_id == conversation_id)
        .order_by(ConversationStep.created_at, ConversationStep.id)
    )
    elements = select(ConversationElement.body).where(ConversationElement.conversation_id == conversation_id)
    return Said(info, tuple(session.scalars(steps)), tuple(session.scalars(elements)))


def conversations(
    session: Session, user_id: int, *, search: str = "", before: str = "", limit: int = 20
) -> tuple[ConversationInfo, ...]:
    """A person's conversations, the newest first; `search` within what was said, `before` the one of that id."""
    rows = _joined().where(Conversation.user_id == user_id)
    if search:
        within = select(ConversationStep.conversation_id).where(
            ConversationStep.said.icontains(search, autoescape=True)
        )
        rows = rows.where(or_(Conversation.name.icontains(search, autoescape=True), Conversation.id.in_(within)))
    last = session.get(Conversation, before) if before else None
    if last is not None:
        older = Conversation.changed_at < last.changed_at
        rows = rows.where(or_(older, (Conversation.changed_at == last.changed_at) & (Conversation.id < last.id)))
    newest = rows.order_by(Conversation.changed_at.desc(), Conversation.id.desc()).limit(limit)
    return tuple(_info(*row) for row in session.execute(newest))


def element_body(session: Session, conversation_id: str, element_id: str) -> dict[str, Any] | None:
    """What is shown of an element; None if the conversation has none of that id."""
    row = session.get(ConversationElement, element_id)
    return row.body if row is not None and row.conversation_id == conversation_id else None


def content_of(session: Session, element_id: str) -> Content | None:
    """What is fetched to show an element; None if there is none of that id."""
    found = session.execute(
        select(Conversation.user_id, ConversationElement.mime, ConversationElement.content)
        .join(Conversation, Conversation.id == ConversationElement.conversation_id)
        .where(ConversationElement.id == element_id)
    ).one_or_none()
    return Content(*found) if found else None


def forget(session: Session, conversation_id: str) -> None:
    """Delete a conversation with all that was said."""
    session.execute(delete(Conversation).where(Conversation.id == conversation_id))


def prune(session: Session, *, now: datetime, keep_days: int, keep_newest: int) -> int:
    """Delete conversations older than `keep_days`, and all but each person's newest; returns how many."""
    place = func.row_number().over(
        partition_by=Conversation.user_id, order_by=(Conversation.changed_at.desc(), Conversation.id.desc())
    )
    placed = select(Conversation.id, Conversation.changed_at, place.label("place")).subquery()
    is_old = or_(placed.c.changed_at < now - timedelta(days=keep_days), placed.c.place > keep_newest)
    old = list(session.scalars(select(placed.c.id).where(is_old)))
    for at in range(0, len(old), 500):
        session.execute(delete(Conversation).where(Conversation.id.in_(old[at : at + 500])))
    return len(old)


def _owned(session: Session, conversation_id: str, user_id: int, now: datetime) -> Conversation:
    """The person's conversation of that id, made if there is none. Raises UnknownName if it is somebody else's."""
    row = session.get(Conversation, conversation_id)
    if row is None:
        row = Conversation(id=conversation_id, user_id=user_id, name="", details={}, created_at=now, changed_at=now)
        session.add(row)
        session.flush()
    if row.user_id != user_id:
        raise UnknownName("conversation", conversation_id, "open one of your own")
    return row


def _check_same(kept: str, given: str) -> None:
    if kept != given:
        raise UnknownName("conversation", given, "that step belongs to another one")


def _of(table: type[ConversationStep | ConversationElement], user_id: int) -> Any:
    return table.conversation_id.in_(select(Conversation.id).where(Conversation.user_id == user_id))


def _instant(body: Mapping[str, Any], now: datetime) -> datetime:
    """When a step was made, by its own clock, which orders steps finer than ours."""
    made = body.get("createdAt")
    try:
        read = datetime.fromisoformat(str(made))
    except ValueError:
        return now
    return read if read.tzinfo is not None else now


def _joined() -> Any:
    return select(Conversation, User.email).join(User, User.id == Conversation.user_id)


def _info(row: Conversation, owner: str) -> ConversationInfo:
    return ConversationInfo(row.id, row.user_id, owner, row.name, row.details, row.created_at, row.changed_at)
