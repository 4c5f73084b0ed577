"""`stocksense buy train`: the weights of the buyer that shops without a language model, made anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from stocksense.errors import BadValue
from ui.cli import rooms
from ui.cli.face import console, errors


def add_to(app: typer.Typer) -> None:
    """Add the command to the buyer's commands."""
    app.command("train", epilog="Example: stocksense buy train --out weights.json")(train)


def train(  # noqa: PLR0913, PLR0917  # one option for each file and each choice of the training
    products: Annotated[
        Path | None, typer.Option(help="A products file in WebShop's format; else the shipped.")
    ] = None,
    attributes: Annotated[Path | None, typer.Option(help="Its attributes file.")] = None,
    out: Annotated[Path, typer.Option(help="Where to write the weights.")] = Path("weights.json"),
    goals: Annotated[int | None, typer.Option(min=2, help="Goals to learn from, for each form of request.")] = None,
    penalty: Annotated[float | None, typer.Option(min=0.0, help="How much large weights are held down.")] = None,
    messy: Annotated[
        int | None, typer.Option(min=0, help="Further goals of a messier copy of the shop, for each form of request.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Which goals are drawn, and how the copy is messy.")] = 7,
) -> None:
    """Train the ranker of the buyer without a language model, on goals of the train split only.

    The same options write the same file on one machine, byte for byte. Without files it makes those that come with
    the project.
    """
    if (products is None) != (attributes is None):
        raise BadValue("--products and --attributes belong together; give both, or none for the shipped catalogue")
    with console.status("reading ..."):
        if products and attributes:
            catalog = rooms.webshop_env.load_catalog(products, attributes)
        else:
            catalog = rooms.webshop_env.load_shipped_catalog()
    usual = rooms.training.Settings() if products else rooms.training.Settings.shipped()
    settings = rooms.training.Settings(
        goals=goals or usual.goals,
        penalty=usual.penalty if penalty is None else penalty,
        seed=seed,
        messy=usual.messy if messy is None else messy,
    )
    with Progress(console=errors, transient=True) as progress:
        tasks = {}

        def watch(what: str, done: int, whole: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=whole)
            progress.update(tasks[what], completed=done)

        ranker = rooms.training.train(catalog, settings, watch=watch)
    out.write_text(ranker.to_json(), encoding="utf-8")
    console.print(f"{out}: {ranker.provenance['goals']} goals, {catalog.name}")
