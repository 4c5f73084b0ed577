"""`stocksense serve`: the chat in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli.face import console, face_of


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("serve", epilog="Example: stocksense serve --port 8000")(serve)


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
) -> None:
    """Serve the chat. The user is `owner`; without STOCKSENSE_CHAT_PASSWORD a password is made and printed once."""
    from ui.web import serve_pages

    face = face_of(context)
    serve_pages(face.settings, host=host, port=port, say=lambda line: console.print(line, markup=False))
