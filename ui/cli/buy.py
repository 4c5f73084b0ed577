"""`stocksense buy`: how an order line was bought, or why it was not, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from agents.shopper.lessons import lesson_in
from stocksense.errors import BadValue, UnknownName
from ui.cli import rooms, training
from ui.cli.face import Face, Json, console, face_of, print_json

app = typer.Typer(help="How the buyer shops.", no_args_is_help=True, rich_markup_mode=None)


def add_to(root: typer.Typer) -> None:
    """Put the commands on the command line."""
    training.add_to(app)
    root.add_typer(app, name="buy")


@app.callback()
def buyer() -> None:
    """How the buyer shops."""


@app.command("show", epilog="Examples: stocksense buy show --last; stocksense buy show 5 --json")
def show(
    context: typer.Context,
    line: Annotated[int, typer.Argument(help="Number of the order line, as in `stocksense orders list --all`.")] = 0,
    last: Annotated[bool, typer.Option("--last", help="The line for which the buyer went shopping last.")] = False,
    as_json: Json = False,
) -> None:
    """Show an order line's walk through the shop: each thought, each action, what was seen, and the outcome."""
    face = face_of(context)
    if last == bool(line):
        raise BadValue("name one order line by its number as in `stocksense orders list --all`, or give --last")
    found = _last(face) if last else _line(face, line)
    told = dict(found.transcript)
    if as_json:
        about = {"line": found.id, "sku": found.sku, "state": found.state, "note": found.note, "page": found.page}
        print_json(about | {"bought": found.bought, "quantity": found.quantity, "total": found.total} | told)
        return
    _show_head(face, found)
    _show_left(face, told)
    _show_walk(face, told)


def _line(face: Face, number: int) -> rooms.orders.OrderLineInfo:
    services = face.services()
    with services.sessions() as session:
        return rooms.orders.line_of(session, number)


def _last(face: Face) -> rooms.orders.OrderLineInfo:
    """The line that changed last of those for which somebody walked through a shop."""
    services = face.services()
    with services.sessions() as session:
        walked = [line for line in rooms.orders.lines(session, services.shop(session).id) if "steps" in line.transcript]
    if not walked:
        raise UnknownName("order line", "--last", "nothing was bought yet; approve a proposal in `stocksense orders`")
    return max(walked, key=lambda line: (line.changed_at, line.id))


def _show_head(face: Face, line: rooms.orders.OrderLineInfo) -> None:
    console.print(f"{line.order} · {line.sku} {line.name(face.language)} × {line.quantity}", style="bold", markup=False)
    said = f"{line.state.value}: {line.bought or line.note}" if line.bought or line.note else line.state.value
    console.print(said, markup=False)


def _show_left(face: Face, told: Mapping[str, Any]) -> None:
    """What is left to the owner: a letter to send, a cart to pay, or what was seen instead."""
    draft = told.get("draft") or {}
    if draft.get("kind") == "letter":
        letter = draft[face.language]
        console.print(f"\n{letter['subject']}\n\n{letter['text']}\n", markup=False, soft_wrap=True)
    if draft.get("kind") == "cart":
        console.print(f"{face.words('장바구니', 'cart')}: {draft['cart']}", markup=False, soft_wrap=True)
    for other in told.get("alternatives") or ():
        words = face.words("대신 볼 만한 상품", "seen instead")
        console.print(f"{words}: {other['title']}: {other['why'][face.language]}", markup=False)
        console.print(f"   {other['page']}", markup=False, style="dim", soft_wrap=True)


def _show_walk(face: Face, told: Mapping[str, Any]) -> None:
    facts = (
        (face.words("요청", "request"), told.get("request")),
        (face.words("구매자", "buyer"), told.get("brain")),
        (face.words("대신", "instead of"), told.get("instead")),
        (face.words("결과", "outcome"), _outcome(told)),
    )
    for name, value in facts:
        if value:
            console.print(f"{name}: {value}", markup=False)
    for lesson in told.get("lessons") or ():
        console.print(f"{face.words('교훈', 'lesson')}: {lesson_in(face.language, lesson)}", markup=False)
    steps = told.get("steps") or ()
    if not steps:
        console.print(face.words("이 줄에는 기록된 걸음이 없습니다.", "No walk is recorded for this line."))
    for number, step in enumerate(steps, 1):
        said = step.get("thought", "")
        console.print(f"\n{number}. {face.words(step.get('thought_ko', said), said)}", markup=False)
        console.print(f"   → {step.get('action', '')}", markup=False, style="cyan")
        console.print(f"   {step.get('seen', '')}", markup=False, style="dim")


def _outcome(told: Mapping[str, Any]) -> str:
    return f"{told.get('outcome', '')}: {told.get('reason', '')}".strip(": ")
