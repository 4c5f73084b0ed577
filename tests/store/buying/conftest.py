"""Terms, and the way of a proposal from being made to being received."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from stocksense.domain.orders import Terms
from stocksense.errors import StockSenseError
from stocksense.store.database import Sessions
from stocksense.store.orders import OrderLineInfo, finish_line, start_line
from stocksense.store.proposals import ProposalInfo, decide_proposal, propose
from stocksense.store.shops import ShopInfo


@pytest.fixture
def terms() -> Terms:
    """12 packs of tea at 3,120 won each."""
    return Terms("Corner", "TEA-1", "Wholesale", 12, Decimal(3120), "KRW", (("size", "20"),))


@pytest.fixture
def proposed(sessions: Sessions, shop: ShopInfo, terms: Terms, now: datetime) -> Callable[..., ProposalInfo]:
    """Proposes the terms, changed as told; each call is a proposal of its own unless it is given a key."""
    made: list[str] = []

    def make(key: str = "", seen_on_order: int = 0, run_id: int | None = None, **changed: Any) -> ProposalInfo:
        made.append(key or f"proposal-{len(made)}")
        seen = {"idempotency_key": made[-1], "run_id": run_id, "seen_on_order": seen_on_order}
        with sessions.begin() as session:
            return propose(session, shop.id, replace(terms, **changed), now=now, **seen)

    return make


@pytest.fixture
def decided(sessions: Sessions, now: datetime) -> Callable[..., ProposalInfo]:
    """Decides on a proposal and gives it back."""

    def decide(info: ProposalInfo, approved: bool = True) -> ProposalInfo:
        with sessions.begin() as session:
            decide_proposal(session, info.id, digest=info.digest, approved=approved, decided_by="owner", now=now)
        return info

    return decide


@pytest.fixture
def placing(
    sessions: Sessions,
    proposed: Callable[..., ProposalInfo],
    decided: Callable[..., ProposalInfo],
    now: datetime,
) -> Callable[..., OrderLineInfo]:
    """Makes a line that is being placed."""

    def start(**changed: Any) -> OrderLineInfo:
        info = decided(proposed(**changed))
        with sessions.begin() as session:
            return start_line(session, info.id, now)

    return start


@pytest.fixture
def placed(sessions: Sessions, placing: Callable[..., OrderLineInfo], now: datetime) -> Callable[..., OrderLineInfo]:
    """Makes a line that was placed."""

    def place(**changed: Any) -> OrderLineInfo:
        line = placing(**changed)
        with sessions.begin() as session:
            return finish_line(session, line.id, unit_price=line.unit_price, total=line.total, now=now)

    return place


@pytest.fixture
def at_once() -> Callable[[Sequence[Callable[[], Any]]], list[Any]]:
    """Runs calls in threads that start together; an error that we raise on purpose is given back as a result."""

    def run(calls: Sequence[Callable[[], Any]]) -> list[Any]:
        start = threading.Barrier(len(calls))
        results: list[Any] = [None] * len(calls)

        def one(at: int) -> None:
            start.wait()
            try:
                results[at] = calls[at]()
            except StockSenseError as error:
                results[at] = error

        threads = [threading.Thread(target=one, args=(at,)) for at in range(len(calls))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return results

    return run
