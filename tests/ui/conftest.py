"""A home folder in which the main job has run once on the sample shop, and a way to type commands there."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PLAIN = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "COLUMNS": "200"}


@dataclass(frozen=True)
class Typed:
    """What a command printed, and its exit status."""

    out: str
    err: str
    status: int

    @property
    def json(self) -> Any:
        """What was printed, as JSON."""
        return json.loads(self.out)


def type_in(home: Path, *words: str, **environment: str) -> Typed:
    """Type `stocksense WORDS` with nothing in the environment but the home folder and what is given."""
    command = [sys.executable, "-c", "from ui.cli.main import main; main()", *words]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=home,
        env=PLAIN | {"STOCKSENSE_HOME": str(home)} | environment,
        timeout=300,
        check=False,
    )
    return Typed(done.stdout, done.stderr, done.returncode)


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Typed]:
    """The home folder after the first run on a machine where nothing was set up, and what the run printed."""
    home = tmp_path_factory.mktemp("home")
    return home, type_in(home, "--language", "en", "run", "--json")


@pytest.fixture(scope="session")
def home(first_run: tuple[Path, Typed]) -> Path:
    """The home folder of the sample shop; tests don't change what others read."""
    return first_run[0]


@pytest.fixture
def typed(home: Path) -> Callable[..., Typed]:
    """Types a command in the sample shop's home."""
    return lambda *words, **environment: type_in(home, *words, **environment)


@pytest.fixture
def typed_in() -> Callable[..., Typed]:
    """Types a command in a home folder of the test's own."""
    return type_in
