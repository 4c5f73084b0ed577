"""`stocksense orders`: what waits for a decision, what was bought, and what arrives."""

from __future__ import annotations

from typing import Annotated

import typer

from stocksense.domain.orders import OrderState, ProposalState
from stocksense.domain.reasons import show_money, show_number
from ui.cli import rooms
from ui.cli.face import Face, Json, console, face_of, new_table, print_json

orders_app = typer.Typer(help="Proposals and purchase orders.", no_args_is_help=True, rich_markup_mode=None)

Number = Annotated[int, typer.Argument(help="The number in the list.")]


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.add_typer(orders_app, name="orders")


@orders_app.command("list", epilog="Example: stocksense orders list --all")
def list_orders(
    context: typer.Context,
    show_all: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    as_json: Json = False,
) -> None:
    """List the proposals that wait for a decision, and the orders that are not received yet."""
    face = face_of(context)
    services = face.services()
    with services.sessions() as session:
        shop = services.shop(session)
        waiting = rooms.proposals.proposals(session, shop.id, states=() if show_all else (ProposalState.PENDING,))
        lines = rooms.orders.lines(session, shop.id) if show_all else rooms.orders.open_lines(session, shop.id)
    if as_json:
        print_json({"proposals": waiting, "orders": lines})
        return
    _show_proposals(face, waiting, shop.currency)
    _show_lines(face, lines, shop.currency)


def _show_proposals(face: Face, waiting: tuple[rooms.proposals.ProposalInfo, ...], currency: str) -> None:
    table = new_table(
        face.words("제안", "Proposals"), "#", face.words("상품", "product"), face.words("수량", "units"),
        face.words("금액", "total"), face.words("상태", "state"), face.words("이유", "why"), right=(0, 2, 3),
    )  # fmt: skip
    for one in waiting:
        total = show_money(one.terms.total, currency, face.language)
        table.add_row(
            str(one.id), one.name(face.language), show_number(one.terms.quantity), total, one.state, one.reason
        )
    console.print(table)
    if waiting:
        console.print("[dim]stocksense orders approve 1 · stocksense orders reject 1[/dim]")


def _show_lines(face: Face, lines: tuple[rooms.orders.OrderLineInfo, ...], currency: str) -> None:
    table = new_table(
        face.words("\n주문", "\nOrders"), "#", face.words("상품", "product"), face.words("수량", "units"),
        face.words("입고", "received"), face.words("금액", "total"), face.words("상태", "state"),
        face.words("도착 예정", "expected"), right=(0, 2, 3, 4),
    )  # fmt: skip
    for one in lines:
        table.add_row(
            str(one.id), one.name(face.language), show_number(one.quantity), show_number(one.received),
            show_money(one.total, currency, face.language), one.state, str(one.expected_on or ""),
        )  # fmt: skip
    console.print(table)


@orders_app.command("approve", epilog="Example: stocksense orders approve 12")
def approve(
    context: typer.Context, number: Number, buy: Annotated[bool, typer.Option(help="Buy it now.")] = True
) -> None:
    """Approve a proposal exactly as it stands, and let the agent buy it."""
    face = face_of(context)
    _decide(face, number, approved=True)
    if buy:
        line = rooms.buying.place_order(face.services(), number)
        console.print(f"{line.sku}: {line.state.value} {line.page or line.note}", markup=False)


@orders_app.command("reject", epilog="Example: stocksense orders reject 12")
def reject(context: typer.Context, number: Number) -> None:
    """Reject a proposal; the next run may propose anew."""
    _decide(face_of(context), number, approved=False)


def _decide(face: Face, number: int, *, approved: bool) -> None:
    services = face.services()
    with services.sessions.begin() as session:
        seen = rooms.proposals.proposal_of(session, number)
        rooms.proposals.decide_proposal(
            session, number, digest=seen.digest, approved=approved, decided_by="command line", now=services.clock()
        )
    done = face.words("승인", "approved") if approved else face.words("거절", "rejected")
    console.print(f"{seen.sku} × {seen.terms.quantity}: {done}")


@orders_app.command("receive", epilog="Example: stocksense orders receive 5 --units 24")
def receive(
    context: typer.Context,
    number: Number,
    units: Annotated[int, typer.Option(help="Units that came; 0 means all that are still due.")] = 0,
) -> None:
    """Book what arrived into the stock, as a lot with its expiry."""
    services = face_of(context).services()
    with services.sessions.begin() as session:
        line = rooms.orders.line_of(session, number)
        due = line.quantity - line.received
        came = units or due
        line = rooms.receipts.receive_line(
            session, number, came, delivery=f"cli-{line.received}-{came}", actor="command line", now=services.clock()
        )
    console.print(f"{line.sku}: {line.received} / {line.quantity} · {line.state.value}")


@orders_app.command("settle", epilog="Example: stocksense orders settle 5")
def settle(context: typer.Context, number: Number) -> None:
    """Note that you bought by hand, at the approved price, what needed your attention; it then counts as on its way."""
    services = face_of(context).services()
    with services.sessions.begin() as session:
        total = rooms.orders.line_of(session, number).total
        line = rooms.orders.settle_line(
            session, number, total=total, bought="bought by hand", now=services.clock(), actor="command line"
        )
    console.print(f"{line.sku}: {line.state.value}")


@orders_app.command("retry", epilog="Example: stocksense orders retry 5")
def retry(context: typer.Context, number: Number) -> None:
    """Let the agent try again what needed your attention, once you have seen that nothing was sold for it."""
    line = rooms.buying.resume_order(face_of(context).services(), number, actor="command line")
    console.print(f"{line.sku}: {line.state.value} {line.page or line.note}", markup=False)


@orders_app.command("cancel", epilog="Example: stocksense orders cancel 5")
def cancel(context: typer.Context, number: Number) -> None:
    """Cancel an order that has not arrived; its units no longer count as on order."""
    services = face_of(context).services()
    with services.sessions.begin() as session:
        line = rooms.orders.cancel_line(session, number, actor="command line", now=services.clock())
    console.print(f"{line.sku}: {OrderState.CANCELLED.value}")
