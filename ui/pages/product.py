"""Everything about one product: what is there and why, how it sold, what is expected, and every move of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from stocksense.domain.demand import Forecast
from stocksense.domain.reasons import Language, sentence
from stocksense.domain.stock import past_sale
from stocksense.errors import UnknownSku
from stocksense.store import product_page as read
from stocksense.store.decisions import StoredDecision
from stocksense.store.forecasts import forecast_of
from stocksense.store.inventory import InventoryRow
from stocksense.store.offers import offers_of
from stocksense.store.product_page import HistoryDay, LedgerLine
from stocksense.store.products import product_of
from stocksense.store.session import Session
from stocksense.store.shelf_changes import undoable
from stocksense.store.shops import ShopInfo
from stocksense.store.stock import held_at, lots_of
from stocksense.store.suggest import suggest
from ui import charts
from ui.drawn import drawn, remembered
from ui.gate import Viewer, Visit, services_of
from ui.page import render, words_of
from ui.pages.inventory import LEVELS, OWN, reason_of
from ui.pages.shelf_forms import ADJUSTMENTS, Opened, opened_form, product_path
from ui.wording import Words

router = APIRouter()

WINDOWS = (28, 90, 365)
"""Days of history to choose from."""
LEDGER_LINES = 25
_ACTUAL_DAYS = 28
"""Days of sales drawn before a forecast."""


class Asked(BaseModel):
    """What the address asks for; names that the page doesn't know are left aside."""

    model_config = ConfigDict(extra="ignore")
    days: int = 28
    page: int = 1
    do: str = ""
    late: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Reasoned:
    """A decision with its sentence in the reader's language."""

    made: StoredDecision
    why: str


@router.get("/inventory/{sku:path}")
def product(request: Request, visit: Viewer, sku: str, asked: Annotated[Asked, Query()]) -> Response:
    """One product; for a SKU that the shop doesn't have, those that may have been meant."""
    return drawn(request, visit, partial(_draw, request, visit, sku, asked), own=OWN)


def _draw(request: Request, visit: Visit, sku: str, asked: Asked) -> Response:
    services, say = services_of(request), words_of(request)
    with services.sessions() as session:
        shop = services.shop(session)
        everything = partial(_everything, session, shop, sku, asked, say, today=shop.today(services.clock()))
        try:
            values = dict(remembered(request, ("product", sku, asked.days, asked.page, say), everything))
        except UnknownSku as error:
            return _unknown(request, session, shop, error)
        values["opened"] = None
        if visit.may("count"):
            values["opened"] = _opened(session, shop, sku, asked, language=say.language, today=values["today"])
    return render(request, "product.html", **values, asked=asked, adjustments=ADJUSTMENTS, windows=WINDOWS)


def _everything(session: Session, shop: ShopInfo, sku: str, asked: Asked, say: Words, *, today: date) -> dict[str, Any]:
    """What the page shows. Raises UnknownSku."""
    days = asked.days if asked.days in WINDOWS else WINDOWS[0]
    row, forecast = read.product_row(session, shop.id, sku), forecast_of(session, shop.id, sku)
    history = read.history(session, shop.id, sku, today - timedelta(days - 1), today)
    ledger = read.ledger_page(session, shop.id, sku, page=max(asked.page, 1), per_page=LEDGER_LINES)
    lots = lots_of(session, shop.id, sku)
    language: Language = "ko" if say.language == "ko" else "en"
    return {
        "today": today,
        "row": row,
        "product": product_of(session, shop.id, sku),
        "crumbs": _crumbs(row, say.language),
        "why": reason_of(row, say.language, shop.currency),
        "neighbours": [(one, product_path(one) if one else "") for one in read.neighbours(session, shop.id, sku)],
        "held": held_at(session, shop.id, sku),
        "lots": lots,
        "past": past_sale(lots, today),
        "offers": offers_of(session, shop.id, sku),
        "orders": read.orders_of(session, shop.id, sku, limit=10),
        "decisions": [
            Reasoned(made, sentence(made.decision, language, shop.currency))
            for made in read.decisions_of(session, shop.id, sku, limit=10)
        ],
        "recalls": read.recalls_of(session, shop.id, sku),
        "trends": read.trends_of(session, shop, sku),
        "ledger": ledger,
        "ledger_size": LEDGER_LINES,
        "undoable": undoable(session, shop.id, [line.id for line in ledger.lines]),
        "told": reference_of,
        "place": place_of,
        "days": days,
        "history": history,
        "shelf_chart": charts.shelf(say, _shelf_days(say, history), title=_history_title(say, row.name(say.language))),
        "forecast": forecast,
        "forecast_chart": _forecast_chart(session, shop, say, sku, history, forecast=forecast),
    }


def reference_of(say: Words, line: LedgerLine) -> str:
    """What a move refers to, its reason in the reader's language where a person gave one."""
    first, _, rest = line.reference.partition(": ")
    key = f"inventory.why_{first}"
    if first == "count":
        return say("inventory.do_count")
    if first == "sample":
        return say("order.actor_sample")
    if first.startswith("recall match "):
        return say("product.recall_of", number=first.removeprefix("recall match "))
    if first.startswith("undo "):
        return say("product.undo_of", number=first.removeprefix("undo "))
    if say.has(key):
        return f"{say(key)}: {rest}" if rest else say(key)
    return line.reference


def place_of(say: Words, name: str) -> str:
    """A location's name; those that every ledger has beside the stores, in the reader's language."""
    key = f"product.place_{name.lower()}"
    return say(key) if say.has(key) else name


def _crumbs(row: InventoryRow, language: str) -> list[tuple[str, str]]:
    """The way down to the product's category, each step leading to the list of it."""
    if row.category is None or row.category_ko is None:
        return []
    shown = row.category_ko if language == "ko" else row.category
    names = [(key, name) for key, name in zip(LEVELS, row.category.levels, strict=True) if name]
    return [
        (label, f"/inventory?{urlencode(dict(names[: depth + 1]))}")
        for depth, label in enumerate(label for label in shown.levels if label)
    ]


def _history_title(say: Words, name: str) -> str:
    return say("product.history_of", name=name)


def _shelf_days(say: Words, history: tuple[HistoryDay, ...]) -> list[charts.ShelfDay]:
    return [charts.ShelfDay(say.short_day(day.day), day.units, day.on_hand, day.is_empty) for day in history]


def _forecast_chart(
    session: Session,
    shop: ShopInfo,
    say: Words,
    sku: str,
    history: tuple[HistoryDay, ...],
    *,
    forecast: Forecast | None,
) -> str:
    """The last days as they were and the next as they are expected; nothing without a forecast."""
    if forecast is None:
        return ""
    first = forecast.made_on - timedelta(_ACTUAL_DAYS - 1)
    if not history or history[0].day > first or history[-1].day < forecast.made_on:
        history = read.history(session, shop.id, sku, first, forecast.made_on)
    past = [
        charts.Dot(say.short_day(day.day), actual=day.units) for day in history if first <= day.day <= forecast.made_on
    ]
    bands = zip(forecast.daily_mean, forecast.daily_low, forecast.daily_high, strict=True)
    coming = [
        charts.Dot(say.short_day(forecast.made_on + timedelta(ahead)), mean, round(low, 1), round(high, 1))
        for ahead, (mean, low, high) in enumerate(bands, start=1)
    ]
    return charts.line(say, [*past, *coming], title=say("product.forecast"), unit=say("product.units_a_day"))


def _opened(session: Session, shop: ShopInfo, sku: str, asked: Asked, *, language: str, today: date) -> Opened | None:
    values = {"open": sku, "do": asked.do, "late": asked.late, "problem": asked.problem}
    return opened_form(session, shop, values, today=today, name=language)


def _unknown(request: Request, session: Session, shop: ShopInfo, error: UnknownSku) -> Response:
    """The page for a SKU that isn't there: the nearest ones, and what its text finds."""
    say = words_of(request)
    near = [read.product_row(session, shop.id, sku) for sku in error.closest]
    found = suggest(session, shop.id, str(error.name), limit=5)
    named = {one.sku: one.name(say.language) for one in near} | {one.sku: one.name(say.language) for one in found}
    rows = [(name, sku, product_path(sku)) for sku, name in named.items()]
    return render(request, "product_unknown.html", status=404, sku=str(error.name), rows=rows)
