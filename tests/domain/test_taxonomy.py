"""The way down the category tree."""

import pytest

from stocksense.domain.taxonomy import CategoryPath, parse_category
from stocksense.errors import BadValue


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Food", CategoryPath("Food")),
        ("Food > Drinks", CategoryPath("Food", "Drinks")),
        ("Food › Drinks › Soda › Cola", CategoryPath("Food", "Drinks", "Soda", "Cola")),
        ("a > b > c > d > e", CategoryPath("a", "b", "c", "d > e")),
    ],
)
def test_paths_are_read_and_the_full_depth_is_kept(text, path):
    assert parse_category(text) == path


def test_a_path_is_written_as_it_is_read():
    assert str(parse_category("a > b > c")) == "a > b > c"
    assert parse_category("a > b > c").leaf == "c"


def test_a_gap_in_a_path_is_refused():
    with pytest.raises(BadValue, match="gap"):
        CategoryPath("Food", "", "Soda")


def test_no_name_is_no_category():
    with pytest.raises(BadValue, match="main > sub1"):
        parse_category(" > ")
