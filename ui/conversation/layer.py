"""Where Chainlit keeps what was said: in our own tables, under our own accounts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from chainlit.context import context
from chainlit.data.base import BaseDataLayer
from chainlit.data.utils import queue_until_user_message
from chainlit.element import Element, ElementDict
from chainlit.step import StepDict
from chainlit.types import Feedback, PageInfo, PaginatedResponse, Pagination, ThreadDict, ThreadFilter
from chainlit.user import PersistedUser, User

from stocksense.errors import UnknownName
from stocksense.store import conversations as kept
from stocksense.store.conversations import ConversationInfo
from stocksense.store.session import Session
from stocksense.store.users import Person, user_of
from tools.services import Services
from ui.wording import Words

Got = TypeVar("Got")

DECIDED = "decided"
"""The action by which a card says that it was decided on; Chainlit would call a conversation so."""

GATHER_SECONDS = 0.02
"""What is said within this time is written together. Nobody waits for it: answers show before they are kept."""

CONTENTS = "/conversation-contents"
"""The address below which the contents of elements are fetched, by their number."""


Change = Callable[[Session], None]


class Kept(BaseDataLayer):
    """Chainlit's data layer on the store; writes are made in the order in which they were asked for.

    Those that come while others are written wait, and are written together: each transaction costs a disk's sync.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._waiting: list[tuple[Change, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def get_user(self, identifier: str) -> PersistedUser | None:
        """The person with that address, as Chainlit's user."""

        def look(session: Session) -> Person | None:
            try:
                return user_of(session, identifier)
            except UnknownName:
                return None

        person = await self._read(look)
        if person is None or person.is_disabled:
            return None
        metadata = {"role": str(person.role), "language": person.language}
        return PersistedUser(
            id=str(person.id), createdAt="", identifier=person.email, display_name=person.name, metadata=metadata
        )

    async def create_user(self, user: User) -> PersistedUser | None:
        """Accounts are made on the pages: nobody comes to be by talking."""
        return await self.get_user(user.identifier)

    async def upsert_feedback(self, feedback: Feedback) -> str:
        """Note what a person thinks of an answer."""
        told = {"id": feedback.forId, "forId": feedback.forId, "value": feedback.value, "comment": feedback.comment}
        await self._write(lambda session: kept.note_feedback(session, feedback.forId, told))
        return feedback.forId

    async def delete_feedback(self, feedback_id: str) -> bool:
        """Take it back."""
        await self._write(lambda session: kept.note_feedback(session, feedback_id, None))
        return True

    @queue_until_user_message()
    async def create_element(self, element: Element) -> None:
        """Keep a card, a plot or a text, with its content."""
        body, thread_id = dict(element.to_dict()), str(element.thread_id)
        body |= {"url": f"{CONTENTS}/{element.id}", "chainlitKey": None, "threadId": thread_id, "place": time.time_ns()}
        content = element.content if isinstance(element.content, str) else ""
        mime, user_id, now = element.mime or "text/plain", _user_id(), self._services.clock()
        await self._write(
            lambda session: kept.save_element(session, thread_id, user_id, body, mime=mime, content=content, now=now)
        )

    async def get_element(self, thread_id: str, element_id: str) -> ElementDict | None:
        """What is shown of an element."""
        found: Any = await self._read(lambda session: kept.element_body(session, thread_id, element_id))
        return found  # type: ignore[no-any-return]

    @queue_until_user_message()
    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        """Take an element away."""
        user_id = _user_id()
        await self._write(lambda session: kept.remove_element(session, element_id, user_id))

    @queue_until_user_message()
    async def create_step(self, step_dict: StepDict) -> None:
        """Keep a message, or a call of a tool."""
        await self._save(step_dict)

    @queue_until_user_message()
    async def update_step(self, step_dict: StepDict) -> None:
        """Keep what it became."""
        await self._save(step_dict)

    @queue_until_user_message()
    async def delete_step(self, step_id: str) -> None:
        """Take it away."""
        user_id = _user_id()
        await self._write(lambda session: kept.remove_step(session, step_id, user_id))

    async def get_thread_author(self, thread_id: str) -> str:
        """Whose conversation it is. Raises ValueError, as Chainlit wants it, where there is none."""
        info = await self._read(lambda session: kept.conversation_of(session, thread_id))
        if info is None:
            raise ValueError(f"there is no conversation {thread_id}")
        return info.owner

    async def delete_thread(self, thread_id: str) -> None:
        """Forget a conversation; Chainlit has asked whose it is."""
        await self._write(lambda session: kept.forget(session, thread_id))

    async def list_threads(self, pagination: Pagination, filters: ThreadFilter) -> PaginatedResponse[ThreadDict]:
        """A page of a person's conversations, the newest first."""
        user_id, wanted = int(filters.userId or 0), pagination.first
        found = await self._read(
            lambda session: kept.conversations(
                session, user_id, search=filters.search or "", before=pagination.cursor or "", limit=wanted + 1
            )
        )
        page = found[:wanted]
        info = PageInfo(
            hasNextPage=len(found) > wanted,
            startCursor=page[0].id if page else None,
            endCursor=page[-1].id if page else None,
        )
        return PaginatedResponse(data=[_thread(one) for one in page], pageInfo=info)

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        """A whole conversation; its cards hold numbers of proposals only, and ask for the rest when they show."""
        said = await self._read(lambda session: kept.said_in(session, thread_id))
        if said is None:
            return None
        thread: Any = _thread(said.info)
        return {**thread, "steps": list(said.steps), "elements": _in_order(said.elements)}  # type: ignore[return-value]

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        """Keep a conversation's name and details."""
        if name == DECIDED:
            name = Words(str(context.session.user.metadata["language"]))("talk.conversation_decided")  # type: ignore[union-attr]
        owner, now = int(user_id) if user_id else _user_id(), self._services.clock()
        details: dict[str, Any] = {**_plain(metadata or {}), **({"tags": tags} if tags else {})}
        await self._write(
            lambda session: kept.save_conversation(session, thread_id, owner, now=now, name=name, details=details)
        )

    async def build_debug_url(self) -> str:
        """There is none."""
        return ""

    async def get_favorite_steps(self, user_id: str) -> list[StepDict]:
        """Favourites are switched off."""
        return []

    async def close(self) -> None:
        """The database is the application's, and stays open."""

    async def _save(self, step: Mapping[str, Any]) -> None:
        thread_id, user_id, now = str(step["threadId"]), _user_id(), self._services.clock()
        body = dict(step)
        await self._write(lambda session: kept.save_step(session, thread_id, user_id, body, now=now))

    async def _read(self, look: Callable[[Session], Got]) -> Got:
        def read() -> Got:
            with self._services.sessions() as session:
                return look(session)

        return await asyncio.to_thread(read)

    async def _write(self, change: Change) -> None:
        """Make a change, and come back once it is kept; whoever stops waiting doesn't stop the change."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((change, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_waiting())
        await done

    async def _write_waiting(self) -> None:
        """Write what waits, all of it together; where one change fails, each by itself, so that the others stay."""
        while self._waiting:
            await asyncio.sleep(GATHER_SECONDS)
            batch, self._waiting = self._waiting, []
            failed = await self._written([change for change, _ in batch])
            for change, done in batch:
                problem = await self._written([change]) if failed and len(batch) > 1 else failed
                if done.done():
                    continue
                if problem is None:
                    done.set_result(None)
                else:
                    done.set_exception(problem)

    async def _written(self, changes: Sequence[Change]) -> BaseException | None:
        """Make changes in one transaction, in a thread; what went wrong, or None."""

        def write() -> None:
            with self._services.sessions.begin() as session:
                for change in changes:
                    change(session)

        (problem,) = await asyncio.gather(asyncio.to_thread(write), return_exceptions=True)
        return problem


def _user_id() -> int:
    """The number of the person who is talking."""
    return int(context.session.user.id)  # type: ignore[union-attr]


def _thread(info: ConversationInfo) -> ThreadDict:
    return ThreadDict(
        id=info.id,
        createdAt=info.changed_at.isoformat(),
        name=info.name or None,
        userId=str(info.user_id),
        userIdentifier=info.owner,
        tags=info.details.get("tags"),
        metadata={key: value for key, value in info.details.items() if key not in {"tags", "is_shared"}},
        steps=[],
        elements=[],
    )


def _in_order(elements: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Cards and plots as they were shown; those of before places were kept come first."""
    return sorted(elements, key=lambda element: element.get("place", 0))


def _plain(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a session: which profile it had; the rest is found in what was said."""
    return {key: metadata[key] for key in ("chat_profile", "name") if key in metadata}
