"""`stocksense doctor`: what is configured, what is reachable, what is missing, and how to mend it."""

from __future__ import annotations

import typer

from ui.cli import rooms
from ui.cli.face import Json, console, face_of, new_table, print_json

_MARKS = {"ok": "[green]ok[/green]", "off": "[dim]off[/dim]", "wrong": "[red]wrong[/red]"}


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("doctor", epilog="Example: stocksense doctor --json")(doctor)


def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Say what is set up, what is missing, and how to mend it; exits with 1 if something that is set up fails."""
    face = face_of(context)
    findings = rooms.checkup.check_up(face.settings)
    if as_json:
        print_json(findings)
    else:
        table = new_table(
            "StockSense", face.words("부분", "part"), "", face.words("상태", "state"), face.words("방법", "remedy")
        )
        for finding in findings:
            table.add_row(finding.part, _MARKS[finding.state], finding.found, finding.remedy)
        console.print(table)
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)
