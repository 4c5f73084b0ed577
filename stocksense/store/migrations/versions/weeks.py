"""Roll-ups by week, and indexes that answer what all categories sold on some days and what sells best in a few."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection, inspect, text

revision = "0009"
down_revision = "0008"

_SOLD = "ix_rollups_sold"
_PREDICTED = "ix_product_facts_predicted"
_KEY = "shop_id, location_id, category_id"
_SUMS = (
    *("units", "amount", "cost", "costed", "waste_units", "waste_cost", "missing_units", "missing_cost"),
    *("stock_outs", "lost_units", "lost_amount"),
)
_WEEK = {
    "sqlite": "strftime('%Y-%m-', day) || CASE WHEN strftime('%d', day) >= '22' THEN '22'"
    " WHEN strftime('%d', day) >= '15' THEN '15' WHEN strftime('%d', day) >= '08' THEN '08' ELSE '01' END",
    "postgresql": "CAST(date_trunc('month', day) AS DATE)"
    " + 7 * LEAST((CAST(to_char(day, 'DD') AS INTEGER) - 1) / 7, 3)",
}
"""The first day of the week of the month that a day is in."""


def upgrade() -> None:
    """Bring the tables to this revision; the sums by week are those of the days."""
    connection = op.get_bind()
    names, sums = ", ".join(_SUMS), ", ".join(f"sum({name})" for name in _SUMS)
    week = _WEEK[connection.dialect.name]
    connection.execute(
        text(
            f"INSERT INTO rollups ({_KEY}, grain, day, {names}) SELECT {_KEY}, 'week', {week} AS week, {sums}"
            f" FROM rollups WHERE grain = 'day' GROUP BY {_KEY}, week"
        )
    )
    columns = ["shop_id", "grain", "location_id", "day", "category_id", "units", "amount"]
    op.create_index(_SOLD, "rollups", columns)
    op.drop_index(_PREDICTED, "product_facts")
    op.create_index(_PREDICTED, "product_facts", ["shop_id", "predicted", "product_id", "category_id"])
    _count_again(connection)


def downgrade() -> None:
    """Take the tables back; nothing is lost by it."""
    op.drop_index(_PREDICTED, "product_facts")
    op.create_index(_PREDICTED, "product_facts", ["shop_id", "predicted", "product_id"])
    op.drop_index(_SOLD, "rollups")
    op.execute("DELETE FROM rollups WHERE grain = 'week'")


def _count_again(connection: Connection) -> None:
    """Where SQLite has statistics, an index without any would be taken for the one that finds the fewest rows."""
    if connection.dialect.name == "sqlite" and inspect(connection).has_table("sqlite_stat1"):
        for table in ("rollups", "product_facts"):
            connection.execute(text(f"ANALYZE {table}"))
