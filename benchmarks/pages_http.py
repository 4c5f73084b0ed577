"""The pages of a large shop as browsers ask for them: one user at a time, then fifty at once.

    python benchmarks/pages_http.py --folder DIR               the SQLite shop that benchmarks/pages.py kept in DIR
    python benchmarks/pages_http.py --url postgresql://...     a database that holds it

Starts the application in a process of its own, logs a made-up viewer in, and prints the time from request to last
byte, in milliseconds: for one user, for fifty who look at each page for a while (2 s on average, drawn from a seed),
and for fifty who ask for the next page as soon as they have the last, as people do not: that is the time of a queue.
Users and application share the machine.
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
from pathlib import Path
from urllib.parse import quote

import httpx
import numpy as np

from stocksense.store.database import make_engine, make_sessions
from stocksense.store.logins import log_in
from stocksense.store.products import all_products
from stocksense.store.shops import find_shop
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


def some_products(url: str, count: int = 20) -> list[str]:
    """The addresses of some of the shop's products, evenly over all of them."""
    with make_sessions(make_engine(url))() as session:
        shop = find_shop(session)
        skus = sorted(product.sku for product in all_products(session, shop.id))
    return [f"/inventory/{quote(sku)}" for sku in skus[:: max(len(skus) // count, 1)]]


def token_of(url: str) -> str:
    """The cookie of a made-up viewer's login."""
    now = datetime.now(UTC)
    with make_sessions(make_engine(url)).begin() as session:
        person = save_user(session, "benchmark@shop.test", name="Benchmark", role=Role.VIEWER, now=now)
        return log_in(session, person.id, address="127.0.0.1", agent="benchmark", now=now).token


async def ask(client: httpx.AsyncClient, path: str) -> float:
    """Milliseconds of one request. Raises RuntimeError unless the page came."""
    started = time.perf_counter()
    answer = await client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return (time.perf_counter() - started) * 1000


async def users(
    client: httpx.AsyncClient, count: int, rounds: int, *, look: float = 0.0
) -> tuple[dict[str, list[float]], int]:
    """Milliseconds by page, and how many requests failed, of users who each ask for pages one after the other.

    Each looks at a page for `look` seconds on average (exponentially distributed).
    """
    took: dict[str, list[float]] = defaultdict(list)
    failed = 0
    faults: Counter[str] = Counter()

    async def one(seed: int) -> None:
        nonlocal failed
        draw = random.Random(seed)
        for _ in range(rounds):
            if look:
                await asyncio.sleep(draw.expovariate(1 / look))
            page = draw.choice(list(PATHS))
            try:
                took[page].append(await ask(client, draw.choice(PATHS[page])))
            except (RuntimeError, httpx.HTTPError) as error:
                failed += 1
                faults[f"{type(error).__name__} {error}"[:200]] += 1

    await asyncio.gather(*(one(seed) for seed in range(count)))
    for fault, times in faults.most_common(5):
        print(f"  {times} times: {fault}")
    return took, failed


async def measure(token: str, *, rounds: int) -> None:
    """Print the table once the application answers."""
    limits = httpx.Limits(max_connections=60, keepalive_expiry=2)
    address = f"http://127.0.0.1:{PORT}"
    cookies = {"stocksense_login": token}
    async with httpx.AsyncClient(base_url=address, cookies=cookies, limits=limits, timeout=60) as client:
        for _ in range(240):
            try:
                await client.get("/health")
                break
            except httpx.ConnectError:
                await asyncio.sleep(0.25)
        await users(client, 1, 40)
        for count, each, look in (
            (1, rounds * 4, 0.0),
            (50, max(rounds // 4, 5), LOOK),
            (50, max(rounds // 8, 5), 0.0),
        ):
            started = time.perf_counter()
            took, failed = await users(client, count, each, look=look)
            total = sum(len(times) for times in took.values())
            rate = total / (time.perf_counter() - started)
            print(f"\n{count} users, {look:g} s a page: {total} pages, {rate:.0f} a second, {failed} failed")
            for page in PATHS.keys() - took.keys():
                print(f"  {page:<20} never came")
            for page in took:
                p50, p95, p99 = np.percentile(took[page], [50, 95, 99])
                print(f"  {page:<20} p50 {p50:8.1f}  p95 {p95:8.1f}  p99 {p99:8.1f} ms  (n={len(took[page])})")


def main() -> None:
    """Start the application, measure, stop it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="where benchmarks/pages.py kept its SQLite shop")
    parser.add_argument("--url", default="", help="of a database that holds it")
    parser.add_argument("--rounds", type=int, default=100)
    given = parser.parse_args()
    url = given.url or f"sqlite:///{(given.folder / 'shop.db').absolute()}"
    with tempfile.TemporaryDirectory() as home:
        serve = "from ui.cli.main import main; main()"
        environment = {**os.environ, "DATABASE_URL": url, "STOCKSENSE_HOME": home}
        PATHS["product"] = some_products(url)
        command = [sys.executable, "-c", serve, "serve", "--port", str(PORT)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
            try:
                asyncio.run(measure(token_of(url), rounds=given.rounds))
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
