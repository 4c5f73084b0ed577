"""Prints the README's table of the buyer by running the evaluations that it is made of.

    .venv/bin/python benchmarks/buyer.py --split dev
    .venv/bin/python benchmarks/buyer.py --data FOLDER --split test
    stocksense buy train --products FILE --attributes FILE --out OWN.json
    .venv/bin/python benchmarks/buyer.py --data FOLDER --split test --weights OWN.json

With weights of your own the rows of the offline buyer are printed for these instead of the shipped ones. Without a
folder of WebShop's 1,000 products it takes the shipped catalogue, whose figures say nothing beside those of others.
Each finished task is kept in STOCKSENSE_HOME, so that the same command goes on after a kill, and the second time takes
a moment; how far it is stands on the error stream. Goals 0 to 499 are the test
split: look at them last, and once.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

TRIALS = ("--brain", "reflexion", "--model")
ROWS = (
    ("offline thorough", ("--profile", "thorough", "--suite", "templated", "--n", "500", "--baselines")),
    ("offline quick, at most 15 steps", ("--profile", "quick", "--suite", "templated", "--n", "500")),
    ("offline thorough", ("--profile", "thorough", "--suite", "paraphrased", "--n", "500")),
    ("offline thorough, in Korean", ("--profile", "thorough", "--suite", "paraphrased-ko", "--n", "500")),
    ("offline quick, verifier and reflections", (*TRIALS, "offline", "--suite", "templated", "--n", "200")),
    (
        "a weak script, no model, reflections",
        (*TRIALS, "scripted-weak", "--suite", "templated", "--n", "200"),
    ),
)


def evaluate(words: tuple[str, ...]) -> dict[str, Any]:
    """One evaluation, as the command tells it."""
    command = [sys.executable, "-c", "from ui.cli.main import main; main()", "eval", "webshop", *words, "--json"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def files(folder: Path | None) -> tuple[str, ...]:
    """The arguments that name WebShop's files in a folder."""
    if folder is None:
        return ()
    named = {
        "products": "items_shuffle_1000.json",
        "attributes": "items_ins_v2_1000.json",
        "nouns": "title_nouns_sm38.json",
    }
    return tuple(word for option, name in named.items() for word in (f"--{option}", str((folder / name).absolute())))


def weights(file: Path | None) -> tuple[str, ...]:
    """The arguments that name the offline buyer's weights."""
    return () if file is None else ("--weights", str(file.absolute()))


def show(name: str, told: dict[str, Any]) -> None:
    """A row of the table, below it what simple rules reach, and success by trial where there were several."""
    low, high = told["score_interval"]
    worst, best = told["success_interval"]
    print(
        f"| {name} | {told['products']}, {told['suite']}, {told['split']}, {told['mode']}, n {told['n']}, "
        f"seed {told['seed']} | {told['score']:.1f} ({low:.1f} to {high:.1f}) | {told['success_rate']:.1f} "
        f"({worst:.1f} to {best:.1f}) | {told['steps_mean']:.1f} | {told['seconds_mean']:.2f} |",
        flush=True,
    )
    for one in told["baselines"]:
        print(f"| {one['shopper']} | the same goals | {one['score']:.1f} | {one['success_rate']:.1f} | | |")
    if len(told["by_trial"]) > 1:
        by_trial = " ".join(f"{one['success_rate']:.1f}" for one in told["by_trial"])
        print(f"| ... success by trial, {told['evaluator']} asking for the next | {by_trial} | | | | |", flush=True)


def main() -> None:
    """Read the arguments, evaluate and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with WebShop's files; left out: the shipped catalogue")
    parser.add_argument("--split", default="test", choices=("test", "dev"))
    parser.add_argument("--weights", type=Path, help="the offline buyer's weights; left out: the shipped ones")
    parser.add_argument("--n", type=int, help="so many goals in every row; left out: 500, and 200 with trials")
    chosen = parser.parse_args()
    fewer = ("--n", str(chosen.n)) if chosen.n else ()
    print("| brain | products, suite, split, mode | score | success % | steps | s a task |", flush=True)
    print("|---|---|---|---|---|---|", flush=True)
    common = (*fewer, "--split", chosen.split, *files(chosen.data))
    # A script's walks do not depend on the weights.
    rows = [row for row in ROWS if chosen.weights is None or "scripted-weak" not in row[1]]
    for place, (name, words) in enumerate(rows, 1):
        print(f"{place} of {len(rows)}: {name} ...", file=sys.stderr, flush=True)
        own = () if "scripted-weak" in words else weights(chosen.weights)
        show(name, evaluate((*words, *common, *own)))


if __name__ == "__main__":
    main()
