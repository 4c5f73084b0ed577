"""The inventory: every product with its stock, what is expected to sell, and why it is or isn't ordered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict

from stocksense.domain.reasons import sentence
from stocksense.domain.reorder import Reason
from stocksense.domain.shelf import ShelfState
from stocksense.domain.stock import ProductStatus, past_sale
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue, UnknownSku
from stocksense.store.inventory import InventoryPage, InventoryQuery, InventoryRow, Sort, inventory_page, state_counts
from stocksense.store.lots import Expiry, next_expiries
from stocksense.store.scope import category_names
from stocksense.store.session import Session
from stocksense.store.shelf_changes import HandChange, my_changes
from stocksense.store.shops import ShopInfo
from stocksense.store.suggest import suggest
from ui.drawn import drawn, remembered
from ui.export import Cell, Kind, csv_stream, file_response
from ui.gate import Viewer, Visit, services_of
from ui.page import Nav, render, words_of
from ui.pages.shelf_forms import ADJUSTMENTS, Opened, opened_form, product_path
from ui.wording import Words

router = APIRouter()
NAV = Nav("inventory", "/inventory", icon="inventory", place=20, primary=True)

PER_PAGE = 30
MOST_IN_XLSX = 20_000
"""Rows that an Excel file holds at most: it is put together in memory; CSV holds all."""

NONE = "none"
"""Stands in the query for products that nothing was decided about."""
LEVELS = ("main", "sub1", "sub2", "sub3")
OWN = ("open", "do", "late", "problem")
"""Names in the query that open a form, which is one person's."""
SOON_DAYS = 30
"""Lots that expire later, and will sell before, need no badge."""


class Asked(BaseModel):
    """What the address asks for; names that the page doesn't know are left aside."""

    model_config = ConfigDict(extra="ignore")
    q: str = ""
    main: str = ""
    sub1: str = ""
    sub2: str = ""
    sub3: str = ""
    state: str = ""
    status: str = ""
    reason: str = ""
    sort: str = "sku"
    page: int = 1
    open: str = ""
    do: str = ""
    late: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Line:
    """A product in the list; `expiry_kind` says how urgent its next expiry is, `change` is the reader's last one.

    `available` are the units on hand whose last day isn't over.
    """

    row: InventoryRow
    available: int
    path: str
    why: str
    expiry: Expiry | None
    expiry_kind: str
    change: HandChange | None


@dataclass(frozen=True)
class Level:
    """A level of the categories to choose from: its options as (English name, label), and what is chosen."""

    name: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@router.get("/inventory")
def inventory(request: Request, visit: Viewer, asked: Annotated[Asked, Query()]) -> Response:
    """The products that the query picks, a page of them."""
    changes: tuple[HandChange, ...] = ()
    if visit.may("count"):
        changes = remembered(request, ("changes", visit.person.email), partial(_changes, request, visit))
    return drawn(request, visit, partial(_draw, request, visit, asked, changes), own=OWN, mine=changes)


def _changes(request: Request, visit: Visit) -> tuple[HandChange, ...]:
    services = services_of(request)
    with services.sessions() as session:
        return my_changes(session, services.shop(session).id, visit.person.email, now=services.clock())


def _draw(request: Request, visit: Visit, asked: Asked, changes: tuple[HandChange, ...]) -> Response:
    say = words_of(request)
    page = remembered(request, ("inventory", request.url.query, say.language), partial(_read, request, asked))
    opened = None
    if visit.may("count") and asked.do:
        services = services_of(request)
        with services.sessions() as session:
            opened = _opened(session, services.shop(session), asked, say.language, today=page.today)
    values: dict[str, Any] = {"lines": _with_changes(page.lines, changes), "found": page.found, "size": PER_PAGE}
    values |= {"counts": page.counts, "levels": page.levels, "today": page.today}
    values |= {"asked": asked, "opened": opened, "most": MOST_IN_XLSX, "none": NONE, "adjustments": ADJUSTMENTS}
    values |= {"sort": asked.sort, "states": ShelfState, "statuses": ProductStatus, "reasons": Reason}
    return render(request, "inventory.html", **values)


@dataclass(frozen=True)
class _Page:
    """What the list shows to everybody who reads its language."""

    today: date
    levels: tuple[Level, ...]
    found: InventoryPage
    lines: tuple[Line, ...]
    counts: Mapping[ShelfState, int]


def _read(request: Request, asked: Asked) -> _Page:
    services, language = services_of(request), words_of(request).language
    with services.sessions() as session:
        shop = services.shop(session)
        today = shop.today(services.clock())
        levels = _levels(session, shop, asked, language)
        query = _query(asked, levels)
        found = inventory_page(session, shop.id, query)
        if not found.rows and found.total:
            query = replace(query, page=found.pages)
            found = inventory_page(session, shop.id, query)
        lines = _lines(session, shop, found.rows, language, today=today)
        counts = state_counts(session, shop.id, replace(query, text=""))
    return _Page(today, levels, found, lines, counts)


@router.get("/inventory.json")
def suggestions(request: Request, visit: Viewer, q: str = "") -> Response:
    """Products that fit what was typed so far, to jump to: the best eight."""
    return drawn(request, visit, partial(_suggested, request, q))


def _suggested(request: Request, q: str) -> Response:
    say = words_of(request)
    return JSONResponse(remembered(request, ("suggestions", q, say.language), partial(_fitting, request, q, say)))


def _fitting(request: Request, q: str, say: Words) -> list[dict[str, str]]:
    services = services_of(request)
    with services.sessions() as session:
        found = suggest(session, services.shop(session).id, q[:200], limit=8)
    return [
        {
            "name": one.name(say.language),
            "sku": one.sku,
            "path": product_path(one.sku),
            "stock": say.units(one.on_hand),
        }
        for one in found
    ]


@router.get("/inventory.{kind}")
def export(request: Request, visit: Viewer, kind: Kind, asked: Annotated[Asked, Query()]) -> Response:
    """The products that the query picks, all of them, as a file."""
    services, say = services_of(request), words_of(request)
    with services.sessions() as session:
        shop = services.shop(session)
        query = _query(asked, _levels(session, shop, asked, say.language))
        total = inventory_page(session, shop.id, replace(query, page=1, per_page=1)).total
    if kind == "xlsx" and total > MOST_IN_XLSX:
        raise BadValue(
            f"{total} products are too many for an Excel file; narrow the list, or take the CSV file",
            in_korean=f"상품 {total:,}개는 엑셀 파일로 너무 많습니다. 목록을 좁히거나 CSV로 받으세요.",
        )
    header = [say(f"inventory.{name}") for name in _EXPORTED]
    rows = _exported(request, shop, replace(query, page=1, per_page=500), say.language)
    return csv_stream("inventory", header, rows) if kind == "csv" else file_response(kind, "inventory", header, rows)


_EXPORTED = (
    "sku", "name", "category", "product_status", "on_hand", "available", "on_order", "quarantined", "predicted",
    "predicted_low", "predicted_high", "reorder_point", "days_of_cover", "accuracy", "state", "reason", "unit_cost",
    "stock_value",
)  # fmt: skip


def _exported(request: Request, shop: ShopInfo, query: InventoryQuery, language: str) -> Iterator[list[Cell]]:
    """The rows of a query, some hundred a time, so that no list of any length lies in memory."""
    say, pages, today = words_of(request), 1, shop.today(services_of(request).clock())
    while query.page <= pages:
        with services_of(request).sessions() as session:
            found = inventory_page(session, shop.id, query)
            expiries = next_expiries(session, shop.id, {row.product_id: row.on_hand for row in found.rows})
        for row in found.rows:
            yield _cells(row, available_of(row, expiries.get(row.product_id), today), say, shop)
        query, pages = replace(query, page=query.page + 1), found.pages


def _cells(row: InventoryRow, available: int, say: Words, shop: ShopInfo) -> list[Cell]:
    category = row.category_ko if say.language == "ko" else row.category
    return [
        row.sku,
        row.name(say.language),
        str(category or ""),
        say(f"inventory.status_{row.status}"),
        row.on_hand,
        available,
        row.on_order,
        row.quarantined,
        _rounded(row.predicted),
        _rounded(row.predicted_low),
        _rounded(row.predicted_high),
        _rounded(row.reorder_point),
        _rounded(row.days_of_cover),
        None if row.wape is None else round(max(1 - row.wape, 0.0), 4),
        say(f"inventory.state_{row.state}"),
        reason_of(row, say.language, shop.currency),
        None if row.unit_cost is None else Decimal(row.unit_cost),
        row.stock_value,
    ]


def reason_of(row: InventoryRow, language: str, currency: str) -> str:
    """The sentence of the newest decision in a language; empty where nothing was decided yet."""
    if row.decision is None:
        return ""
    return sentence(row.decision, "ko" if language == "ko" else "en", currency)


def available_of(row: InventoryRow, expiry: Expiry | None, today: date) -> int:
    """Units that may be sold: on hand, less those of lots whose last day is over."""
    return row.available - (0 if expiry is None else past_sale(expiry.dated, today))


def expiry_kind(expiry: Expiry | None, days_of_cover: float | None, today: date) -> str:
    """How urgent a lot's last day is: `bad` if past or within three days, `warn` if it won't sell by then, or soon.

    Empty for what needs no badge.
    """
    if expiry is None:
        return ""
    left = (expiry.expires_on - today).days
    if left <= 3:
        return "bad"
    if days_of_cover is not None and left < days_of_cover:
        return "warn"
    return "plain" if left <= SOON_DAYS else ""


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _query(asked: Asked, levels: tuple[Level, ...]) -> InventoryQuery:
    """The query of an address; what it asks for that cannot be is left out."""
    chosen = [level.chosen for level in levels if level.chosen]
    column = asked.sort.removeprefix("-")
    return InventoryQuery(
        text=asked.q[:200],
        category=CategoryPath(*chosen) if chosen else None,
        states=(ShelfState(asked.state),) if asked.state in list(ShelfState) else (),
        statuses=(ProductStatus(asked.status),) if asked.status in list(ProductStatus) else (),
        reasons=_reasons(asked.reason),
        sort=Sort(column) if column in list(Sort) else Sort.SKU,
        descending=asked.sort.startswith("-"),
        page=max(asked.page, 1),
        per_page=PER_PAGE,
    )


def _reasons(asked: str) -> tuple[str, ...]:
    if asked == NONE:
        return ("",)
    return (asked,) if asked in list(Reason) else ()


def _levels(session: Session, shop: ShopInfo, asked: Asked, language: str) -> tuple[Level, ...]:
    """The levels to choose from, each below what is chosen above it; a name that isn't there ends the way down."""
    paths = list(category_names(session, shop.id).values())
    levels: list[Level] = []
    for depth, name in enumerate(LEVELS):
        labels = {english[depth]: (korean if language == "ko" else english)[depth] for english, korean in paths}
        options = sorted(((one, label) for one, label in labels.items() if one), key=lambda pair: pair[1])
        wish = getattr(asked, name)
        chosen = wish if wish in dict(options) else ""
        if options:
            levels.append(Level(name, tuple(options), chosen))
        if not chosen:
            break
        paths = [pair for pair in paths if pair[0][depth] == chosen]
    return tuple(levels)


def _lines(
    session: Session, shop: ShopInfo, rows: tuple[InventoryRow, ...], language: str, *, today: date
) -> tuple[Line, ...]:
    expiries = next_expiries(session, shop.id, {row.product_id: row.on_hand for row in rows})
    return tuple(
        Line(
            row,
            available_of(row, expiries.get(row.product_id), today),
            product_path(row.sku),
            reason_of(row, language, shop.currency),
            expiries.get(row.product_id),
            expiry_kind(expiries.get(row.product_id), row.days_of_cover, today),
            None,
        )
        for row in rows
    )


def _with_changes(lines: tuple[Line, ...], changes: tuple[HandChange, ...]) -> tuple[Line, ...]:
    """The lines with the reader's own last changes."""
    newest = {change.product_id: change for change in reversed(changes) if not change.taken_back}
    return tuple(replace(line, change=newest.get(line.row.product_id)) for line in lines) if newest else lines


def _opened(session: Session, shop: ShopInfo, asked: Asked, language: str, *, today: date) -> Opened | None:
    """The form that is open in the list; none for a product that is gone."""
    values = {"open": asked.open, "do": asked.do, "late": asked.late, "problem": asked.problem}
    try:
        return opened_form(session, shop, values, today=today, name=language)
    except UnknownSku:
        return None
