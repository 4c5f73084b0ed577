"""Tools of other developers: one file dropped into a folder, or a clear error."""

from importlib.metadata import EntryPoint

import pytest

from stocksense.errors import BadTool
from tools.registry import check_tool, extra_tools

GOOD = '''
"""How cold our fridges are."""
from __future__ import annotations
from dataclasses import dataclass
from tools.services import Services

@dataclass(frozen=True)
class Reading:
    degrees: float

def fridge_temperature(services: Services, fridge: str) -> Reading:
    """Tell how cold a fridge is.

    Args:
        fridge: its name, such as "North".
    """
    return Reading(3.5)

AGENTS = ("forecaster",)
READS = (fridge_temperature,)
'''


def dropped(folder, text):
    (folder / "fridges.py").write_text(text, "utf-8")
    return extra_tools(str(folder), ())


def test_a_file_dropped_into_the_folder_is_a_tool_of_the_agents_it_names(tmp_path):
    tools = dropped(tmp_path, GOOD)

    assert [(tool.function.__name__, tool.agents, tool.writes) for tool in tools] == [
        ("fridge_temperature", ("forecaster",), False)
    ]


def test_writers_are_told_from_readers(tmp_path):
    assert [tool.writes for tool in dropped(tmp_path, GOOD.replace("READS", "WRITES"))] == [True]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"""Tell how cold a fridge is.', '"""', "does not describe `fridge`|no docstring"),
        ("fridge: str", "fridge", "gives no type for `fridge`"),
        (" -> Reading", "", "gives no type of its result"),
        ("(services: Services, fridge: str)", "(fridge: str)", "does not take `services` first"),
        ('        fridge: its name, such as "North".\n', "        x: y\n", "does not describe `fridge`"),
        ('AGENTS = ("forecaster",)', "", "names no agents"),
        ("READS = (fridge_temperature,)", "", "offers nothing"),
        ("READS = (fridge_temperature,)", "READS = (1,)", "make it a tuple of functions"),
        ("-> Reading", "-> Nowhere", "names an unknown type|type that cannot be found"),
        ("return Reading(3.5)", "return (", "cannot be loaded: SyntaxError"),
        ("from tools.services import Services", "import not_there", "cannot be loaded: ModuleNotFoundError"),
    ],
)
def test_what_is_missing_is_named_with_its_file(tmp_path, old, new, said):
    bare = GOOD.replace('    Args:\n        fridge: its name, such as "North".\n', "") if new == '"""' else GOOD

    with pytest.raises(BadTool, match=said) as caught:
        dropped(tmp_path, bare.replace(old, new, 1))
    assert "fridges.py" in str(caught.value)


def test_a_folder_that_is_not_there_is_refused():
    with pytest.raises(BadTool, match="is no folder"):
        extra_tools("/not/there", ())


def test_no_folder_and_no_packages_are_no_tools():
    assert extra_tools("", ()) == ()


def test_an_installed_package_offers_a_module(tmp_path, monkeypatch):
    (tmp_path / "colder_fridges.py").write_text(GOOD, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    tools = extra_tools("", [EntryPoint("fridges", "colder_fridges", "stocksense.tools")])

    assert [tool.function.__name__ for tool in tools] == ["fridge_temperature"]


def test_an_entry_point_that_cannot_be_loaded_is_named():
    with pytest.raises(BadTool, match=r"'more' .* cannot be loaded"):
        extra_tools("", [EntryPoint("more", "not_there_at_all", "stocksense.tools")])


def test_an_entry_point_that_is_no_module_is_refused():
    with pytest.raises(BadTool, match="is no module"):
        extra_tools("", [EntryPoint("more", "tools.registry:check_tool", "stocksense.tools")])


def test_a_nameless_docstring_is_refused():
    def bare(services): ...

    with pytest.raises(BadTool, match="no docstring"):
        check_tool(bare)
