"""The pages of a large shop as browsers ask for them: one user at a time, then fifty at once.

    python benchmarks/pages_http.py --folder DIR               the SQLite shop that benchmarks/pages.py kept in DIR
    python benchmarks/pages_http.py --url postgresql://...     a database that holds it
    python benchmarks/pages_http.py ... --sells 5              with a sale at the till every 5 seconds

Starts the application in a process of its own, logs fifty made-up people of all roles in, of whom every fifth reads
English, and prints the time from request to last byte, in milliseconds: for one user, for fifty who look at each page
for a while (2 s on average, drawn from a seed), and for fifty who ask for the next page as soon as they have the last,
as people do not: that is the time of a queue. Users and application share the machine. Pages are kept until anything
is written, so with `--sells` a sale is booked that often, at the shop's last day; each makes what was kept void. The
sales stay: give it a copy of the shop, or pages.py will find that it no longer holds what its file does.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import httpx
import numpy as np

from stocksense.domain.stock import LocationKind
from stocksense.store.database import make_engine, make_sessions
from stocksense.store.logins import log_in
from stocksense.store.products import all_products
from stocksense.store.sales import SaleLine, record_sales
from stocksense.store.shops import find_shop, locations_of
from stocksense.store.states import Role
from stocksense.store.users import save_user

PATHS = {
    "dashboard": ["/dashboard", "/dashboard?period=last_7_days", "/dashboard?period=this_month"],
    "inventory": [
        "/inventory",
        "/inventory?sort=on_hand&page=3",
        "/inventory?q=" + quote("우유"),
        "/inventory?state=low",
    ],
    "product": [],
    "search as you type": [
        "/inventory.json?q=" + quote(typed) for typed in ("우", "우유", "한빛 매", "SKU-00", "milk")
    ],
}
"""What is asked for, by page; the products are those of the shop."""

PORT = 8797

LOOK = 2.0
"""Seconds that somebody looks at a page before asking for the next."""


def some_products(url: str, count: int = 200) -> list[str]:
    """The addresses of some of the shop's products, evenly over all of them."""
    with make_sessions(make_engine(url))() as session:
        shop = find_shop(session)
        skus = sorted(product.sku for product in all_products(session, shop.id))
    return [f"/inventory/{quote(sku)}" for sku in skus[:: max(len(skus) // count, 1)]]


def tokens_of(url: str, count: int) -> list[str]:
    """The cookies of made-up people's logins: of every ten four look, three count, two approve, one owns the shop."""
    now, tokens = datetime.now(UTC), []
    with make_sessions(make_engine(url)).begin() as session:
        for number in range(count):
            role = (Role.VIEWER,) * 4 + (Role.STAFF,) * 3 + (Role.MANAGER,) * 2 + (Role.OWNER,)
            language = "en" if number % 5 == 0 else "ko"
            email = f"benchmark-{number}@shop.test"
            person = save_user(
                session, email, name=f"Benchmark {number}", role=role[number % 10], now=now, language=language
            )
            tokens.append(log_in(session, person.id, address="127.0.0.1", agent="benchmark", now=now).token)
    return tokens


async def sell(url: str, every: float) -> None:
    """Book a sale of a random product every so many seconds, until cancelled."""
    sessions, draw = make_sessions(make_engine(url)), random.Random(5)
    with sessions() as session:
        shop = find_shop(session)
        skus = [product.sku for product in all_products(session, shop.id)]
        store = locations_of(session, shop.id, LocationKind.STORE)[0].id

    def book() -> None:
        now = datetime.now(UTC)
        key, at = f"T-{now.timestamp()}", shop.as_of or now.date()
        line = SaleLine(
            key, draw.choice(skus), store, 1, Decimal(1000), datetime(at.year, at.month, at.day, 3, tzinfo=UTC)
        )
        with sessions.begin() as session:
            record_sales(session, shop.id, [line], actor="benchmark", now=now)

    while True:
        await asyncio.gather(asyncio.sleep(every), asyncio.to_thread(book))


async def ask(client: httpx.AsyncClient, path: str, token: str) -> float:
    """Milliseconds of one request. Raises RuntimeError unless the page came."""
    started = time.perf_counter()
    answer = await client.get(path, headers={"cookie": f"stocksense_login={token}"})
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return (time.perf_counter() - started) * 1000


async def users(
    client: httpx.AsyncClient, tokens: list[str], rounds: int, *, look: float = 0.0
) -> tuple[dict[str, list[float]], int]:
    """Milliseconds by page, and how many requests failed, of users who each ask for pages one after the other.

    Each looks at a page for `look` seconds on average (exponentially distributed).
    """
    took: dict[str, list[float]] = defaultdict(list)
    failed = 0
    faults: Counter[str] = Counter()

    async def one(seed: int, token: str) -> None:
        nonlocal failed
        draw = random.Random(seed)
        for _ in range(rounds):
            if look:
                await asyncio.sleep(draw.expovariate(1 / look))
            page = draw.choice(list(PATHS))
            try:
                took[page].append(await ask(client, draw.choice(PATHS[page]), token))
            except (RuntimeError, httpx.HTTPError) as error:
                failed += 1
                faults[f"{type(error).__name__} {error}"[:200]] += 1

    await asyncio.gather(*(one(seed, token) for seed, token in enumerate(tokens)))
    for fault, times in faults.most_common(5):
        print(f"  {times} times: {fault}")
    return took, failed


async def measure(tokens: list[str], *, rounds: int, url: str, sells: float) -> None:
    """Print the table once the application answers."""
    limits = httpx.Limits(max_connections=60, keepalive_expiry=2)
    address = f"http://127.0.0.1:{PORT}"
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=60) as client:
        for _ in range(240):
            try:
                await client.get("/health")
                break
            except httpx.ConnectError:
                await asyncio.sleep(0.25)
        await users(client, tokens[:1], 40)
        selling = [asyncio.create_task(sell(url, sells))] if sells else []
        for count, each, look in (
            (1, rounds * 4, 0.0),
            (50, max(rounds // 4, 5), LOOK),
            (50, max(rounds // 8, 5), 0.0),
        ):
            started = time.perf_counter()
            took, failed = await users(client, tokens[:count], each, look=look)
            total = sum(len(times) for times in took.values())
            rate = total / (time.perf_counter() - started)
            print(f"\n{count} users, {look:g} s a page: {total} pages, {rate:.0f} a second, {failed} failed")
            for page in PATHS.keys() - took.keys():
                print(f"  {page:<20} never came")
            for page in took:
                p50, p95, p99 = np.percentile(took[page], [50, 95, 99])
                print(f"  {page:<20} p50 {p50:8.1f}  p95 {p95:8.1f}  p99 {p99:8.1f} ms  (n={len(took[page])})")
        for task in selling:
            task.cancel()


def main() -> None:
    """Start the application, measure, stop it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="where benchmarks/pages.py kept its SQLite shop")
    parser.add_argument("--url", default="", help="of a database that holds it")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--sells", type=float, default=0.0, help="seconds between two sales at the till; 0: none")
    given = parser.parse_args()
    url = given.url or f"sqlite:///{(given.folder / 'shop.db').absolute()}"
    with tempfile.TemporaryDirectory() as home:
        serve = "from ui.cli.main import main; main()"
        environment = {**os.environ, "DATABASE_URL": url, "STOCKSENSE_HOME": home}
        PATHS["product"] = some_products(url)
        command = [sys.executable, "-c", serve, "serve", "--port", str(PORT)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
            try:
                asyncio.run(measure(tokens_of(url, 50), rounds=given.rounds, url=url, sells=given.sells))
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
