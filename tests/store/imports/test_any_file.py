"""Whatever stands in a file's cells, a plan comes of it, and running it breaks no rule of the store."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stocksense.store.stock import balance_faults, ledger_sum

HEADERS = {
    "products": ("SKU", "상품명", "바코드", "분류", "판매가", "유통기한(일)", "판매상태"),
    "stock": ("SKU", "매장", "재고"),
    "sales": ("판매일", "SKU", "매장", "판매수량", "금액", "주문번호", "거래구분"),
}
CELLS = st.sampled_from(
    [
        "TEA-1",
        "MILK-1",
        "NEW-1",
        "Front",
        "Annex",
        "3",
        "-2",
        "1,200원",
        "2026-03-01",
        "반품",
        "판매중",
        "a > b",
        "",
        "\r",
        "a\nb",
    ]
) | st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("kind", HEADERS)
def test_any_cells_are_planned_and_written_or_explained(desk: Any, csv_file: Any, kind: str, data: Any) -> None:
    header = HEADERS[kind]
    rows = data.draw(st.lists(st.tuples(*[CELLS] * len(header)), max_size=5))

    report = desk.take(csv_file(header, *rows))

    assert all(problem.sentence("ko") and problem.sentence("en") for problem in report.problems)
    assert report.created + report.updated <= 2 * len(rows)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.sampled_from(["TEA-1", "MILK-1"]), st.integers(-3, 9).filter(bool)), max_size=6),
    cut=st.integers(0, 6),
)
def test_files_that_overlap_come_to_the_same_as_one_file(
    desk: Any, csv_file: Any, rows: list[tuple[str, int]], cut: int
) -> None:
    day = f"2026-03-{1 + desk.sold() % 9:02d}"
    lines = [(f"{day} 10:00:{number:02d}", sku, "Front", units, 100) for number, (sku, units) in enumerate(rows)]
    header = ("판매일", "SKU", "매장", "판매수량", "금액")
    for part in (lines[:cut], lines[max(cut - 2, 0) :]):
        desk.take(csv_file(header, *part))

    assert desk.take(csv_file(header, *lines)).created == 0
    with desk.sessions() as session:
        assert not balance_faults(session, desk.shop.id)
        assert set(ledger_sum(session, desk.shop.id).values()) <= {0}
