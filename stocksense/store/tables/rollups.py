"""What pages read: sums and facts that the store keeps beside its books, in the transaction that changes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, PrimaryKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from stocksense.domain.shelf import ShelfState
from stocksense.domain.stock import ProductStatus
from stocksense.store.states import Grain
from stocksense.store.tables.table import NO_ROW_NUMBER, Table
from stocksense.store.types import Key, word

ALL = 0
"""Stands for every location, or every category."""

NO_CATEGORY = -1
"""Stands for the products without a category."""


def below(category: Any) -> Any:
    """Stands for all categories below one, itself left out: a row number, or a column of them. Back again likewise."""
    return NO_CATEGORY - category


ON_THE_SHELF = text("status = 'active' AND on_hand > 0")
"""Picks the facts of products that can be bought; in these words, since the index of them is found by its words."""


class Rollup(Table):
    """Sums of a day, week or month at a location in a category; `location_id` or `category_id` 0 means all of them.

    `cost` is what was paid for the goods sold, as far as it was known when they sold, and `costed` the sales that it
    belongs to. `missing` is what counts found missing, less what they found too much. `lost` is what would have sold
    on days without stock. A category has two cells: its own, and one for all categories `below` it. A few categories
    are read by the primary key, what all of them sold on some days by the index.
    """

    __tablename__ = "rollups"
    __table_args__ = (
        # Rows lie far apart in PostgreSQL's tables; what is added up of them most is read from the key alone.
        PrimaryKeyConstraint(
            "shop_id", "grain", "location_id", "category_id", "day", postgresql_include=["units", "amount"]
        ),
        Index("ix_rollups_sold", "shop_id", "grain", "location_id", "day", "category_id", "units", "amount"),
        NO_ROW_NUMBER,
    )

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    grain: Mapped[Grain] = mapped_column(word(Grain), primary_key=True)
    location_id: Mapped[int] = mapped_column(Key, primary_key=True)
    category_id: Mapped[int] = mapped_column(Key, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    units: Mapped[int] = mapped_column(BigInteger, default=0)
    amount: Mapped[Decimal] = mapped_column(default=0)
    cost: Mapped[Decimal] = mapped_column(default=0)
    costed: Mapped[Decimal] = mapped_column(default=0)
    waste_units: Mapped[int] = mapped_column(BigInteger, default=0)
    waste_cost: Mapped[Decimal] = mapped_column(default=0)
    missing_units: Mapped[int] = mapped_column(BigInteger, default=0)
    missing_cost: Mapped[Decimal] = mapped_column(default=0)
    stock_outs: Mapped[int] = mapped_column(BigInteger, default=0)
    lost_units: Mapped[Decimal] = mapped_column(default=0)
    lost_amount: Mapped[Decimal] = mapped_column(default=0)


class MonthlySales(Table):
    """Sales of a product at a location in a month, `month` being its first day; kept with `daily_sales`."""

    __tablename__ = "monthly_sales"
    __table_args__ = (
        PrimaryKeyConstraint("product_id", "location_id", "month", postgresql_include=["units", "amount"]),
        Index("ix_monthly_sales_rank", "shop_id", "month", "location_id", "units", "product_id"),
        NO_ROW_NUMBER,
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    units: Mapped[int]
    amount: Mapped[Decimal]


class DailyLoss(Table):
    """Units of a product that a location lost on a day, with what they cost by the best offer when that was recorded.

    `missing` is what counts found missing, less what they found too much.
    """

    __tablename__ = "daily_losses"
    __table_args__ = (NO_ROW_NUMBER,)

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    waste_units: Mapped[int]
    waste_cost: Mapped[Decimal]
    missing_units: Mapped[int]
    missing_cost: Mapped[Decimal]


class ForecastTotal(Table):
    """Units a day that the forecasts of a day expected of a category together; `category_id` 0 means all."""

    __tablename__ = "forecast_totals"
    __table_args__ = (NO_ROW_NUMBER,)

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    category_id: Mapped[int] = mapped_column(Key, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    made_on: Mapped[date] = mapped_column(primary_key=True)
    expected: Mapped[float]
    products: Mapped[int]


class ForecastTrial(Table):
    """Units that the model expected of a category on a day that it was tried on, knowing the sales up to `known_to`.

    It had not learned that day then. `category_id` 0 means all.
    """

    __tablename__ = "forecast_trials"
    __table_args__ = (NO_ROW_NUMBER,)

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    category_id: Mapped[int] = mapped_column(Key, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    known_to: Mapped[date]
    expected: Mapped[float]


class ProductFacts(Table):
    """One row a product with what lists are sorted and filtered by; unknown numbers sort last.

    Stock follows every move; `predicted` with its band is the next week of the newest forecast, made on
    `forecast_on`; reorder point and reason are those of the newest decision, made on `decided_on`.
    """

    __tablename__ = "product_facts"
    __table_args__ = (
        *(
            Index(f"ix_product_facts_{name}", "shop_id", name, "product_id")
            for name in (
                "sku",
                "name_ko",
                "name_en",
                "category_id",
                "on_hand",
                "on_order",
                "quarantined",
                "stock_value",
                "reorder_point",
                "days_of_cover",
                "state",
                "reason",
                "wape",
            )
        ),
        Index("ix_product_facts_predicted", "shop_id", "predicted", "product_id", "category_id"),
        Index("ix_product_facts_available", "shop_id", text("(on_hand - past_sale)"), "product_id"),
        Index(
            "ix_product_facts_shelf",
            "shop_id",
            "stock_value",
            "product_id",
            "category_id",
            sqlite_where=ON_THE_SHELF,
            postgresql_where=ON_THE_SHELF,
        ),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True, autoincrement=False)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    sku: Mapped[str] = mapped_column(String(80))
    name_ko: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300))
    category_id: Mapped[int] = mapped_column(Key)
    status: Mapped[ProductStatus] = mapped_column(word(ProductStatus))
    on_hand: Mapped[int] = mapped_column(default=0)
    quarantined: Mapped[int] = mapped_column(default=0)
    on_order: Mapped[int] = mapped_column(default=0)
    past_sale: Mapped[int] = mapped_column(default=0, server_default="0")
    unit_cost: Mapped[Decimal | None]
    stock_value: Mapped[Decimal] = mapped_column(default=0)
    forecast_on: Mapped[date | None]
    daily_demand: Mapped[float] = mapped_column(default=0.0)
    predicted: Mapped[float] = mapped_column(default=-1.0)
    predicted_low: Mapped[float] = mapped_column(default=-1.0)
    predicted_high: Mapped[float] = mapped_column(default=-1.0)
    wape: Mapped[float] = mapped_column(default=9999.0)
    decided_on: Mapped[date | None]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    reason: Mapped[str] = mapped_column(String(24), default="")
    reorder_point: Mapped[float] = mapped_column(default=-1.0)
    order_quantity: Mapped[int] = mapped_column(default=0)
    max_cover_days: Mapped[float] = mapped_column(default=0.0)
    days_of_cover: Mapped[float] = mapped_column(default=9999.0)
    state: Mapped[ShelfState] = mapped_column(word(ShelfState))


class StockTotal(Table):
    """How many products of a category stand alike, and what stock they hold together; kept with `product_facts`.

    `uncosted` counts the products whose cost nobody knows. `demand` is the units a day that forecasts with a known
    error expect, `missed` how far off they are by it.
    """

    __tablename__ = "stock_totals"
    __table_args__ = (NO_ROW_NUMBER,)

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    category_id: Mapped[int] = mapped_column(Key, primary_key=True)
    status: Mapped[ProductStatus] = mapped_column(word(ProductStatus), primary_key=True)
    state: Mapped[ShelfState] = mapped_column(word(ShelfState), primary_key=True)
    reason: Mapped[str] = mapped_column(String(24), primary_key=True)
    products: Mapped[int]
    on_hand: Mapped[int] = mapped_column(BigInteger)
    quarantined: Mapped[int] = mapped_column(BigInteger)
    on_order: Mapped[int] = mapped_column(BigInteger)
    stock_value: Mapped[Decimal]
    uncosted: Mapped[int]
    demand: Mapped[float]
    missed: Mapped[float]


class ReadMark(Table):
    """That a shop's pages have what they read; `catalogue` counts changes of what products are found by."""

    __tablename__ = "read_marks"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True, autoincrement=False)
    catalogue: Mapped[int] = mapped_column(default=0)


class BookMark(Table):
    """A random number, `books`, that is another one after every transaction that changed what pages read of a shop.

    It stands apart from the read marks, so that a transaction writes it last and nobody waits for its row for long.
    """

    __tablename__ = "book_marks"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True, autoincrement=False)
    books: Mapped[int] = mapped_column(BigInteger)
