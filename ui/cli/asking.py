"""`stocksense ask`: a question in Korean or English, answered by the agents."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from ui.cli import rooms
from ui.cli.face import Json, console, face_of, print_json

EXAMPLES = """
Examples:

    stocksense ask "이번 주 매출 어때?"

    stocksense ask "what is low and why?"

    stocksense ask --json "any recalls?"
"""


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("ask", epilog=EXAMPLES)(ask)


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="In Korean or in English.")],
    as_json: Json = False,
    steps: Annotated[bool, typer.Option(help="Show which agent used which tool.")] = True,
) -> None:
    """Ask about sales, stock, forecasts, orders, recalls and trends. Works without a key; says so when it does."""
    face = face_of(context)
    with console.status(face.words("생각 중 …", "thinking …")):
        answer = asyncio.run(rooms.supervisor.ask(face.services(), rooms.model.chat_model(face.settings), question))
    if as_json:
        print_json(answer)
        return
    if steps:
        for step in answer.steps:
            given = ", ".join(f"{name}={value!r}" for name, value in step.arguments.items())
            console.print(f"[dim]{step.agent} · {step.tool}({given}) · {step.seconds:.2f} s[/dim]")
    console.print(answer.text, markup=False)
