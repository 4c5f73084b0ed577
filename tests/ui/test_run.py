"""The main job as a person starts it: nothing set up, no key, no server, no question asked."""

import email
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from email import policy
from pathlib import Path

import pytest


def test_the_first_run_succeeds_with_nothing_set_up(first_run):
    _, run = first_run

    assert (run.status, run.err) == (0, "")


def test_the_run_says_that_the_shop_is_generated(first_run):
    assert "Generated" in first_run[1].json["provenance"]


def test_every_product_has_a_reason(first_run):
    report = first_run[1].json

    assert sum(report["reasons"].values()) == report["products"]


def test_orders_were_bought_with_price_and_page(first_run):
    bought = [line for line in first_run[1].json["orders"] if line["state"] == "placed"]

    assert len(bought) >= 10
    assert all(float(line["total"]) > 0 and "/item_page/" in line["page"] for line in bought)


def test_no_purchase_costs_more_than_was_proposed(first_run):
    report = first_run[1].json
    allowed = {proposal["sku"]: float(proposal["total"]) for proposal in report["proposals"]}

    assert all(float(line["total"]) <= allowed[line["sku"]] for line in report["orders"])


def test_the_recalled_product_is_quarantined_and_no_other(first_run):
    (recall,) = first_run[1].json["recalls"]

    assert recall["state"] == "quarantined"
    assert recall["units"] > 0
    assert recall["evidence"].startswith("barcode")


def test_trend_candidates_name_their_source_and_window(first_run):
    trends = first_run[1].json["trends"]

    assert any(trend["skus"] for trend in trends)
    assert all(trend["source"] == "generated-datalab" and len(trend["window"]) == 2 for trend in trends)


def test_the_forecast_s_rivals_are_judged_beside_it(first_run):
    judged = {model["name"] for model in first_run[1].json["forecast"]["models"]}

    assert {"lstm", "seasonal_naive_7", "moving_average_28"} <= judged


def test_the_letter_lies_in_the_home_folder(first_run):
    (path,) = first_run[1].json["mails"]

    letter = email.message_from_bytes(Path(path).read_bytes(), policy=policy.default)

    assert "ordered" in letter["subject"]
    assert {part.get_content_type() for part in letter.walk()} >= {"text/plain", "text/html"}


@pytest.fixture(scope="module")
def second_run(home, typed_in, tmp_path_factory):
    """A home in which the job has run once more, for a person who reads Korean, and what that run printed."""
    again = shutil.copytree(home, tmp_path_factory.mktemp("again") / "home")
    return again, typed_in(again, "--language", "ko", "run")


def ordered(home: Path) -> Counter[str]:
    """How often each product was ordered in a home's shop, ever."""
    with closing(sqlite3.connect(home / "stocksense.db")) as database:
        lines = "SELECT products.sku FROM order_lines JOIN products ON products.id = order_lines.product_id"
        return Counter(sku for (sku,) in database.execute(lines))


def test_a_second_run_buys_nothing_that_is_on_its_way(home, first_run, second_run, typed_in):
    bought = {line["sku"] for line in first_run[1].json["orders"]}

    again = set(ordered(second_run[0]) - ordered(home))
    reasons = [row["decision"]["reason"] for row in typed_in(second_run[0], "reorder", "--all", "--json").json]

    assert not bought & again
    assert reasons.count("on_order_already") >= len(bought) // 2


def test_the_tables_name_products_reasons_and_where_to_look_next(second_run):
    shown = second_run[1].out

    for words in ("모든 상품의 판단", "제안", "모의 상점에서 산 주문", "리콜", "뜨는 검색어", "메일", "stocksense ask"):
        assert words in shown


def test_what_was_bought_by_hand_can_be_settled_once(first_run, home, typed_in, tmp_path):
    own = shutil.copytree(home, tmp_path / "own")
    stopped = [
        line for line in typed_in(own, "orders", "list", "--json").json["orders"] if line["state"] == "needs_attention"
    ]
    number = str(stopped[0]["id"])

    settled, again = typed_in(own, "orders", "settle", number), typed_in(own, "orders", "settle", number)

    assert settled.out.strip().endswith("placed")
    assert again.status == 1
    assert "주문됨" in again.err
