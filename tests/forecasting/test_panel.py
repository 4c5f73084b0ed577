"""How sales rows become a panel."""

from datetime import date, timedelta

import numpy as np
import pytest

from forecasting.panel import SalesPanel, build_panel
from stocksense.errors import BadValue

MONDAY = date(2026, 3, 2)
SUNDAY = MONDAY + timedelta(days=6)


def week_of(*rows: tuple[str, date, float, float | None, bool], stockouts: tuple[tuple[str, date], ...] = ()):
    paths = {"TEA": ("drinks", "tea"), "GUM": ("sweets",)}
    return build_panel(rows, stockouts, categories=paths, first_day=MONDAY, last_day=SUNDAY)


def test_rows_of_one_day_are_added_up():
    panel = week_of(("TEA", MONDAY, 2, 3.0, False), ("TEA", MONDAY, 1, 3.0, True))

    assert panel.units[1, 0] == 3
    assert panel.promotion[1, 0]


def test_a_day_with_more_returns_than_sales_counts_as_none():
    assert week_of(("TEA", MONDAY, -2, 3.0, False)).units.sum() == 0


def test_a_price_holds_until_the_next_and_back_to_the_start():
    panel = week_of(("TEA", MONDAY + timedelta(2), 1, 3.0, False), ("TEA", SUNDAY, 1, 4.0, False))

    assert panel.price[1].tolist() == [3, 3, 3, 3, 3, 3, 4]


def test_a_product_that_never_sold_is_not_yet_on_sale():
    panel = week_of(("TEA", MONDAY + timedelta(2), 1, None, False))

    assert panel.skus == ("GUM", "TEA")
    assert panel.launch.tolist() == [7, 2]
    assert panel.on_sale.sum(axis=1).tolist() == [0, 5]


def test_a_stock_out_day_is_marked():
    assert not week_of(stockouts=(("GUM", SUNDAY),)).in_stock[0, 6]


def test_rows_outside_the_window_are_left_out():
    assert week_of(("TEA", SUNDAY + timedelta(1), 5, 3.0, False)).units.sum() == 0


def test_a_past_panel_knows_nothing_of_later_days():
    panel = week_of(("TEA", SUNDAY, 5, 3.0, False)).until(6)

    assert panel.days == 6
    assert panel.units.sum() == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"units": np.zeros((1, 3))}, "shape"),
        ({"units": np.full((2, 3), -1.0)}, "negative"),
        ({"price": np.zeros((2, 2))}, "price has shape"),
        ({"categories": ((),)}, "category paths"),
        ({"skus": ("A", "A")}, "twice"),
    ],
)
def test_a_panel_that_makes_no_sense_is_refused(wrong: dict[str, object], said: str):
    good = {"skus": ("A", "B"), "categories": ((), ()), "first_day": MONDAY, "units": np.zeros((2, 3))}
    rest = {"in_stock": np.ones((2, 3)), "price": np.ones((2, 3)), "promotion": np.zeros((2, 3))}

    with pytest.raises(BadValue, match=said):
        SalesPanel(**(good | rest | wrong))  # type: ignore[arg-type]
