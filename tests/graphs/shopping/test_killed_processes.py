"""Real processes that are killed with SIGKILL, or run side by side: each line is bought once, and the budget holds."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from graphs.buying import PATIENCE, place_order, recover_orders
from stocksense.domain.orders import OrderState, Terms
from stocksense.domain.taxonomy import CategoryPath
from stocksense.store import orders, products, proposals, shops, spending
from stocksense.store.database import Sessions, make_engine, make_sessions
from stocksense.store.products import NewOffer, NewProduct

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SEEDS = range(15)
LAST = 24
"""More steps than a purchase takes, so that some processes live to the end."""
KINDS = ("alpha", "beta", "gamma", "delta", "omega", "sigma")


@dataclass
class Doom:
    """Ends the process without a word once so many steps have left a trace."""

    left: int = 0

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class DoomedSessions(Sessions):
    """May die before or after each of its commits."""

    doom = Doom()

    @contextmanager
    def begin(self):
        with super().begin() as session:
            yield session
            self.doom.step()
        self.doom.step()


@dataclass
class LedgerShop:
    """A shop out there: it writes each sale into a file, whether or not the buyer lives to hear of it."""

    inner: object
    ledger: Path
    doom: Doom
    name: str = "webshop"
    currency: str = "USD"
    sells_by_receipt: bool = False

    def visit(self, instruction, *, once=None):
        return LedgerVisit(self, self.inner.visit(instruction), once)

    def sold(self) -> list[str]:
        return self.ledger.read_text().split() if self.ledger.exists() else []


class LedgerVisit:
    def __init__(self, shop, inner, once) -> None:
        self.shop, self.inner, self.once = shop, inner, once

    @property
    def sight(self):
        return self.inner.sight

    def act(self, action):
        self.shop.doom.step()
        if action == "click[buy now]":
            self.once.receipts.announce(self.once.key, self.inner.sight.page)
        sight = self.inner.act(action)
        if sight.purchase is not None:
            with self.shop.ledger.open("a") as ledger:
                ledger.write(f"{self.once.key}\n")
            self.shop.doom.step()
            sight = replace(sight, purchase=self.once.receipts.keep(self.once.key, sight.purchase))
        self.shop.doom.step()
        return sight

    def close(self) -> None:
        self.inner.close()


@dataclass(frozen=True)
class Processes:
    """Runs work in processes of its own, each with connections of its own."""

    url: str
    services_of: Callable[..., object]
    site: object

    def start(self, work, *, doom: int = 0, hours: int = 0) -> int:
        """Fork a process that does the work, and dies at a step if `doom` says so; its number."""
        child = os.fork()
        if child:
            return child
        signal.alarm(90)
        try:
            fate = Doom(doom)
            engine = make_engine(self.url)
            sessions = make_sessions(engine)
            sessions.__class__, sessions.doom = DoomedSessions, fate
            site = replace(self.site, doom=fate) if isinstance(self.site, LedgerShop) else self.site
            services = self.services_of(sessions, site)
            work(replace(services, clock=lambda: NOW + hours * 2 * PATIENCE))
        finally:
            os._exit(0)

    def run(self, *works, **fate) -> list[int]:
        """Do all works at once, each in its process, and wait; how each ended, 0 if it lived."""
        return [os.waitpid(child, 0)[1] for child in [self.start(work, **fate) for work in works]]


@pytest.fixture
def processes(sessions, open_services):
    url = sessions.kw["bind"].url.render_as_string(hide_password=False)
    return lambda site: Processes(url, open_services, site)


@pytest.fixture
def ledger_shop(shop_with, page, tmp_path):
    """A shop out there that sells these pages, or the one cola."""
    return lambda *pages: LedgerShop(shop_with(*(pages or [page()])), tmp_path / "sold", Doom())


@pytest.mark.parametrize("seed", SEEDS)
def test_kills_at_any_steps_again_and_again_never_buy_a_line_twice(sessions, processes, ledger_shop, approved, seed):
    rng = random.Random(seed)
    shop = ledger_shop()
    proposal, run = approved(sessions), processes(shop)

    def work(services):
        recover_orders(services)
        place_order(services, proposal)

    for attempt in range(rng.randint(1, 4)):
        run.run(work, doom=rng.randint(1, LAST), hours=attempt)
    assert run.run(work, hours=9) == [0]

    with sessions() as session:
        (line,) = orders.lines(session, shops.find_shop(session).id)
    sold = len(shop.sold())
    assert (line.state is OrderState.PLACED and sold == 1) or ("outcome never came" in line.note and sold <= 1)


def test_the_kills_are_real(sessions, processes, ledger_shop, approved):
    shop, proposal = ledger_shop(), approved(sessions)

    ends = processes(shop).run(lambda services: place_order(services, proposal), doom=5)

    assert ends == [signal.SIGKILL]
    assert shop.sold() == []


def test_many_processes_that_place_the_same_proposal_buy_it_once(sessions, processes, ledger_shop, approved):
    shop, proposal = ledger_shop(), approved(sessions)

    ends = processes(shop).run(*[lambda services: place_order(services, proposal)] * 6)

    assert ends == [0] * 6
    assert len(shop.sold()) == 1


@pytest.fixture
def proposed(sessions):
    """Six proposals of 24,000 won each, where the owner lets the agent spend 30,000 an order and 80,000 a week."""
    with sessions.begin() as session:
        shop = shops.create_shop(session, "Corner", now=NOW)
        shops.update_policy(session, shop.id, budget_per_order=Decimal(30_000), budget_per_week=Decimal(80_000))
        found = []
        for kind in KINDS:
            cola = NewProduct(kind, name_en=f"Duruon Cola {kind}", category=CategoryPath("Drinks", "Cola"))
            products.save_products(session, shop.id, [cola], now=NOW)
            offer = NewOffer(kind, "Wholesale", Decimal(1000), pack_size=24, minimum_order=24, site="webshop")
            products.save_offers(session, shop.id, [offer])
            terms = Terms("Corner", kind, "Wholesale", 24, Decimal(1000), "KRW")
            found.append(proposals.propose(session, shop.id, terms, idempotency_key=kind, now=NOW).id)
    return found


@pytest.mark.parametrize("doomed", [False, True])
def test_the_budget_of_the_week_holds_under_processes_that_approve_and_buy_at_once(
    sessions, processes, ledger_shop, page, proposed, doomed
):
    pages = [
        page(f"W00000{n:04}", name=f"Duruon Cola {kind}, Pack of 24", pricing="$17.00", customization_options=None)
        for n, kind in enumerate(KINDS)
    ]
    shop = ledger_shop(*pages)

    def buy(proposal):
        def work(services):
            with services.sessions.begin() as session:
                approval = spending.approve_within_caps(session, proposal, now=services.clock())
            if approval is not None:
                place_order(services, proposal)

        return work

    run = processes(shop)
    run.run(*map(buy, proposed), doom=12 if doomed else 0)
    run.run(*map(buy, proposed))

    with sessions.begin() as session:
        shop_id = shops.find_shop(session).id
        spent = spending.spent_since(session, shop_id, date(2026, 11, 23))
        started = orders.lines(session, shop_id)
    assert spent == sum(line.total for line in started) <= Decimal(80_000)
    assert len(started) == 3
    assert len(shop.sold()) == len(set(shop.sold()))
    assert doomed or len(shop.sold()) == 3
