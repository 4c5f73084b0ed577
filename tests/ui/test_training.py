"""`stocksense buy train`: weights that say where they come from, and the same again from the same options."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from agents.shopper.ranker import Ranker
from ui.cli.main import app


def trained(out: Path, *options: str) -> str:
    result = CliRunner().invoke(app, ["buy", "train", "--goals", "6", "--messy", "6", "--out", str(out), *options])
    assert result.exit_code == 0, result.output
    return out.read_text(encoding="utf-8")


def test_the_same_options_write_the_same_bytes(tmp_path):
    assert trained(tmp_path / "a.json") == trained(tmp_path / "b.json")


def test_the_weights_say_what_they_were_trained_on(tmp_path):
    trained(tmp_path / "weights.json", "--seed", "3", "--penalty", "2")

    told = Ranker.load(tmp_path / "weights.json").provenance

    assert (told["catalogue"], told["goals"], told["seed"], told["penalty"]) == ("shipped", 6, 3, 2.0)
