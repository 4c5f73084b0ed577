"""The facts of each product that lists are sorted and filtered by, kept in the transaction that changes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from stocksense.domain.orders import OPEN_ORDERS
from stocksense.domain.shelf import LONGEST_COVER_DAYS, ShelfState
from stocksense.domain.stock import LocationKind
from stocksense.store.kept import note_change
from stocksense.store.lots import past_sale_of
from stocksense.store.tables import Balance, Location, Offer, OrderLine, Product, ProductFacts, ReadMark, StockTotal
from stocksense.store.tables.rollups import NO_CATEGORY
from stocksense.store.upsert import dialect_insert, portions

UNKNOWN_LAST = 9999.0
"""Stands for an unknown number where small ones come first: days of cover, accuracy."""

UNKNOWN_FIRST = -1.0
"""Stands for an unknown number where large ones come first: predicted sales, reorder point."""

Some = Collection[int] | None
"""Row numbers of products, or None for all of the shop."""

_FEW = 5000
_GROUP = ("category_id", "status", "state", "reason")
_SUMS = ("products", "on_hand", "quarantined", "on_order", "stock_value", "uncosted", "demand", "missed")
_COPIED = ("sku", "name_ko", "name_en", "status")
_ALIKE: Any = {"synchronize_session": False}


def refresh_products(session: Session, shop_id: int, product_ids: Some = None) -> None:
    """Take over names, category and status of products, new ones with all that is known of them."""
    for chosen in _chosen(product_ids):
        with _counted(session, shop_id, chosen):
            _copy(session, shop_id, chosen)
            _stock(session, shop_id, chosen)
    mark = dialect_insert(session)(ReadMark).values(shop_id=shop_id, catalogue=1)
    one_more = {"catalogue": ReadMark.catalogue + 1}
    session.execute(mark.on_conflict_do_update(index_elements=["shop_id"], set_=one_more))
    session.expire_all()


def refresh_stock(session: Session, shop_id: int, product_ids: Some = None) -> None:
    """Bring units on hand, in quarantine and on order, their value and what follows from them up to the books."""
    for chosen in _chosen(product_ids):
        with _counted(session, shop_id, chosen):
            _stock(session, shop_id, chosen)
    session.expire_all()


def change_facts(session: Session, shop_id: int, rows: Iterable[dict[str, Any]], *, newer: str) -> None:
    """Write facts given as rows with a `product_id`, unless the day in column `newer` is later already."""
    given = [{f"new_{name}": value for name, value in row.items()} for row in rows]
    if not given:
        return
    names = [name.removeprefix("new_") for name in given[0] if name != "new_product_id"]
    kept = getattr(ProductFacts, newer)
    statement = (
        update(ProductFacts)
        .where(ProductFacts.product_id == bindparam("new_product_id"))
        .where(func.coalesce(kept, bindparam(f"new_{newer}")) <= bindparam(f"new_{newer}"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    ids = [row["new_product_id"] for row in given]
    for chosen in _chosen(ids):
        with _counted(session, shop_id, chosen):
            few = None if chosen is None else set(chosen)
            mine = given if few is None else [row for row in given if row["new_product_id"] in few]
            session.connection().execute(statement, mine)
            _derive(session, shop_id, chosen)
    session.expire_all()


def note_past_sale(session: Session, shop_id: int, today: date, product_ids: Some = None) -> None:
    """Note how many units on hand are past their date today, and what follows from that."""
    f = ProductFacts
    for chosen in _chosen(product_ids):
        rows = session.execute(select(f.product_id, f.on_hand, f.past_sale).where(*_mine(shop_id, chosen))).all()
        past = past_sale_of(session, shop_id, {key: on_hand for key, on_hand, _ in rows}, today)
        changed = [key for key, _, known in rows if known != past.get(key, 0)]
        for portion in portions(changed):
            with _counted(session, shop_id, portion):
                units = case({key: past.get(key, 0) for key in portion}, value=f.product_id)
                noted = update(f).where(*_mine(shop_id, portion)).values(past_sale=units)
                session.execute(noted, execution_options=_ALIKE)
                _derive(session, shop_id, portion)
    session.expire_all()


def rebuild_facts(session: Session, shop_id: int) -> None:
    """Bring the facts of all products up to the books; what forecasts and decisions said stays."""
    refresh_products(session, shop_id)


def _chosen(product_ids: Some) -> Iterator[Some]:
    """Portions short enough for a statement; many products are rather refreshed with all others."""
    if product_ids is None or len(product_ids) > _FEW:
        yield None
        return
    yield from portions(sorted(product_ids))


def _copy(session: Session, shop_id: int, chosen: Some) -> None:
    nothing: dict[str, Any] = {
        "on_hand": 0,
        "quarantined": 0,
        "on_order": 0,
        "past_sale": 0,
        "stock_value": 0,
        "daily_demand": 0.0,
        "predicted": UNKNOWN_FIRST,
        "predicted_low": UNKNOWN_FIRST,
        "predicted_high": UNKNOWN_FIRST,
        "wape": UNKNOWN_LAST,
        "reason": "",
        "reorder_point": UNKNOWN_FIRST,
        "order_quantity": 0,
        "max_cover_days": 0.0,
        "days_of_cover": UNKNOWN_LAST,
        "state": ShelfState.OUT,
    }
    table = ProductFacts.__table__
    given: dict[str, Any] = {
        "product_id": Product.id,
        "shop_id": Product.shop_id,
        "category_id": func.coalesce(Product.category_id, NO_CATEGORY),
        **{name: getattr(Product, name) for name in _COPIED},
        **{name: literal(value, table.c[name].type) for name, value in nothing.items()},
    }
    rows = select(*given.values()).where(Product.shop_id == shop_id)
    if chosen is not None:
        rows = rows.where(Product.id.in_(chosen))
    statement = dialect_insert(session)(ProductFacts).from_select(list(given), rows, include_defaults=False)
    changed = {name: statement.excluded[name] for name in (*_COPIED, "category_id")}
    session.execute(statement.on_conflict_do_update(index_elements=["product_id"], set_=changed))


def _stock(session: Session, shop_id: int, chosen: Some) -> None:
    def held(kind: LocationKind) -> ColumnElement[int]:
        units = select(func.sum(Balance.units)).join(Location, Location.id == Balance.location_id)
        mine = units.where(Balance.product_id == ProductFacts.product_id, Location.kind == kind)
        return func.coalesce(mine.scalar_subquery(), 0)

    ordered = select(func.sum(OrderLine.quantity - OrderLine.received)).where(
        OrderLine.product_id == ProductFacts.product_id, OrderLine.state.in_(OPEN_ORDERS)
    )
    asked = select(func.min(Offer.unit_price)).where(Offer.product_id == ProductFacts.product_id)
    values = {
        "on_hand": held(LocationKind.STORE),
        "quarantined": held(LocationKind.QUARANTINE),
        "on_order": func.coalesce(ordered.scalar_subquery(), 0),
        "unit_cost": asked.scalar_subquery(),
    }
    session.execute(update(ProductFacts).where(*_mine(shop_id, chosen)).values(values), execution_options=_ALIKE)
    _derive(session, shop_id, chosen)


def _derive(session: Session, shop_id: int, chosen: Some) -> None:
    """What follows from the other facts; the same rules as in domain/shelf.py, for many rows at once."""
    f = ProductFacts
    # Units of before may have left since they were found past their date: there are no more of them than are on hand.
    available = case((f.past_sale >= f.on_hand, 0), else_=f.on_hand - f.past_sale)
    cover = case(
        (available <= 0, 0.0),
        (f.forecast_on.is_(None), UNKNOWN_LAST),
        (f.daily_demand * LONGEST_COVER_DAYS <= available, LONGEST_COVER_DAYS),
        else_=available / func.nullif(f.daily_demand, 0.0),
    )
    held = case((f.on_hand > 0, f.on_hand), else_=0)
    value = func.coalesce(f.unit_cost, literal(0, f.unit_cost.type)) * held
    mine = _mine(shop_id, chosen)
    first = update(f).where(*mine).values(days_of_cover=cover, stock_value=value)
    session.execute(first, execution_options=_ALIKE)
    state = case(
        (available <= 0, literal(ShelfState.OUT, f.state.type)),
        (available + f.on_order <= f.reorder_point, literal(ShelfState.LOW, f.state.type)),
        (available <= f.reorder_point, literal(ShelfState.COMING, f.state.type)),
        ((f.max_cover_days > 0) & (f.days_of_cover > f.max_cover_days), literal(ShelfState.OVER, f.state.type)),
        else_=literal(ShelfState.ENOUGH, f.state.type),
    )
    session.execute(update(f).where(*mine).values(state=state), execution_options=_ALIKE)


@contextmanager
def _counted(session: Session, shop_id: int, chosen: Some) -> Iterator[None]:
    """Keep the totals of stock along with what the block changes."""
    note_change(session, shop_id)
    if chosen is None:
        yield
        session.execute(delete(StockTotal).where(StockTotal.shop_id == shop_id))
        columns = [*_GROUP, *_SUMS, "shop_id"]
        rows = _grouped(shop_id, None).add_columns(literal(shop_id, StockTotal.shop_id.type))
        session.execute(insert(StockTotal).from_select(columns, rows, include_defaults=False))
        return
    before = _totals(session, shop_id, chosen)
    yield
    after = _totals(session, shop_id, chosen)
    nothing = (0,) * len(_SUMS)
    differences = {
        key: tuple(new - old for new, old in zip(after.get(key, nothing), before.get(key, nothing), strict=True))
        for key in sorted(before.keys() | after.keys())
    }
    rows_changed = [
        {"shop_id": shop_id, **dict(zip(_GROUP, key, strict=True)), **dict(zip(_SUMS, sums, strict=True))}
        for key, sums in differences.items()
        if any(sums)
    ]
    if rows_changed:
        statement = dialect_insert(session)(StockTotal)
        added = {name: getattr(StockTotal, name) + statement.excluded[name] for name in _SUMS}
        session.execute(statement.on_conflict_do_update(index_elements=["shop_id", *_GROUP], set_=added), rows_changed)


def _totals(session: Session, shop_id: int, chosen: Some) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    rows = session.execute(_grouped(shop_id, chosen))
    return {tuple(row[: len(_GROUP)]): tuple(row[len(_GROUP) :]) for row in rows}


def _grouped(shop_id: int, chosen: Some) -> Any:
    f = ProductFacts
    key = [getattr(f, name) for name in _GROUP]
    uncosted = func.sum(case((f.unit_cost.is_(None), 1), else_=0))
    sums = [func.sum(getattr(f, name)) for name in ("on_hand", "quarantined", "on_order", "stock_value")]
    demand = case((f.wape < UNKNOWN_LAST, f.daily_demand), else_=0.0)
    errors = (func.sum(demand), func.sum(demand * f.wape))
    return select(*key, func.count(), *sums, uncosted, *errors).where(*_mine(shop_id, chosen)).group_by(*key)


def _mine(shop_id: int, chosen: Some) -> tuple[ColumnElement[bool], ...]:
    ours = ProductFacts.shop_id == shop_id
    return (ours,) if chosen is None else (ours, ProductFacts.product_id.in_(chosen))
