"""What pages read: roll-ups and facts beside the books; the cost of what sold, what stock-outs lost."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    text,
)
from sqlalchemy.types import Boolean

from stocksense.store.migrations.initial.columns import KEY
from stocksense.store.migrations.initial.columns import METADATA as INITIAL

revision = "0004"
down_revision = "0003"

METADATA = MetaData(naming_convention=INITIAL.naming_convention)
"""The tables as this revision leaves them: frozen, later migrations change them."""

for _name in ("shops", "products", "locations", "decisions"):
    Table(_name, METADATA, Column("id", KEY, primary_key=True))


def _money(*names: str) -> tuple[Column[Any], ...]:
    return tuple(Column(name, BigInteger(), nullable=False) for name in names)


def _shop(**options: Any) -> Column[Any]:
    return Column("shop_id", KEY, ForeignKey("shops.id"), nullable=False, **options)


def _sold(name: str, day: str, *further: Any) -> Table:
    return Table(
        name,
        METADATA,
        Column("product_id", KEY, ForeignKey("products.id"), primary_key=True),
        Column("location_id", KEY, ForeignKey("locations.id"), primary_key=True),
        Column(day, Date(), primary_key=True),
        _shop(),
        Column("units", Integer(), nullable=False),
        *_money("amount"),
        *further,
        Index(f"ix_{name}_rank", "shop_id", day, "location_id", "units", "product_id"),
        sqlite_with_rowid=False,
    )


DAILY = _sold("daily_sales", "day", Column("promoted", Boolean(), nullable=False), *_money("cost", "costed"))
MONTHLY = _sold("monthly_sales", "month")

STOCK_OUTS = Table(
    "stock_outs",
    METADATA,
    Column("product_id", KEY, ForeignKey("products.id"), primary_key=True),
    Column("location_id", KEY, ForeignKey("locations.id"), primary_key=True),
    Column("day", Date(), primary_key=True),
    *_money("lost_units", "lost_amount"),
    sqlite_with_rowid=False,
)

Table(
    "rollups",
    METADATA,
    _shop(primary_key=True),
    Column("grain", String(24), primary_key=True),
    Column("location_id", KEY, primary_key=True),
    Column("category_id", KEY, primary_key=True),
    Column("day", Date(), primary_key=True),
    *_money("units", "amount", "cost", "costed", "waste_units", "waste_cost", "missing_units", "missing_cost"),
    *_money("stock_outs", "lost_units", "lost_amount"),
    sqlite_with_rowid=False,
)

Table(
    "daily_losses",
    METADATA,
    Column("product_id", KEY, ForeignKey("products.id"), primary_key=True),
    Column("location_id", KEY, ForeignKey("locations.id"), primary_key=True),
    Column("day", Date(), primary_key=True),
    Column("waste_units", Integer(), nullable=False),
    *_money("waste_cost"),
    Column("missing_units", Integer(), nullable=False),
    *_money("missing_cost"),
    sqlite_with_rowid=False,
)

Table(
    "forecast_totals",
    METADATA,
    _shop(primary_key=True),
    Column("category_id", KEY, primary_key=True),
    Column("day", Date(), primary_key=True),
    Column("made_on", Date(), primary_key=True),
    Column("expected", Double(), nullable=False),
    Column("products", Integer(), nullable=False),
    sqlite_with_rowid=False,
)

SORTED = (
    *("sku", "name_ko", "name_en", "category_id", "on_hand", "on_order", "quarantined", "stock_value", "predicted"),
    *("reorder_point", "days_of_cover", "state", "reason", "wape"),
)

Table(
    "product_facts",
    METADATA,
    Column("product_id", KEY, ForeignKey("products.id"), primary_key=True, autoincrement=False),
    _shop(),
    Column("sku", String(80), nullable=False),
    Column("name_ko", String(300), nullable=False),
    Column("name_en", String(300), nullable=False),
    Column("category_id", KEY, nullable=False),
    Column("status", String(24), nullable=False),
    *(Column(name, Integer(), nullable=False) for name in ("on_hand", "quarantined", "on_order")),
    Column("unit_cost", BigInteger()),
    *_money("stock_value"),
    Column("forecast_on", Date()),
    *(
        Column(name, Double(), nullable=False)
        for name in ("daily_demand", "predicted", "predicted_low", "predicted_high", "wape")
    ),
    Column("decided_on", Date()),
    Column("decision_id", KEY, ForeignKey("decisions.id")),
    Column("reason", String(24), nullable=False),
    Column("reorder_point", Double(), nullable=False),
    Column("order_quantity", Integer(), nullable=False),
    *(Column(name, Double(), nullable=False) for name in ("max_cover_days", "days_of_cover")),
    Column("state", String(24), nullable=False),
    *(Index(f"ix_product_facts_{name}", "shop_id", name, "product_id") for name in SORTED),
)

Table(
    "stock_totals",
    METADATA,
    _shop(primary_key=True),
    Column("category_id", KEY, primary_key=True),
    *(Column(name, String(24), primary_key=True) for name in ("status", "state", "reason")),
    Column("products", Integer(), nullable=False),
    *_money("on_hand", "quarantined", "on_order", "stock_value"),
    Column("uncosted", Integer(), nullable=False),
    *(Column(name, Double(), nullable=False) for name in ("demand", "missed")),
    sqlite_with_rowid=False,
)

Table(
    "read_marks",
    METADATA,
    _shop(primary_key=True, autoincrement=False),
    Column("catalogue", Integer(), nullable=False),
)

CHANGED = {
    "daily_sales": "product_id, location_id, day, shop_id, units, amount, promoted",
    "stock_outs": "product_id, location_id, day",
}
"""The tables that gain columns, with the columns that they had."""


def upgrade() -> None:
    """Bring the tables to this revision; the new ones are filled when the database is opened for use."""
    connection = op.get_bind()
    for name in CHANGED:
        _set_aside(connection, name)
    METADATA.create_all(connection, tables=[t for t in METADATA.sorted_tables if t.name not in _THERE])
    _take_back(connection, "daily_sales", {"cost": "0", "costed": "0"})
    _take_back(connection, "stock_outs", {"lost_units": "0", "lost_amount": "0"})
    op.create_index("ix_stock_moves_lot", "stock_moves", ["lot_id"], sqlite_where=_LOT, postgresql_where=_LOT)


def downgrade() -> None:
    """Take the tables back; all that is lost can be derived again, but for what goods cost when they sold."""
    connection = op.get_bind()
    op.drop_index("ix_stock_moves_lot", "stock_moves")
    for name in CHANGED:
        _set_aside(connection, name)
    METADATA.drop_all(connection, tables=[t for t in METADATA.sorted_tables if t.name not in {*_THERE, *CHANGED}])
    for name in CHANGED:
        INITIAL.tables[name].create(connection)
        _take_back(connection, name, {})


_THERE = {"shops", "products", "locations", "decisions"}
_LOT = text("lot_id IS NOT NULL")


def _set_aside(connection: Connection, name: str) -> None:
    """Copy a table's rows and drop it: SQLite can't add columns where the models have them, nor drop them."""
    connection.execute(text(f"CREATE TEMPORARY TABLE kept_{name} AS SELECT {CHANGED[name]} FROM {name}"))
    connection.execute(text(f"DROP TABLE {name}"))


def _take_back(connection: Connection, name: str, added: dict[str, str]) -> None:
    names = ", ".join([CHANGED[name], *added])
    values = ", ".join([CHANGED[name], *added.values()])
    connection.execute(text(f"INSERT INTO {name} ({names}) SELECT {values} FROM kept_{name}"))
    connection.execute(text(f"DROP TABLE kept_{name}"))
