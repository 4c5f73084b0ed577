"""Names that people give to the columns of their own tables, in Korean and English, most telling first."""

from __future__ import annotations

from collections.abc import Mapping

from stocksense.store.imports.kinds import Field

_NAMES: Mapping[Field, str] = {
    Field.SKU: (
        "SKU, 상품코드, 품목코드, 품번, 자체상품코드, 판매자상품코드, 관리코드, 제품코드, item code, "
        "item no, product code, article, article number, 재고관리코드, 단품코드"
    ),
    Field.NAME_KO: "상품명(한국어), 한글명, 한글 상품명, 국문명, name_ko, korean name",
    Field.NAME_EN: "상품명(영어), 영문명, 영문 상품명, name_en, english name",
    Field.NAME: (
        "상품명, 품명, 제품명, 품목명, 품목, 상품, 이름, name, product, product name, item, item name, "
        "title, description"
    ),
    Field.GTIN: "바코드, barcode, gtin, ean, upc, jan, 바코드번호",
    Field.BRAND: "브랜드, brand, 제조사, vendor, manufacturer",
    Field.MODEL: "모델명, 모델, model, 규격",
    Field.CATEGORY: "분류, 카테고리, 상품분류, category, categories, department, 분류(영어)",
    Field.CATEGORY_KO: "분류(한국어), category_ko",
    Field.MAIN: "대분류, main, main category",
    Field.SUB1: "중분류, sub1",
    Field.SUB2: "소분류, sub2",
    Field.SUB3: "세분류, sub3",
    Field.UNIT: "단위, unit, uom",
    Field.PRICE: "판매가, 판매단가, 단가, 가격, 소비자가, price, unit price, sales price, retail price",
    Field.SHELF_LIFE: "유통기한(일), 소비기한(일), shelf_life_days, shelf life days, shelf life (days)",
    Field.STATUS: "판매상태, status, 상품상태",
    Field.LOCATION: "매장, 매장명, 지점, 지점명, 창고, 위치, 점포, location, store, warehouse, branch",
    Field.ON_HAND: (
        "재고, 재고수량, 현재고, 현재재고, 실재고, 재고량, on hand, stock, in stock, inventory, "
        "stock on hand, qty on hand, current quantity"
    ),
    Field.DAY: (
        "판매일, 판매일시, 판매일자, 거래일시, 거래일, 거래일자, 주문일, 주문일시, 결제일, 결제일시, 일자, "
        "날짜, 일시, date, day, sold at, sale date, order date, datetime, created at"
    ),
    Field.TIME: "시간, 시각, 판매시간, 거래시간, 결제시간, time",
    Field.QUANTITY: "판매수량, 수량, 판매량, 개수, 주문수량, quantity, qty, units, units sold, quantity sold",
    Field.AMOUNT: (
        "금액, 판매금액, 매출, 매출액, 실매출, 합계금액, 결제금액, 총액, amount, total, net sales, sales amount"
    ),
    Field.ORDER: (
        "주문번호, 영수증번호, 거래번호, 전표번호, order id, order number, order no, receipt, "
        "receipt number, transaction id, order"
    ),
    Field.LINE: "상품주문번호, 주문상세번호, line id, line, 행번호",
    Field.LINE_KEY: "판매행번호, line_key",
    Field.STATE: "주문상태, 상태, order status, financial status, payment status",
    Field.DEALING: "거래구분, 판매구분, 거래유형, 거래상태, sale status, transaction type, receipt type",
    Field.PROMOTED: "행사, 행사여부, promoted, promotion, on promotion",
}

GENERIC: Mapping[Field, tuple[str, ...]] = {known: tuple(names.split(", ")) for known, names in _NAMES.items()}
"""The names of each field's columns."""
