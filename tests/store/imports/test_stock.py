"""Importing counts of stock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from stocksense.domain.stock import MoveKind
from stocksense.errors import BadImport
from stocksense.store.imports.kinds import Kind
from stocksense.store.imports.outcome import Skip
from stocksense.store.imports.wording import Fault
from stocksense.store.stock import Move, ledger_sum, open_counts, record_moves


def test_a_count_opens_the_ledger_and_the_next_corrects_it(desk: Any) -> None:
    first = desk.take("SKU,매장,재고\nTEA-1,Front,10\nTEA-1,Annex,4\n")
    second = desk.take("SKU,매장,재고\nTEA-1,Front,7\nTEA-1,Annex,4\n")

    assert (first.created, second.updated, second.plan.skipped) == (2, 1, {Skip.SAME: 1})
    assert desk.held("TEA-1") == {"Front": 7, "Annex": 4}
    with desk.sessions() as session:
        assert set(ledger_sum(session, desk.shop.id).values()) == {0}


def test_stock_without_a_place_needs_to_be_told_one(desk: Any) -> None:
    with pytest.raises(BadImport, match="Front, Annex"):
        desk.take("SKU,재고\nTEA-1,10\n")

    desk.take("SKU,재고\nTEA-1,10\n", location="annex")
    assert desk.held("TEA-1") == {"Front": 0, "Annex": 10}


def test_a_place_that_is_not_there_names_those_that_are(desk: Any) -> None:
    with pytest.raises(BadImport, match="Front, Annex"):
        desk.take("SKU,재고\nTEA-1,10\n", location="Roof")

    (problem,) = desk.plan("SKU,매장,재고\nTEA-1,Roof,10\n").problems
    assert (problem.fault, problem.hint) == (Fault.UNKNOWN_LOCATION, "Front, Annex")


def test_squares_columns_count_each_place(desk: Any) -> None:
    desk.take(
        b"Token,Item Name,Variation Name,SKU,Price,Current Quantity Front,Current Quantity Annex\n"
        b"x,Green tea,Regular,TEA-1,1,5,3\ny,Milk,Regular,MILK-1,1,,2\n",
        kind=Kind.STOCK,
    )

    assert desk.held("TEA-1") == {"Front": 5, "Annex": 3}
    assert desk.held("MILK-1") == {"Front": 0, "Annex": 2}


@pytest.mark.parametrize(
    ("cell", "fault"),
    [("2.5", Fault.NOT_WHOLE), ("-1", Fault.NEGATIVE), ("", Fault.EMPTY), ("=B1", Fault.FORMULA)],
)
def test_a_count_is_whole_and_not_negative(desk: Any, cell: str, fault: Fault) -> None:
    (problem,) = desk.plan(f"SKU,매장,재고\nTEA-1,Front,{cell}\n").problems

    assert (problem.row, problem.column, problem.fault) == (2, "재고", fault)


def test_a_shelf_that_is_counted_twice_differently_keeps_the_first_count(desk: Any) -> None:
    report = desk.take("SKU,매장,재고\nTEA-1,Front,1\nTEA-1,front,2\nTEA-1,FRONT,1\n")

    assert desk.held("TEA-1")["Front"] == 1
    assert [(problem.row, problem.fault) for problem in report.problems] == [(3, Fault.TWICE)]


def test_a_product_is_found_by_barcode_or_by_its_one_name(desk: Any) -> None:
    desk.take("바코드,매장,재고\n8800000000013,Front,3\n")
    desk.take("품명,매장,재고\n현미녹차,Front,5\n")

    assert (desk.held("TEA-1")["Front"], desk.held("TEA-2")["Front"]) == (3, 5)


def test_a_name_that_no_product_has_suggests_close_ones(desk: Any) -> None:
    (problem,) = desk.plan("품명,매장,재고\n현미 녹차 20입,Front,5\n").problems

    assert (problem.fault, "현미 녹차" in problem.hint) == (Fault.UNKNOWN_NAME, True)


def test_a_count_settles_what_asked_for_it_even_if_it_confirms_the_ledger(desk: Any, places: dict[str, int]) -> None:
    sale = Move("TEA-1", places["Front"], places["Customers"], 2, MoveKind.SALE, desk.now - timedelta(hours=1))
    with desk.sessions.begin() as session:
        record_moves(session, desk.shop.id, [sale], actor="test", now=desk.now)
    desk.take("SKU,매장,재고\nTEA-1,Front,3\n")

    with desk.sessions() as session:
        assert open_counts(session, desk.shop.id) == ()
    assert desk.held("TEA-1")["Front"] == 3
