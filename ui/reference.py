"""Writes the reference of commands and tools from the code itself: `python -m ui.reference > docs/reference.md`."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator

import typer
from typer.core import TyperGroup

from agents.roster import roster
from ui.cli.main import app


def reference() -> str:
    """The whole page."""
    return "\n".join(["# Reference", "", *_commands(), "", *_tools(), ""])


def _commands() -> Iterator[str]:
    yield from ("## Commands", "", "Each explains itself, with an example, by `--help`.", "")
    yield from ("| command | does |", "|---|---|")
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    for name, command in sorted(root.commands.items()):
        inner = sorted(command.commands.items()) if isinstance(command, TyperGroup) else [("", command)]
        for under, leaf in inner:
            yield f"| `stocksense {name}{f' {under}' if under else ''}` | {_first_line(leaf.help or '')} |"


def _tools() -> Iterator[str]:
    yield from ("## Tools", "", "What the agents may call. None of them spends money: those that write, propose.", "")
    yield from ("| agent | tool | does | writes |", "|---|---|---|---|")
    for agent in roster(""):
        for tool in (*agent.reads, *agent.writes):
            writes = "yes" if tool in agent.writes else ""
            yield f"| {agent.name} | `{tool.__name__}` | {_first_line(inspect.getdoc(tool) or '')} | {writes} |"


def _first_line(text: str) -> str:
    return text.strip().split("\n")[0]


if __name__ == "__main__":
    sys.stdout.write(reference())
