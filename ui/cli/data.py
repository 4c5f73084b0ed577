"""`stocksense db` and `stocksense sample`: the tables, and shops to try things on."""

from __future__ import annotations

import time
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer

from stocksense.errors import BadValue
from ui.cli import rooms
from ui.cli.face import Json, console, face_of, print_json
from ui.cli.progress import Watcher, progress_bars

database = typer.Typer(help="The database's tables.", no_args_is_help=True, rich_markup_mode=None)
sample = typer.Typer(help="Shops to try things on.", no_args_is_help=True, rich_markup_mode=None)


def add_to(root: typer.Typer) -> None:
    """Put the commands on the command line."""
    root.add_typer(database, name="db")
    root.add_typer(sample, name="sample")


class Sample(StrEnum):
    """The shops that can be loaded."""

    SHOP = "shop"
    COMPLETEJOURNEY = "completejourney"


@database.command("upgrade", epilog="Example: DATABASE_URL=postgresql://me@localhost/shop stocksense db upgrade")
def upgrade_tables(context: typer.Context) -> None:
    """Bring the tables up to date; nothing that is in them is lost."""
    face = face_of(context)
    face.settings.home.mkdir(parents=True, exist_ok=True)
    revision = rooms.database.upgrade(rooms.database.make_engine(face.settings.store_url))
    console.print(face.words(f"테이블이 최신입니다({revision}).", f"The tables are up to date ({revision})."))


@sample.command("load", epilog="Examples: stocksense sample load; stocksense sample load completejourney")
def load(
    context: typer.Context,
    which: Annotated[
        Sample, typer.Argument(help="The generated shop, or a year of public grocery sales.")
    ] = Sample.SHOP,
    seed: Annotated[int, typer.Option(help="Another seed is another generated shop.")] = 7,
    until: Annotated[str, typer.Option(help="Last day of the generated shop, as 2026-10-31.")] = "",
    as_json: Json = False,
) -> None:
    """Make a shop with its products, suppliers, stock and sales; it becomes the one that is worked on."""
    face = face_of(context)
    console.quiet = as_json
    began = time.perf_counter()
    with progress_bars() as bars:
        watcher = Watcher(face, bars)
        made = rooms.samples.load_shop(
            rooms.opening.open_store(face.settings),
            which.value,
            seed=seed,
            until=_day(until),
            progress=watcher.count_pieces("sample"),
        )
    console.quiet = False
    if as_json:
        print_json(made)
        return
    seconds = time.perf_counter() - began
    console.print(f"[bold]{made.shop.name}[/bold] · {seconds:.1f} s")
    console.print(f"[yellow]{made.shop.provenance}[/yellow]")
    console.print(
        face.words(
            f"상품 {made.products:,}개, 매장 {made.locations}곳, "
            f"판매 {made.sales:,}줄 ({made.first_day} ~ {made.last_day})",
            f"{made.products:,} products, {made.locations} locations, {made.sales:,} lines of sales "
            f"({made.first_day} to {made.last_day})",
        )
    )


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date() if text else None  # noqa: DTZ007  # a day has no time zone
    except ValueError as error:
        raise BadValue(f"{text!r} is no day; write it as 2026-10-31") from error
