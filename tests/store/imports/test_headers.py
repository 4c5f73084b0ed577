"""Which system wrote a file, and which of its rows say something."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stocksense.errors import BadImport
from stocksense.store.imports.kinds import Field, Kind
from stocksense.store.imports.sheet import data_rows, read_import

SMARTSTORE_ORDERS = (
    "상품주문번호,주문번호,판매채널,구매자명,주문상태,결제일,상품번호,상품명,옵션관리코드,수량,"
    "판매자 상품코드,최종 상품별 총 주문금액"
)
SMARTSTORE_PRODUCTS = (
    "상품번호(스마트스토어),상품명,판매가,재고수량,판매상태,전시상태,대분류,중분류,소분류,세분류,판매자상품코드"
)
COUPANG = (
    "번호,묶음배송번호,주문번호,택배사,주문일,등록상품명,노출상품명(옵션명),옵션ID,업체상품코드,바코드,"
    "결제액,구매수(수량),옵션판매가(판매단가)"
)
CAFE24 = "상품코드,자체 상품코드,진열상태,판매상태,상품명,영문 상품명,모델명,판매가,브랜드"
SHOPIFY_PRODUCTS = (
    "Handle,Title,Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Status"
)
SHOPIFY_ORDERS = (
    "Name,Email,Financial Status,Paid at,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku"
)
SQUARE = "Token,Item Name,Variation Name,SKU,Categories,GTIN,Price,Current Quantity Front,New Quantity Front"
LOYVERSE = "Handle,SKU,Name,Category,Sold by weight,Price,Cost,Barcode,In stock"
OURS = "SKU,상품명(한국어),상품명(영어),바코드,분류(영어),분류(한국어),판매가,상태"


@pytest.mark.parametrize(
    ("header", "name", "kinds"),
    [
        (SMARTSTORE_ORDERS, "smartstore_orders", (Kind.SALES,)),
        (SMARTSTORE_PRODUCTS, "smartstore_products", (Kind.PRODUCTS, Kind.STOCK)),
        (COUPANG, "coupang_orders", (Kind.SALES,)),
        (CAFE24, "cafe24_products", (Kind.PRODUCTS,)),
        (SHOPIFY_PRODUCTS, "shopify_products", (Kind.PRODUCTS, Kind.STOCK)),
        (SHOPIFY_ORDERS, "shopify_orders", (Kind.SALES,)),
        (SQUARE, "square_items", (Kind.PRODUCTS, Kind.STOCK)),
        (LOYVERSE, "loyverse_items", (Kind.PRODUCTS, Kind.STOCK)),
        ("External ID,Name,Internal Reference,Barcode,Sales Price,Cost", "odoo_products", (Kind.PRODUCTS,)),
        (OURS, "stocksense_products", (Kind.PRODUCTS,)),
        ("상품코드,상품명,판매가", "generic", (Kind.PRODUCTS,)),
        ("바코드,품명,현재고", "generic", (Kind.PRODUCTS, Kind.STOCK)),
        ("sku,on_hand", "generic", (Kind.STOCK,)),
        ("품명,수량", "generic", (Kind.STOCK,)),
        ("Date,SKU,Quantity,Amount", "generic", (Kind.SALES,)),
        ("판매일,품명,판매수량,금액", "generic", (Kind.SALES,)),
    ],
)
def test_a_system_is_known_by_its_columns(header: str, name: str, kinds: tuple[Kind, ...]) -> None:
    sheet = read_import(header.encode(), "export.csv")

    assert (sheet.format, sheet.header.format.kinds) == (name, kinds)


def test_columns_are_known_whatever_their_case_width_spaces_and_stars() -> None:
    sheet = read_import("* ｓｋｕ ,Product  Name(필수),PRICE".encode(), "own.csv")

    assert set(sheet.header.columns) == {Field.SKU, Field.NAME, Field.PRICE}


def test_a_guide_above_the_header_is_passed_over() -> None:
    content = f'"다운로드일: 2026-07-01, 개인정보를 주의하세요"\n\n{SMARTSTORE_ORDERS}\n1,2\n'.encode("cp949")

    sheet = read_import(content, "orders.csv")

    assert [row.number for row in data_rows(sheet)] == [4]


def test_the_first_sheet_with_a_known_header_is_read(xlsx_file: Callable[..., bytes]) -> None:
    content = xlsx_file(("읽어 주세요",), ("sku", "재고"), ("A", 3))

    assert [row.cells for row in data_rows(read_import(content, "stock.xlsx"))] == [["A", "3"]]


def test_blank_rows_and_totals_say_nothing() -> None:
    sheet = read_import("sku,재고\nA,1\n,\n \nB,2\n합계,3\n총 합계,3\n".encode(), "stock.csv")

    assert [row.number for row in data_rows(sheet)] == [2, 5]


def test_columns_that_are_not_read_are_named() -> None:
    assert read_import(b"sku,name,price,colour", "own.csv").header.unread == ("colour",)


def test_a_file_of_two_kinds_is_read_as_the_one_asked_for() -> None:
    sheet = read_import(SQUARE.encode(), "items.csv", kind=Kind.STOCK)

    assert (sheet.kind, sheet.also, sheet.header.locations) == (Kind.STOCK, (Kind.PRODUCTS,), {"Front": 7})


@pytest.mark.parametrize(
    ("content", "kind", "says"),
    [
        (b"a,b\n1,2\n", None, "only: a, b"),
        (CAFE24.encode(), Kind.SALES, "this format holds: products"),
        ("상품주문번호,판매채널,수량".encode(), None, "add a column '결제일'"),
        (b" , \n , \n", None, "empty"),
    ],
)
def test_a_file_that_makes_no_sense_says_what_it_lacks(content: bytes, kind: Kind | None, says: str) -> None:
    with pytest.raises(BadImport, match=says) as refused:
        read_import(content, "export.csv", kind=kind)

    assert refused.value.in_korean != str(refused.value)


def test_a_row_broken_by_a_bare_comma_is_not_read_askew() -> None:
    sheet = read_import(b"sku,price,name\nA,1,200,Tea\n", "own.csv")

    (row,) = data_rows(sheet)

    assert not row.is_good
    assert "quotes" in row.problems[0].sentence("en")
