"""The root of the command line: its options, its commands, and the door at which errors become messages."""

from __future__ import annotations

import sys
from contextvars import ContextVar
from typing import Annotated

import typer

from stocksense.errors import StockSenseError
from ui.cli import (
    asking,
    buy,
    data,
    doctor,
    evaluate,
    forecast,
    importing,
    jobs,
    memory,
    orders,
    people,
    recalls,
    run,
    schedule,
    serve,
    shop,
    training,
    trends,
)
from ui.cli.face import Face, errors
from ui.configuration import read_settings

EXAMPLES = """
Examples:

    stocksense run                          everything at once, on the newest shop or on the sample shop

    stocksense ask "오늘 매출 어때?"           ask in Korean or in English

    stocksense import sales.xlsx --dry-run  look at a file before anything is read in

    stocksense doctor                       what is set up, what is missing, and how to mend it
"""

_spoken: ContextVar[str] = ContextVar("language of the command line", default="ko")
"""The language in which an error is told that ends a command."""

app = typer.Typer(
    help="Runs a small shop's stock by itself, and can say why.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


@app.callback()
def root(
    context: typer.Context,
    language: Annotated[str, typer.Option("--language", "-l", help="ko or en; else STOCKSENSE_LANGUAGE.")] = "",
    shop: Annotated[str, typer.Option("--shop", help="Name of the shop; else STOCKSENSE_SHOP, else the newest.")] = "",
) -> None:
    """Runs a small shop's stock by itself, and can say why."""
    given: dict[str, str] = {}
    if language:
        given["language"] = language
    if shop:
        given["shop"] = shop
    context.obj = Face(read_settings(**given))
    _spoken.set(context.obj.language)


run.add_to(app)
asking.add_to(app)
importing.add_to(app)
forecast.add_to(app)
orders.add_to(app)
app.add_typer(recalls.app, name="recalls")
app.add_typer(trends.app, name="trends")
app.add_typer(shop.app, name="shop")
training.add_to(buy.app)
app.add_typer(buy.app, name="buy")
app.add_typer(memory.app, name="memory")
app.add_typer(evaluate.app, name="eval")
schedule.add_to(app)
app.add_typer(jobs.app, name="jobs")
app.add_typer(people.app, name="people")
app.add_typer(data.database, name="db")
app.add_typer(data.sample, name="sample")
doctor.add_to(app)
serve.add_to(app)


def main() -> None:
    """Run the command line; an error of ours is one message and exit status 1, never a traceback."""
    try:
        app()
    except StockSenseError as error:
        errors.print(f"[red]{type(error).__name__}[/red]: ", end="")
        errors.print(error.told(_spoken.get()), markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        errors.print("stopped")
        sys.exit(130)
