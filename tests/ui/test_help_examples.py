"""The examples that the command line's help gives can be typed as they stand."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from ui.cli.main import app


def examples(command: Any) -> Iterator[str]:
    """The examples below a command and all its commands."""
    for line in re.findall(r"stocksense [^·;\n]+", command.epilog or ""):
        yield re.split(r"\s{3,}", line.strip())[0]
    if isinstance(command, TyperGroup):
        for below in command.commands.values():
            yield from examples(below)


@pytest.mark.parametrize("example", sorted(set(examples(get_command(app)))))
def test_an_example_names_commands_and_options_that_exist(example):
    command, words = get_command(app), shlex.split(example)[1:]

    while isinstance(command, TyperGroup) and words:
        context = command.make_context("stocksense", words)
        _, command, words = command.resolve_command(context, [*context._protected_args, *context.args])

    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert {word.split("=")[0] for word in words if word.startswith("--")} <= options
