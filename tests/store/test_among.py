"""A list in a condition is one array to PostgreSQL and single values to SQLite; both find rows by an index."""

from __future__ import annotations

import pytest
from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite

from stocksense.store.among import among
from stocksense.store.tables import DailySales

PICKED = select(DailySales.units).where(
    among(DailySales.product_id, "products"), or_(among(DailySales.location_id, "places"), DailySales.units > 0)
)


@pytest.mark.parametrize(
    ("dialect", "written"),
    [
        (sqlite.dialect(), ("product_id IN (?, ?)", "location_id IN (?) OR")),
        (
            postgresql.dialect(),
            ("product_id = ANY (%(products)s::BIGINT[])", "location_id = ANY (%(places)s::BIGINT[])"),
        ),
    ],
)
def test_a_list_is_written_so_that_an_index_finds_its_rows(dialect, written: tuple[str, ...]):
    given = PICKED.params(products=[1, 2], places=[3])
    text = str(given.compile(dialect=dialect, compile_kwargs={"render_postcompile": True}))

    assert all(part in text for part in written)
    assert "= 1" not in text


def test_an_empty_list_finds_nothing(sessions):
    with sessions() as session:
        assert session.execute(PICKED, {"products": [], "places": []}).all() == []
