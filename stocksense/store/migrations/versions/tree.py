"""Every category above another has its row, and the roll-ups tell what all below it sold together."""

from __future__ import annotations

from itertools import zip_longest

from alembic import op
from sqlalchemy import Connection, inspect, text

revision = "0012"
down_revision = "0011"

_LEVELS = ("main", "sub1", "sub2", "sub3")
_KEY = "shop_id, location_id, grain, day"
_SUMS = (
    *("units", "amount", "cost", "costed", "waste_units", "waste_cost", "missing_units", "missing_cost"),
    *("stock_outs", "lost_units", "lost_amount"),
)
_ABOVE = (
    "upper.main = own.main AND (upper.sub1 = '' OR upper.sub1 = own.sub1)"
    " AND (upper.sub2 = '' OR upper.sub2 = own.sub2) AND upper.sub3 = '' AND upper.id <> own.id"
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    connection = op.get_bind()
    _fill_in(connection)
    names, sums = ", ".join(_SUMS), ", ".join(f"sum({name})" for name in _SUMS)
    connection.execute(
        text(
            f"INSERT INTO rollups ({_KEY}, category_id, {names}) SELECT {_KEY}, -1 - upper.id, {sums} FROM rollups"
            f" JOIN categories own ON own.id = rollups.category_id JOIN categories upper ON {_ABOVE}"
            f" GROUP BY {_KEY}, upper.id"
        )
    )
    if connection.dialect.name == "sqlite" and inspect(connection).has_table("sqlite_stat1"):
        connection.execute(text("ANALYZE rollups"))


def downgrade() -> None:
    """Take the tables back; categories without products stay, which nothing minds."""
    op.execute("DELETE FROM rollups WHERE category_id < -1")


def _fill_in(connection: Connection) -> None:
    """Add the categories above others that have no row, with the Korean names that those below give them."""
    columns = [level + ending for ending in ("", "_ko") for level in _LEVELS]
    rows = connection.execute(text(f"SELECT {', '.join(columns)} FROM categories ORDER BY id")).all()
    known = {tuple(row[:4]) for row in rows}
    missing: dict[tuple[str, ...], tuple[str, ...]] = {}
    for row in rows:
        english, korean = row[:4], row[4:]
        for depth in range(1, sum(map(bool, english))):
            path, named = _cut(english, depth), _cut(korean, depth)
            if path not in known and not any(missing.get(path, ())):
                missing[path] = named
    if missing:
        values = ", ".join(f":{name}" for name in columns)
        given = [dict(zip(columns, path + named, strict=True)) for path, named in missing.items()]
        connection.execute(text(f"INSERT INTO categories ({', '.join(columns)}) VALUES ({values})"), given)


def _cut(names: tuple[str, ...], depth: int) -> tuple[str, ...]:
    return tuple(name or "" for _, name in zip_longest(_LEVELS, names[:depth]))
