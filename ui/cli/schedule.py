"""`stocksense schedule`: keeps the jobs running at their hours."""

from __future__ import annotations

import signal
import threading

import typer

from ui.cli import rooms
from ui.cli.face import console, face_of


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command("schedule", epilog="Example: stocksense schedule   (stop it with Ctrl+C)")(schedule)


def schedule(context: typer.Context) -> None:
    """Run the jobs at their hours until stopped; what was missed during a pause is caught up once.

    Several schedulers may run on one database: each firing runs once.
    """
    face = face_of(context)
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    with rooms.schedule.scheduler(face.services()) as clockwork:
        for job in clockwork.get_jobs():
            console.print(f"{job.id}: {job.next_run_time:%Y-%m-%d %H:%M %Z}")
        console.print(face.words("Ctrl+C로 멈춥니다.", "Stop it with Ctrl+C."))
        stop.wait()
