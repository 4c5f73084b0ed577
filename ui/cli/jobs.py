"""`stocksense jobs`: what runs by itself, how it went, and running it by hand."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.cli import rooms
from ui.cli.face import Face, Json, console, errors, face_of, new_table, print_json
from ui.cli.progress import Watcher, progress_bars

app = typer.Typer(help="Jobs that run by themselves.", no_args_is_help=True, rich_markup_mode=None)


def add_to(root: typer.Typer) -> None:
    """Put the commands on the command line."""
    root.add_typer(app, name="jobs")


@app.command("list", epilog="Example: stocksense jobs list")
def list_jobs(context: typer.Context, as_json: Json = False) -> None:
    """List the jobs: what they do, when they are due, and how the last run went."""
    face = face_of(context)
    services = face.services()
    with services.sessions() as session:
        shop = services.shop(session)
        last = {
            name: next(iter(rooms.job_runs.runs(session, shop.id, name, limit=1)), None) for name in rooms.jobs.JOBS
        }
    due = {name: rooms.schedule.next_due(name, shop.time_zone, services.clock()) for name in rooms.jobs.JOBS}
    if as_json:
        rows = [
            {"name": name, "does": job.does, "crontab": job.crontab, "due": due[name], "last": last[name]}
            for name, job in rooms.jobs.JOBS.items()
        ]
        print_json(rows)
        return
    table = new_table(
        f"{face.words('작업', 'Jobs')} · {shop.time_zone}", face.words("이름", "name"), face.words("하는 일", "does"),
        face.words("다음", "next"), face.words("지난 실행", "last run"),
    )  # fmt: skip
    for name, job in rooms.jobs.JOBS.items():
        ended = last[name]
        told = f"{ended.started_at:%Y-%m-%d %H:%M} UTC {ended.state.value}" if ended else "–"
        table.add_row(name, job.does, f"{due[name]:%Y-%m-%d %H:%M}", told)
    console.print(table)


@app.command("run", epilog="Example: stocksense jobs run recall_sweep")
def run_job(context: typer.Context, name: Annotated[str, typer.Argument(help="A name from `jobs list`.")]) -> None:
    """Run one job now."""
    fire_now(face_of(context), name)


def fire_now(face: Face, name: str) -> None:
    """Fire a job for this instant, with its progress; exits with 1 if it failed."""
    services = face.services()
    with progress_bars() as bars:
        firing = rooms.jobs.fire(services, name, services.clock(), Watcher(face, bars).see)
    assert firing is not None  # this instant is nobody else's
    for failure in firing.failures:
        errors.print(f"! {failure}", markup=False)
    if firing.error:
        errors.print(firing.error, markup=False)
        raise typer.Exit(1)
    console.print(face.words(f"{name}: 끝났습니다 (실행 {firing.run_id})", f"{name}: done (run {firing.run_id})"))


@app.command("history", epilog="Example: stocksense jobs history --limit 50")
def history(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Only this job.")] = "",
    limit: Annotated[int, typer.Option(help="How many runs.")] = 20,
    as_json: Json = False,
) -> None:
    """List the last runs with their state, output and error."""
    face = face_of(context)
    services = face.services()
    with services.sessions() as session:
        ended = rooms.job_runs.runs(session, services.shop(session).id, name or None, limit=limit)
    if as_json:
        print_json(ended)
        return
    table = new_table(
        face.words("지난 실행", "Runs"), "#", face.words("작업", "job"), face.words("시작", "started"), "s",
        face.words("상태", "state"), face.words("결과", "result"), right=(0, 3),
    )  # fmt: skip
    for one in ended:
        failures = one.output.get("failures", ())
        result = one.error.strip().splitlines()[-1] if one.error else "; ".join(failures[:2])
        if len(failures) > 2:
            result += face.words(f" … 외 {len(failures) - 2}건", f" ... and {len(failures) - 2} more")
        seconds = f"{one.seconds:.1f}" if one.seconds is not None else ""
        table.add_row(str(one.id), one.job, f"{one.started_at:%Y-%m-%d %H:%M}", seconds, one.state.value, result)
    console.print(table)
