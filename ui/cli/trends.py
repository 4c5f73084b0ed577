"""`stocksense trends`: what rises in the popularity lists, and which shelves it touches."""

from __future__ import annotations

import typer

from ui.cli import rooms
from ui.cli.face import Json, console, face_of, new_table, print_json
from ui.cli.jobs import fire_now

app = typer.Typer(help="Rising searches.", no_args_is_help=True, rich_markup_mode=None)


def add_to(root: typer.Typer) -> None:
    """Put the commands on the command line."""
    root.add_typer(app, name="trends")


@app.command("list", epilog="Example: stocksense trends list")
def list_trends(context: typer.Context, as_json: Json = False) -> None:
    """List the rising keywords of the newest two windows, with source, window and the products they name."""
    face = face_of(context)
    services = face.services()
    with services.sessions() as session:
        found = rooms.rising.rising(session, services.shop(session))
    if as_json:
        print_json(found)
        return
    columns = (
        (face.words("검색어", "keyword"), face.words("순위", "rank"), face.words("이전", "before")),
        (face.words("출처", "source"), face.words("기간", "window"), face.words("상품", "products")),
    )
    table = new_table(face.words("뜨는 검색어", "Rising searches"), *columns[0], *columns[1], right=(1, 2))
    for one in found:
        rise = one.rise
        carried = ", ".join(one.skus) or face.words("취급하지 않음", "not carried")
        window = f"{rise.window_start} – {rise.window_end}"
        table.add_row(
            rise.keyword, str(rise.rank), str(rise.before or "–"), f"{rise.source} {rise.category}", window, carried
        )
    console.print(table)


@app.command("scan", epilog="Example: stocksense trends scan")
def scan(context: typer.Context) -> None:
    """Read the popularity lists now, and write the trend letter."""
    fire_now(face_of(context), "trend_report")
