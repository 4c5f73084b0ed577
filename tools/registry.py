"""Tools of other developers: files in a folder and installed entry points, checked before anybody uses them."""

from __future__ import annotations

import importlib.util
import inspect
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

from stocksense.errors import BadTool

ToolFunction = Callable[..., Any]
"""A function `f(services, ...)` with types and a docstring, returning a frozen dataclass."""

ENTRY_POINT = "stocksense.tools"


@dataclass(frozen=True)
class ExtraTool:
    """A tool from outside, the agents that it is for, and whether it changes anything."""

    function: ToolFunction
    agents: tuple[str, ...]
    writes: bool


def extra_tools(folder: str, installed: Iterable[EntryPoint] | None = None) -> tuple[ExtraTool, ...]:
    """The tools in the files of a folder ("" for none) and of installed packages, in a fixed order.

    Raises BadTool, naming file, function and what is missing.
    """
    points = _installed() if installed is None else installed
    modules = [_from_file(path) for path in _files(folder)]
    modules += [_from_package(point) for point in sorted(points, key=lambda point: point.name)]
    return tuple(tool for module in modules for tool in _tools_of(module))


@cache
def _installed() -> tuple[EntryPoint, ...]:
    """The entry points of the packages that are installed; they don't change while we run."""
    return tuple(entry_points(group=ENTRY_POINT))


def check_tool(function: ToolFunction) -> None:
    """Hold a tool to what its schema is derived from. Raises BadTool, naming file, function and what is missing."""
    where = _place(function)
    if not inspect.getdoc(function):
        raise BadTool(f"{where} has no docstring; write one sentence and an `Args:` section, they are its manual")
    parameters = list(inspect.signature(function).parameters)
    if not parameters or parameters[0] != "services":
        raise BadTool(f"{where} does not take `services` first; write `def {_name(function)}(services: Services, ...)`")
    hints = _hints(function, where)
    described = _described(inspect.getdoc(function) or "")
    for parameter in parameters[1:]:
        if parameter not in hints:
            raise BadTool(f"{where} gives no type for `{parameter}`; add one, such as `{parameter}: str`")
        if parameter not in described:
            raise BadTool(f"{where} does not describe `{parameter}`; add it below `Args:` in the docstring")
    if "return" not in hints:
        raise BadTool(f"{where} gives no type of its result; return a frozen dataclass and name it after `->`")


def argument_hints(function: ToolFunction) -> dict[str, Any]:
    """Types of a tool's arguments and result, without `services`. Raises BadTool for a name that means nothing."""
    hints = _hints(function, _place(function))
    return {name: hint for name, hint in hints.items() if name != "services"}


def _hints(function: ToolFunction, where: str) -> dict[str, Any]:
    try:
        return get_type_hints(function)
    except NameError as error:
        raise BadTool(
            f"{where} names a type that cannot be found ({error}); import it outside TYPE_CHECKING"
        ) from error


def _described(docstring: str) -> set[str]:
    section = re.search(r"^Args:\n((?:[ \t]+.*\n?|\n)+)", docstring, re.MULTILINE)
    return set(re.findall(r"^\s+(\w+)(?:\s*\([^)]*\))?:", section.group(1), re.MULTILINE)) if section else set()


def _files(folder: str) -> list[Path]:
    if not folder:
        return []
    if not Path(folder).is_dir():
        raise BadTool(f"STOCKSENSE_TOOLS names {folder!r}, which is no folder; create it or unset the variable")
    return sorted(path for path in Path(folder).glob("*.py") if not path.name.startswith("_"))


def _from_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"stocksense_tools_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise BadTool(f"{path} cannot be read as Python; give it the ending .py")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses with postponed annotations look their module up while they are made.
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except (ImportError, SyntaxError, NameError, AttributeError, TypeError) as error:
        raise BadTool(f"{path} cannot be loaded: {type(error).__name__}: {error}; mend it or take it away") from error
    return module


def _from_package(point: EntryPoint) -> ModuleType:
    try:
        loaded = point.load()
    except (ImportError, AttributeError) as error:
        raise BadTool(f"entry point {point.name!r} ({point.value}) cannot be loaded: {error}") from error
    if not isinstance(loaded, ModuleType):
        raise BadTool(f"entry point {point.name!r} ({point.value}) is no module; name a module with READS and WRITES")
    return loaded


def _tools_of(module: ModuleType) -> list[ExtraTool]:
    place = module.__file__ or module.__name__
    agents = _names(module, "AGENTS", place)
    reads, writes = _functions(module, "READS"), _functions(module, "WRITES")
    if not reads and not writes:
        raise BadTool(f"{place} offers nothing; close it with `READS = (my_tool,)` or `WRITES = (my_tool,)`")
    for function in reads + writes:
        check_tool(function)
    return [ExtraTool(f, agents, writes=False) for f in reads] + [ExtraTool(f, agents, writes=True) for f in writes]


def _names(module: ModuleType, constant: str, place: str) -> tuple[str, ...]:
    names = getattr(module, constant, ())
    if not isinstance(names, tuple | list) or not names:
        raise BadTool(f'{place} names no agents; add {constant} = ("forecaster",) or another of the agents\' names')
    return tuple(str(name) for name in names)


def _functions(module: ModuleType, constant: str) -> tuple[ToolFunction, ...]:
    functions = getattr(module, constant, ())
    if not isinstance(functions, tuple | list) or not all(callable(function) for function in functions):
        raise BadTool(f"{module.__file__}: {constant} is {functions!r}; make it a tuple of functions")
    return tuple(functions)


def _name(function: ToolFunction) -> str:
    return str(getattr(function, "__name__", repr(function)))


def _place(function: ToolFunction) -> str:
    code = getattr(function, "__code__", None)
    file = code.co_filename if code else "?"
    return f"{file}: tool {_name(function)}"
