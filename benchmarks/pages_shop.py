"""A made-up shop of any size in a database, for benchmarks/pages.py: products, sales, stock, forecasts, decisions.

Lines of sales are drawn with numpy from a seed, written to one CSV file, and read from there by every database, so
that all hold the same rows. What pages read is derived by the store itself. Stock-outs are drawn, not derived from
the moves: they are a load, not a story.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

import duckdb
import numpy as np
from sqlalchemy import Connection, Engine, create_engine, event, text

from stocksense.domain.demand import Forecast
from stocksense.domain.reorder import Situation, decide_all
from stocksense.domain.stock import LocationKind, MoveKind, ProductStatus
from stocksense.domain.taxonomy import CategoryPath
from stocksense.store import bulk, forecasts, jobs
from stocksense.store.database import make_engine, make_sessions, upgrade
from stocksense.store.decisions import save_decisions
from stocksense.store.derived import derive
from stocksense.store.offers import NewOffer, save_offers
from stocksense.store.products import NewProduct, save_products
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo, create_shop, location_of_kind, locations_of

NAME = "Benchmark"
LAST = date(2026, 3, 10)
NOW = datetime(2026, 3, 11, 0, 0, tzinfo=UTC)
STORES = ("강남점", "서초점", "역앞점", "시장점")
DAYS = 730
SALES_COLUMNS = (
    "shop_id", "product_id", "location_id", "line_key", "day", "sold_at", "units", "unit_price", "amount", "promoted",
)  # fmt: skip
_KINDS = ("우유 milk", "녹차 green-tea", "라면 ramen", "과자 chips", "젤리 jelly", "생수 water", "커피 coffee",
          "치즈 cheese", "빵 bread", "김치 kimchi", "만두 dumplings", "두부 tofu", "비누 soap", "치약 toothpaste",
          "휴지 tissue", "건전지 battery", "우산 umbrella", "양말 socks", "볼펜 pen", "공책 notebook")  # fmt: skip
_TASTES = ("매운 hot", "순한 mild", "달콤 sweet", "진한 rich", "새벽 dawn", "구름 cloud", "바다 sea", "숲 forest",
           "달빛 moonlight", "햇살 sunny", "무지개 rainbow", "번개 bolt", "고향 hometown", "왕 king")  # fmt: skip
_MAKERS = ("한빛 Hanbit", "다온 Daon", "가람 Garam", "누리 Nuri", "보리 Bori", "솔 Sol", "아라 Ara", "미르 Mir")
_DAILY = 0.9
"""Exponent of how unevenly products sell (Zipf)."""


@dataclass(frozen=True)
class Size:
    """How large the shop is."""

    lines: int
    products: int
    seed: int = 7

    @property
    def first(self) -> date:
        """The first day with sales."""
        return LAST - timedelta(DAYS - 1)


def timed(what: str, started: float) -> float:
    """Print how long a step took; returns the time now."""
    now = time.perf_counter()
    print(f"  {what:<42} {now - started:7.1f} s", flush=True)
    return now


def load(engine: Engine, size: Size, folder: Path) -> int:
    """Make the shop in an empty database; returns its number. The CSV file stays in `folder` for DuckDB."""
    started = time.perf_counter()
    upgrade(engine)
    sessions = make_sessions(engine)
    with sessions.begin() as session:
        shop = create_shop(session, NAME, now=NOW, stores=STORES, as_of=LAST, country="KR", provenance="Generated")
        ids = _products(session, shop, size)
    started = timed("products and offers", started)
    with sessions() as session:
        stores = [place.id for place in locations_of(session, shop.id, LocationKind.STORE)]
    path = folder / "sales.csv"
    if not path.exists():
        _write_sales(path, size, shop.id, np.array(ids), np.array(stores))
        started = timed("lines of sales, drawn", started)
    with _without_indexes(engine):
        with engine.begin() as connection:
            _copy(connection, "sales", SALES_COLUMNS, path)
        started = timed("lines of sales, copied", started)
        with sessions.begin() as session:
            _moves(session, shop, ids, size)
        started = timed("moves, lots, stock-outs", started)
        with sessions.begin() as session:
            derive(session, shop.id)
        started = timed("balances, days, roll-ups", started)
    started = timed("indexes", started)
    _plans(sessions, shop, size, ids)
    started = timed("forecasts and decisions", started)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))
    timed("statistics", started)
    return shop.id


def fast_sqlite(path: Path) -> Engine:
    """A SQLite database that is only filled: nothing is synchronised, a crash loses it all."""
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def prepare(connection, _record):  # type: ignore[no-untyped-def]
        connection.isolation_level = None
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1500000", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection):  # type: ignore[no-untyped-def]
        connection.exec_driver_sql("BEGIN")

    return engine


def fast_postgresql(url: str) -> Engine:
    """A PostgreSQL database that is only filled: a superuser's rows aren't held against others one by one."""
    engine = make_engine(url)

    @event.listens_for(engine, "connect")
    def prepare(connection, _record):  # type: ignore[no-untyped-def]
        cursor = connection.cursor()
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            cursor.execute("SET session_replication_role = replica")
        connection.commit()

    return engine


def as_duckdb(folder: Path, session: Session) -> duckdb.DuckDBPyConnection:
    """The same lines of sales, with their products' categories, in DuckDB."""
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    types = {"day": "DATE", "sold_at": "TIMESTAMP", "line_key": "VARCHAR", "promoted": "BOOLEAN"}
    columns = ", ".join(f"'{name}': '{types.get(name, 'BIGINT')}'" for name in SALES_COLUMNS)
    connection.execute(
        f"CREATE TABLE sales AS SELECT * FROM read_csv('{folder / 'sales.csv'}', header=false, columns={{{columns}}})"
    )
    rows = session.execute(
        text("SELECT id, sku, name_ko, name_en, gtin, coalesce(category_id, -1) FROM products")
    ).all()
    product = {name: np.array(column) for name, column in zip(("id", "sku", "ko", "en", "gtin", "category_id"),
                                                              zip(*rows, strict=True), strict=True)}  # fmt: skip
    connection.register("given", product)
    connection.execute("CREATE TABLE products AS SELECT * FROM given")
    return connection


def _products(session: Session, shop: ShopInfo, size: Size) -> list[int]:
    random = np.random.default_rng(size.seed)
    price = random.integers(5, 300, size.products) * 100
    made = []
    for at in range(size.products):
        kind, taste, maker = _KINDS[at % 20].split(), _TASTES[at // 20 % 14].split(), _MAKERS[at // 280 % 8].split()
        made.append(
            NewProduct(
                f"SKU-{at:06}",
                f"{maker[0]} {taste[0]} {kind[0]} {at // 2240}호",
                f"{maker[1]} {taste[1]} {kind[1]} no. {at // 2240}",
                f"88{at:011}",
                brand=maker[1],
                category=CategoryPath(f"Main {at % 10}", f"Sub {at % 50}", f"Leaf {at % 300}"),
                category_ko=CategoryPath(f"대분류 {at % 10}", f"중분류 {at % 50}", f"소분류 {at % 300}"),
                price=Decimal(int(price[at])),
            )
        )
    saved = save_products(session, shop.id, made, now=NOW)
    save_offers(session, shop.id, [NewOffer(p.sku, "도매상", p.price * 7 / 10, 6, 6) for p in made if p.price % 3])
    return [saved.ids[product.sku] for product in made]


def _write_sales(path: Path, size: Size, shop_id: int, ids: np.ndarray, stores: np.ndarray) -> None:
    random = np.random.default_rng(size.seed + 1)
    rank = random.permutation(size.products)
    weight = 1.0 / np.arange(1, size.products + 1) ** _DAILY
    product = rank[random.choice(size.products, size.lines, p=weight / weight.sum())].astype(np.int32)
    weekly = 1 + 0.3 * np.isin(np.arange(DAYS) % 7, (5, 6)) + 0.2 * np.sin(np.arange(DAYS) * 2 * np.pi / 365)
    day = np.sort(random.choice(DAYS, size.lines, p=weekly / weekly.sum())).astype(np.int32)
    drawn = {
        "number": np.arange(size.lines, dtype=np.int64),
        "product_id": ids[product],
        "location_id": stores[random.integers(0, len(stores), size.lines)],
        "day": day,
        "hour": random.integers(0, 13, size.lines).astype(np.int32),
        "units": random.choice([1, 2, 3, 6], size.lines, p=[0.7, 0.2, 0.07, 0.03]).astype(np.int32),
        "price": (np.random.default_rng(size.seed).integers(5, 300, size.products) * 100)[product],
        "promoted": random.random(size.lines) < 0.1,
    }
    connection = duckdb.connect()
    connection.register("drawn", drawn)
    connection.execute(
        f"""
        COPY (SELECT {shop_id}, product_id, location_id, 'L' || lpad(number::VARCHAR, 9, '0'),
            DATE '{size.first}' + day, strftime((DATE '{size.first}' + day)::TIMESTAMP + INTERVAL (hour) HOUR,
            '%Y-%m-%d %H:%M:%S.000000'), units, price * 100, units * price * (CASE WHEN promoted THEN 90 ELSE 100 END),
            promoted::INT FROM drawn ORDER BY number) TO '{path}' (HEADER false)"""
    )
    connection.close()


def _copy(connection: Connection, table: str, columns: tuple[str, ...], path: Path) -> None:
    names = ", ".join(columns)
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TimeZone TO 'UTC'"))
        raw = connection.connection.driver_connection
        statement = f"COPY {table} ({names}) FROM STDIN (FORMAT csv)"
        with raw.cursor() as cursor, cursor.copy(statement) as copy, path.open("rb") as lines:
            while block := lines.read(1 << 20):
                copy.write(block)
        return
    statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
    with path.open(newline="", encoding="utf-8") as lines:
        rows = csv.reader(lines)
        while portion := list(islice(rows, 50_000)):
            connection.exec_driver_sql(statement, [tuple(row) for row in portion])


def _moves(session: Session, shop: ShopInfo, ids: list[int], size: Size) -> None:
    """The moves that the sales mean, and before them as much as is sold plus what is left today, in lots; waste."""
    random = np.random.default_rng(size.seed + 2)
    customers, supplier, loss = (
        location_of_kind(session, shop.id, kind).id
        for kind in (LocationKind.CUSTOMER, LocationKind.SUPPLIER, LocationKind.LOSS)
    )
    stores = [place.id for place in locations_of(session, shop.id, LocationKind.STORE)]
    rows = session.execute(text("SELECT product_id, location_id, sum(units) FROM sales GROUP BY 1, 2")).all()
    sold = {(product_id, place): int(units) for product_id, place, units in rows}
    lots = bulk.insert_lots(
        session,
        bulk.LotColumns(ids, ["OPENING"] * len(ids), [size.first] * len(ids), [LAST + timedelta(int(n)) for n in
                        random.integers(1, 400, len(ids))]),
    )  # fmt: skip
    shelves = [(product_id, lot, place) for product_id, lot in zip(ids, lots, strict=True) for place in stores]
    left = random.choice([0, 0, 2, 5, 10, 30, 120], len(shelves))
    opened = [
        (product_id, lot, supplier, place, sold.get((product_id, place), 0) + int(units))
        for (product_id, lot, place), units in zip(shelves, left, strict=True)
    ]
    _move(session, shop, opened, MoveKind.OPENING, [size.first] * len(shelves))
    wasted = np.flatnonzero(left > 2)[: len(shelves) // 8].tolist()
    days = [size.first + timedelta(int(n)) for n in random.integers(1, DAYS, len(wasted))]
    _move(session, shop, [(shelves[at][0], None, shelves[at][2], loss, 1) for at in wasted], MoveKind.WASTE, days)
    session.connection().exec_driver_sql(
        "INSERT INTO stock_moves (shop_id, product_id, origin_id, destination_id, units, kind, reference, actor, day,"
        " effective_at, recorded_at) SELECT shop_id, product_id, location_id, "
        f"{customers}, units, 'sale', line_key, 'import', day, sold_at, sold_at FROM sales ORDER BY id"
    )
    empty = random.choice(len(shelves), len(shelves) // 10, replace=False).tolist()
    bulk.insert_stock_outs(
        session,
        [shelves[at][0] for at in empty],
        [shelves[at][2] for at in empty],
        [LAST - timedelta(int(n)) for n in random.integers(0, 90, len(empty))],
    )


def _move(session: Session, shop: ShopInfo, moves: list[tuple], kind: MoveKind, days: list[date]) -> None:  # type: ignore[type-arg]
    moves, days = zip(*((move, day) for move, day in zip(moves, days, strict=True) if move[4] > 0), strict=True)  # type: ignore[assignment]
    product, lot, origin, destination, units = (list(column) for column in zip(*moves, strict=True))
    at = {day: datetime(day.year, day.month, day.day, tzinfo=UTC) for day in set(days)}
    columns = bulk.MoveColumns(product, lot, origin, destination, units, [kind] * len(units), ["load"] * len(units),
                               list(days), [at[day] for day in days])  # fmt: skip
    bulk.insert_moves(session, shop.id, columns, actor="load", now=NOW)


def _plans(sessions: Callable, shop: ShopInfo, size: Size, ids: list[int]) -> None:  # type: ignore[type-arg]
    """Forecasts made four weeks ago and now, and a decision about every product."""
    with sessions() as session:
        rows = session.execute(text("SELECT product_id, sku, on_hand, unit_cost FROM product_facts ORDER BY 1")).all()
        since = LAST - timedelta(90)
        sums = text("SELECT product_id, sum(units) FROM daily_sales WHERE shop_id = :shop AND day > :since GROUP BY 1")
        sold = dict(session.execute(sums, {"shop": shop.id, "since": since}).all())
    daily = {row.sku: float(sold.get(row.product_id, 0)) / 90 for row in rows}
    for made_on in (LAST - timedelta(28), LAST):
        made = [_forecast(row.sku, made_on, daily[row.sku]) for row in rows]
        with sessions.begin() as session:
            forecasts.save_forecasts(session, shop.id, made, NOW)
    situations = [
        Situation(
            row.sku, ProductStatus.ACTIVE, int(row.on_hand), 0, daily[row.sku], 2.0, 1.0, 0.95, daily[row.sku] * 5, 2.0,
            7.0, 60.0, 400, has_offer=row.unit_cost is not None, unit_price=Decimal(row.unit_cost or 0) / 100,
            pack_size=6, minimum_order=6,
        )
        for row in rows
    ]  # fmt: skip
    with sessions.begin() as session:
        run = jobs.claim(session, shop.id, "replenish", NOW, NOW)
        assert run is not None
        save_decisions(session, shop.id, run, decide_all(situations, None), made_on=LAST, now=NOW)
        jobs.finish(session, run, {}, NOW)


def _forecast(sku: str, made_on: date, mean: float) -> Forecast:
    lead = {days: {0.5: mean * days, 0.9: mean * days * 1.4, 0.95: mean * days * 1.6} for days in (3, 7, 14)}
    return Forecast(sku, made_on, (mean,) * 28, (mean * 0.4,) * 28, (mean * 1.9,) * 28, lead, "lstm", "bench",
                    {"lstm": 0.45, "seasonal_naive_7": 0.6})  # fmt: skip


@contextmanager
def _without_indexes(engine: Engine) -> Iterator[None]:
    """Drop the indexes of the largest tables while they are filled: made at the end, they take a fraction."""
    names = ("ix_sales_shop_id_day", "ix_stock_moves_shelf", "ix_daily_sales_rank", "ix_monthly_sales_rank")
    catalogue = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE name = :name",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE indexname = :name",
    }
    with engine.begin() as connection:
        asked = text(catalogue[engine.dialect.name])
        made = [connection.execute(asked, {"name": name}).scalar() for name in names]
        for name in names:
            connection.execute(text(f"DROP INDEX {name}"))
    yield
    with engine.begin() as connection:
        for statement in made:
            connection.execute(text(str(statement)))
