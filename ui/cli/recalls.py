"""`stocksense recalls`: notices that touch the shop, and what is done about them."""

from __future__ import annotations

from typing import Annotated

import typer

from stocksense.domain.recall import MatchState
from ui.cli import rooms
from ui.cli.face import Json, console, face_of, new_table, print_json
from ui.cli.jobs import fire_now

app = typer.Typer(help="Product recalls that touch the shop.", no_args_is_help=True, rich_markup_mode=None)

Number = Annotated[int, typer.Argument(help="The number in the list.")]


def add_to(root: typer.Typer) -> None:
    """Put the commands on the command line."""
    root.add_typer(app, name="recalls")


@app.command("list", epilog="Example: stocksense recalls list --all")
def list_matches(
    context: typer.Context,
    show_all: Annotated[bool, typer.Option("--all", help="Dismissed and released ones too.")] = False,
    as_json: Json = False,
) -> None:
    """List the recalls that touch a product of the shop."""
    face = face_of(context)
    services = face.services()
    with services.sessions() as session:
        states = () if show_all else (MatchState.PROPOSED, MatchState.QUARANTINED)
        found = rooms.recalls.matches(session, services.shop(session).id, states=states)
    if as_json:
        print_json(found)
        return
    table = new_table(
        face.words("리콜", "Recalls"), "#", face.words("상품", "product"), face.words("공고", "notice"),
        face.words("근거", "evidence"), face.words("격리", "quarantined"), face.words("상태", "state"), right=(0, 4),
    )  # fmt: skip
    for one in found:
        table.add_row(
            str(one.id), one.name(face.language), one.notice.product_name, one.evidence, str(one.units), one.state
        )
    console.print(table)


@app.command("check", epilog="Example: stocksense recalls check")
def check(context: typer.Context) -> None:
    """Ask the recall feeds now and take what is certain off sale."""
    fire_now(face_of(context), "recall_sweep")


@app.command("confirm", epilog="Example: stocksense recalls confirm 2")
def confirm(context: typer.Context, number: Number) -> None:
    """Confirm a likely match: the goods leave the shelf."""
    _set(context, number, MatchState.QUARANTINED)


@app.command("dismiss", epilog="Example: stocksense recalls dismiss 2")
def dismiss(context: typer.Context, number: Number) -> None:
    """Say that a likely match is another product."""
    _set(context, number, MatchState.DISMISSED)


@app.command("release", epilog="Example: stocksense recalls release 1")
def release(context: typer.Context, number: Number) -> None:
    """Put quarantined goods back on sale."""
    _set(context, number, MatchState.RELEASED)


def _set(context: typer.Context, number: int, state: MatchState) -> None:
    services = face_of(context).services()
    with services.sessions.begin() as session:
        done = rooms.quarantine.settle_match(session, number, state, decided_by="command line", now=services.clock())
    console.print(f"{done.sku}: {done.state.value}, {done.units}")
