"""Purchase orders: what needs a person first, then what is on its way and what has come."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from stocksense.domain.orders import OPEN_ORDERS, OrderState
from stocksense.store.order_lists import find_lines, line_counts
from stocksense.store.orders import OrderLineInfo
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from ui.errands import is_left
from ui.export import Cell, Kind, file_response
from ui.gate import Viewer, services_of
from ui.page import Nav, render, words_of
from ui.stopped import link, why_stopped

router = APIRouter()

SIZE = 25
SHOW: dict[str, tuple[OrderState, ...]] = {
    "open": OPEN_ORDERS,
    "attention": (OrderState.NEEDS_ATTENTION,),
    "coming": (OrderState.PLACING, OrderState.PLACED, OrderState.PARTLY_RECEIVED),
    "received": (OrderState.RECEIVED,),
    "cancelled": (OrderState.CANCELLED,),
    "all": (),
}
COLUMNS = (
    "order", "sku", "product", "supplier", "state", "units", "received", "unit_price", "total", "expected", "changed",
    "bought", "note",
)  # fmt: skip


def needing_attention(session: Session, shop: ShopInfo) -> int:
    """How many lines wait for a person."""
    return line_counts(session, shop.id).get(OrderState.NEEDS_ATTENTION, 0)


NAV = Nav("orders", "/orders", icon="orders", place=50, count=needing_attention)


@router.get("/orders")
def orders_page(request: Request, visit: Viewer, show: str = "open", q: str = "", page: int = 1) -> Response:
    """The lines in some states that fit a text."""
    services = services_of(request)
    show = show if show in SHOW else "open"
    with services.sessions() as session:
        shop, today = services.shop(session), services.today(session)
        found = find_lines(session, shop.id, states=SHOW[show], text=q, page=page, size=SIZE)
        counts = line_counts(session, shop.id)
    numbers = {name: sum(counts.get(state, 0) for state in states or OrderState) for name, states in SHOW.items()}
    values: dict[str, Any] = {
        "found": found, "show": show, "q": q, "page": page, "size": SIZE, "today": today, "numbers": numbers,
        "attention": [line for line in found.lines if line.state is OrderState.NEEDS_ATTENTION],
        "others": [line for line in found.lines if line.state is not OrderState.NEEDS_ATTENTION],
        "query": f"?{request.url.query}" if request.url.query else "",
        "left": {line.id for line in found.lines if is_left(line, services)},
    }  # fmt: skip
    return render(request, "orders.html", why=why_stopped, is_late=is_late, link=link, **values)


@router.get("/orders/export.{kind}")
def export(request: Request, visit: Viewer, kind: Kind, show: str = "open", q: str = "") -> Response:
    """All lines that the page's filter finds, as a file."""
    services, say = services_of(request), words_of(request)
    with services.sessions() as session:
        shop, today = services.shop(session), services.today(session)
        found = find_lines(session, shop.id, states=SHOW.get(show, OPEN_ORDERS), text=q, size=None)

    def row(line: OrderLineInfo) -> tuple[Cell, ...]:
        state = say(f"orders.state_{line.state}")
        return (
            line.order, line.sku, line.name(say.language), line.supplier, state, line.quantity, line.received,
            line.unit_price, line.total, line.expected_on, line.changed_at, line.bought, line.note,
        )  # fmt: skip

    header = [say(f"orders.{name}") for name in COLUMNS]
    return file_response(kind, f"orders-{today.isoformat()}", header, map(row, found.lines))


def is_late(line: OrderLineInfo, today: date) -> bool:
    """Whether units should have come by now."""
    return line.expected_on is not None and line.expected_on < today and line.outstanding > 0
