"""Every command: it explains itself, answers in both languages and as JSON, and says clearly what is wrong."""

import sqlite3
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from ui.cli.main import app


def every_command():
    root = typer.main.get_command(app)
    for name, command in root.commands.items():
        inner = command.commands.items() if isinstance(command, TyperGroup) else [("", command)]
        yield from (pytest.param(leaf, id=f"{name} {under}".strip()) for under, leaf in inner)


@pytest.mark.parametrize("command", list(every_command()))
def test_a_command_says_what_it_does_and_shows_an_example(command):
    assert command.help
    assert "xample" in command.epilog


@pytest.mark.parametrize(
    "words",
    [
        ("reorder", "--all"),
        ("orders", "list"),
        ("recalls", "list"),
        ("trends", "list"),
        ("jobs", "list"),
        ("jobs", "history"),
        ("shop", "search", "cola"),
    ],
)
def test_what_a_program_may_read_is_json(typed, words):
    answer = typed(*words, "--json")

    assert answer.status == 0, answer.err
    assert answer.json


def test_reorder_gives_every_product_its_reason(typed, first_run):
    rows = typed("reorder", "--all", "--json").json

    assert len(rows) == first_run[1].json["products"]
    assert all(row["recomputes"] for row in rows)


def test_a_forecast_is_shown_with_its_band_and_its_rivals(typed, first_run):
    sku = first_run[1].json["orders"][0]["sku"]

    shown = typed("-l", "en", "forecast", sku).out

    assert "10 – 90 %" in shown
    assert "WAPE" in shown


def test_an_unknown_product_is_named_with_a_way_out(typed):
    answer = typed("forecast", "NO-SUCH")

    assert answer.status == 1
    assert "NO-SUCH" in answer.err
    assert "Traceback" not in answer.err


def test_a_bad_setting_is_named(typed):
    answer = typed("doctor", STOCKSENSE_LANGUAGE="fr")

    assert answer.status == 1
    assert "STOCKSENSE_LANGUAGE" in answer.err


def test_the_doctor_says_what_is_there_and_how_to_get_the_rest(typed):
    found = {part["part"]: part for part in typed("doctor", "--json").json}

    assert found["database"]["state"] == found["shop"]["state"] == "ok"
    assert "UPSTAGE_API_KEY" in found["chat model"]["remedy"]


def test_the_doctor_exits_with_one_when_something_set_up_fails(typed):
    answer = typed("doctor", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")

    assert answer.status == 1
    assert "127.0.0.1:1" in answer.out


@pytest.mark.parametrize(
    ("question", "told"),
    [("이번 주 매출 어때?", "매출은"), ("how are sales this week?", "Sales"), ("any recalls?", "taken off sale")],
)
def test_a_question_is_answered_in_its_language_without_a_key(typed, question, told):
    answer = typed("ask", question)

    assert answer.status == 0, answer.err
    assert told in answer.out


def test_the_answer_s_sum_is_the_database_s(typed, home):
    said = typed("ask", "이번 달 매출", "--json").json["text"]

    with sqlite3.connect(home / "stocksense.db") as database:
        (hundredths,) = database.execute("SELECT SUM(amount) FROM sales WHERE day LIKE '2026-10-%'").fetchone()
    assert f"{hundredths // 100:,}원" in said


def test_a_file_is_looked_at_before_it_is_read_in(typed, tmp_path):
    path = tmp_path / "products.csv"
    path.write_text("SKU,상품명,판매가\nNEW-1,새 상품,1500\nNEW-2,또 새 상품,비쌈\n", encoding="utf-8")

    answer = typed("import", str(path), "--dry-run")

    assert answer.status == 1
    assert "3행" in answer.err
    assert "비쌈" in answer.err


def test_the_first_import_makes_a_shop(typed_in, tmp_path):
    path = tmp_path / "products.csv"
    path.write_text("SKU,상품명,판매가\nNEW-1,새 상품,1500\n", encoding="utf-8")

    done = typed_in(tmp_path, "--shop", "우리 가게", "import", str(path))
    written = typed_in(tmp_path, "export", "products", "out.csv")

    assert (done.status, written.status) == (0, 0), done.err
    assert "NEW-1" in Path(tmp_path / "out.csv").read_text(encoding="utf-8-sig")


def test_without_a_shop_a_command_says_how_to_make_one(typed_in, tmp_path):
    answer = typed_in(tmp_path, "orders", "list")

    assert answer.status == 1
    assert "stocksense sample load" in answer.err


def test_an_unknown_job_is_refused_with_those_that_there_are(typed):
    answer = typed("jobs", "run", "tea_time")

    assert answer.status == 1
    assert "replenish" in answer.err


def test_a_broken_catalogue_is_refused_by_its_name(typed, tmp_path):
    (tmp_path / "items.json").write_text("[{]", encoding="utf-8")
    files = ("--products", str(tmp_path / "items.json"), "--attributes", str(tmp_path / "items.json"))

    answer = typed("shop", "search", "cola", *files)

    assert answer.status == 1
    assert "items.json" in answer.err
    assert "Traceback" not in answer.err


def test_half_a_pair_of_files_is_refused(typed):
    answer = typed("shop", "bench", "--products", "items.json")

    assert answer.status == 1
    assert "belong together" in answer.err
