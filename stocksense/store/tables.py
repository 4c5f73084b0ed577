"""The tables, as SQLAlchemy models; the rules that the database itself holds are in guards.py."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from stocksense.domain.orders import OrderState, ProposalState
from stocksense.domain.recall import Certainty, MatchState
from stocksense.domain.reorder import Reason
from stocksense.domain.stock import LocationKind, MoveKind, NegativeStock, ProductStatus
from stocksense.store.states import JobState, MailState, Role
from stocksense.store.types import Document, Instant, Key, Money, word


class Table(DeclarativeBase):
    """The parent of all tables: names of constraints are fixed, so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        Decimal: Money,
        datetime: Instant,
        dict[str, Any]: Document,
        list[str]: Document,
        str: String(200),
    }


# -- the shop and what it sells ----------------------------------------------------------------


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


# -- the ledger --------------------------------------------------------------------------------


class Lot(Table):
    """Units received together; how many are left follows from the ledger."""

    __tablename__ = "lots"
    __table_args__ = (UniqueConstraint("product_id", "code"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    code: Mapped[str] = mapped_column(String(80))
    received_on: Mapped[date]
    expires_on: Mapped[date | None]


class StockMove(Table):
    """Units that went from one location to another. Rows are never changed nor deleted: the database refuses."""

    __tablename__ = "stock_moves"
    __table_args__ = (
        CheckConstraint("units > 0", name="positive"),
        CheckConstraint("origin_id <> destination_id", name="two_locations"),
        Index(None, "product_id", "effective_at"),
        Index(None, "shop_id", "kind", "effective_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lots.id"))
    origin_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    destination_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    units: Mapped[int]
    kind: Mapped[MoveKind] = mapped_column(word(MoveKind))
    reference: Mapped[str] = mapped_column(default="")
    actor: Mapped[str] = mapped_column(String(80), default="")
    idempotency_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    effective_at: Mapped[datetime]
    recorded_at: Mapped[datetime]


class Balance(Table):
    """Units of a product at a location: the running sum of the moves, kept in the same transaction."""

    __tablename__ = "balances"

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), primary_key=True)
    units: Mapped[int] = mapped_column(default=0)


class CountRequest(Table):
    """A shelf that somebody should count, because the ledger went below zero there."""

    __tablename__ = "count_requests"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    held: Mapped[int]
    taken: Mapped[int]
    raised_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class StockOut(Table):
    """A day on which a location had no unit of a product to sell, derived from the ledger."""

    __tablename__ = "stock_outs"

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


# -- sales -------------------------------------------------------------------------------------


class Sale(Table):
    """One line of a sale; `line_key` names it in the system it came from, so that it is read in once."""

    __tablename__ = "sales"
    __table_args__ = (
        UniqueConstraint("shop_id", "line_key"),
        Index(None, "product_id", "day"),
        Index(None, "shop_id", "day"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"))
    line_key: Mapped[str] = mapped_column(String(120))
    day: Mapped[date]
    sold_at: Mapped[datetime]
    units: Mapped[int]
    unit_price: Mapped[Decimal]
    amount: Mapped[Decimal]
    promoted: Mapped[bool] = mapped_column(default=False)


class DailySales(Table):
    """Sales of a product at a location on a day, kept by the store with every sale."""

    __tablename__ = "daily_sales"
    __table_args__ = (Index(None, "shop_id", "day"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    units: Mapped[int]
    amount: Mapped[Decimal]
    promoted: Mapped[bool] = mapped_column(default=False)


# -- forecasts and decisions -------------------------------------------------------------------


class ForecastRow(Table):
    """The newest forecast of each product and day on which one was made."""

    __tablename__ = "forecasts"
    __table_args__ = (UniqueConstraint("product_id", "made_on"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    made_on: Mapped[date]
    model: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(80))
    values: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class DecisionRow(Table):
    """What was decided about a product and from which situation; the same situation gives the same decision."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("product_id", "run_id"), Index(None, "shop_id", "made_on"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("job_runs.id"))
    made_on: Mapped[date]
    reason: Mapped[Reason] = mapped_column(word(Reason))
    order_quantity: Mapped[int]
    wanted: Mapped[int]
    situation: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


# -- buying ------------------------------------------------------------------------------------


class Proposal(Table):
    """A purchase that is proposed; `digest` fixes its terms, an approval covers only that digest."""

    __tablename__ = "proposals"
    __table_args__ = (Index(None, "shop_id", "state"), CheckConstraint("quantity > 0", name="positive"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    idempotency_key: Mapped[str] = mapped_column(String(120), unique=True)
    quantity: Mapped[int]
    unit_price: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[ProposalState] = mapped_column(word(ProposalState), default=ProposalState.PENDING)
    reason: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime]


class ApprovalRow(Table):
    """Who decided on a proposal, and on exactly what; one decision a proposal."""

    __tablename__ = "approvals"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    approved: Mapped[bool]
    decided_by: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime]


class PurchaseOrder(Table):
    """What was ordered together from one supplier."""

    __tablename__ = "purchase_orders"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    reference: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime]


class OrderLine(Table):
    """One product of a purchase order, from placing to receiving. A proposal becomes at most one line."""

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("received >= 0 AND received <= quantity", name="received"),
        Index(None, "product_id", "state"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_orders.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"), unique=True)
    state: Mapped[OrderState] = mapped_column(word(OrderState), default=OrderState.PLACING)
    quantity: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    unit_price: Mapped[Decimal]
    total: Mapped[Decimal]
    bought: Mapped[str] = mapped_column(String(300), default="")
    page: Mapped[str] = mapped_column(String(1000), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    transcript: Mapped[dict[str, Any]] = mapped_column(default=dict)
    expected_on: Mapped[date | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Step(Table):
    """Which state may follow which, per kind of row; triggers hold every change of a state against it."""

    __tablename__ = "steps"

    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    before: Mapped[str] = mapped_column(String(24), primary_key=True)
    after: Mapped[str] = mapped_column(String(24), primary_key=True)


# -- the outside world -------------------------------------------------------------------------


class Recall(Table):
    """A recall notice as its source published it."""

    __tablename__ = "recalls"
    __table_args__ = (UniqueConstraint("source", "uid"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    uid: Mapped[str] = mapped_column(String(80))
    product_name: Mapped[str] = mapped_column(String(500))
    notice: Mapped[dict[str, Any]]
    published_on: Mapped[date | None]
    fetched_at: Mapped[datetime]


class RecallMatchRow(Table):
    """A notice that touches one of the shop's products, and what was done about it."""

    __tablename__ = "recall_matches"
    __table_args__ = (UniqueConstraint("recall_id", "product_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    recall_id: Mapped[int] = mapped_column(ForeignKey("recalls.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    certainty: Mapped[Certainty] = mapped_column(word(Certainty))
    evidence: Mapped[str] = mapped_column(String(400))
    state: Mapped[MatchState] = mapped_column(word(MatchState), default=MatchState.PROPOSED)
    units: Mapped[int] = mapped_column(default=0)
    decided_by: Mapped[str] = mapped_column(String(80), default="")
    changed_at: Mapped[datetime]


class Trend(Table):
    """A keyword's rank in a popularity list over a window of days."""

    __tablename__ = "trends"
    __table_args__ = (UniqueConstraint("source", "category", "window_start", "window_end", "keyword"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    category: Mapped[str]
    keyword: Mapped[str]
    rank: Mapped[int]
    window_start: Mapped[date]
    window_end: Mapped[date]
    fetched_at: Mapped[datetime]


# -- the agents and their runs -----------------------------------------------------------------


class ReflectionRow(Table):
    """What a buyer learned from a trial that failed."""

    __tablename__ = "reflections"
    __table_args__ = (Index(None, "site", "category"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    site: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(default="")
    request: Mapped[str] = mapped_column(String(1000))
    lesson: Mapped[str] = mapped_column(String(1000))
    evidence: Mapped[str] = mapped_column(String(1000), default="")
    score: Mapped[float] = mapped_column(default=0.0)
    model: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime]


class JobRun(Table):
    """One firing of a job. The pair of job and time is the claim: whoever inserts it runs it, once."""

    __tablename__ = "job_runs"
    __table_args__ = (UniqueConstraint("shop_id", "job", "scheduled_at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    job: Mapped[str] = mapped_column(String(40))
    scheduled_at: Mapped[datetime]
    state: Mapped[JobState] = mapped_column(word(JobState), default=JobState.RUNNING)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    output: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error: Mapped[str] = mapped_column(String(4000), default="")


class User(Table):
    """A person who may log in."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(word(Role))
    language: Mapped[str] = mapped_column(String(2), default="ko")
    password_hash: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime]


class Audit(Table):
    """Who did what, when; rows are never changed nor deleted."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("shops.id"))
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    happened_at: Mapped[datetime]


class OutboxMail(Table):
    """A mail that is to leave, or has left."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    idempotency_key: Mapped[str] = mapped_column(String(120), unique=True)
    recipients: Mapped[list[str]]
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(String(100_000))
    html: Mapped[str] = mapped_column(String(400_000), default="")
    state: Mapped[MailState] = mapped_column(word(MailState), default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
