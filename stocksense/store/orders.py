"""Lines of purchase orders: one a proposal for ever, from placing to receiving; money and stock move once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from stocksense.domain.orders import OPEN_ORDERS, OrderState, ProposalState
from stocksense.errors import BadValue, UnknownName
from stocksense.store import audit
from stocksense.store.facts import refresh_stock
from stocksense.store.proposals import approved_terms, check_buyable, proposal_of
from stocksense.store.steps import lock_shop, take_step
from stocksense.store.tables import OrderLine, Product, Proposal, PurchaseOrder, Supplier


@dataclass(frozen=True)
class OrderLineInfo:
    """One product of a purchase order; prices in the shop's currency.

    `is_new` is true only for the one caller of `start_line` that made the line, who alone may buy.
    """

    id: int
    shop_id: int
    order: str
    sku: str
    name_ko: str
    name_en: str
    supplier: str
    site: str
    proposal_id: int | None
    state: OrderState
    quantity: int
    received: int
    unit_price: Decimal
    total: Decimal
    bought: str
    page: str
    note: str
    expected_on: date | None
    created_at: datetime
    changed_at: datetime
    transcript: Mapping[str, Any] = field(default_factory=dict, repr=False)
    is_new: bool = False

    @property
    def outstanding(self) -> int:
        """Units that are still on the way: none once the line is received or cancelled."""
        return self.quantity - self.received if self.state in OPEN_ORDERS else 0

    def name(self, language: str) -> str:
        """The product's name in a language (`ko` or `en`), in the other where there is none."""
        first, second = (self.name_ko, self.name_en) if language == "ko" else (self.name_en, self.name_ko)
        return first or second or self.sku


def start_line(session: Session, proposal_id: int, now: datetime, *, actor: str = "buyer") -> OrderLineInfo:
    """Turn an approved proposal into an order line that is being placed; commit before buying.

    A proposal becomes one line for ever: if it has one, that line comes back with `is_new` false and nothing may be
    bought for it. Raises NotApproved unless exactly these terms were approved, IllegalStep if the product was recalled
    or the proposal withdrawn since, UnknownName.
    """
    shop_id = proposal_of(session, proposal_id).shop_id
    lock_shop(session, shop_id)
    there = session.scalar(select(OrderLine.id).where(OrderLine.proposal_id == proposal_id))
    if there is not None:
        return line_of(session, there)
    terms = approved_terms(session, proposal_id)
    proposal = session.get_one(Proposal, proposal_id)
    check_buyable(session.get_one(Product, proposal.product_id, populate_existing=True))
    take_step(session, Proposal, proposal_id, ProposalState.ORDERED)
    order = PurchaseOrder(
        shop_id=shop_id, supplier_id=proposal.supplier_id, reference=f"PO-{proposal_id}", created_at=now
    )
    session.add(order)
    session.flush()
    line = OrderLine(
        order_id=order.id,
        product_id=proposal.product_id,
        proposal_id=proposal_id,
        state=OrderState.PLACING,
        quantity=terms.quantity,
        unit_price=terms.unit_price,
        total=terms.total,
        created_at=now,
        changed_at=now,
    )
    session.add(line)
    session.flush()
    refresh_stock(session, shop_id, [proposal.product_id])
    _note(session, line.id, shop_id, "order begun", actor=actor, now=now)
    return line_of(session, line.id, is_new=True)


def finish_line(  # noqa: PLR0913  # a purchase has that many sides
    session: Session,
    line_id: int,
    *,
    unit_price: Decimal,
    total: Decimal,
    now: datetime,
    bought: str = "",
    page: str = "",
    transcript: Mapping[str, Any] | None = None,
    expected_on: date | None = None,
    actor: str = "buyer",
) -> OrderLineInfo:
    """Note what was bought, where and for how much; prices are rounded to hundredths.

    What cost more than was approved is noted all the same, but needs a person's attention. Raises IllegalStep unless
    the line is being placed, UnknownName.
    """
    line = line_of(session, line_id)
    paid = _rounded(total)
    over = line.proposal_id is not None and paid > proposal_of(session, line.proposal_id).total
    note = f"it cost {paid}, but at most {line.total} were approved; keep or cancel it" if over else ""
    return _change(
        session,
        line,
        OrderState.NEEDS_ATTENTION if over else OrderState.PLACED,
        "order placed above the approved price" if over else "order placed",
        actor=actor,
        now=now,
        unit_price=_rounded(unit_price),
        total=paid,
        bought=bought[:300],
        page=page[:1000],
        note=note,
        transcript=dict(transcript or {}),
        expected_on=expected_on,
    )


def draft_line(  # noqa: PLR0913  # as many sides as a purchase
    session: Session,
    line_id: int,
    *,
    unit_price: Decimal,
    total: Decimal,
    note: str,
    now: datetime,
    bought: str = "",
    page: str = "",
    transcript: Mapping[str, Any] | None = None,
    actor: str = "buyer",
) -> OrderLineInfo:
    """Leave a line to the owner, who pays for what waits in a shop's cart; nothing was bought yet.

    Raises IllegalStep unless the line is being placed, UnknownName.
    """
    return _change(
        session,
        line_of(session, line_id),
        OrderState.NEEDS_ATTENTION,
        "order drafted",
        actor=actor,
        now=now,
        unit_price=_rounded(unit_price),
        total=_rounded(total),
        bought=bought[:300],
        page=page[:1000],
        note=note[:1000],
        transcript=dict(transcript or {}),
    )


def stop_line(
    session: Session,
    line_id: int,
    *,
    note: str,
    now: datetime,
    transcript: Mapping[str, Any] | None = None,
    actor: str = "buyer",
) -> OrderLineInfo:
    """Leave a line that could not be placed to a person, saying why; it keeps its place, so nothing is bought again.

    Raises IllegalStep unless the line is being placed, UnknownName.
    """
    line = line_of(session, line_id)
    kept: dict[str, Any] = {} if transcript is None else {"transcript": dict(transcript)}
    return _change(
        session, line, OrderState.NEEDS_ATTENTION, "order stopped", actor=actor, now=now, note=note[:1000], **kept
    )


def resume_line(session: Session, line_id: int, *, now: datetime, actor: str) -> OrderLineInfo:
    """Place a line again, or note that it was placed: a person has looked after it. Only one caller succeeds.

    Raises IllegalStep unless it needs attention, or if its product was recalled since; UnknownName.
    """
    line = line_of(session, line_id)
    product_id = session.get_one(OrderLine, line_id).product_id
    check_buyable(session.get_one(Product, product_id, populate_existing=True))
    return _change(session, line, OrderState.PLACING, "order resumed", actor=actor, now=now)


def settle_line(  # noqa: PLR0913  # as many sides as a purchase
    session: Session,
    line_id: int,
    *,
    total: Decimal,
    now: datetime,
    actor: str,
    bought: str = "",
    expected_on: date | None = None,
) -> OrderLineInfo:
    """Note that a person bought by hand, or keeps, what needed attention: it is on its way, at whatever it cost.

    Raises IllegalStep unless the line needs attention, or if its product was recalled since; BadValue, UnknownName.
    """
    line = resume_line(session, line_id, now=now, actor=actor)
    return _change(
        session,
        line,
        OrderState.PLACED,
        "order settled by hand",
        actor=actor,
        now=now,
        unit_price=_rounded(total / line.quantity),
        total=_rounded(total),
        bought=(bought or line.bought)[:300],
        expected_on=expected_on or line.expected_on,
        note="",
    )


def cancel_line(session: Session, line_id: int, *, now: datetime, actor: str, note: str = "") -> OrderLineInfo:
    """Give up what has not arrived of a line; its product can be proposed anew. Raises IllegalStep, UnknownName."""
    line = line_of(session, line_id)
    return _change(
        session, line, OrderState.CANCELLED, "order cancelled", actor=actor, now=now, note=(note or line.note)[:1000]
    )


def line_of(session: Session, line_id: int, *, is_new: bool = False) -> OrderLineInfo:
    """One line as it is stored now. Raises UnknownName if there is none of that number."""
    for info in _read(session, joined_lines().where(OrderLine.id == line_id), is_new=is_new):
        return info
    raise UnknownName("order line", line_id, "list the orders with `stocksense orders`")


def line_for(session: Session, proposal_id: int) -> OrderLineInfo | None:
    """The line that a proposal became; None as long as nobody began to buy it."""
    return next(iter(_read(session, joined_lines().where(OrderLine.proposal_id == proposal_id))), None)


def lines(
    session: Session, shop_id: int, *, states: Collection[OrderState] = (), limit: int | None = None
) -> tuple[OrderLineInfo, ...]:
    """The newest lines of a shop first; with `states`, only those."""
    wanted = joined_lines().where(PurchaseOrder.shop_id == shop_id).order_by(OrderLine.id.desc()).limit(limit)
    return _read(session, wanted.where(OrderLine.state.in_(list(states))) if states else wanted)


def lines_of_product(session: Session, product_id: int, *, limit: int) -> tuple[OrderLineInfo, ...]:
    """At most `limit` lines of a product, the newest first."""
    found = session.execute(_of_product(), {"product": product_id, "limit": limit})
    return tuple(_info(*row, is_new=False) for row in found)


@cache
def _of_product() -> Any:
    """Made once and kept, since making it takes longer than running it."""
    rows = joined_lines().where(OrderLine.product_id == bindparam("product")).order_by(OrderLine.id.desc())
    return rows.limit(bindparam("limit")).execution_options(populate_existing=True)


def listed_lines(session: Session, rows: JoinedLines) -> tuple[OrderLineInfo, ...]:
    """The lines that a selection from `joined_lines` finds."""
    return _read(session, rows)


def open_lines(session: Session, shop_id: int) -> tuple[OrderLineInfo, ...]:
    """Lines of which units are still to come, the newest first."""
    return lines(session, shop_id, states=OPEN_ORDERS)


def unfinished_lines(session: Session, shop_id: int, *, before: datetime | None = None) -> tuple[OrderLineInfo, ...]:
    """Lines that a killed process left while placing them; with `before`, only those untouched since then.

    Whether they were bought is unknown: look in the shop, then `finish_line` or `stop_line`, but never buy.
    """
    found = lines(session, shop_id, states=(OrderState.PLACING,))
    return tuple(line for line in found if before is None or line.changed_at < before)


def on_order(session: Session, shop_id: int) -> dict[str, int]:
    """Units that are on the way, by SKU; products with none are left out."""
    units = func.sum(OrderLine.quantity - OrderLine.received)
    rows = (
        select(Product.sku, units.label("units"))
        .join(OrderLine, OrderLine.product_id == Product.id)
        .where(Product.shop_id == shop_id, OrderLine.state.in_(OPEN_ORDERS))
        .group_by(Product.sku)
    )
    return {row.sku: int(row.units) for row in session.execute(rows)}


def _change(
    session: Session, line: OrderLineInfo, after: OrderState, action: str, *, actor: str, now: datetime, **changes: Any
) -> OrderLineInfo:
    """Take a step, write it into the audit trail, and return the line as it is then."""
    take_step(session, OrderLine, line.id, after, changed_at=now, **changes)
    refresh_stock(session, line.shop_id, [session.get_one(OrderLine, line.id).product_id])
    _note(session, line.id, line.shop_id, action, actor=actor, now=now)
    return line_of(session, line.id)


def _note(session: Session, line_id: int, shop_id: int, action: str, *, actor: str, now: datetime) -> None:
    line = line_of(session, line_id)
    details = {
        "sku": line.sku,
        "quantity": line.quantity,
        "received": line.received,
        "total": str(line.total),
        "proposal": line.proposal_id,
        "note": line.note,
    }
    audit.write(session, shop_id, action, f"order line {line_id}", actor=actor, now=now, details=details)


def _rounded(amount: Decimal) -> Decimal:
    """An amount in whole hundredths: what was paid must be noted, so it isn't refused for a third decimal."""
    if not amount.is_finite() or amount < 0:
        raise BadValue(
            f"an amount of {amount} cannot have been paid; give 0 or more",
            in_korean=f"낸 금액이 {amount}일 수는 없습니다. 0 이상으로 적으세요.",
        )
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


JoinedLines = Select[OrderLine, PurchaseOrder, Product, Supplier]


def joined_lines() -> JoinedLines:
    """Lines with their order, product and supplier, to narrow and to sort."""
    return (
        select(OrderLine, PurchaseOrder, Product, Supplier)
        .join(PurchaseOrder, PurchaseOrder.id == OrderLine.order_id)
        .join(Product, Product.id == OrderLine.product_id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
    )


def _read(session: Session, wanted: JoinedLines, *, is_new: bool = False) -> tuple[OrderLineInfo, ...]:
    """What the database holds now, not what the session read before."""
    found = session.execute(wanted.execution_options(populate_existing=True))
    return tuple(_info(line, order, product, supplier, is_new=is_new) for line, order, product, supplier in found)


def _info(
    line: OrderLine, order: PurchaseOrder, product: Product, supplier: Supplier, *, is_new: bool
) -> OrderLineInfo:
    return OrderLineInfo(
        id=line.id,
        shop_id=order.shop_id,
        order=order.reference,
        sku=product.sku,
        name_ko=product.name_ko,
        name_en=product.name_en,
        supplier=supplier.name,
        site=supplier.site,
        proposal_id=line.proposal_id,
        state=line.state,
        quantity=line.quantity,
        received=line.received,
        unit_price=line.unit_price,
        total=line.total,
        bought=line.bought,
        page=line.page,
        note=line.note,
        expected_on=line.expected_on,
        created_at=line.created_at,
        changed_at=line.changed_at,
        transcript=line.transcript,
        is_new=is_new,
    )
