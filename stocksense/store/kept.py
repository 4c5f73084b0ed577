"""What was read of a shop's books, kept in memory until the books change.

Writers call `note_change`; the transaction that commits gives the shop's books another random number. What is kept
belongs to that number, which is asked of the database each time: so nothing is shown that the books don't say,
whichever process wrote them. A number that was never committed never comes back, so what a transaction saw before it
was rolled back is not found again.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import nullcontext
from typing import Any, Protocol, TypeVar

from sqlalchemy import bindparam, event, select
from sqlalchemy.orm import Session

from stocksense.store.tables import BookMark
from stocksense.store.upsert import insert_or_change

MOST_KEPT = 1024
"""Answers that are kept in memory."""

Answer = TypeVar("Answer")

_CHANGED = "stocksense_changed_shops"
_MARKS = "stocksense_marks_of_books"
_EVERY = 0
_BITS = 62


class Memory:
    """The answers that were asked for last, `most` of them. Of many who ask for one at once only one makes it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._keeping = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}

    def answer(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """What is kept under a key, else what `make` makes, which is kept from then on."""
        with self._keeping:
            making = None if key in self._kept else self._making.setdefault(key, threading.Lock())
        with making or nullcontext():
            with self._keeping:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    found: Answer = self._kept[key]
                    return found
            try:
                answer = make()
            finally:
                with self._keeping:
                    self._making.pop(key, None)
            with self._keeping:
                self._kept[key] = answer
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            return answer

    def forget(self) -> None:
        """Forget all of it."""
        with self._keeping:
            self._kept.clear()


_answers = Memory(MOST_KEPT)


class Keep(Protocol):
    """Gives the answer to a question: what `make` reads, or what it read before."""

    def __call__(self, question: Hashable, make: Callable[[], Answer]) -> Answer:
        """The answer; it must not be changed."""


def anew(question: Hashable, make: Callable[[], Answer]) -> Answer:
    """What `make` reads: nothing is kept."""
    return make()


def kept(session: Session, shop_id: int, question: Hashable, make: Callable[[], Answer]) -> Answer:
    """What `make` reads of a shop's books, or what it read for the same question since they last changed.

    The answer is shared: it must not be changed. `question` is all that `make` depends on beside the books.
    """
    return Books(session, shop_id).kept(question, make)


class Books:
    """A shop's books as they are now, of which several questions are asked."""

    def __init__(self, session: Session, shop_id: int) -> None:
        self._session = session
        self._shop_id = shop_id
        self._mark = _mark_of(session, shop_id)

    def kept(self, question: Hashable, make: Callable[[], Answer]) -> Answer:
        """What `make` reads of them, or what it read for the same question since they last changed."""
        if not self._mark:
            return make()
        return kept_as(self._session, (self._shop_id, self._mark, question), make)


def _mark_of(session: Session, shop_id: int) -> int | None:
    """The number of a shop's books when the transaction first asked: what it reads is at least as new as that."""
    marks: dict[int, int | None] = session.info.setdefault(_MARKS, {})
    if shop_id not in marks:
        marks[shop_id] = session.scalar(_MARK, {"shop_id": shop_id})
    return marks[shop_id]


_MARK = select(BookMark.__table__.c.books).where(BookMark.__table__.c.shop_id == bindparam("shop_id"))


def kept_as(session: Session, question: Hashable, make: Callable[[], Answer]) -> Answer:
    """The same for what depends on nothing but `question`, which holds a number that changes with what is read."""
    if _CHANGED in session.info:
        return make()
    return _answers.answer((str(session.get_bind().engine.url), question), make)


def note_change(session: Session, shop_id: int | None = None) -> None:
    """Note that the transaction changes what pages read of a shop, or of every shop."""
    session.info.setdefault(_CHANGED, set()).add(_EVERY if shop_id is None else shop_id)


def forget() -> None:
    """Forget what is kept in memory."""
    _answers.forget()


@event.listens_for(Session, "before_commit")
def _mark(session: Session) -> None:
    """Give the shops that changed another number, at the very end, so that nobody waits for its row for long."""
    changed = session.info.get(_CHANGED)
    if not changed or session.in_nested_transaction():
        return
    if _EVERY in changed:
        changed |= set(session.scalars(select(BookMark.shop_id)))
    marks = [{"shop_id": key, "books": secrets.randbits(_BITS) + 1} for key in sorted(changed - {_EVERY})]
    insert_or_change(session, BookMark, marks, keys=("shop_id",), changes=("books",))


@event.listens_for(Session, "after_transaction_end")
def _settled(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop(_CHANGED, None)
        session.info.pop(_MARKS, None)
