"""Goods that arrive: the order line, the ledger and the lot change together, once a delivery."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from stocksense.domain.orders import OrderState, check_step
from stocksense.domain.stock import LocationKind, MoveKind
from stocksense.errors import BadValue
from stocksense.store import audit
from stocksense.store.moves import Move, record_moves
from stocksense.store.orders import OrderLineInfo, line_of
from stocksense.store.shops import location_of_kind, shop_of
from stocksense.store.steps import lock_shop, take_step
from stocksense.store.tables import OrderLine, Product, StockMove


def receive_line(  # noqa: PLR0913  # a delivery has that many sides
    session: Session,
    line_id: int,
    units: int,
    *,
    delivery: str,
    actor: str,
    now: datetime,
    location_id: int | None = None,
    expires_on: date | None = None,
) -> OrderLineInfo:
    """Book units of an order line into a store (the first, if none is named), as one lot.

    `delivery` names the delivery (80 characters at most): the same one books once. Without `expires_on` the lot
    expires after the product's shelf life. Raises BadValue for more units than are outstanding or a delivery that was
    booked with other units, IllegalStep for a line of which nothing can arrive, UnknownName.
    """
    line = line_of(session, line_id)
    lock_shop(session, line.shop_id)
    line = line_of(session, line_id)
    key = _key(line_id, delivery)
    if _is_booked(session, line, key, units):
        return line
    after = OrderState.RECEIVED if line.received + units == line.quantity else OrderState.PARTLY_RECEIVED
    _check(line, units, after)
    shop = shop_of(session, line.shop_id)
    move = Move(
        sku=line.sku,
        origin_id=location_of_kind(session, shop.id, LocationKind.SUPPLIER).id,
        destination_id=location_id or location_of_kind(session, shop.id, LocationKind.STORE).id,
        units=units,
        kind=MoveKind.RECEIPT,
        effective_at=now,
        reference=f"{line.order}, {delivery}",
        idempotency_key=key,
        lot_code=f"{line.order}/{delivery}"[:80],
        expires_on=expires_on or _expiry(session, line, shop.today(now)),
    )
    _count_in(session, line, units, after=after, now=now)
    # The move comes second: with it the facts of the product take over what is still on order.
    record_moves(session, shop.id, [move], actor=actor, now=now)
    details = {"units": units, "received": line.received + units, "delivery": delivery, "sku": line.sku}
    audit.write(session, shop.id, "delivery booked", f"order line {line_id}", actor=actor, now=now, details=details)
    return line_of(session, line_id)


def _key(line_id: int, delivery: str) -> str:
    if not delivery.strip() or len(delivery) > 80:
        raise BadValue(
            f"{delivery[:80]!r} names no delivery; give the number on its slip, 80 characters at most",
            in_korean="입고를 가리키는 번호가 없습니다. 거래명세서 번호를 80자까지 적으세요.",
        )
    return f"receipt:{line_id}:{delivery}"


def _is_booked(session: Session, line: OrderLineInfo, key: str, units: int) -> bool:
    """Whether this delivery is in the ledger. Raises BadValue if it is there with other units."""
    booked = select(StockMove.units).where(StockMove.shop_id == line.shop_id, StockMove.idempotency_key == key)
    known = session.scalars(booked).first()
    if known is not None and known != units:
        raise BadValue(
            f"that delivery of {line.sku} was booked with {known} units already, not {units}; "
            f"give a further delivery its own number, or correct the stock by a count",
            in_korean=f"그 입고는 {line.sku} {known}개로 이미 적혀 있습니다({units}개 아님). "
            f"다른 입고라면 다른 번호를 쓰고, 틀렸다면 실사로 바로잡으세요.",
        )
    return known is not None


def _check(line: OrderLineInfo, units: int, after: OrderState) -> None:
    if line.state is not OrderState.PARTLY_RECEIVED or after is not OrderState.PARTLY_RECEIVED:
        check_step(line.state, after)
    if not 1 <= units <= line.quantity - line.received:
        raise BadValue(
            f"{units} units of {line.sku} cannot be booked: {line.quantity} were ordered and {line.received} "
            f"have arrived; book at most {line.quantity - line.received}, and a surplus by a count",
            in_korean=f"{line.sku} {units}개는 적을 수 없습니다: {line.quantity}개를 주문해 {line.received}개가 "
            f"들어왔습니다. 많아야 {line.quantity - line.received}개이고, 더 온 것은 실사로 적으세요.",
        )


def _expiry(session: Session, line: OrderLineInfo, today: date) -> date | None:
    """The last day on which the lot may be sold, None for goods that keep."""
    lives = select(Product.shelf_life_days).where(Product.shop_id == line.shop_id, Product.sku == line.sku)
    days = session.scalars(lives).one()
    return None if days is None else today + timedelta(days=days)


def _count_in(session: Session, line: OrderLineInfo, units: int, *, after: OrderState, now: datetime) -> None:
    """Add the units to the line; a second part of a delivery leaves it partly received, which is no step."""
    received = line.received + units
    if after is not line.state:
        take_step(session, OrderLine, line.id, after, received=received, changed_at=now)
        return
    session.execute(update(OrderLine).where(OrderLine.id == line.id).values(received=received, changed_at=now))
    session.expire_all()
