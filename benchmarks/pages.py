"""How long what pages read takes in a large shop, beside the same asked of the table `sales` and of DuckDB.

    python benchmarks/pages.py --lines 1000000 --products 10000          SQLite, about three minutes
    python benchmarks/pages.py --lines 10000000 --products 100000        SQLite, full size
    python benchmarks/pages.py ... --postgresql                          a PostgreSQL of its own, or --url of one
    python benchmarks/pages.py ... --folder DIR                          keeps the shop, and uses it again

Prints p50 and p95 in milliseconds of all that a page reads, each in a session of its own with arguments drawn from a
seed; "CPU" is what this process worked for it (with SQLite that is everything). Drawing the page as HTML is not part
of it: benchmarks/pages_http.py has that. A dashboard "read anew" is what the first look after a sale costs, one "kept"
is looked at in turn with others while the books stay. The first readings of each page are left out. What "raw" and
"DuckDB" are asked is printed below the table. Then 1,000 random totals (location, category, days) are held against the
lines of sales, to the won.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from pages_shop import DAYS, LAST, NOW, STORES, Size, as_duckdb, fast_postgresql, fast_sqlite, load
from sqlalchemy import Engine, inspect, text

from stocksense.domain.periods import Period, PeriodKind, parse_period
from stocksense.domain.taxonomy import CategoryPath
from stocksense.store import alerts, board, figures, forecasts, health, inventory, product_page, sellers, shops, stock
from stocksense.store.database import Sessions, make_engine, make_sessions
from stocksense.store.scope import Scope, scope_of
from stocksense.store.session import Session
from stocksense.store.suggest import suggest

PERIODS = ("last_7_days", "last_28_days", "this_month", "last_month", "last_90_days", "this_year", "last_365_days")

WARM = 40
"""Readings before those that count: a server that runs has made its statements, which takes longer than most reads."""


@dataclass(frozen=True)
class Page:
    """A page: its goal in ms, what draws its arguments and reads it, and the same question in plain SQL."""

    name: str
    goal: float
    read: Callable[[Session, int, random.Random], Any]
    asked: str
    sql: Callable[[int, random.Random, str], list[str]]


def read_dashboard(session: Session, shop_id: int, draw: random.Random, *, anew: bool = True) -> None:
    """Everything that the dashboard shows; unless `anew`, what is kept in memory until the books change."""
    period = parse_period(draw.choice(PERIODS), LAST)
    cut = PeriodKind.MONTH if period.days > 100 else PeriodKind.DAY
    look = board.Look(_scope(session, shop_id, draw), period, LAST, cut)
    (board.read_board if anew else board.board_of)(session, look)
    health.trend_products(session, shops.shop_of(session, shop_id))
    health.job_health(session, shop_id, NOW)
    alerts.waiting(session, shop_id)


def read_inventory(session: Session, shop_id: int, draw: random.Random) -> None:
    """One page of the inventory, in a random order, half of them filtered."""
    query = inventory.InventoryQuery(
        sort=draw.choice(list(inventory.Sort)),
        descending=draw.random() < 0.5,
        page=draw.choice([1, 1, 1, 2, 10, 400]),
        category=_category(draw) if draw.random() < 0.3 else None,
        states=(draw.choice(list(inventory.ShelfState)),) if draw.random() < 0.3 else (),
        text=draw.choice(["우유", "hot", "SKU-0012", "왕 커피"]) if draw.random() < 0.2 else "",
    )
    inventory.inventory_page(session, shop_id, query)
    inventory.state_counts(session, shop_id, query)


def read_product(session: Session, shop_id: int, draw: random.Random, *, skus: list[str]) -> None:
    """Everything about one product; every second one is among the hundred that sell the most."""
    sku = draw.choice(skus[:100] if draw.random() < 0.5 else skus)
    shop = shops.shop_of(session, shop_id)
    product_page.product_row(session, shop_id, sku)
    product_page.history(session, shop_id, sku, LAST - timedelta(179), LAST)
    product_page.ledger_page(session, shop_id, sku)
    product_page.decisions_of(session, shop_id, sku)
    product_page.orders_of(session, shop_id, sku)
    product_page.recalls_of(session, shop_id, sku)
    product_page.trends_of(session, shop, sku)
    stock.lots_of(session, shop_id, sku)
    forecasts.forecast_of(session, shop_id, sku)


def read_suggestions(session: Session, shop_id: int, draw: random.Random) -> None:
    """What is shown after the next letter of something typed."""
    suggest(session, shop_id, typed(draw))


def typed(draw: random.Random) -> str:
    """The beginning of what somebody types: a Korean or English name, a SKU, a barcode, something that isn't there."""
    number = draw.randrange(1000)
    words = draw.choice(
        [f"새벽 우유 {number}호", "한빛 매운 라면", "달빛녹차", f"moonlight ramen no. {number}", f"SKU-00{number:03}",
         f"8800000000{number:03}", "없는 상품", "zebra"]
    )  # fmt: skip
    return words[: draw.randint(1, len(words))]


def sql_dashboard(shop_id: int, draw: random.Random, dialect: str) -> list[str]:
    period = parse_period(draw.choice(PERIODS), LAST)
    before, mine = period.previous(), f"shop_id = {shop_id} AND day BETWEEN"
    now = f"{mine} '{period.first}' AND '{period.last}'"
    return [
        f"SELECT sum(units), sum(amount) FROM sales WHERE {now}",
        f"SELECT sum(units), sum(amount) FROM sales WHERE {mine} '{before.first}' AND '{before.last}'",
        f"SELECT day, sum(amount) FROM sales WHERE {now} GROUP BY day",
        f"SELECT location_id, sum(amount) FROM sales WHERE {now} GROUP BY location_id",
        f"SELECT p.category_id, sum(s.amount) FROM sales s JOIN products p ON p.id = s.product_id"
        f" WHERE s.{now} GROUP BY p.category_id",
        f"SELECT product_id, sum(units) FROM sales WHERE {now} GROUP BY product_id ORDER BY 2 DESC LIMIT 10",
    ]


def sql_inventory(shop_id: int, draw: random.Random, dialect: str) -> list[str]:
    return [
        f"SELECT p.id, sum(s.units) FROM products p JOIN sales s ON s.product_id = p.id WHERE s.shop_id = {shop_id}"
        f" AND s.day > '{LAST - timedelta(28)}' GROUP BY p.id ORDER BY 2 DESC LIMIT 50"
    ]


def sql_product(shop_id: int, draw: random.Random, dialect: str) -> list[str]:
    return [
        f"SELECT day, sum(units) FROM sales WHERE shop_id = {shop_id} AND product_id = {draw.randrange(1, 1000)}"
        f" AND day > '{LAST - timedelta(180)}' GROUP BY day"
    ]


def sql_suggestions(shop_id: int, draw: random.Random, dialect: str) -> list[str]:
    names = ("sku", "ko", "en", "gtin") if dialect == "duckdb" else ("sku", "name_ko", "name_en", "gtin")
    words = typed(draw).lower().split()
    haystack = "lower(replace(" + " || ' ' || ".join(names) + ", ' ', ''))"
    found = " AND ".join(f"{haystack} LIKE '%{word}%'" for word in words)
    return [f"SELECT sku FROM products WHERE {found} ORDER BY sku LIMIT 10"]


def pages_of(skus: list[str]) -> list[Page]:
    """The pages that are measured."""
    asked = "6 of its 24 questions: totals, line, shares, top 10"
    return [
        Page("dashboard, read anew", 50, read_dashboard, asked, sql_dashboard),
        Page("dashboard, kept", 50, partial(read_dashboard, anew=False), asked, sql_dashboard),
        Page("inventory", 50, read_inventory, "50 products by sales of 28 days, without stock", sql_inventory),
        Page("product", 80, partial(read_product, skus=skus), "its line over 180 days alone", sql_product),
        Page("search as you type", 30, read_suggestions, "products by LIKE, all words", sql_suggestions),
    ]


def measure(page: Page, sessions: Sessions, shop_id: int, *, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each reading of a page: by the clock, and of this process's work."""
    draw, took, worked = random.Random(1), [], []
    for number in range(rounds + WARM):
        started, before = time.perf_counter(), time.process_time()
        with sessions() as session:
            page.read(session, shop_id, draw)
        if number >= WARM:
            took.append((time.perf_counter() - started) * 1000)
            worked.append((time.process_time() - before) * 1000)
    return took, worked


def measure_sql(page: Page, run: Callable[[str], Any], shop_id: int, dialect: str, *, rounds: int) -> list[float]:
    """Milliseconds of the same question in plain SQL."""
    draw, took = random.Random(1), []
    for _ in range(rounds):
        statements = page.sql(shop_id, draw, dialect)
        started = time.perf_counter()
        for statement in statements:
            run(statement)
        took.append((time.perf_counter() - started) * 1000)
    return took


def compare_totals(sessions: Sessions, shop_id: int, duck: duckdb.DuckDBPyConnection, *, windows: int) -> str:
    """Hold random totals against one plain GROUP BY over `sales` in the database itself, and against DuckDB."""
    draw = random.Random(9)
    cells = "SELECT s.day, s.location_id, p.category_id, sum(s.units), sum(s.amount) FROM sales s"
    cells += f" JOIN products p ON p.id = s.product_id WHERE s.shop_id = {shop_id} GROUP BY 1, 2, 3"
    by_key: dict[tuple[int, int], Any] = defaultdict(lambda: np.zeros((DAYS, 2), dtype=np.int64))
    first = LAST - timedelta(DAYS - 1)
    with sessions() as session:
        for day, place, category, units, amount in session.execute(text(cells)):
            at = (date.fromisoformat(str(day)) - first).days
            by_key[place, category][at] += (int(units), int(amount))
        wrong = 0
        for _ in range(windows):
            scope = _scope(session, shop_id, draw)
            a, b = sorted(draw.randrange(DAYS) for _ in range(2))
            found = figures.figures(session, scope, first + timedelta(a), first + timedelta(b))
            mine = [
                rows[a : b + 1].sum(axis=0)
                for (place, category), rows in by_key.items()
                if scope.location_id in (0, place) and (scope.categories is None or category in scope.categories)
            ]
            raw = np.sum(mine, axis=0) if mine else np.zeros(2, dtype=np.int64)
            told = duck.execute(_total(scope, first + timedelta(a), first + timedelta(b))).fetchone() or (0, 0)
            ours = (found.units, found.amount)
            same = (int(raw[0]), Decimal(int(raw[1])) / 100), (int(told[0]), Decimal(int(told[1])) / 100)
            wrong += any(ours != other for other in same)
    return f"{windows - wrong:,} of {windows:,} random totals equal those of the lines of sales, to the won"


def _total(scope: Scope, first: date, last: date) -> str:
    where = f"s.shop_id = {scope.shop_id} AND s.day BETWEEN '{first}' AND '{last}'"
    if scope.location_id:
        where += f" AND s.location_id = {scope.location_id}"
    if scope.categories is not None:
        where += f" AND p.category_id IN ({', '.join(map(str, scope.categories))})"
    sums = "SELECT coalesce(sum(s.units), 0), coalesce(sum(s.amount), 0) FROM sales s"
    return f"{sums} JOIN products p ON p.id = s.product_id WHERE {where}"


def _category(draw: random.Random) -> CategoryPath:
    leaf = draw.randrange(300)
    names = (f"Main {leaf % 10}", f"Sub {leaf % 50}", f"Leaf {leaf % 300}")
    return CategoryPath(*names[: draw.randint(1, 3)])


def _scope(session: Session, shop_id: int, draw: random.Random) -> Scope:
    """Half of the time the whole shop, else one place, one category or both."""
    place = draw.choice(STORES) if draw.random() < 0.25 else ""
    return scope_of(session, shop_id, location=place, category=_category(draw) if draw.random() < 0.25 else None)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The URL of a PostgreSQL with its data in `folder`, started for as long as the block runs."""
    program = max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=None)
    if program is None:
        raise SystemExit("no PostgreSQL here: give --url, or `apt-get install postgresql`")
    who = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    data, sockets = folder / "postgresql", folder / "sockets"
    options = f"-p 54399 -c listen_addresses=127.0.0.1 -c unix_socket_directories={sockets} -c max_wal_size=8GB"
    options += " -c shared_buffers=1GB -c work_mem=64MB -c maintenance_work_mem=512MB"

    def run(name: str, *arguments: str) -> None:
        subprocess.run(
            [*who, str(program.with_name(name)), *arguments], check=True, cwd=folder, stdout=subprocess.DEVNULL
        )

    is_new = not data.exists()
    for made in (data, sockets):
        made.mkdir(exist_ok=True)
        if who:
            shutil.chown(made, "postgres")
    folder.chmod(0o755)
    if is_new:
        run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-D", str(data))
    run("pg_ctl", "-w", "-D", str(data), "-l", str(data / "log"), "-o", options, "start")
    try:
        yield "postgresql://postgres@127.0.0.1:54399/postgres"
    finally:
        run("pg_ctl", "-w", "-m", "fast", "-D", str(data), "stop")


def opened(url: str, size: Size, folder: Path) -> tuple[Engine, int]:
    """An engine on the benchmark's shop, which is loaded if it isn't there, and the shop's number."""
    engine = make_engine(url)
    if not inspect(engine).has_table("sales"):
        is_sqlite = engine.dialect.name == "sqlite"
        # The look for the table left a connection open, beside which SQLite wouldn't change its journal.
        engine.dispose()
        filling = fast_sqlite(folder / "shop.db") if is_sqlite else fast_postgresql(url)
        load(filling, size, folder)
        filling.dispose()
    with make_sessions(engine)() as session:
        return engine, shops.find_shop(session, "Benchmark").id


def report(engine: Engine, shop_id: int, folder: Path, *, rounds: int, sql_rounds: int, windows: int) -> None:
    """Print the table, and whether the totals agree."""
    sessions = make_sessions(engine)
    with sessions() as session:
        duck = as_duckdb(folder, session)
        period = Period("all", LAST - timedelta(DAYS - 1), LAST)
        best = [s.sku for s in sellers.top_sellers(session, scope_of(session, shop_id), period, limit=100)]
        skus = best + [f"SKU-{n:06}" for n in range(0, 1_000_000, 997) if f"SKU-{n:06}" not in best]
        known = set(session.execute(text("SELECT sku FROM products")).scalars())
    pages = pages_of([sku for sku in skus if sku in known])
    columns = {"goal p95": 9, "p50": 9, "p95": 9, "p99": 9, "CPU p95": 9, "raw SQL": 10, "x": 8, "DuckDB": 9, "x ": 7}
    print("\n" + f"{'ms':<22}" + "".join(f"{name.strip():>{width}}" for name, width in columns.items()))
    for page in pages:
        took, worked = measure(page, sessions, shop_id, rounds=rounds)
        with engine.connect() as connection:
            ask = partial(_rows, connection)
            raw = measure_sql(page, ask, shop_id, engine.dialect.name, rounds=sql_rounds)
        other = measure_sql(page, lambda sql: duck.execute(sql).fetchall(), shop_id, "duckdb", rounds=sql_rounds)
        p50, p95, p99 = np.percentile(took, [50, 95, 99])
        a, b = float(np.median(raw)), float(np.median(other))
        ours = f"{page.name:<22}{page.goal:>9.0f}{p50:>9.1f}{p95:>9.1f}{p99:>9.1f}{np.percentile(worked, 95):>9.1f}"
        print(f"{ours}{a:>10.0f}{a / p50:>8.0f}{b:>9.0f}{b / p50:>7.1f}", flush=True)
    print("\nraw SQL and DuckDB are asked, by the median of", sql_rounds, "rounds:")
    for page in pages:
        print(f"  {page.name}: {page.asked}")
    print()
    print(compare_totals(sessions, shop_id, duck, windows=windows))


def _rows(connection: Any, statement: str) -> Any:
    return connection.exec_driver_sql(statement.replace("%", "%%") if _is_psycopg(connection) else statement).all()


def _is_psycopg(connection: Any) -> bool:
    return bool(connection.dialect.name == "postgresql")


def main() -> None:
    """Read the arguments, load the shop where it isn't there, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--postgresql", action="store_true", help="start a PostgreSQL of its own")
    parser.add_argument("--url", default="", help="of an empty PostgreSQL database, or one that holds the shop already")
    parser.add_argument("--folder", type=Path, help="where the shop is kept")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--sql-rounds", type=int, default=5)
    parser.add_argument("--windows", type=int, default=1000)
    given = parser.parse_args()
    size = Size(given.lines, given.products)
    counts = {"rounds": given.rounds, "sql_rounds": given.sql_rounds, "windows": given.windows}
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        print(f"{size.lines:,} lines of sales, {size.products:,} products, {len(STORES)} stores, {DAYS} days")
        if given.postgresql:
            with postgresql(folder) as url:
                report(*opened(url, size, folder), folder, **counts)
            return
        report(*opened(given.url or f"sqlite:///{folder / 'shop.db'}", size, folder), folder, **counts)


if __name__ == "__main__":
    main()
