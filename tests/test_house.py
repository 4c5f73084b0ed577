"""How the house is kept: names that are ours alone, files and functions that fit a glance, everything explained."""

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from stocksense.settings import settings_table

ROOT = Path(__file__).parent.parent
ROOMS = ("agents", "forecasting", "graphs", "memory", "stocksense", "tools", "ui", "webshop_env")
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> list[Function]:
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, Function)]


def length(function: Function) -> int:
    """Lines of a function without its docstring."""
    doc = function.body[0] if ast.get_docstring(function) else None
    documented = (doc.end_lineno or doc.lineno) - doc.lineno + 1 if doc else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - documented


def test_no_other_distribution_owns_the_name_of_a_room():
    owners = packages_distributions()

    assert {room: set(owners.get(room, [])) - {"stocksense"} for room in ROOMS} == {room: set() for room in ROOMS}


def test_no_file_of_the_ui_bears_the_name_of_a_room():
    assert {path.stem for path in (ROOT / "ui").glob("*.py")} & set(ROOMS) == set()


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_a_file_fits_and_says_what_it_is_for(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert ast.get_docstring(tree_of(path)), f"{shown(path)} opens without a sentence"


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_no_function_is_longer_than_fifty_lines(path):
    assert [(f.name, length(f)) for f in functions(path) if length(f) > 50] == []


def test_nine_functions_in_ten_fit_a_glance():
    lengths = sorted(length(f) for path in FILES for f in functions(path))

    assert lengths[int(len(lengths) * 0.9)] <= 25


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_what_is_public_is_explained(path):
    tops = [n for n in tree_of(path).body if isinstance(n, Function | ast.ClassDef) and not n.name.startswith("_")]

    assert [node.name for node in tops if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_only_the_settings_read_the_environment(path):
    reads = re.search(r"\bos\.(environ|getenv)\b", path.read_text(encoding="utf-8"))

    assert not reads or shown(path) == "stocksense/settings.py"


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_no_name_is_a_drawer_for_everything(path):
    classes = [n.name for n in ast.walk(tree_of(path)) if isinstance(n, ast.ClassDef)]

    assert path.stem not in {"utils", "helpers", "common", "base", "misc"}
    assert [name for name in classes if name.endswith(("Manager", "Handler", "Processor", "Helper"))] == []


def test_every_setting_is_in_the_documentation():
    assert settings_table() in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_every_pinned_version_stands_without_an_address():
    assert not re.search(r"https?://|--(extra-)?index|--find-links", (ROOT / "constraints.txt").read_text())


def test_every_dependency_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text(), re.MULTILINE))

    names = {re.split(r"[\[<>=!~ ]", requirement)[0].lower() for requirement in wanted}

    assert names - pinned == set()


def test_the_readme_stays_within_its_page():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_every_command_and_tool_is_in_the_reference():
    from ui.reference import reference

    assert reference() == (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
