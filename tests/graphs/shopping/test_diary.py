"""The walk of an order line can be watched from elsewhere while it goes on."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from graphs.buying import place_order
from graphs.diary import PAUSE
from stocksense.domain.orders import OrderState
from stocksense.store import orders


@dataclass
class SlowShop:
    """A shop that takes its time, and looks into the database meanwhile as another process would."""

    inner: Any
    sessions: Any
    seen: list[int] = field(default_factory=list)
    name: str = "webshop"
    currency: str = "USD"
    sells_by_receipt: bool = True

    def visit(self, instruction: str, *, once: Any = None) -> Any:
        self._visit = self.inner.visit(instruction, once=once)
        return self

    @property
    def sight(self) -> Any:
        return self._visit.sight

    def act(self, action: str) -> Any:
        with self.sessions() as session:
            self.seen.append(len(orders.line_of(session, 1).transcript.get("steps", ())))
        time.sleep(PAUSE)
        return self._visit.act(action)

    def close(self) -> None:
        self._visit.close()


def test_each_step_is_kept_before_the_next_is_taken(sqlite_sessions, open_services, shop_with, approved, page):
    shop = SlowShop(shop_with(page()), sqlite_sessions)

    line = place_order(open_services(sqlite_sessions, shop), approved(sqlite_sessions))

    assert line.state is OrderState.PLACED
    assert shop.seen == list(range(len(line.transcript["steps"])))
    assert len(shop.seen) > 2
