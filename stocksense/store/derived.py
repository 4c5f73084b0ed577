"""Everything that the store keeps beside its books, derived anew from the books themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, insert, literal, select
from sqlalchemy.orm import Session, aliased

from stocksense.domain.reorder import Decision, Situation
from stocksense.domain.stock import LocationKind, MoveKind
from stocksense.store.facts import refresh_products
from stocksense.store.forecasts import latest_forecasts
from stocksense.store.lost_sales import estimate_lost_sales
from stocksense.store.plans import add_up_forecasts, note_decisions, note_forecasts
from stocksense.store.rollups import month_of, rebuild_rollups
from stocksense.store.skus import product_ids
from stocksense.store.tables import (
    Balance,
    DailyLoss,
    DailySales,
    DecisionRow,
    ForecastRow,
    ForecastTotal,
    Location,
    MonthlySales,
    Product,
    ProductFacts,
    ReadMark,
    Sale,
    Shop,
    StockMove,
    Table,
)


def derive(session: Session, shop_id: int) -> None:
    """Derive balances, sales by day and all that pages read, of a shop whose history was inserted in bulk."""
    _balances(session, shop_id)
    refresh_products(session, shop_id)
    _daily_sales(session, shop_id)
    build_pages(session, shop_id)


def build_pages(session: Session, shop_id: int) -> None:
    """Derive what pages read of a shop whose balances and sales by day are kept already."""
    refresh_products(session, shop_id)
    _monthly_sales(session, shop_id)
    _daily_losses(session, shop_id)
    estimate_lost_sales(session, shop_id, date.min, date.max)
    rebuild_rollups(session, shop_id)
    _plans(session, shop_id)


def build_missing_pages(session: Session) -> None:
    """Derive what pages read of every shop that was there before pages had tables of their own."""
    for shop_id in session.scalars(select(Shop.id).where(Shop.id.not_in(select(ReadMark.shop_id))).order_by(Shop.id)):
        _cost_of_old_sales(session, shop_id)
        build_pages(session, shop_id)


def _balances(session: Session, shop_id: int) -> None:
    ours = StockMove.shop_id == shop_id
    into = select(StockMove.product_id, StockMove.destination_id.label("location_id"), StockMove.units.label("units"))
    out = select(StockMove.product_id, StockMove.origin_id, -StockMove.units)
    moved = into.where(ours).union_all(out.where(ours)).subquery()
    place = (moved.c.product_id, moved.c.location_id)
    sums = select(*place, func.sum(moved.c.units)).group_by(*place)
    session.execute(insert(Balance).from_select(["product_id", "location_id", "units"], sums))


def _daily_sales(session: Session, shop_id: int) -> None:
    promoted = func.max(case((Sale.promoted, 1), else_=0)) == 1
    key = (Sale.product_id, Sale.location_id, Sale.day)
    sums = (func.sum(Sale.units), func.sum(Sale.amount))
    days = select(*key, Sale.shop_id, *sums, promoted, *_cost(*sums)).where(Sale.shop_id == shop_id)
    costs = days.join(ProductFacts, ProductFacts.product_id == Sale.product_id)
    columns = ["product_id", "location_id", "day", "shop_id", "units", "amount", "promoted", "cost", "costed"]
    rows = costs.group_by(*key, Sale.shop_id, ProductFacts.unit_cost)
    session.execute(insert(DailySales).from_select(columns, rows, include_defaults=False))


def _cost(units: Any, amount: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """What units cost by the best offer, and what those of the amount brought of which that is known."""
    none = literal(0, DailySales.cost.type)
    cost = ProductFacts.unit_cost
    return func.coalesce(units * cost, none), case((cost.is_(None), none), else_=amount)


def _cost_of_old_sales(session: Session, shop_id: int) -> None:
    """Sales from before costs were kept are taken to have cost what the best offer asks now."""
    refresh_products(session, shop_id)
    ours = and_(DailySales.shop_id == shop_id, ProductFacts.product_id == DailySales.product_id)
    cost, costed = _cost(DailySales.units, DailySales.amount)
    statement = DailySales.__table__.update()  # type: ignore[attr-defined]
    found = select(cost).where(ours).scalar_subquery(), select(costed).where(ours).scalar_subquery()
    session.execute(statement.where(DailySales.shop_id == shop_id).values(cost=found[0], costed=found[1]))


def _monthly_sales(session: Session, shop_id: int) -> None:
    session.execute(delete(MonthlySales).where(MonthlySales.shop_id == shop_id))
    month = month_of(session, DailySales.day)
    key = (DailySales.product_id, DailySales.location_id, month)
    sums = select(*key, DailySales.shop_id, func.sum(DailySales.units), func.sum(DailySales.amount))
    columns = ["product_id", "location_id", "month", "shop_id", "units", "amount"]
    rows = sums.where(DailySales.shop_id == shop_id).group_by(*key, DailySales.shop_id)
    session.execute(insert(MonthlySales).from_select(columns, rows))


def _daily_losses(session: Session, shop_id: int) -> None:
    _delete_of_shop(session, DailyLoss, shop_id)
    origin, destination = aliased(Location), aliased(Location)
    found = origin.kind == LocationKind.LOSS
    here = case((found, StockMove.destination_id), else_=StockMove.origin_id)
    lost = case((found, -StockMove.units), else_=StockMove.units)
    waste = case((StockMove.kind == MoveKind.WASTE, lost), else_=0)
    missing = case((StockMove.kind == MoveKind.WASTE, 0), else_=lost)
    cost = func.coalesce(ProductFacts.unit_cost, literal(0, DailyLoss.waste_cost.type))
    key = (StockMove.product_id, here, StockMove.day)
    rows: Select[Any] = (
        select(*key, func.sum(waste), func.sum(waste * cost), func.sum(missing), func.sum(missing * cost))
        .join(origin, origin.id == StockMove.origin_id)
        .join(destination, destination.id == StockMove.destination_id)
        .join(ProductFacts, ProductFacts.product_id == StockMove.product_id)
        .where(StockMove.shop_id == shop_id, StockMove.kind.in_([MoveKind.WASTE, MoveKind.CORRECTION]))
        .group_by(*key)
    )
    columns = ["product_id", "location_id", "day", "waste_units", "waste_cost", "missing_units", "missing_cost"]
    session.execute(insert(DailyLoss).from_select(columns, rows))


def _plans(session: Session, shop_id: int) -> None:
    """Derive the sums of forecasts, and the facts that follow from forecasts and decisions, from the rows kept."""
    session.execute(delete(ForecastTotal).where(ForecastTotal.shop_id == shop_id))
    rows = select(ForecastRow.product_id, ForecastRow.made_on, ForecastRow.values).where(ForecastRow.shop_id == shop_id)
    for portion in session.execute(rows).partitions(5000):
        kept = {(row.product_id, row.made_on): row.values["daily_mean"] for row in portion}
        add_up_forecasts(session, shop_id, kept)
    ids = product_ids(session, shop_id)
    note_forecasts(session, shop_id, {ids[sku]: f for sku, f in latest_forecasts(session, shop_id).items()})
    run_id = select(func.max(DecisionRow.run_id)).where(DecisionRow.shop_id == shop_id).scalar_subquery()
    newest = list(session.scalars(select(DecisionRow).where(DecisionRow.run_id == run_id)))
    if newest:
        decisions = {
            row.product_id: Decision(Situation.from_json(row.situation), row.reason, row.order_quantity, row.wanted)
            for row in newest
        }
        numbers = {row.product_id: row.id for row in newest}
        note_decisions(session, shop_id, decisions, ids=numbers, made_on=newest[0].made_on)


def _delete_of_shop(session: Session, table: type[Table], shop_id: int) -> None:
    ours = select(Product.id).where(Product.shop_id == shop_id)
    session.execute(delete(table).where(table.__table__.c.product_id.in_(ours)))
