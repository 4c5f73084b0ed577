"""`stocksense import` and `stocksense export`: files of other systems in, our own out."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ui.cli import rooms
from ui.cli.face import Json, console, errors, face_of, print_json
from ui.cli.progress import Watcher, progress_bars

EXAMPLES = """
Examples:

    stocksense import sales.xlsx --dry-run     say what would be read in, and what is wrong with which row

    stocksense import sales.csv                read in the good rows, name the others

    stocksense import stock.csv --all-or-nothing

Known by their header rows: Smartstore, Coupang, Cafe24, Shopify, Square, Loyverse, and any table with columns such as
SKU, name, quantity, price, date.
"""


class Kind(StrEnum):
    """What a file holds."""

    PRODUCTS = "products"
    STOCK = "stock"
    SALES = "sales"


def add_to(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("import", epilog=EXAMPLES)(import_file)
    app.command("export", epilog="Example: stocksense export stock stock.xlsx")(export_file)


def import_file(  # noqa: PLR0913, PLR0917  # one a wish of the person who imports
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A CSV or XLSX file.")],
    kind: Annotated[Kind | None, typer.Option(help="What the file holds, if its header doesn't tell.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    all_or_nothing: Annotated[bool, typer.Option("--all-or-nothing", help="One bad row keeps all rows out.")] = False,
    location: Annotated[str, typer.Option(help="Where rows belong that name no location.")] = "",
    password: Annotated[str, typer.Option(help="Password of a protected XLSX.")] = "",
    as_json: Json = False,
) -> None:
    """Read products, stock or sales of another system into the shop; the same file twice changes nothing.

    Makes the shop if there is none. Exits with 1 if a row could not be taken.
    """
    face = face_of(context)
    console.quiet = as_json
    with progress_bars() as bars:
        report = rooms.files.import_file(
            face.settings,
            path,
            kind=rooms.imports.Kind(kind.value) if kind else None,
            location=location or None,
            password=password or None,
            on_error="all_or_nothing" if all_or_nothing else "keep_good",
            dry_run=dry_run,
            progress=Watcher(face, bars).count_pieces("import"),
        )
    console.quiet = False
    if as_json:
        print_json(report)
    else:
        plan, done = (report, None) if isinstance(report, rooms.imports.ImportPlan) else (report.plan, report)
        console.print(rooms.imports.summary(plan, done, face.language), markup=False)
        for problem in report.problems:
            errors.print(problem.sentence(face.language), markup=False)
    if any(not problem.is_warning for problem in report.problems):
        raise typer.Exit(1)


def export_file(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(help="What to write.")],
    path: Annotated[Path, typer.Argument(help="A .csv or .xlsx file; one that exists is replaced.")],
) -> None:
    """Write the shop's products, stock or sales to a file that `stocksense import` reads back."""
    face = face_of(context)
    services = face.services()
    writers = {
        Kind.PRODUCTS: rooms.imports.export_products,
        Kind.STOCK: rooms.imports.export_stock,
        Kind.SALES: rooms.imports.export_sales,
    }
    with services.sessions() as session:
        rows = writers[kind](session, services.shop(session).id, path)
    console.print(face.words(f"{path}: {rows}줄", f"{path}: {rows} rows"))
