"""A plan names everything that a result depends on, and refuses what there is not."""

from pathlib import Path

import pytest

from graphs.evaluation.plan import Plan, differences
from stocksense.errors import BadValue
from webshop_env.catalog import SHIPPED
from webshop_env.warehouse import import_catalog


@pytest.mark.parametrize(
    "wrong", [{"suite": "easy"}, {"split": "best"}, {"mode": "kind"}, {"trials": 0}, {"products": "items.json"}]
)
def test_what_there_is_not_is_refused_by_name(wrong):
    with pytest.raises(BadValue, match=next(iter(wrong))):
        Plan(**wrong)


def test_how_far_to_go_does_not_make_another_evaluation():
    assert Plan(n=30).name() == Plan(n=200).name()


def test_another_seed_makes_another_evaluation():
    assert Plan(seed=7).name() != Plan(seed=8).name()
    assert differences(Plan(seed=7).identity(), Plan(seed=8).identity()) == ["seed 7 here, 8 there"]


def test_a_file_counts_by_what_is_in_it(tmp_path):
    weights = tmp_path / "weights.json"
    weights.write_text("1")
    before = Plan(weights=str(weights)).name()

    weights.write_text("2")

    assert Plan(weights=str(weights)).name() != before


def test_a_split_without_goals_is_said_rather_than_measured(catalog):
    with pytest.raises(BadValue, match="164 goals and none in split 'dev'"):
        Plan(suite="human", split="dev").goals(catalog)


def test_the_goals_are_the_first_of_the_split(catalog):
    assert Plan(split="dev", n=2).goals(catalog) == range(500, 502)
    assert len(Plan(split="test", n=0).goals(catalog)) == 500


def test_a_missing_file_is_named(tmp_path):
    plan = Plan(products=str(tmp_path / "none.json"), attributes=str(tmp_path / "none.json"))

    with pytest.raises(BadValue, match=r"none\.json"):
        plan.open_catalog()


def test_an_imported_catalogue_is_shopped_in_like_its_files(tmp_path):
    files = {"products": str(SHIPPED / "products.json.gz"), "attributes": str(SHIPPED / "attributes.json.gz")}
    import_catalog(Path(files["products"]), Path(files["attributes"]), tmp_path / "all")

    imported, read = Plan(imported=str(tmp_path / "all")), Plan(**files)

    goals = [plan.open_catalog().goal("templated", 500).instruction for plan in (imported, read)]
    assert goals[0] == goals[1]
    assert imported.name() != read.name()
