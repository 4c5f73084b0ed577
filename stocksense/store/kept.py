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
from typing import Any, TypeVar

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from stocksense.store.tables import BookMark
from stocksense.store.upsert import insert_or_change

MOST_KEPT = 128
"""Answers that are kept in memory."""

Answer = TypeVar("Answer")

_CHANGED = "stocksense_changed_shops"
_EVERY = 0
_BITS = 62

_kept: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()
_keeping = threading.Lock()
_making: dict[tuple[Hashable, ...], threading.Lock] = {}


def kept(session: Session, shop_id: int, question: Hashable, make: Callable[[], Answer]) -> Answer:
    """What `make` reads of a shop's books, or what it read for the same question since they last changed.

    The answer is shared: it must not be changed. `question` is all that `make` depends on beside the books.
    """
    books = session.scalar(select(BookMark.books).where(BookMark.shop_id == shop_id))
    return kept_as(session, (shop_id, books, question), make) if books else make()


def kept_as(session: Session, question: Hashable, make: Callable[[], Answer]) -> Answer:
    """The same for what depends on nothing but `question`, which holds a number that changes with what is read."""
    if _CHANGED in session.info:
        return make()
    key = (str(session.get_bind().engine.url), question)
    with _keeping:
        making = _making.setdefault(key, threading.Lock())
    # Of many who ask at once one reads, and the others wait for it.
    with making:
        with _keeping:
            if key in _kept:
                _kept.move_to_end(key)
                found: Answer = _kept[key]
                return found
        try:
            answer = make()
        finally:
            with _keeping:
                _making.pop(key, None)
        with _keeping:
            _kept[key] = answer
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        return answer


def note_change(session: Session, shop_id: int | None = None) -> None:
    """Note that the transaction changes what pages read of a shop, or of every shop."""
    session.info.setdefault(_CHANGED, set()).add(_EVERY if shop_id is None else shop_id)


def forget() -> None:
    """Forget what is kept in memory."""
    with _keeping:
        _kept.clear()


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
