"""`stocksense serve`: the pages and the chat in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli import rooms
from ui.cli.face import Face, console, face_of
from ui.cli.progress import progress_bars


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("serve", epilog="Example: stocksense serve --port 8000")(serve)


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
    sample: Annotated[
        bool, typer.Option("--sample", help="Without any shop, make the sample shop with a made-up owner.")
    ] = False,
) -> None:
    """Serve the pages and the chat; without any account the first page asks for the setup code that is printed."""
    face = face_of(context)
    if sample:
        _prepare_sample(face)
    rooms.web.serve_pages(face.settings, host=host, port=port, say=lambda line: console.print(line, markup=False))


def _prepare_sample(face: Face) -> None:
    if rooms.opening.shop_or_none(rooms.opening.open_store(face.settings), "") is None:
        console.print(face.words("견본 매장을 만듭니다 (10초쯤).", "Making the sample shop (about 10 s)."))
        with progress_bars() as bars:
            bar = bars.add_task("sample", total=None, note="")
            rooms.samples.ensure_shop(
                face.settings, lambda done, of, what: bars.update(bar, completed=done, total=of, note=what)
            )
    made = rooms.owners.make_up_owner(face.services(), face.settings)
    if made is not None:
        console.print(
            face.words("견본 매장의 주인 계정 (이번에만 보입니다):", "The sample shop's owner (shown this once):")
        )
        console.print(f"  {made.email}   {made.password}", markup=False)
