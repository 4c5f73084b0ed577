"""The shop, its locations, products, suppliers and offers, as first released: frozen, later migrations change them."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from stocksense.store.migrations.initial.columns import DOCUMENT, KEY, METADATA

Table(
    "shops",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("country", String(2), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("provenance", String(400), nullable=False),
    Column("as_of", Date()),
    Column("negative_stock", String(24), nullable=False),
    Column("service_level", Double(), nullable=False),
    Column("review_period_days", Integer(), nullable=False),
    Column("cover_days", Integer(), nullable=False),
    Column("max_cover_days", Integer(), nullable=False),
    Column("budget_per_order", BigInteger(), nullable=False),
    Column("budget_per_week", BigInteger(), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("name"),
)

Table(
    "locations",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("shop_id", KEY, ForeignKey("shops.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("kind", String(24), nullable=False),
    UniqueConstraint("shop_id", "name"),
)

Table(
    "categories",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("main", String(200), nullable=False),
    Column("sub1", String(200), nullable=False),
    Column("sub2", String(200), nullable=False),
    Column("sub3", String(200), nullable=False),
    Column("main_ko", String(200), nullable=False),
    Column("sub1_ko", String(200), nullable=False),
    Column("sub2_ko", String(200), nullable=False),
    Column("sub3_ko", String(200), nullable=False),
    UniqueConstraint("main", "sub1", "sub2", "sub3"),
)

Table(
    "products",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("shop_id", KEY, ForeignKey("shops.id"), nullable=False),
    Column("sku", String(80), nullable=False),
    Column("name_ko", String(300), nullable=False),
    Column("name_en", String(300), nullable=False),
    Column("gtin", String(14), nullable=False),
    Column("brand", String(200), nullable=False),
    Column("model", String(200), nullable=False),
    Column("category_id", KEY, ForeignKey("categories.id")),
    Column("unit", String(24), nullable=False),
    Column("price", BigInteger(), nullable=False),
    Column("shelf_life_days", Integer()),
    Column("status", String(24), nullable=False),
    Column("request", DOCUMENT, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("shop_id", "sku"),
    Index(None, "shop_id", "category_id"),
    Index(None, "shop_id", "gtin"),
)

Table(
    "suppliers",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("shop_id", KEY, ForeignKey("shops.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("site", String(40), nullable=False),
    UniqueConstraint("shop_id", "name"),
)

Table(
    "offers",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("product_id", KEY, ForeignKey("products.id"), nullable=False),
    Column("supplier_id", KEY, ForeignKey("suppliers.id"), nullable=False),
    Column("unit_price", BigInteger(), nullable=False),
    Column("pack_size", Integer(), nullable=False),
    Column("minimum_order", Integer(), nullable=False),
    Column("lead_time_days", Double(), nullable=False),
    Column("lead_time_sd", Double(), nullable=False),
    UniqueConstraint("product_id", "supplier_id"),
)
