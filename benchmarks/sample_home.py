"""A home folder with the sample shop after one run, for benchmarks: thrown away afterwards, or kept in a folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STOCKSENSE = (sys.executable, "-c", "from ui.cli.main import main; main()")
"""The command line, as this Python runs it."""


def around(home: Path) -> dict[str, str]:
    """The environment of a command that works on a home folder and on nothing else."""
    nothing_else = dict.fromkeys(
        ("STOCKSENSE_SHOP", "DATABASE_URL", "UPSTAGE_API_KEY", "STOCKSENSE_MODEL_BASE_URL"), ""
    )
    return {**os.environ, **nothing_else, "STOCKSENSE_HOME": str(home)}


@contextmanager
def sample_home(kept: Path | None) -> Iterator[Path]:
    """The folder, made with one `stocksense run` unless that was done in `kept` before; prints what is in it."""
    with tempfile.TemporaryDirectory() as made:
        home = (kept or Path(made)).absolute()
        told = home / "first-run.json"
        if not told.exists():
            home.mkdir(parents=True, exist_ok=True)
            print(f"making the sample shop in {home}, with one run (a minute or more) ...", file=sys.stderr, flush=True)
            ran = subprocess.run([*STOCKSENSE, "run", "--json"], env=around(home), stdout=subprocess.PIPE, check=True)
            told.write_bytes(ran.stdout)
        run = json.loads(told.read_text(encoding="utf-8"))
        print(f"{run['shop']}: {run['products']} products, sales {run['sales_from']} to {run['sales_to']}")
        print(run["provenance"], flush=True)
        yield home
