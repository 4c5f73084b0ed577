"""How the shop is doing: sales beside earlier ones, what sells and what lies, stock, forecasts, jobs, what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from stocksense.domain.stock import LocationKind
from stocksense.domain.taxonomy import CategoryPath
from stocksense.domain.trend import Candidate
from stocksense.errors import BadValue, UnknownName
from stocksense.store import dashboard, health, sellers
from stocksense.store.alerts import Waiting, waiting
from stocksense.store.board import Board, board_of
from stocksense.store.board import Look as BoardLook
from stocksense.store.dashboard import CategoryShare
from stocksense.store.health import JobHealth
from stocksense.store.scope import category_names
from stocksense.store.sellers import Seller
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo, locations_of
from stocksense.store.skus import names_of
from stocksense.store.takings import first_and_last_day
from tools.services import Services
from ui.charts import Bar, Dot, Share
from ui.drawn import drawn, remembered
from ui.export import Cell, file_response
from ui.gate import Viewer, services_of
from ui.page import Nav, render, words_of
from ui.pages.dashboard_look import AGAINST, CUTS, OWN, PRESETS, Look, read_look
from ui.wording import Words

router = APIRouter()
NAV = Nav("dashboard", "/dashboard", icon="dashboard", place=10, primary=True)

_LISTED = 6
"""Rows of a list on the page; a file has FILED."""
_NAMED = 3
"""Products named beside a rising keyword."""
FILED = 1000
"""Rows of a list in a file."""


@dataclass(frozen=True)
class Shown:
    """What the page shows beside what the books say."""

    trends: tuple[Candidate, ...]
    named: Mapping[str, str]
    jobs: tuple[JobHealth, ...]
    waiting: Waiting


@router.get("/dashboard")
def dashboard_page(request: Request, visit: Viewer) -> Response:
    """The dashboard of the chosen days, place and category; a shop without sales is told how to begin."""
    return drawn(request, visit, partial(_draw, request))


def _draw(request: Request) -> Response:
    say = words_of(request)
    values = remembered(request, ("dashboard", request.url.query, say), partial(_everything, request, say))
    if values is None:
        return render(request, "dashboard_empty.html")
    return render(request, "dashboard.html", now=services_of(request).clock(), own=OWN, **values)


def _everything(request: Request, say: Words) -> dict[str, Any] | None:
    """What the page shows to everybody who reads these words; None for a shop without sales."""
    services = services_of(request)
    with services.sessions() as session:
        try:
            shop = services.shop(session)
        except UnknownName:
            return None
        sold = first_and_last_day(session, shop.id)
        if sold is None:
            return None
        today = shop.today(services.clock())
        look = read_look(session, shop.id, today, request.query_params)
        board = board_of(session, _asked(look, today))
        beside = _beside(session, services, shop, say.language)
        choices = _choices(session, shop, say, look)
    values = {"board": board, "beside": beside, "look": look, "today": today, "sold": sold}
    return values | _drawn(say, board, look) | choices


@router.get("/dashboard/export/{table}.{kind}")
def export(request: Request, visit: Viewer, table: str, kind: str) -> Response:
    """One of the page's tables as a file: sales, places, categories, rising, top, bottom or forecast."""
    if kind not in ("csv", "xlsx") or table not in _FILES:
        raise UnknownName("table", f"{table}.{kind}", f"use one of {', '.join(_FILES)} as csv or xlsx")
    services, say = services_of(request), words_of(request)
    with services.sessions() as session:
        shop = services.shop(session)
        look = read_look(session, shop.id, services.today(session), request.query_params)
        header, rows = _FILES[table](session, look, say)
    name = f"{table}-{look.period.first}-{look.period.last}"
    return file_response("csv" if kind == "csv" else "xlsx", name, [say(f"dashboard.{key}") for key in header], rows)


def _asked(look: Look, today: date) -> BoardLook:
    return BoardLook(look.scope, look.period, today, look.by, min(len(look.crumbs) + 1, 4), _LISTED)


def _beside(session: Session, services: Services, shop: ShopInfo, language: str) -> Shown:
    trends = health.trend_products(session, shop)[:_LISTED]
    return Shown(
        trends=trends,
        named=names_of(session, shop.id, [sku for one in trends for sku in one.skus[:_NAMED]], language),
        jobs=health.job_health(session, shop.id, services.clock()),
        waiting=waiting(session, shop.id),
    )


def _choices(session: Session, shop: ShopInfo, say: Words, look: Look) -> dict[str, Any]:
    """What can be chosen, each as pairs of value and label, and the way down to the chosen category."""
    names = list(category_names(session, shop.id).values())
    own = {english[:depth]: (korean if say.language == "ko" else english)[:depth] for english, korean in names
           for depth in range(1, 5)}  # fmt: skip
    stores = [(place.name, place.name) for place in locations_of(session, shop.id, LocationKind.STORE)]
    mains = [(path[0], label[0]) for path, label in own.items() if len(path) == 1]
    return {
        "periods": [(name, say(f"dashboard.period_{name}")) for name in (*PRESETS, OWN)],
        "cuts": [(cut, say(f"dashboard.by_{cut}")) for cut in CUTS],
        "against": [(name, say(f"dashboard.against_{name}")) for name in AGAINST],
        "stores": [("", say("shell.all")), *stores],
        "mains": [("", say("shell.all")), *sorted(mains, key=lambda pair: pair[1])],
        "crumbs": [(str(path), own.get(_filled(path), _filled(path))[-1]) for path in look.crumbs],
    }


def _filled(path: CategoryPath) -> tuple[str, ...]:
    return tuple(level for level in path.levels if level)


def _drawn(say: Words, board: Board, look: Look) -> dict[str, Any]:
    """The charts' values."""
    series, beside = board.series, board.series.previous
    if look.against == "last_year":
        beside = series.year_before
    before = [float(point.amount) for point in beside] + [None] * len(series.now)
    sales = [
        Bar(span(say, point.first, point.last), float(point.amount), before[place], say.money(point.amount))
        for place, point in enumerate(series.now)
    ]
    parts = [Share(label(say, one), float(one.amount), say.money(one.amount)) for one in board.categories[:7]]
    rest = sum((one.amount for one in board.categories[7:]), 0)
    if rest:
        parts.append(Share(say("dashboard.others"), float(rest), say.money(rest)))
    days = [Dot(say.short_day(day.day), day.expected, actual=day.actual) for day in board.check.days]
    return {"sales": sales, "parts_of_sales": parts, "expected": days, "label": label, "path_of": path_of}


def span(say: Words, first: date, last: date) -> str:
    """A day, or the days of a bar, in a few letters."""
    return (
        say.short_day(first)
        if first == last
        else say("dashboard.span", first=f"{first:%y-%m-%d}", last=f"{last:%m-%d}")
    )


def label(say: Words, share: CategoryShare) -> str:
    """A category's own name in the reader's language."""
    path = share.path_ko if say.language == "ko" else share.path
    return path.leaf if path else say("dashboard.no_category")


def path_of(share: CategoryShare) -> str:
    """A category as it is named in addresses; empty for products without one."""
    return str(share.path) if share.path else ""


File = tuple[list[str], list[list[Cell]]]


def _sales_file(session: Session, look: Look, say: Words) -> File:
    series = dashboard.series(session, look.scope, look.period, by=look.by)
    rows: list[list[Cell]] = []
    for place, point in enumerate(series.now):
        beside = [line[place].amount if place < len(line) else None for line in (series.previous, series.year_before)]
        rows.append([point.first, point.last, point.units, point.amount, *beside])
    return ["first", "last", "units", "amount", "previous_amount", "last_year_amount"], rows


def _places_file(session: Session, look: Look, say: Words) -> File:
    shares = dashboard.by_location(session, look.scope, look.period)
    return ["place", "units", "amount", "share", "previous_amount"], [
        [one.location, one.units, one.amount, round(one.share, 4), one.previous_amount] for one in shares
    ]


def _categories_file(session: Session, look: Look, say: Words) -> File:
    shares = dashboard.by_category(session, look.scope, look.period, level=min(len(look.crumbs) + 1, 4))
    return _category_rows(say, shares)


def _rising_file(session: Session, look: Look, say: Words) -> File:
    return _category_rows(say, dashboard.rising_categories(session, look.scope, look.period.last, limit=FILED))


def _category_rows(say: Words, shares: tuple[CategoryShare, ...]) -> File:
    return ["category", "units", "amount", "share", "previous_units", "previous_amount"], [
        [_full_name(say, one), one.units, one.amount, round(one.share, 4), one.previous_units, one.previous_amount]
        for one in shares
    ]


def _full_name(say: Words, share: CategoryShare) -> str:
    return str((share.path_ko if say.language == "ko" else share.path) or say("dashboard.no_category"))


def _top_file(session: Session, look: Look, say: Words) -> File:
    return _seller_rows(say, sellers.top_sellers(session, look.scope, look.period, limit=FILED))


def _bottom_file(session: Session, look: Look, say: Words) -> File:
    return _seller_rows(say, sellers.bottom_sellers(session, look.scope, look.period, limit=FILED))


def _seller_rows(say: Words, rows: tuple[Seller, ...]) -> File:
    return ["sku", "product", "units", "amount", "previous_units", "on_hand_units", "stock_value"], [
        [one.sku, one.name(say.language), one.units, one.amount, one.previous_units, one.on_hand, one.stock_value]
        for one in rows
    ]


def _forecast_file(session: Session, look: Look, say: Words) -> File:
    if look.period.days > FILED:
        raise BadValue(
            f"{look.period.days} days of forecasts are too many for a file; choose {FILED} or fewer",
            in_korean=f"{look.period.days}일치 예측은 파일로 너무 많습니다. {FILED}일까지 고르세요.",
        )
    check = health.forecast_check(session, look.scope, look.period.first, look.period.last)
    return ["day", "made_on", "expected", "actual", "is_test"], [
        [day.day, day.made_on, round(day.expected, 3), day.actual, int(day.tried)] for day in check.days
    ]


_FILES = {
    "sales": _sales_file,
    "places": _places_file,
    "categories": _categories_file,
    "rising": _rising_file,
    "top": _top_file,
    "bottom": _bottom_file,
    "forecast": _forecast_file,
}
