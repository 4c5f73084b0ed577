"""The root of the command line: its options, its commands, and the door at which errors become messages."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup
from typer.main import get_group

from stocksense.errors import StockSenseError
from ui.cli import rooms
from ui.cli.face import Face, errors

EXAMPLES = """
Examples:

    stocksense run                          everything at once, on the newest shop or on the sample shop

    stocksense ask "오늘 매출 어때?"           ask in Korean or in English

    stocksense import sales.xlsx --dry-run  look at a file before anything is read in

    stocksense doctor                       what is set up, what is missing, and how to mend it
"""

FILES = {
    "run": "run",
    "ask": "asking",
    "import": "importing",
    "export": "importing",
    "forecast": "forecast",
    "reorder": "forecast",
    "schedule": "schedule",
    "doctor": "doctor",
    "serve": "serve",
    "orders": "orders",
    "recalls": "recalls",
    "trends": "trends",
    "shop": "shop",
    "buy": "buy",
    "memory": "memory",
    "eval": "evaluate",
    "jobs": "jobs",
    "people": "people",
    "db": "data",
    "sample": "data",
}
"""Each command, in the order of the help, and the file of this folder that adds it."""

_spoken: ContextVar[str] = ContextVar("language of the command line", default="ko")
"""The language in which an error is told that ends a command."""


class Commands(Mapping[str, Any]):
    """The commands by their names; the file of one is imported when the command is asked for."""

    def __getitem__(self, name: str) -> Any:
        return _command(name)

    def __iter__(self) -> Iterator[str]:
        return iter(FILES)

    def __len__(self) -> int:
        return len(FILES)


@cache
def _command(name: str) -> Any:
    """A command or group of commands, as Typer makes it. Raises KeyError for a name that is none."""
    found = typer.Typer(rich_markup_mode=None)
    import_module(f"ui.cli.{FILES[name]}").add_to(found)
    return get_group(found).commands[name]


class Root(TyperGroup):
    """The group of all commands: a start pays for the one that was typed, the help for all."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = cast("MutableMapping[str, Any]", Commands())


app = typer.Typer(
    cls=Root,
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
    context.obj = Face(rooms.configuration.read_settings(**given))
    _spoken.set(context.obj.language)


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
