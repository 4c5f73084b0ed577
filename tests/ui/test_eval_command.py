"""`stocksense eval webshop`: measured on the shipped catalogue, killed in the middle, and gone on with."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graphs.evaluation.folder import open_results
from graphs.evaluation.plan import Plan
from stocksense.errors import BadValue, ModelUnavailable
from ui.cli.main import app

COMMAND = ("eval", "webshop", "--split", "dev")


@pytest.fixture
def typed_here(tmp_path, monkeypatch):
    """Types the command in this process, in an empty home without a key."""
    monkeypatch.chdir(tmp_path)
    unset = {"UPSTAGE_API_KEY": "", "STOCKSENSE_MODEL_BASE_URL": ""}
    env = unset | {"STOCKSENSE_HOME": str(tmp_path), "COLUMNS": "200"}
    return lambda *words: CliRunner().invoke(app, ["-l", "en", *COMMAND, "--workers", "1", *words], env=env)


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    """The command, running, in a process group of its own."""
    command = [sys.executable, "-c", "from ui.cli.main import main; main()", "-l", "en", *COMMAND, *words]
    plain = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "STOCKSENSE_HOME": str(folder)}
    return subprocess.Popen(
        command,
        cwd=folder,
        env=plain,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
        # Who runs the tests in the background has Ctrl-C ignored, which would be inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  # no thread runs here
    )


def wait_for_lines(path: Path, count: int) -> None:
    """Wait until so many episodes are kept."""
    until = time.monotonic() + 240
    while not path.exists() or path.read_text().count("\n") < count:
        assert time.monotonic() < until, "no episode was kept"
        time.sleep(0.02)


def living(group: int) -> list[str]:
    """The processes of a group that still run; those that ended and wait to be reaped do not."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state, _, its_group = (process / "stat").read_text().rsplit(") ", 1)[1].split()[:3]
            if int(its_group) == group and state != "Z":
                found.append(process.name)
    return found


def test_a_killed_evaluation_goes_on_where_it_was(tmp_path, typed_here):
    kept = tmp_path / "out" / "episodes.jsonl"
    running = start(tmp_path, "--n", "300", "--workers", "2", "--out", "out")
    wait_for_lines(kept, 3)
    running.kill()
    running.communicate()
    before = [line for line in kept.read_text().split("\n")[:-1] if line]
    with kept.open("a") as file:
        file.write('{"goal": 5')

    count = str(len(before) + 3)
    resumed = typed_here("--n", count, "--out", "out")

    assert resumed.exit_code == 0, resumed.output
    assert "A half-written last episode was dropped." in resumed.stderr
    after = kept.read_text().splitlines()
    assert after[: len(before)] == before
    assert len({json.loads(line)["goal"] for line in after}) == len(after)
    assert living(running.pid) == [], "the processes of a killed evaluation live on"


def test_ctrl_c_leaves_something_to_go_on_with_and_says_so(tmp_path):
    running = start(tmp_path, "--n", "300", "--workers", "1", "--out", "out")
    wait_for_lines(tmp_path / "out" / "episodes.jsonl", 1)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=30)

    assert running.returncode == 130
    assert "the same command goes on" in " ".join(said.split())


def test_a_program_reads_score_success_and_costs(tmp_path, typed_here):
    told = json.loads(typed_here("--n", "4", "--baselines", "--json").stdout)

    assert told["n"] == 4
    assert {"score", "success_rate", "steps_mean", "seconds_mean", "by_trial", "units"} <= set(told)
    assert told["baselines"][-1]["shopper"] == "baseline: oracle"
    assert Path(told["report"]).is_relative_to(tmp_path / "eval")


def test_a_person_reads_what_was_measured_beside_every_score(typed_here):
    shown = " ".join(typed_here("--brain", "reflexion", "--trials", "2", "--n", "3").stdout.split())

    assert "products shipped, suite templated, split dev, mode parity, n 3, seed 7, profile quick" in shown
    assert "reflexion over offline" in shown
    assert "trial 2" in shown
    assert "report.html" in shown


def test_a_script_that_plays_a_poor_model_is_named_as_one(typed_here):
    told = json.loads(typed_here("--brain", "reflexion", "--model", "scripted-weak", "--n", "3", "--json").stdout)

    assert "scripted-weak (a script, no language model)" in told["shopper"]
    assert len(told["by_trial"]) == 8


def test_another_seed_does_not_mix_with_what_is_kept(tmp_path, typed_here):
    with open_results(tmp_path / "out", Plan(split="dev", seed=7).identity()):
        pass

    answer = typed_here("--seed", "8", "--out", "out")

    assert isinstance(answer.exception, BadValue)
    assert "seed 8 here, 7 there" in str(answer.exception)


@pytest.mark.parametrize("words", [("--brain", "react"), ("--brain", "reflexion", "--model", "solar-pro4")])
def test_a_chat_model_without_a_key_is_an_error_that_names_the_key(typed_here, words):
    answer = typed_here(*words)

    assert isinstance(answer.exception, ModelUnavailable)
    assert "set UPSTAGE_API_KEY" in str(answer.exception)


def test_a_file_without_weights_is_an_error_before_anything_begins(tmp_path, typed_here):
    (tmp_path / "weights.json").write_text("{}")

    answer = typed_here("--weights", "weights.json", "--out", "out")

    assert isinstance(answer.exception, BadValue)
    assert "holds no weights of the buyer" in str(answer.exception)
    assert not (tmp_path / "out").exists()
