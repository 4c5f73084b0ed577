"""Taking a row from one state to the next: the database judges, we put its refusal into words."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from stocksense.errors import KINDS_IN_KOREAN, IllegalStep, UnknownName
from stocksense.store.guards import STEPPED
from stocksense.store.tables import OrderLine, Proposal, RecallMatchRow, Shop

Stepped = type[Proposal] | type[OrderLine] | type[RecallMatchRow]

_CALLED = {"proposals": "proposal", "order_lines": "order line", "recall_matches": "recall match"}


_IN_KOREAN: dict[str, str] = {
    "pending": "승인 대기",
    "approved": "승인됨",
    "rejected": "거절됨",
    "superseded": "거둬들임",
    "ordered": "주문함",
    "placing": "주문 중",
    "placed": "주문됨",
    "needs_attention": "확인 필요",
    "partly_received": "일부 입고",
    "received": "입고됨",
    "cancelled": "취소됨",
    "proposed": "확인 필요",
    "quarantined": "격리됨",
    "dismissed": "해당 없음",
    "released": "격리 해제",
}


def take_step(session: Session, table: Stepped, row_id: int, after: StrEnum, **changes: Any) -> None:
    """Bring a row into another state, with further columns changed along.

    Raises IllegalStep, naming the steps that are allowed, if the database refuses it or the row is in that state
    already: of two processes that take the same step only one succeeds. Raises UnknownName if there is no such row.
    """
    session.flush()
    step = update(table).where(table.id == row_id, table.state != after).values(state=after, **changes)
    try:
        with session.begin_nested():
            # Objects that were read before are read anew, so that nobody goes on with the state of yesterday.
            taken = session.execute(step.execution_options(synchronize_session=False).returning(table.id)).all()
    except IntegrityError as error:
        raise _refused(session, table, row_id, after) from error
    session.expire_all()
    if not taken:
        raise _refused(session, table, row_id, after)


def lock_shop(session: Session, shop_id: int) -> None:
    """Hold back everybody else who orders for this shop until the transaction ends.

    On PostgreSQL by a lock on the shop's row; on SQLite a session to write holds the only write lock anyway.
    Raises UnknownName if there is no such shop.
    """
    if session.scalar(select(Shop.id).where(Shop.id == shop_id).with_for_update(key_share=True)) is None:
        raise UnknownName("shop", shop_id, "list the shops with `stocksense doctor`")


def _refused(session: Session, table: Stepped, row_id: int, after: StrEnum) -> IllegalStep | UnknownName:
    """The error that says which steps the row may take from where it stands."""
    name = table.__tablename__
    before = session.scalar(select(table.state).where(table.id == row_id))
    if before is None:
        return UnknownName(_CALLED[name], row_id, "it may have been given the number of another kind of row")
    allowed = ", ".join(sorted(b for a, b in STEPPED[name][0] if a == before)) or "nothing, this is final"
    kind = _CALLED[name]
    return IllegalStep(
        f"{kind} {row_id} is {before} and cannot become {after}; it can become {allowed}",
        in_korean=f"{KINDS_IN_KOREAN.get(kind, '그것')} {row_id}번은 지금 '{_IN_KOREAN.get(before, before)}' 상태라 "
        f"'{_IN_KOREAN.get(after, after)}'(으)로 바꿀 수 없습니다.",
    )
