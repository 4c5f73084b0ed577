"""Buys in the background what was approved on a page, and what a killed process left half bought."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from fastapi import FastAPI, Request

from stocksense.domain.orders import OrderState
from stocksense.errors import StockSenseError
from stocksense.store import orders
from stocksense.store.orders import OrderLineInfo
from tools.services import Services

log = logging.getLogger(__name__)

AT_ONCE = 2
"""Walks at the same time: one may be a long list, another what somebody looks at."""

SILENT = timedelta(minutes=3)
"""After so long without a step a line that is being placed counts as left by its process."""


class Errands:
    """Runs the buyer in threads of its own; a purchase is noted in its order line, whatever becomes of the thread."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="buyer")
        self._stopped = False

    def go_on(self, line: OrderLineInfo) -> None:
        """Buy for a line that the caller has begun, or taken up, and committed."""
        self._send(self._pursue, line)

    def buy(self, proposals: Sequence[int]) -> None:
        """Buy approved proposals one after another; each is an order from when its turn comes."""
        if proposals:
            self._send(self._place, tuple(proposals))

    def recover(self) -> None:
        """Bring to an end what a killed process left half bought."""
        self._send(self._recover)

    def stop(self) -> None:
        """Begin nothing more; what is being bought is brought to its end."""
        self._stopped = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _send(self, errand: Callable[..., None], *given: Any) -> None:
        self._threads.submit(errand, *given).add_done_callback(_tell)

    # The buyer's libraries take seconds to load, which only who buys should wait for.

    def _pursue(self, line: OrderLineInfo) -> None:
        from graphs.buying import pursue

        pursue(self._services, line)

    def _place(self, proposals: tuple[int, ...]) -> None:
        from graphs.buying import place_order

        for number in proposals:
            if self._stopped:
                log.info("stopping: proposal %d stays approved and is bought later", number)
                continue
            try:
                place_order(self._services, number)
            except StockSenseError as refusal:
                log.warning("approved proposal could not be ordered: proposal=%d why=%s", number, refusal)

    def _recover(self) -> None:
        with self._services.sessions() as session:
            left = orders.unfinished_lines(session, self._services.shop(session).id)
        if left:
            from graphs.buying import recover_orders

            recover_orders(self._services)


def _tell(done: Future[None]) -> None:
    """Log what an errand failed of; its order line is recovered later."""
    error = None if done.cancelled() else done.exception()
    if isinstance(error, StockSenseError):
        log.warning("the buyer could not go on: %s", error)
    elif error is not None:
        log.error("the buyer failed", exc_info=error)


def is_left(line: OrderLineInfo, services: Services) -> bool:
    """Whether a line is being placed by nobody any more, as far as its last step tells."""
    return line.state is OrderState.PLACING and line.changed_at < services.clock() - SILENT


@asynccontextmanager
async def errands_open(app: FastAPI) -> AsyncIterator[None]:
    """While the application runs: the errands, which begin with what was left half bought."""
    errands = Errands(app.state.services)
    app.state.errands = errands
    errands.recover()
    yield
    errands.stop()


def errands_of(request: Request) -> Errands:
    """The errands of the application."""
    errands: Errands = request.app.state.errands
    return errands
