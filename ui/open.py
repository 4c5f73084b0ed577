"""Builds Services from Settings: the only place where parts are joined."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from stocksense.notify import make_notifier

from forecasting.forecaster import ShopForecaster
from stocksense.errors import UnknownName
from stocksense.settings import Settings
from stocksense.sources.datalab import DataLab
from stocksense.sources.http import HttpFetch
from stocksense.sources.recorded import RecordedFetch
from stocksense.sources.safetykorea import SafetyKorea
from stocksense.store.database import Sessions, is_current, make_engine, make_sessions, upgrade
from stocksense.store.imports import ImportPlan, ImportReport, Kind, plan_import, read_import, run_import
from stocksense.store.imports.run import OnError
from stocksense.store.shops import ShopInfo, all_shops, create_shop, find_shop
from stocksense.store.states import GENERATED
from tools.services import RecallSource, Services, TrendSource
from tools.simulated_shop import open_site

if TYPE_CHECKING:
    from stocksense.sample.load import ShopSummary

Progress = Callable[[int, int, str], None]


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
    shop = _shop_or_none(sessions, settings.shop)
    recorded = shop is not None and shop.is_generated
    return Services(
        settings=settings,
        sessions=sessions,
        shop_name=settings.shop,
        clock=lambda: datetime.now(UTC),
        forecaster=ShopForecaster(settings.home / "models"),
        notifier=make_notifier(settings),
        recall_sources=_generated_recalls(settings) if recorded else _recall_sources(settings),
        trend_sources=_generated_trends(settings) if recorded else _trend_sources(settings),
        site=open_site(settings.webshop_url),
    )


def _shop_or_none(sessions: Sessions, name: str) -> ShopInfo | None:
    try:
        with sessions() as session:
            return find_shop(session, name)
    except UnknownName:
        return None


def _recall_sources(settings: Settings) -> tuple[RecallSource, ...]:
    if settings.safetykorea_key is None:
        return ()
    key, base = settings.safetykorea_key.get_secret_value(), settings.safetykorea_base_url
    return (SafetyKorea(HttpFetch(), base, key), SafetyKorea(HttpFetch(), base, key, overseas=True))


def _trend_sources(settings: Settings) -> tuple[TrendSource, ...]:
    return (DataLab(HttpFetch(), settings.datalab_base_url),) if settings.datalab_enabled else ()


def _generated_recalls(settings: Settings) -> tuple[RecallSource, ...]:
    """What a recall feed would have said about the generated shop: made up with it, and named so."""
    from stocksense.sample.feeds import FEEDS

    return (SafetyKorea(RecordedFetch(FEEDS), settings.safetykorea_base_url, "none", name=f"{GENERATED}safetykorea"),)


def _generated_trends(settings: Settings) -> tuple[TrendSource, ...]:
    from stocksense.sample.feeds import FEEDS

    return (DataLab(RecordedFetch(FEEDS), settings.datalab_base_url, name=f"{GENERATED}datalab"),)


def ensure_shop(settings: Settings, progress: Progress) -> None:
    """Make the sample shop if there is no shop at all. Raises UnknownName for a shop that was asked for by name."""
    sessions = open_store(settings)
    if _shop_or_none(sessions, "") is None and not settings.shop:
        load_shop(sessions, "shop", progress=progress)


OWN_SHOP = "My shop"
"""What a shop is called that was made by its first import, unless it was given a name."""


def import_file(  # noqa: PLR0913  # whoever imports says how
    settings: Settings,
    path: Path,
    *,
    kind: Kind | None,
    password: str | None,
    on_error: OnError,
    dry_run: bool,
    progress: Progress,
) -> ImportPlan | ImportReport:
    """Read a file of another system into the shop, which is made if there is none; with `dry_run` only plan it.

    Raises BadImport for a file that cannot be read, UnknownName for a shop that isn't there among others.
    """
    sheet = read_import(path, path.name, kind=kind, password=password)
    sessions, now = open_store(settings), datetime.now(UTC)
    with sessions.begin() as session:
        if not all_shops(session):
            create_shop(session, settings.shop or OWN_SHOP, now=now)
        shop = find_shop(session, settings.shop)
        plan = plan_import(session, shop.id, sheet, now=now)
        if dry_run:
            session.rollback()
            return plan
        return run_import(
            session,
            shop.id,
            plan,
            on_error=on_error,
            now=now,
            actor="import",
            progress=lambda done, of: progress(done, of, path.name),
        )


def load_shop(
    sessions: Sessions, which: str, *, seed: int = 7, until: date | None = None, progress: Progress
) -> ShopSummary:
    """Load the generated shop (`shop`), or public grocery sales (`completejourney`).

    Raises BadValue if a shop of that name is there, NotInstalled if the package with the public sales is missing.
    """
    from stocksense.sample.completejourney import load_completejourney

    from stocksense.sample.generator import SAMPLE_UNTIL
    from stocksense.sample.load import load_sample

    def tell(what: str, done: int, of: int) -> None:
        progress(done, of, what)

    if which == "completejourney":
        return load_completejourney(sessions, now=datetime.now(UTC), progress=tell)
    return load_sample(sessions, now=datetime.now(UTC), seed=seed, until=until or SAMPLE_UNTIL, progress=tell)
