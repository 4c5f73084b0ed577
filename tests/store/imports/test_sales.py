"""Importing sales."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from stocksense.domain.stock import NegativeStock
from stocksense.store.imports.outcome import Skip
from stocksense.store.imports.wording import Fault
from stocksense.store.shops import update_policy

ORDERS = (
    "상품주문번호,주문번호,판매채널,주문상태,결제일,상품번호,상품명,옵션관리코드,수량,"
    "판매자 상품코드,최종 상품별 총 주문금액\n"
)
SOLD = "2026030112345671,2026030112345670,스마트스토어,구매확정,2026-03-01 10:00:00,9001,녹차,,2,TEA-1,10400\n"


def take(desk: Any, content: str, **how: Any) -> Any:
    return desk.take(content, location="Front", **how)


def test_sales_are_recorded_with_their_amounts(desk: Any) -> None:
    take(desk, '판매일,상품코드,수량,금액\n2026.03.01,TEA-1,2,"10,000원"\n2026-03-02,MILK-1,1,₩2900\n')

    assert [line[1:] for line in desk.lines()] == [("TEA-1", 2, Decimal(10000)), ("MILK-1", 1, Decimal(2900))]


def test_the_same_file_again_adds_nothing(desk: Any) -> None:
    content = "판매일,상품코드,수량,금액\n2026-03-01,TEA-1,1,5200\n2026-03-01,TEA-1,1,5200\n"
    first, second = take(desk, content), take(desk, content)

    assert (first.created, second.created, second.plan.skipped) == (2, 0, {Skip.SAME: 2})
    assert desk.sold() == 2


def test_two_files_that_overlap_do_not_double_sales(desk: Any) -> None:
    rows = [f"2026-03-0{day},TEA-1,{units},{units * 5200}\n" for day in (1, 2, 3) for units in (1, 1, 2)]
    header = "판매일,상품코드,수량,금액\n"

    take(desk, header + "".join(rows[:6]))
    take(desk, header + "".join(rows[3:]))

    assert desk.sold() == 12


def test_a_file_in_another_format_does_not_double_sales_either(desk: Any, xlsx_file: Any) -> None:
    take(desk, '판매일,상품코드,수량,금액\n2026-03-01,TEA-1,1,"5,200원"\n')
    take(desk, xlsx_file(("sku", "date", "qty", "amount"), ("TEA-1", "2026.3.1", 1, 5200)))

    assert desk.sold() == 1


def test_smartstores_lines_are_known_by_their_order_number(desk: Any) -> None:
    take(desk, ORDERS + SOLD)
    later = take(desk, ORDERS + SOLD.replace("10400", "9900") + SOLD)

    assert desk.lines() == [("smartstore_orders:2026030112345671", "TEA-1", 2, Decimal(10400))]
    assert later.plan.skipped == {Skip.TWIN: 1, Skip.SAME: 1}


def test_an_order_number_that_excel_shortened_is_refused_and_not_merged(desk: Any) -> None:
    shortened = SOLD.replace("2026030112345671", "2.02603E+15")
    report = take(desk, ORDERS + shortened + shortened)

    assert desk.sold() == 0
    assert [(problem.row, problem.column, problem.fault) for problem in report.problems] == [
        (2, "상품주문번호", Fault.SHORTENED),
        (3, "상품주문번호", Fault.SHORTENED),
    ]


def test_orders_that_are_unpaid_or_cancelled_are_passed_over(desk: Any) -> None:
    report = take(
        desk, ORDERS + SOLD.replace("구매확정", "결제대기") + SOLD.replace("671,", "672,").replace("구매확정", "취소")
    )

    assert (desk.sold(), report.plan.skipped) == (0, {Skip.UNPAID: 1, Skip.CANCELLED: 1})


@pytest.mark.parametrize("state", ["취소", "반품"])
def test_an_order_that_is_undone_later_is_taken_back_once(desk: Any, state: str) -> None:
    take(desk, ORDERS + SOLD)
    take(desk, ORDERS + SOLD.replace("구매확정", state))
    take(desk, ORDERS + SOLD.replace("구매확정", state))

    assert [line[2:] for line in desk.lines()] == [(2, Decimal(10400)), (-2, Decimal(-10400))]


def test_an_order_that_comes_in_as_returned_was_sold_and_came_back(desk: Any) -> None:
    take(desk, ORDERS + SOLD.replace("구매확정", "반품"))

    assert [line[2] for line in desk.lines()] == [2, -2]


@pytest.mark.parametrize("row", ["판매취소,-1,-5200", "반품,1,5200", "반품,1,-5200", "정상,-1,5200"])
def test_a_dealing_of_its_own_takes_units_back(desk: Any, row: str) -> None:
    take(desk, f"거래일,상품코드,거래구분,수량,금액\n2026-03-01,TEA-1,{row}\n")

    assert [line[2:] for line in desk.lines()] == [(-1, Decimal(-5200))]


def test_a_state_that_nobody_knows_is_a_problem(desk: Any) -> None:
    (problem,) = take(desk, ORDERS + SOLD.replace("구매확정", "보류")).problems

    assert (problem.fault, "구매확정" in problem.remedy("ko")) == (Fault.UNKNOWN_STATE, True)


def test_a_sku_that_is_not_known_suggests_the_closest(desk: Any) -> None:
    report = take(desk, "판매일,상품코드,수량,금액\n2026-03-01,TEA1,1,1\n2026-03-01,TEA-2,1,1\n")

    assert desk.sold() == 1
    assert (report.problems[0].row, report.problems[0].fault) == (2, Fault.UNKNOWN_SKU)
    assert "TEA-1" in report.problems[0].hint


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("어제,TEA-1,1,1", Fault.NOT_A_DATE),
        ("03/04/2026,TEA-1,1,1", Fault.DAY_OR_MONTH),
        ("2062-03-01,TEA-1,1,1", Fault.FUTURE),
        ("2026-03-01,TEA-1,1.5,1", Fault.NOT_WHOLE),
        ("2026-03-01,TEA-1,0,1", Fault.ZERO),
        ("2026-03-01,TEA-1,1,", Fault.EMPTY),
        ("2026-03-01,TEA-1,1,-5", Fault.NEGATIVE),
    ],
)
def test_a_line_that_cannot_be_kept_says_why(desk: Any, row: str, fault: Fault) -> None:
    report = take(desk, f"판매일,상품코드,수량,금액\n{row}\n")

    assert [problem.fault for problem in report.problems] == [fault]


def test_without_amounts_the_products_prices_are_taken_and_that_is_said(desk: Any) -> None:
    report = take(desk, "판매일,상품코드,수량\n2026-03-01,TEA-1,3\n")

    assert desk.lines()[0][3] == Decimal(15600)
    assert [(problem.row, problem.fault) for problem in report.problems] == [(0, Fault.PRICED)]


def test_coupang_lines_are_known_by_order_parcel_and_option(desk: Any) -> None:
    header = "묶음배송번호,주문번호,주문일,등록상품명,옵션ID,업체상품코드,구매수(수량),옵션판매가(판매단가),결제액\n"
    content = header + "77,5001,2026-03-01 09:00:00,녹차,31,TEA-1,2,5200,10400\n"
    take(desk, content)
    take(desk, content + "78,5001,2026-03-01 09:00:00,녹차,31,TEA-1,1,5200,5200\n")

    assert [line[0] for line in desk.lines()] == ["coupang_orders:5001:77:31", "coupang_orders:5001:78:31"]


def test_shopifys_further_lines_of_an_order_share_its_state_and_day(desk: Any) -> None:
    header = "Name,Financial Status,Paid at,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku\n"
    rows = "#1,paid,2026-03-01 10:00:00 +0900,2026-03-01 10:00:00 +0900,1,Tea,5200,TEA-1\n#1,,,,2,Milk,2900,MILK-1\n"

    take(desk, header + rows + rows.replace("#1", "#2").replace("paid", "voided"))

    assert [line[1:] for line in desk.lines()] == [("TEA-1", 1, Decimal(5200)), ("MILK-1", 2, Decimal(5800))]


def test_a_sale_takes_its_units_off_the_shelf(desk: Any) -> None:
    desk.take("SKU,매장,재고\nTEA-1,Front,10\n")

    report = take(desk, "판매일,상품코드,수량,금액\n2026-03-11 09:30,TEA-1,3,1\n")

    assert (desk.held("TEA-1")["Front"], report.history) == (7, 0)


def test_a_sale_from_before_the_count_takes_nothing_off_the_shelf(desk: Any) -> None:
    desk.take("SKU,매장,재고\nTEA-1,Front,10\n")

    report = take(desk, "판매일,상품코드,수량,금액\n2026-03-10,TEA-1,3,1\n")

    assert (desk.held("TEA-1")["Front"], report.history, desk.sold()) == (10, 1, 3)


def test_a_shop_that_blocks_negative_stock_refuses_only_the_line_that_takes_too_much(desk: Any) -> None:
    with desk.sessions.begin() as session:
        update_policy(session, desk.shop.id, negative_stock=NegativeStock.BLOCK)
    desk.take("SKU,매장,재고\nTEA-1,Front,3\n")
    content = "판매일,상품코드,수량,금액\n2026-03-11 10:00,TEA-1,2,1\n2026-03-11 11:00,TEA-1,2,1\n"

    nothing = take(desk, content, on_error="all_or_nothing")
    some = take(desk, content)

    assert (nothing.written, desk.held("TEA-1")["Front"], desk.sold()) == (False, 1, 2)
    assert [(problem.row, problem.fault) for problem in some.problems] == [(3, Fault.NOT_ENOUGH)]
