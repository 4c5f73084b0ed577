"""What a file is about, and the fields that its columns may hold."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What the rows of a file say: which products there are, how many units lie where, or what was sold."""

    PRODUCTS = "products"
    STOCK = "stock"
    SALES = "sales"


class Field(StrEnum):
    """What a column holds, whatever the system that wrote the file calls it."""

    SKU = "sku"
    NAME = "name"
    NAME_KO = "name_ko"
    NAME_EN = "name_en"
    GTIN = "gtin"
    BRAND = "brand"
    MODEL = "model"
    CATEGORY = "category"
    CATEGORY_KO = "category_ko"
    MAIN = "main"
    SUB1 = "sub1"
    SUB2 = "sub2"
    SUB3 = "sub3"
    UNIT = "unit"
    PRICE = "price"
    SHELF_LIFE = "shelf_life_days"
    STATUS = "status"
    HANDLE = "handle"
    OPTION1 = "option1"
    OPTION2 = "option2"
    OPTION3 = "option3"

    ON_HAND = "on_hand"
    LOCATION = "location"

    DAY = "day"
    TIME = "time"
    QUANTITY = "quantity"
    AMOUNT = "amount"
    ORDER = "order"
    LINE = "line"
    STATE = "state"
    DEALING = "dealing"
    PROMOTED = "promoted"
    LINE_KEY = "line_key"
