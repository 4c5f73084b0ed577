"""Builds Services from Settings: the only place where parts are joined."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from stocksense.errors import UnknownName
from stocksense.notify import make_notifier
from stocksense.settings import Settings
from stocksense.sources.datalab import DataLab
from stocksense.sources.recorded import RecordedFetch
from stocksense.sources.safetykorea import SafetyKorea
from stocksense.store.database import Sessions, is_current, make_engine, make_sessions, upgrade
from stocksense.store.outbox import Outbox
from stocksense.store.shops import ShopInfo, find_shop
from stocksense.store.states import GENERATED
from tools.services import RecallSource, Services, TrendSource
from ui.later import LaterForecaster, LaterSite

if TYPE_CHECKING:
    from stocksense.sources.http import HttpFetch

PAUSE_SECONDS = 0.8
"""Between two questions to the same source."""


def start_logging(settings: Settings) -> None:
    """Log to standard error at the level of the settings; libraries from WARNING on."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    for room in ("agents", "forecasting", "graphs", "memory", "stocksense", "tools", "ui", "webshop_env"):
        logging.getLogger(room).setLevel(settings.log_level)


def open_store(settings: Settings) -> Sessions:
    """The database of the settings, its tables brought up to date. Raises StoreUnavailable if it can't be reached."""
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.store_url)
    if not is_current(engine):
        upgrade(engine)
    return make_sessions(engine)


def open_services(settings: Settings) -> Services:
    """Everything that tools and graphs reach, for the shop of the settings, or the newest one."""
    start_logging(settings)
    sessions = open_store(settings)
    shop = shop_or_none(sessions, settings.shop)
    recorded = shop is not None and shop.is_generated
    return Services(
        settings=settings,
        sessions=sessions,
        shop_name=settings.shop,
        clock=lambda: datetime.now(UTC),
        forecaster=LaterForecaster(settings.home / "models"),
        notifier=make_notifier(settings, Outbox),
        recall_sources=_generated_recalls(settings) if recorded else _recall_sources(settings),
        trend_sources=_generated_trends(settings) if recorded else _trend_sources(settings),
        site=LaterSite(settings.webshop_url),
    )


def shop_or_none(sessions: Sessions, name: str) -> ShopInfo | None:
    """The shop of that name, the newest for no name; None where there is none."""
    try:
        with sessions() as session:
            return find_shop(session, name)
    except UnknownName:
        return None


def _recall_sources(settings: Settings) -> tuple[RecallSource, ...]:
    if settings.safetykorea_key is None:
        return ()
    key, base = settings.safetykorea_key.get_secret_value(), settings.safetykorea_base_url
    fetch = _fetch(settings)
    return (SafetyKorea(fetch, base, key), SafetyKorea(fetch, base, key, overseas=True))


def _trend_sources(settings: Settings) -> tuple[TrendSource, ...]:
    return (DataLab(_fetch(settings), settings.datalab_base_url),) if settings.datalab_enabled else ()


def _fetch(settings: Settings) -> HttpFetch:
    from stocksense.sources.http import HttpFetch, Patience

    return HttpFetch(Patience(timeout=settings.source_timeout_seconds, pause=PAUSE_SECONDS))


def _generated_recalls(settings: Settings) -> tuple[RecallSource, ...]:
    """What a recall feed would have said about the generated shop: made up with it, and named so."""
    from stocksense.sample.feeds import FEEDS

    return (SafetyKorea(RecordedFetch(FEEDS), settings.safetykorea_base_url, "none", name=f"{GENERATED}safetykorea"),)


def _generated_trends(settings: Settings) -> tuple[TrendSource, ...]:
    from stocksense.sample.feeds import FEEDS

    return (DataLab(RecordedFetch(FEEDS), settings.datalab_base_url, name=f"{GENERATED}datalab"),)
