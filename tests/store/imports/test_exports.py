"""Exporting, and importing again what was exported."""

from __future__ import annotations

import csv
import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from stocksense.domain.stock import MoveKind, ProductStatus
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue
from stocksense.store.database import Sessions
from stocksense.store.imports import export_products, export_sales, export_stock, plan_import, read_import, run_import
from stocksense.store.imports.cells import clean
from stocksense.store.imports.outcome import Skip
from stocksense.store.products import NewProduct, ProductInfo, all_products, save_products
from stocksense.store.sales import SaleLine, record_sales
from stocksense.store.shops import create_shop, location_named
from stocksense.store.stock import Move, held_at, record_moves

NOW = datetime(2026, 3, 11, tzinfo=UTC)
SHOPS = itertools.count(1)
RECKLESS = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

money = st.integers(0, 10**10).map(lambda hundredths: Decimal(hundredths) / 100)
tidy = st.text(max_size=30).map(clean).filter(lambda text: clean(text) == text and not text.startswith("#"))
daring = st.builds("".join, st.tuples(st.sampled_from(["", "=", "+", "-", "@", "'", "'=", "''@", "＝", '"']), tidy))
text = daring.filter(lambda text: clean(text) == text)
sku = st.from_regex(r"[=+@'A-Z0-9가-힣][-A-Z0-9가-힣]{0,8}", fullmatch=True)
level = st.text("abcXYZ가나다 =+-'&/", min_size=1, max_size=6).filter(lambda name: bool(name) and name == name.strip())
english = st.lists(st.from_regex(r"[A-Za-z][A-Za-z &-]{0,6}[a-z]", fullmatch=True), min_size=1, max_size=4)
products = st.builds(
    NewProduct,
    sku=sku,
    name_ko=text,
    name_en=text,
    gtin=st.from_regex(r"|[0-9]{8}|[0-9]{12,14}", fullmatch=True),
    brand=text,
    model=text,
    category=st.none() | english.map(lambda names: CategoryPath(*names)),
    unit=st.sampled_from(["ea", "box", "병"]),
    price=money.map(lambda price: price / 1000).map(lambda price: round(price, 2)),
    shelf_life_days=st.none() | st.integers(0, 2000),
    status=st.sampled_from(ProductStatus),
)


def new_shop(session: Session, given: list[NewProduct]) -> int:
    shop = create_shop(session, f"Shop {next(SHOPS)}", now=NOW, stores=("앞", "뒤"))
    save_products(session, shop.id, given, now=NOW)
    return shop.id


def without_ids(kept: tuple[ProductInfo, ...]) -> list[ProductInfo]:
    return [replace(product, id=0) for product in kept]


def carry(session: Session, path: Path, shop_id: int) -> None:
    """Import a file, as a person would, and see to it that nothing in it is wrong."""
    plan = plan_import(session, shop_id, read_import(path, path.name), now=NOW)
    report = run_import(session, shop_id, plan, now=NOW, actor="test")
    assert not plan.errors, [problem.sentence("en") for problem in plan.errors]
    assert report.created == len(plan.create)


@RECKLESS
@given(given_products=st.lists(products, min_size=1, max_size=6, unique_by=lambda product: product.sku))
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_exported_products_come_back_as_they_were(
    sessions: Sessions, tmp_path: Path, ending: str, given_products: list[NewProduct]
) -> None:
    path = tmp_path / f"products.{ending}"
    with sessions.begin() as session:
        first, second = new_shop(session, given_products), new_shop(session, [])
        assert export_products(session, first, path) == len(given_products)
        carry(session, path, second)

        assert without_ids(all_products(session, second)) == without_ids(all_products(session, first))
        again = plan_import(session, first, read_import(path, path.name), now=NOW)
        assert (again.create, again.update, again.skipped) == ((), (), {Skip.SAME: len(given_products)})


@RECKLESS
@given(units=st.lists(st.tuples(st.sampled_from(["A", "=B"]), st.sampled_from(["앞", "뒤"]), st.integers(1, 99))))
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_exported_stock_comes_back_as_it_was(
    sessions: Sessions, tmp_path: Path, ending: str, units: list[tuple[str, str, int]]
) -> None:
    path, skus = tmp_path / f"stock.{ending}", [NewProduct("A"), NewProduct("=B")]
    with sessions.begin() as session:
        first, second = new_shop(session, skus), new_shop(session, skus)
        suppliers = location_named(session, first, "Suppliers").id
        places = {name: location_named(session, first, name).id for name in ("앞", "뒤")}
        moves = [Move(sku, suppliers, places[place], n, MoveKind.RECEIPT, NOW) for sku, place, n in units]
        record_moves(session, first, moves, actor="test", now=NOW)
        export_stock(session, first, path)
        carry(session, path, second)

        assert [held_at(session, first, sku) for sku in ("A", "=B")] == [
            held_at(session, second, sku) for sku in ("A", "=B")
        ]


@RECKLESS
@given(
    sold=st.lists(
        st.tuples(st.integers(0, 10**9), st.integers(-9, 9).filter(bool), money, st.booleans()), min_size=1, max_size=8
    )
)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_exported_sales_come_back_as_they_were(
    sessions: Sessions, tmp_path: Path, ending: str, sold: list[tuple[int, int, Decimal, bool]]
) -> None:
    before, after = tmp_path / f"before.{ending}", tmp_path / "after.csv"
    with sessions.begin() as session:
        first, second = new_shop(session, [NewProduct("A")]), new_shop(session, [NewProduct("A")])
        place = location_named(session, first, "뒤").id
        lines = [
            SaleLine(
                f"{key}:x", "A", place, units, paid, NOW - timedelta(milliseconds=age), paid * units // 2, promoted
            )
            for key, (age, units, paid, promoted) in enumerate(sold)
        ]
        record_sales(session, first, lines, actor="test", now=NOW, move_stock=False)
        assert export_sales(session, first, before) == len(sold)
        carry(session, before, second)
        export_sales(session, second, after)
        export_sales(session, first, before.with_suffix(".csv"))

        assert after.read_text("utf-8") == before.with_suffix(".csv").read_text("utf-8")


def test_a_spreadsheet_shows_every_text_as_text(sessions: Sessions, tmp_path: Path) -> None:
    risky = ["=1+1", "+82 10", "-5%", "@SUM(A1)", "＝1"]
    with sessions.begin() as session:
        shop = new_shop(session, [NewProduct(f"P-{n}", name_en=name) for n, name in enumerate(risky)])
        export_products(session, shop, tmp_path / "products.csv")
        export_products(session, shop, tmp_path / "products.xlsx")

    with (tmp_path / "products.csv").open(encoding="utf-8-sig") as file:
        assert [row[2] for row in csv.reader(file)][1:] == [f"'{name}" for name in risky]
    cells = list(openpyxl.load_workbook(tmp_path / "products.xlsx").active["C"])[1:]
    assert [(cell.value, cell.data_type) for cell in cells] == [(name, "s") for name in risky]


def test_excel_opens_the_csv_in_korean(desk: Any, tmp_path: Path) -> None:
    with desk.sessions() as session:
        export_products(session, desk.shop.id, tmp_path / "products.csv")

    assert (tmp_path / "products.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_an_export_of_another_kind_is_refused_and_leaves_nothing(desk: Any, tmp_path: Path) -> None:
    with desk.sessions() as session, pytest.raises(BadValue, match=r"\.csv or \.xlsx"):
        export_products(session, desk.shop.id, tmp_path / "products.pdf")

    assert not list(tmp_path.glob("*products*"))


def test_an_export_can_be_cut_to_some_days(desk: Any, tmp_path: Path) -> None:
    desk.take("판매일,SKU,수량,금액\n2026-03-01,TEA-1,1,1\n2026-03-02,TEA-1,1,1\n", location="Front")
    day = datetime(2026, 3, 2, tzinfo=UTC).date()

    with desk.sessions() as session:
        assert export_sales(session, desk.shop.id, tmp_path / "sales.csv", first=day, last=day) == 1
