"""What the network sees, and that it never sees the future."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecasting.holidays_ahead import calendar_features
from forecasting.panel import SalesPanel
from forecasting.windows import History, TargetScale, vocabularies

units = arrays(np.float32, (3, 14), elements=st.floats(0, 10_000, width=32))


@settings(deadline=None)
@given(units, arrays(np.float32, 3, elements=st.floats(0, 1_000, width=32)))
def test_scaled_sales_come_back_as_units(sold: np.ndarray, scale: np.ndarray):
    target = TargetScale(scale)

    assert target.undo(target.apply(sold)) == pytest.approx(sold, rel=1e-3, abs=1e-3)


def test_a_window_knows_nothing_from_its_origin_on(shop: SalesPanel):
    words, rows, origin = vocabularies(shop), np.arange(len(shop.skus)), np.full(len(shop.skus), 150)
    changed = SalesPanel(
        shop.skus, shop.categories, shop.first_day, np.where(np.arange(shop.days) >= 150, 99, shop.units),
        shop.in_stock, shop.price, shop.promotion,
    )  # fmt: skip

    seen, other = (History(panel, words).batch(rows, origin) for panel in (shop, changed))

    older = shop.launch < 150
    for name in ("patches", "statics", "steps", "bases", "scale"):
        assert getattr(seen, name)[older] == pytest.approx(getattr(other, name)[older])


def test_targets_are_the_sales_after_the_origin(shop: SalesPanel):
    targets = History(shop, vocabularies(shop)).targets(np.array([2]), np.array([100]))

    assert targets.units[0].tolist() == shop.units[2, 100:121].tolist()


def test_targets_past_the_last_day_are_not_seen(shop: SalesPanel):
    targets = History(shop, vocabularies(shop)).targets(np.array([2]), np.array([shop.days - 5]))

    assert targets.seen.sum() == 5


def test_seollal_is_a_long_holiday_and_is_seen_coming():
    days = calendar_features(date(2026, 2, 10), 14, "KR", seasons=False)

    seollal = 7
    assert days[seollal, 0] == 1 and days[seollal, 1] == 1
    assert days[3, 3] > days[0, 3] > 0


def test_a_country_without_a_calendar_has_no_holidays():
    assert calendar_features(date(2026, 1, 1), 30, "XX", seasons=False)[:, :5].sum() == 0
