"""The shop, where its units are, what it sells, and who supplies it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from stocksense.domain.stock import LocationKind, NegativeStock, ProductStatus
from stocksense.store.tables.table import Table
from stocksense.store.types import Key, word


class Shop(Table):
    """A shop with its policies. `as_of` freezes the shop's day where the data ends in the past."""

    __tablename__ = "shops"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    currency: Mapped[str] = mapped_column(String(3), default="KRW")
    country: Mapped[str] = mapped_column(String(2), default="KR")
    time_zone: Mapped[str] = mapped_column(String(64), default="Asia/Seoul")
    provenance: Mapped[str] = mapped_column(String(400), default="")
    as_of: Mapped[date | None]
    negative_stock: Mapped[NegativeStock] = mapped_column(word(NegativeStock), default=NegativeStock.ALLOW)
    service_level: Mapped[float] = mapped_column(default=0.95)
    review_period_days: Mapped[int] = mapped_column(default=1)
    cover_days: Mapped[int] = mapped_column(default=7)
    max_cover_days: Mapped[int] = mapped_column(default=60)
    budget_per_order: Mapped[Decimal] = mapped_column(default=Decimal(0))
    budget_per_week: Mapped[Decimal] = mapped_column(default=Decimal(0))
    created_at: Mapped[datetime]


class Location(Table):
    """A place that units can be at, the supplier's, the customers' and the lost ones' included."""

    __tablename__ = "locations"
    __table_args__ = (UniqueConstraint("shop_id", "name"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    name: Mapped[str]
    kind: Mapped[LocationKind] = mapped_column(word(LocationKind))


class Category(Table):
    """One way down the category tree, in English and Korean; levels that don't exist are empty."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("main", "sub1", "sub2", "sub3"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    main: Mapped[str]
    sub1: Mapped[str] = mapped_column(default="")
    sub2: Mapped[str] = mapped_column(default="")
    sub3: Mapped[str] = mapped_column(default="")
    main_ko: Mapped[str] = mapped_column(default="")
    sub1_ko: Mapped[str] = mapped_column(default="")
    sub2_ko: Mapped[str] = mapped_column(default="")
    sub3_ko: Mapped[str] = mapped_column(default="")


class Product(Table):
    """What the shop sells. `request` holds what a buyer asks a shop for: {"attributes": [...], "options": {...}}."""

    __tablename__ = "products"
    __table_args__ = (
        UniqueConstraint("shop_id", "sku"),
        Index(None, "shop_id", "gtin"),
        Index(None, "shop_id", "category_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    sku: Mapped[str] = mapped_column(String(80))
    name_ko: Mapped[str] = mapped_column(String(300), default="")
    name_en: Mapped[str] = mapped_column(String(300), default="")
    gtin: Mapped[str] = mapped_column(String(14), default="")
    brand: Mapped[str] = mapped_column(default="")
    model: Mapped[str] = mapped_column(default="")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    unit: Mapped[str] = mapped_column(String(24), default="ea")
    price: Mapped[Decimal] = mapped_column(default=Decimal(0))
    shelf_life_days: Mapped[int | None]
    status: Mapped[ProductStatus] = mapped_column(word(ProductStatus), default=ProductStatus.ACTIVE)
    request: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class Supplier(Table):
    """Who sells to the shop; `site` says by which door an agent can buy there (`webshop`), if any."""

    __tablename__ = "suppliers"
    __table_args__ = (UniqueConstraint("shop_id", "name"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    name: Mapped[str]
    site: Mapped[str] = mapped_column(String(40), default="")


class Offer(Table):
    """What a supplier asks for a product; prices are per unit, packs and minimum in units."""

    __tablename__ = "offers"
    __table_args__ = (UniqueConstraint("product_id", "supplier_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    unit_price: Mapped[Decimal]
    pack_size: Mapped[int] = mapped_column(default=1)
    minimum_order: Mapped[int] = mapped_column(default=1)
    lead_time_days: Mapped[float] = mapped_column(default=2.0)
    lead_time_sd: Mapped[float] = mapped_column(default=0.5)
