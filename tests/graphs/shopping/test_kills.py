"""Whatever is killed and whenever: an order line is bought once, and a doubt is put to a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from graphs.buying import PATIENCE, place_order, recover_orders
from stocksense.domain.orders import OrderState
from stocksense.store import orders, shops
from stocksense.store.database import Sessions
from stocksense.store.orders import OrderLineInfo
from stocksense.store.session import Session
from tools.services import Services
from tools.site import Once, Sight, Visit

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LAST = 24
"""More steps than a purchase takes, so that the last cases are runs to the end."""


class Killed(BaseException):
    """The process ends here; nothing may catch it."""


@dataclass
class Fuse:
    """Burns down with every step that leaves a trace, and then kills."""

    left: int

    def burn(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


class MortalSessions(Sessions):
    """Dies before or after one of its commits."""

    def __init__(self, inner: Sessions, fuse: Fuse) -> None:
        super().__init__(inner.kw["bind"])
        self._fuse = fuse

    @contextmanager
    def begin(self) -> Iterator[Session]:
        with super().begin() as session:
            yield session
            self._fuse.burn()
        self._fuse.burn()


@dataclass
class MortalSite:
    """A shop on the way to or from which the process dies."""

    inner: Any
    fuse: Fuse
    name: str = "webshop"
    currency: str = "USD"

    @property
    def sells_by_receipt(self) -> bool:
        return self.inner.sells_by_receipt

    def visit(self, instruction: str, *, once: Once | None = None) -> Visit:
        return MortalVisit(self.inner.visit(instruction, once=once), self.fuse)


@dataclass
class MortalVisit:
    inner: Visit
    fuse: Fuse

    @property
    def sight(self) -> Sight:
        return self.inner.sight

    def act(self, action: str) -> Sight:
        self.fuse.burn()
        sight = self.inner.act(action)
        self.fuse.burn()
        return sight

    def close(self) -> None:
        self.inner.close()


@dataclass(frozen=True)
class Shopping:
    """One approved order and the shop that has it."""

    sessions: Sessions
    site: Any
    proposal: int
    services_of: Callable[[Sessions, Any], Services]

    def kill_at(self, step: int) -> None:
        """Place the order and die at a step, if it has that many."""
        fuse = Fuse(step)
        mortal = self.services_of(MortalSessions(self.sessions, fuse), MortalSite(self.site, fuse))
        with suppress(Killed):
            place_order(mortal, self.proposal)

    def recover(self) -> OrderLineInfo:
        """Start again when nobody can still be buying, as a new process does; the one line that there is."""
        services = self.services_of(self.sessions, self.site)
        services = replace(services, clock=lambda: NOW + 2 * PATIENCE)
        recover_orders(services)
        place_order(services, self.proposal)
        with self.sessions() as session:
            (line,) = orders.lines(session, shops.find_shop(session).id)
        return line


@pytest.fixture
def shopping(sqlite_sessions, shop_with, open_services, approved, page):
    return Shopping(sqlite_sessions, shop_with(page()), approved(sqlite_sessions), open_services)


@pytest.mark.parametrize("step", range(1, LAST))
def test_a_kill_at_any_step_is_recovered_and_the_line_is_bought_once(shopping, step):
    shopping.kill_at(step)

    line = shopping.recover()

    assert line.state is OrderState.PLACED
    assert line.transcript["sale"]["product"] == "w00000cola"


@pytest.mark.parametrize("step", range(1, LAST))
def test_a_shop_that_sold_before_the_kill_never_sells_again(shopping, counting, step):
    outside = replace(shopping, site=counting(shopping.site))
    outside.kill_at(step)

    line = outside.recover()

    sold = len(outside.site.sold)
    assert (line.state is OrderState.PLACED and sold == 1) or ("outcome never came" in line.note and sold <= 1)


def test_the_kills_reach_to_the_end_of_a_purchase(shopping):
    fuse = Fuse(1000)
    place_order(
        shopping.services_of(MortalSessions(shopping.sessions, fuse), MortalSite(shopping.site, fuse)),
        shopping.proposal,
    )

    assert 1000 - fuse.left < LAST
