"""What people change on a shelf by hand: counts, losses and finds with a reason, and taking back any of it.

Nothing in the ledger is ever rewritten: taking back adds a move that runs the other way. Each change carries the key
of the form that it came from, so that sending a form twice changes the shelf once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from stocksense.domain.orders import OrderState
from stocksense.domain.stock import Adjustment, LocationKind, MoveKind
from stocksense.errors import BadValue, IllegalStep, UnknownName
from stocksense.store import audit
from stocksense.store.facts import refresh_stock
from stocksense.store.moves import Move, record_moves
from stocksense.store.orders import line_of
from stocksense.store.receipts import receive_line
from stocksense.store.shops import location_of_kind, locations_of
from stocksense.store.skus import product_id_of
from stocksense.store.steps import lock_shop
from stocksense.store.stock import Count as ShelfCount
from stocksense.store.stock import correct_to_count
from stocksense.store.tables import Balance, Lot, OrderLine, Product, StockMove

COUNT = "count"
"""Reference of what a count corrected; that of another change is its Adjustment, a note after a colon."""

_BY_HAND, _RECEIPT, _TAKEN_BACK = "hand:", "receipt:", "undo:"
_LOOKED_THROUGH = 3000
"""So many of the newest moves are looked through for those that a person made a moment ago."""


@dataclass(frozen=True)
class Count:
    """Units that somebody counted at a store, and those that the books told them of before."""

    units: int
    shown: int


@dataclass(frozen=True)
class Counted:
    """What a count came to: units `before` and `after`; `is_stale` means that the shelf had changed and nothing was.

    `repeated` means that this very count was booked before.
    """

    before: int
    after: int
    is_stale: bool = False
    repeated: bool = False

    @property
    def difference(self) -> int:
        """Units that the count added, negative if some were missing."""
        return self.after - self.before


@dataclass(frozen=True)
class Shelf:
    """A product at a store."""

    sku: str
    location_id: int


@dataclass(frozen=True)
class HandChange:
    """A move that a person made; `change` is by how many units it changed what the stores hold."""

    move_id: int
    product_id: int
    sku: str
    kind: MoveKind
    change: int
    location: str
    reference: str
    actor: str
    recorded_at: datetime
    taken_back: bool


def count_shelves(  # noqa: PLR0913  # a count has that many sides
    session: Session, shop_id: int, sku: str, counts: Mapping[int, Count], *, key: str, actor: str, now: datetime
) -> dict[int, Counted]:
    """Bring the ledger to what was counted, given and told by store: all of it, or nothing if a shelf is stale.

    A shelf is stale if it no longer holds what the counter was shown. Raises BadValue for a count below zero,
    UnknownSku, UnknownName for a place that doesn't sell.
    """
    lock_shop(session, shop_id)
    product_id = product_id_of(session, shop_id, sku)
    results = {}
    for place, count in counts.items():
        _check_store(session, shop_id, place)
        held = _held(session, product_id, place)
        repeated = _known(session, shop_id, _key(key, place)) is not None
        results[place] = Counted(held, held, is_stale=held != count.shown and not repeated, repeated=repeated)
    if any(result.is_stale for result in results.values()):
        return results
    for place, count in counts.items():
        if results[place].repeated:
            continue
        before, counted = results[place].before, ShelfCount(sku, place, count.units, COUNT, _key(key, place))
        correct_to_count(session, shop_id, counted, actor=actor, now=now)
        details = {"before": before, "counted": count.units, "location": place}
        audit.write(session, shop_id, "stock counted", f"product {sku}", actor=actor, now=now, details=details)
        results[place] = Counted(before, count.units)
    return results


def adjust_shelf(  # noqa: PLR0913  # an adjustment has that many sides
    session: Session,
    shop_id: int,
    shelf: Shelf,
    why: Adjustment,
    units: int,
    *,
    key: str,
    actor: str,
    now: datetime,
    note: str = "",
) -> Counted:
    """Take units from a shelf, or put found ones there, for a reason; `note` is the person's own words about it.

    Raises BadValue for less than one unit, NotEnoughStock where the shop's policy blocks it, UnknownSku, UnknownName.
    """
    lock_shop(session, shop_id)
    product_id = product_id_of(session, shop_id, shelf.sku)
    _check_store(session, shop_id, shelf.location_id)
    held = _held(session, product_id, shelf.location_id)
    full = _key(key, shelf.location_id)
    if _known(session, shop_id, full) is not None:
        return Counted(held, held, repeated=True)
    losses = location_of_kind(session, shop_id, LocationKind.LOSS).id
    gains = why is Adjustment.FOUND
    ends = (losses, shelf.location_id) if gains else (shelf.location_id, losses)
    reference = f"{why}: {note.strip()[:200]}" if note.strip() else str(why)
    record_moves(
        session, shop_id, [Move(shelf.sku, *ends, units, why.kind, now, reference, full)], actor=actor, now=now
    )
    details = {"why": str(why), "units": units, "location": shelf.location_id, "note": note.strip()[:200]}
    audit.write(session, shop_id, "stock adjusted", f"product {shelf.sku}", actor=actor, now=now, details=details)
    return Counted(held, held + units if gains else held - units)


def receive_delivery(  # noqa: PLR0913  # a delivery has that many sides
    session: Session,
    line_id: int,
    units: int,
    *,
    shown: int,
    delivery: str,
    location_id: int,
    actor: str,
    now: datetime,
    expires_on: date | None = None,
) -> Counted:
    """Book a delivery with `receive_line`, if as many units are still expected as the person was shown.

    Returns the units expected before and after. Raises what `receive_line` raises.
    """
    lock_shop(session, line_of(session, line_id).shop_id)
    line = line_of(session, line_id)
    _check_store(session, line.shop_id, location_id)
    known = _known(session, line.shop_id, f"{_RECEIPT}{line_id}:{delivery}")
    if known is None and line.outstanding != shown:
        return Counted(line.outstanding, line.outstanding, is_stale=True)
    after = receive_line(
        session,
        line_id,
        units,
        delivery=delivery,
        actor=actor,
        now=now,
        location_id=location_id,
        expires_on=expires_on,
    )
    return Counted(line.outstanding, after.outstanding, repeated=known is not None)


def take_back(session: Session, shop_id: int, move_id: int, *, actor: str, now: datetime) -> HandChange:
    """Undo a change by a move that runs the other way; undoing it again changes nothing.

    A delivery that is taken back is expected again, unless it completed its order: that stays complete, and the units
    go back to the supplier. Raises UnknownName, IllegalStep for what no person did by hand, NotEnoughStock.
    """
    lock_shop(session, shop_id)
    made = _changes(session, shop_id, [move_id])
    move = session.get(StockMove, move_id)
    if move is None or not made:
        raise UnknownName("change of stock", move_id, "choose one of the product's ledger")
    if made[0].taken_back:
        return made[0]
    if not is_by_hand(move.idempotency_key):
        raise IllegalStep(
            f"move {move_id} was not made by hand and cannot be taken back; count the shelf instead",
            in_korean="사람이 적은 변경이 아니라서 되돌릴 수 없습니다. 대신 실사하세요.",
        )
    lot = session.get(Lot, move.lot_id) if move.lot_id else None
    back = Move(
        made[0].sku,
        move.destination_id,
        move.origin_id,
        move.units,
        MoveKind.SUPPLIER_RETURN if move.kind is MoveKind.RECEIPT else move.kind,
        now,
        f"undo {move_id}",
        f"{_TAKEN_BACK}{move_id}",
        lot.code if lot else "",
    )
    if move.kind is MoveKind.RECEIPT:
        _expect_again(session, move, now)
    record_moves(session, shop_id, [back], actor=actor, now=now)
    if move.kind is MoveKind.RECEIPT:
        refresh_stock(session, shop_id, [move.product_id])
    subject, details = f"product {made[0].sku}", {"move": move_id, "change": -made[0].change}
    audit.write(session, shop_id, "change taken back", subject, actor=actor, now=now, details=details)
    return _changes(session, shop_id, [move_id])[0]


def is_by_hand(key: str | None) -> bool:
    """Whether a move with that idempotency key was made by a person, and can be taken back."""
    return key is not None and key.startswith((_BY_HAND, _RECEIPT))


def my_changes(
    session: Session, shop_id: int, actor: str, *, now: datetime, within: timedelta = timedelta(minutes=30)
) -> tuple[HandChange, ...]:
    """What a person changed by hand a short while ago, the newest first; deliveries included."""
    newest = session.scalar(select(func.max(StockMove.id))) or 0
    # The shop is asked for below: here it would make the database read all moves of the shop instead of the newest.
    found = session.execute(
        select(StockMove.id, StockMove.idempotency_key)
        .where(StockMove.id > newest - _LOOKED_THROUGH)
        .where(StockMove.actor == actor, StockMove.recorded_at > now - within)
        .order_by(StockMove.id.desc())
        .limit(50)
    )
    return _changes(session, shop_id, [key for key, idempotency in found if is_by_hand(idempotency)])


def undoable(session: Session, shop_id: int, move_ids: Collection[int]) -> frozenset[int]:
    """Which of these moves a person made by hand and nobody has taken back yet."""
    keys = select(StockMove.id, StockMove.idempotency_key).where(StockMove.id.in_(move_ids))
    hand = [move_id for move_id, key in session.execute(keys) if is_by_hand(key)]
    return frozenset(change.move_id for change in _changes(session, shop_id, hand) if not change.taken_back)


def _changes(session: Session, shop_id: int, move_ids: Collection[int]) -> tuple[HandChange, ...]:
    if not move_ids:
        return ()
    backs = [f"{_TAKEN_BACK}{move_id}" for move_id in move_ids]
    known = select(StockMove.idempotency_key).where(StockMove.shop_id == shop_id, StockMove.idempotency_key.in_(backs))
    gone = set(session.scalars(known))
    stores = {place.id: place.name for place in locations_of(session, shop_id, LocationKind.STORE)}
    rows = session.execute(
        select(StockMove, Product.sku)
        .join(Product, Product.id == StockMove.product_id)
        .where(StockMove.id.in_(move_ids), StockMove.shop_id == shop_id)
        .order_by(StockMove.id.desc())
    )
    return tuple(
        HandChange(
            move.id,
            move.product_id,
            sku,
            move.kind,
            move.units * ((move.destination_id in stores) - (move.origin_id in stores)),
            stores.get(move.destination_id) or stores.get(move.origin_id, ""),
            move.reference,
            move.actor,
            move.recorded_at,
            f"{_TAKEN_BACK}{move.id}" in gone,
        )
        for move, sku in rows
    )


def _expect_again(session: Session, move: StockMove, now: datetime) -> None:
    """Count units of a delivery out of their order line, as long as that isn't complete."""
    line_id = int((move.idempotency_key or "").split(":")[1])
    open_line = (OrderLine.id == line_id, OrderLine.state == OrderState.PARTLY_RECEIVED)
    values = {"received": OrderLine.received - move.units, "changed_at": now}
    session.execute(update(OrderLine).where(*open_line).values(values))
    session.expire_all()


def _check_store(session: Session, shop_id: int, location_id: int) -> None:
    stores = locations_of(session, shop_id, LocationKind.STORE)
    if location_id not in {place.id for place in stores}:
        raise UnknownName("store", location_id, f"this shop sells at: {', '.join(place.name for place in stores)}")


def _held(session: Session, product_id: int, location_id: int) -> int:
    here = (Balance.product_id == product_id, Balance.location_id == location_id)
    return session.scalar(select(Balance.units).where(*here)) or 0


def _known(session: Session, shop_id: int, key: str) -> int | None:
    booked = select(StockMove.id).where(StockMove.shop_id == shop_id, StockMove.idempotency_key == key)
    return session.scalar(booked)


def _key(key: str, location_id: int) -> str:
    if not 8 <= len(key) <= 64:
        raise BadValue(
            f"{key[:64]!r} is no key of a form; open the page again", in_korean="양식이 오래되었습니다. 다시 여세요."
        )
    return f"{_BY_HAND}{key}:{location_id}"
