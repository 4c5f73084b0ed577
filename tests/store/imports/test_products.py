"""Importing products."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from stocksense.domain.stock import ProductStatus
from stocksense.domain.taxonomy import CategoryPath
from stocksense.store.imports.kinds import Kind
from stocksense.store.imports.outcome import Skip
from stocksense.store.imports.wording import Fault
from stocksense.store.products import set_status


def test_new_products_are_added_and_known_ones_changed(desk: Any) -> None:
    report = desk.take('상품코드,상품명,판매가\nNEW-1,유자차,"₩3,500"\nTEA-1,보성 녹차 티백,5500원\n')

    assert (report.created, report.updated) == (1, 1)
    assert desk.product("NEW-1").name_ko == "유자차"
    assert desk.product("TEA-1").price == Decimal(5500)


def test_what_a_file_does_not_say_stays_as_it_is(desk: Any) -> None:
    before = desk.product("MILK-1")

    desk.take("SKU,name,brand,price\nMILK-1,,Dawon,\n")

    after = desk.product("MILK-1")
    assert (after.brand, after.name_ko, after.price) == ("Dawon", before.name_ko, before.price)


def test_the_same_file_again_changes_nothing(desk: Any) -> None:
    content = "상품코드,상품명,대분류,중분류,바코드\nNEW-1,유자차,식품,차,8800000000013\n"
    desk.take(content)

    plan = desk.plan(content)

    assert (plan.create, plan.update, plan.skipped) == ((), (), {Skip.SAME: 1})


def test_a_dry_run_writes_nothing(desk: Any) -> None:
    plan = desk.plan("SKU,name,price\nNEW-1,Tea,100\n")

    assert len(plan.create) == 1
    assert desk.plan("SKU,name,price\nNEW-1,Tea,100\n").create == plan.create


def test_a_problem_names_row_column_value_and_remedy_in_both_languages(desk: Any) -> None:
    (problem,) = desk.plan("SKU,name,price\n\nNEW-1,Tea,cheap\n").problems

    assert (problem.file, problem.row, problem.column, problem.value) == ("file.csv", 3, "price", "cheap")
    assert problem.sentence("en") == (
        "file.csv, row 3, column 'price': 'cheap' this is no number; write digits, such as 1234"
    )
    assert problem.sentence("ko") == "file.csv, 3행, 'price' 열: 'cheap' 숫자가 아닙니다; 1234처럼 숫자로 쓰세요"


def test_good_rows_are_kept_beside_bad_ones(desk: Any) -> None:
    report = desk.take("SKU,name,price\nNEW-1,Tea,100\nNEW-2,Tea,x\n")

    assert (report.written, report.created, report.refused_rows) == (True, 1, 1)


def test_nothing_is_kept_if_the_user_wants_all_or_nothing(desk: Any) -> None:
    report = desk.take("SKU,name,price\nNEW-1,Tea,100\nNEW-2,Tea,x\n", on_error="all_or_nothing")

    assert not report.written
    assert len(desk.plan("SKU,name,price\nNEW-1,Tea,100\n").create) == 1


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",Tea,1", Fault.EMPTY),
        ("8.80E+12,Tea,1", Fault.SHORTENED),
        (f"{'S' * 81},Tea,1", Fault.TOO_LONG),
        (f"NEW-1,{'T' * 301},1", Fault.TOO_LONG),
        ("NEW-1,#REF!,1", Fault.ERROR_CELL),
        ("NEW-1,Tea,=1+1", Fault.FORMULA),
        ("NEW-1,Tea,-1", Fault.NEGATIVE),
        ("NEW-1,Tea,$1", Fault.OTHER_CURRENCY),
    ],
)
def test_a_row_that_cannot_be_kept_says_why(desk: Any, row: str, fault: Fault) -> None:
    plan = desk.plan(f"SKU,name,price\n{row}\n")

    assert (plan.create, [problem.fault for problem in plan.errors]) == ((), [fault])


def test_a_formula_in_a_name_is_kept_as_text_and_marked(desk: Any) -> None:
    report = desk.take('SKU,name,price\nNEW-1,"=HYPERLINK(""http://x"",""Tea"")",1\n')

    assert desk.product("NEW-1").name_en == '=HYPERLINK("http://x","Tea")'
    assert [problem.fault for problem in report.plan.warnings] == [Fault.FORMULA_TEXT]


def test_a_doubtful_barcode_is_kept_with_a_warning(desk: Any) -> None:
    report = desk.take("SKU,name,barcode\nNEW-1,Tea,0012345678906\n")

    assert desk.product("NEW-1").gtin == "0012345678906"
    assert [problem.fault for problem in report.problems] == [Fault.CHECK_DIGIT]


def test_two_rows_that_contradict_each_other_leave_the_first(desk: Any) -> None:
    plan = desk.plan("SKU,name,price\nNEW-1,Tea,1\nNEW-1,Tea,2\nNEW-1,Tea,1\n")

    assert ([entry.row for entry in plan.create], plan.skipped) == ([2], {Skip.TWIN: 1})
    assert [(problem.row, problem.fault, problem.hint) for problem in plan.errors] == [(3, Fault.TWICE, "2")]


def test_a_category_is_read_in_korean_and_keeps_its_english_name(desk: Any) -> None:
    desk.take("SKU,상품명(한국어),상품명(영어),분류(영어),분류(한국어)\nNEW-1,차,Tea,Food > Tea,식품 > 차\n")

    desk.take("SKU,상품명,분류\nNEW-2,홍차,식품 > 차\n")

    assert desk.product("NEW-2").category == CategoryPath("Food", "Tea")
    assert desk.product("NEW-2").category_ko == CategoryPath("식품", "차")


def test_an_import_never_lifts_a_recall(desk: Any) -> None:
    with desk.sessions.begin() as session:
        set_status(session, desk.shop.id, "TEA-1", ProductStatus.RECALLED)

    report = desk.take("SKU,name,status\nTEA-1,보성 녹차 티백,판매중\n")

    assert desk.product("TEA-1").status is ProductStatus.RECALLED
    assert [problem.fault for problem in report.problems] == [Fault.STILL_RECALLED]


def test_shopifys_rows_without_a_title_continue_the_product_above(desk: Any) -> None:
    desk.take(
        "Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src,Status\n"
        "mug,Mug,Dawon,Colour,Red,MUG-R,9000,a.png,active\n"
        "mug,,,,Blue,MUG-B,9500,,\n"
        "mug,,,,,,,b.png,\n"
        "cap,Cap,Other,Title,Default Title,CAP,5000,,archived\n"
    )

    assert (desk.product("MUG-B").name_en, desk.product("MUG-B").brand) == ("Mug - Blue", "Dawon")
    assert (desk.product("CAP").name_en, desk.product("CAP").status) == ("Cap", ProductStatus.DISCONTINUED)


def test_smartstores_own_number_serves_where_the_seller_gave_no_code(desk: Any) -> None:
    header = "상품번호(스마트스토어),상품명,판매가,재고수량,판매상태,대분류,중분류,소분류,세분류,판매자상품코드"

    desk.take(f"안내 문구\n{header}\n9001,유자차,3500,5,판매중지,식품,음료,차,,\n", kind=Kind.PRODUCTS)

    product = desk.product("9001")
    assert (product.status, str(product.category_ko)) == (ProductStatus.DISCONTINUED, "식품 > 음료 > 차")


def test_a_file_with_a_header_alone_says_so(desk: Any) -> None:
    assert [problem.fault for problem in desk.plan("SKU,name,price\n").problems] == [Fault.HEADER_ONLY]
