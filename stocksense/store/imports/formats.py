"""The systems whose exports we know, by the names of their columns; they are data, so adding one is adding a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stocksense.store.imports.kinds import Field, Kind

F = Field


@dataclass(frozen=True)
class Format:
    """One system's export: the columns by which it is known, and what its columns hold.

    Where a field names several columns, the first that is filled in a row counts. `stock_columns` opens the names of
    columns that hold the units at the location named by the rest.
    """

    name: str
    kinds: tuple[Kind, ...]
    marks: tuple[str, ...]
    columns: Mapping[Field, tuple[str, ...]]
    stock_columns: str = ""
    continued: tuple[Field, ...] = ()
    """Fields that only the first of several rows with the same handle fills."""
    line_key: tuple[Field, ...] = ()
    """Fields that together name a line; without them it is named by its order and product, or by what it says."""


OWN_PRODUCTS = Format(
    "stocksense_products",
    (Kind.PRODUCTS,),
    ("SKU", "상품명(한국어)", "상품명(영어)", "분류(한국어)"),
    {
        F.SKU: ("SKU",),
        F.NAME_KO: ("상품명(한국어)",),
        F.NAME_EN: ("상품명(영어)",),
        F.GTIN: ("바코드",),
        F.BRAND: ("브랜드",),
        F.MODEL: ("모델명",),
        F.CATEGORY: ("분류(영어)",),
        F.CATEGORY_KO: ("분류(한국어)",),
        F.UNIT: ("단위",),
        F.PRICE: ("판매가",),
        F.SHELF_LIFE: ("유통기한(일)",),
        F.STATUS: ("상태",),
    },
)
OWN_STOCK = Format(
    "stocksense_stock",
    (Kind.STOCK,),
    ("SKU", "매장", "재고수량"),
    {F.SKU: ("SKU",), F.LOCATION: ("매장",), F.ON_HAND: ("재고수량",)},
)
OWN_SALES = Format(
    "stocksense_sales",
    (Kind.SALES,),
    ("판매행번호", "판매일시", "SKU", "판매수량"),
    {
        F.LINE_KEY: ("판매행번호",),
        F.DAY: ("판매일시",),
        F.SKU: ("SKU",),
        F.LOCATION: ("매장",),
        F.QUANTITY: ("판매수량",),
        F.PRICE: ("단가",),
        F.AMOUNT: ("금액",),
        F.PROMOTED: ("행사",),
    },
)
SMARTSTORE_ORDERS = Format(
    "smartstore_orders",
    (Kind.SALES,),
    ("상품주문번호", "판매채널"),
    {
        F.LINE: ("상품주문번호",),
        F.ORDER: ("주문번호",),
        F.STATE: ("주문상태",),
        F.DAY: ("결제일", "주문일시"),
        F.SKU: ("옵션관리코드", "판매자 상품코드", "상품번호"),
        F.NAME: ("상품명",),
        F.QUANTITY: ("수량",),
        F.AMOUNT: ("최종 상품별 총 주문금액",),
    },
    line_key=(F.LINE,),
)
SMARTSTORE_PRODUCTS = Format(
    "smartstore_products",
    (Kind.PRODUCTS, Kind.STOCK),
    ("상품번호(스마트스토어)",),
    {
        F.SKU: ("판매자상품코드", "판매자 상품코드", "상품번호(스마트스토어)"),
        F.NAME: ("상품명",),
        F.PRICE: ("판매가",),
        F.ON_HAND: ("재고수량",),
        F.STATUS: ("판매상태",),
        F.MAIN: ("대분류",),
        F.SUB1: ("중분류",),
        F.SUB2: ("소분류",),
        F.SUB3: ("세분류",),
    },
)
COUPANG_ORDERS = Format(
    "coupang_orders",
    (Kind.SALES,),
    ("묶음배송번호", "옵션ID"),
    {
        F.ORDER: ("주문번호",),
        F.LINE: ("묶음배송번호",),
        F.HANDLE: ("옵션ID",),
        F.STATE: ("주문상태", "상태"),
        F.DAY: ("주문일",),
        F.SKU: ("업체상품코드", "옵션ID"),
        F.GTIN: ("바코드",),
        F.NAME: ("노출상품명(옵션명)", "등록상품명"),
        F.QUANTITY: ("구매수(수량)",),
        F.PRICE: ("옵션판매가(판매단가)",),
        F.AMOUNT: ("결제액",),
    },
    line_key=(F.ORDER, F.LINE, F.HANDLE),
)
CAFE24_PRODUCTS = Format(
    "cafe24_products",
    (Kind.PRODUCTS,),
    ("자체 상품코드", "진열상태"),
    {
        F.SKU: ("자체 상품코드", "상품코드"),
        F.NAME_KO: ("상품명",),
        F.NAME_EN: ("영문 상품명",),
        F.MODEL: ("모델명",),
        F.BRAND: ("브랜드",),
        F.PRICE: ("판매가", "상품가"),
        F.STATUS: ("판매상태",),
    },
)
SHOPIFY_PRODUCTS = Format(
    "shopify_products",
    (Kind.PRODUCTS, Kind.STOCK),
    ("Handle", "Variant SKU"),
    {
        F.HANDLE: ("Handle",),
        F.SKU: ("Variant SKU", "Variant Barcode"),
        F.NAME: ("Title",),
        F.OPTION1: ("Option1 Value",),
        F.OPTION2: ("Option2 Value",),
        F.OPTION3: ("Option3 Value",),
        F.GTIN: ("Variant Barcode",),
        F.BRAND: ("Vendor",),
        F.CATEGORY: ("Product Category", "Type"),
        F.PRICE: ("Variant Price",),
        F.ON_HAND: ("Variant Inventory Qty",),
        F.STATUS: ("Status",),
    },
    continued=(F.NAME, F.BRAND, F.CATEGORY, F.STATUS),
)
SHOPIFY_ORDERS = Format(
    "shopify_orders",
    (Kind.SALES,),
    ("Name", "Lineitem sku", "Lineitem quantity"),
    {
        F.HANDLE: ("Name",),
        F.ORDER: ("Name",),
        F.STATE: ("Financial Status",),
        F.DAY: ("Created at", "Paid at"),
        F.SKU: ("Lineitem sku",),
        F.NAME: ("Lineitem name",),
        F.QUANTITY: ("Lineitem quantity",),
        F.PRICE: ("Lineitem price",),
    },
    continued=(F.STATE, F.DAY),
)
SQUARE_ITEMS = Format(
    "square_items",
    (Kind.PRODUCTS, Kind.STOCK),
    ("Token", "Item Name", "Variation Name"),
    {
        F.SKU: ("SKU", "GTIN"),
        F.NAME: ("Item Name",),
        F.OPTION1: ("Variation Name",),
        F.GTIN: ("GTIN",),
        F.CATEGORY: ("Categories",),
        F.PRICE: ("Price",),
    },
    stock_columns="Current Quantity",
)
LOYVERSE_ITEMS = Format(
    "loyverse_items",
    (Kind.PRODUCTS, Kind.STOCK),
    ("Handle", "Sold by weight", "In stock"),
    {
        F.HANDLE: ("Handle",),
        F.SKU: ("SKU", "Barcode"),
        F.NAME: ("Name",),
        F.CATEGORY: ("Category",),
        F.GTIN: ("Barcode",),
        F.PRICE: ("Price",),
        F.ON_HAND: ("In stock",),
    },
    continued=(F.NAME, F.CATEGORY),
)
ODOO_PRODUCTS = Format(
    "odoo_products",
    (Kind.PRODUCTS,),
    ("Internal Reference", "Sales Price"),
    {
        F.SKU: ("Internal Reference", "Barcode"),
        F.NAME: ("Name",),
        F.GTIN: ("Barcode",),
        F.PRICE: ("Sales Price",),
        F.CATEGORY: ("Product Category",),
    },
)

KNOWN = (
    OWN_PRODUCTS,
    OWN_SALES,
    OWN_STOCK,
    SMARTSTORE_ORDERS,
    SMARTSTORE_PRODUCTS,
    COUPANG_ORDERS,
    CAFE24_PRODUCTS,
    SHOPIFY_PRODUCTS,
    SHOPIFY_ORDERS,
    SQUARE_ITEMS,
    LOYVERSE_ITEMS,
    ODOO_PRODUCTS,
)
