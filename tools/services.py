"""What every tool may reach: the store, the clock, and the doors to the outside world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from memory.book import Book
from stocksense.domain.demand import Forecast, Trial
from stocksense.domain.recall import RecallNotice
from stocksense.domain.trend import KeywordRank
from stocksense.settings import Settings
from stocksense.store.database import Sessions
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo, find_shop
from tools.site import Site

if TYPE_CHECKING:
    from forecasting.panel import SalesPanel


class Forecaster(Protocol):
    """Makes forecasts of a shop's products from its daily sales."""

    def forecast(self, panel: SalesPanel, shop: str, progress: Callable[[int, int, str], None]) -> tuple[Forecast, ...]:
        """One forecast a product, from the day after the panel's last; `progress` takes done, total and a note.

        Raises BadValue if the panel holds too little to learn from.
        """

    def card(self, shop: str) -> Mapping[str, Any] | None:
        """What is known of the shop's model: its version, what was held out, how each model did; None without one."""

    def trial(self, shop: str) -> Trial | None:
        """What the shop's model expected of days that it was tried on before it had learned them; None without one."""


class RecallSource(Protocol):
    """A feed of product recalls."""

    name: str

    def notices(self, since: date) -> tuple[RecallNotice, ...]:
        """Notices published since a day. Raises SourceUnreachable or SourceUnreadable, never returns a guess."""


class TrendSource(Protocol):
    """A list of popular keywords."""

    name: str

    def ranks(self, category_id: str, first: date, last: date) -> tuple[KeywordRank, ...]:
        """The keywords of a category over a window of days. Raises SourceUnreachable or SourceUnreadable."""


class Notifier(Protocol):
    """Delivers the mails that wait in the outbox."""

    def deliver(self, sessions: Sessions, now: datetime) -> Any:
        """Send or write what is queued, and tell how many went out."""


@dataclass(frozen=True, kw_only=True)
class Services:
    """The first argument of every tool; a model never sees it.

    `shop_name` may be empty for the newest shop; `clock` gives the present instant, aware and in UTC. `actor` is who
    asks, as the audit notes it: a person's address, or `chat` for whoever sits at the machine itself.
    """

    settings: Settings
    sessions: Sessions
    shop_name: str
    clock: Callable[[], datetime]
    forecaster: Forecaster
    notifier: Notifier
    recall_sources: tuple[RecallSource, ...] = ()
    trend_sources: tuple[TrendSource, ...] = ()
    site: Site | None = None
    memory: Book | None = None
    actor: str = "chat"

    def shop(self, session: Session) -> ShopInfo:
        """The shop that is worked on. Raises UnknownName, saying how to make one, where there is none."""
        return find_shop(session, self.shop_name)

    def today(self, session: Session) -> date:
        """The shop's day: that of its time zone, or the last day of its data where that lies in the past."""
        return self.shop(session).today(self.clock())

    def deliver(self) -> None:
        """Let the mails that wait in the outbox leave."""
        self.notifier.deliver(self.sessions, self.clock())
