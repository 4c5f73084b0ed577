"""Commands start at once: no room is loaded before it is used, and each is where its types are read."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from importlib.util import find_spec

from ui.cli import rooms

ALL_COMMANDS = """
import sys
from typer.main import get_command
from ui.cli.main import app
print(len([command.help for command in get_command(app).commands.values()]))
heavy = ("pydantic", "sqlalchemy", "numpy", "httpx", "langgraph", "chainlit", "fastapi", "torch", "webshop_env")
print([name for name in heavy if name in sys.modules])
"""


def test_the_help_of_all_commands_loads_none_of_the_rooms():
    done = subprocess.run([sys.executable, "-c", ALL_COMMANDS], capture_output=True, text=True, check=False)

    assert (done.stdout.split("\n", 1)[1].strip(), done.returncode) == ("[]", 0), done.stderr


def test_python_loads_the_rooms_whose_types_are_checked():
    (checked,) = (node for node in ast.parse(inspect.getsource(rooms)).body if isinstance(node, ast.If))
    plain = {name.name: name.name for node in checked.body if isinstance(node, ast.Import) for name in node.names}
    named = [(node.module, name) for node in checked.body if isinstance(node, ast.ImportFrom) for name in node.names]

    assert plain | {name.asname or name.name: f"{home}.{name.name}" for home, name in named} == rooms.PATHS
    assert all(find_spec(path) for path in rooms.PATHS.values())
