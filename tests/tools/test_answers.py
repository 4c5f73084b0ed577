"""Tools answer from the store, with the numbers that SQL gives."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from stocksense.errors import BadValue, IllegalStep, UnknownName
from tools.categories import list_categories, look_up
from tools.demand import forecast_demand
from tools.orders import explain_decision, list_proposals, open_orders, propose_purchase
from tools.recalls import check_recalls, recalls_touching_us
from tools.sales import sales_by_category, sales_by_day, sales_by_location, sales_summary, top_sellers
from tools.stock import check_stock, find_products, low_stock
from tools.trends import trending

SUM = "SELECT coalesce(sum(s.amount), 0) FROM sales s JOIN products p ON p.id = s.product_id "


def amount(services, where, **values):
    with services.sessions() as session:
        return Decimal(int(session.execute(text(SUM + where), values).scalar())) / 100


def test_sales_are_narrowed_to_a_product_a_category_and_a_place(corner):
    since = "WHERE s.day >= '2026-03-01' "

    assert sales_summary(corner, "this_month", product="DRK-2").amount == amount(corner, since + "AND p.sku = 'DRK-2'")
    assert sales_summary(corner, "this_month", category="음료").amount == amount(
        corner, since + "AND p.sku IN ('DRK-1', 'DRK-2')"
    )
    place = since + "AND s.location_id = (SELECT id FROM locations WHERE name = '역앞점')"
    assert sales_summary(corner, "this_month", location="역앞점").amount == amount(corner, place)


def test_categories_and_places_add_up_to_the_whole(corner):
    whole = sales_summary(corner, "this_month").amount

    assert sum(row.amount for row in sales_by_category(corner).rows) == whole
    assert sum(row.amount for row in sales_by_location(corner).rows) == whole


def test_each_day_of_a_period_is_there_and_all_add_up(corner):
    told = sales_by_day(corner, "last_30_days", product="DRK-2")

    assert [day.day for day in told.days] == [told.period.first + timedelta(at) for at in range(30)]
    assert sum(day.amount for day in told.days) == sales_summary(corner, "last_30_days", product="DRK-2").amount
    assert told.mean_amount == (told.amount / 30).quantize(Decimal("0.01"))
    assert any(day.units == 0 for day in told.days)


def test_more_days_than_a_year_are_not_told_one_by_one(corner):
    with pytest.raises(BadValue, match="ask for 366 at most"):
        sales_by_day(corner, "2020-01-01..2026-03-01")


def test_a_period_without_sales_before_it_has_no_change(corner):
    assert sales_summary(corner, "2025-04-20").previous.change_percent is None


def test_top_sellers_of_a_category_are_of_that_category(corner):
    assert {row.sku for row in top_sellers(corner, "this_year", category="Drinks").products} == {"DRK-1", "DRK-2"}


def test_low_stock_tells_what_is_on_its_way_and_what_waits(corner):
    rows = {row.sku: row for row in low_stock(corner).products}

    assert (rows["SNK-1"].on_order, rows["SNK-1"].reason) == (30, "on_order_already")
    assert rows["DRK-1"].proposal is not None
    assert "BAT-1" not in rows


def test_low_stock_shows_the_most_urgent_and_counts_all(corner):
    whole, first = low_stock(corner), low_stock(corner, limit=1)

    assert first.products == whole.products[:1]
    assert first.total == whole.total == len(whole.products) > 1


def test_stock_of_a_recalled_product_is_in_quarantine(corner):
    level = check_stock(corner, "BAT-1")

    assert (level.on_hand, level.quarantined) == (0, 8)


def test_a_decision_is_explained_in_both_languages(corner):
    told = explain_decision(corner, "바다칩 매운맛")

    assert told.reason == "enough_stock"
    assert "재주문점 10개보다 많고" in told.reason_ko
    assert "above the reorder point 10" in told.reason_en


def test_a_forecast_comes_with_interval_accuracy_and_reorder_point(corner):
    told = forecast_demand(corner, "구름우유", days=7)

    assert (told.first, told.last, told.total) == (date(2026, 3, 12), date(2026, 3, 18), 7.0)
    assert (told.low, told.high) == (0.5, 1.8)
    assert (told.wape_percent, told.naive_wape_percent, told.reorder_point) == (41.2, 63.1, 5.0)


def test_open_orders_tell_what_is_to_come(corner):
    orders = open_orders(corner)

    assert [(row.sku, row.units_open, row.expected_on) for row in orders.orders] == [("SNK-1", 30, date(2026, 3, 13))]
    assert orders.total == Decimal(27000)


def test_a_purchase_is_proposed_in_whole_packs_and_waits(corner):
    made = propose_purchase(corner, "구름우유", 10)

    assert (made.quantity, made.state) == (12, "pending")
    assert made.id in {row.id for row in list_proposals(corner).proposals}


@pytest.mark.parametrize(
    ("product", "quantity", "error"),
    [
        ("DRK-1", 12, IllegalStep),
        ("SNK-1", 12, IllegalStep),
        ("BAT-1", 6, IllegalStep),
        ("RMN-1", 6, BadValue),
        ("DRK-2", 1000, BadValue),
        ("DRK-2", -5, BadValue),
    ],
)
def test_what_may_not_be_bought_is_not_proposed(corner, product, quantity, error):
    with pytest.raises(error):
        propose_purchase(corner, product, quantity)


def test_a_recall_is_told_with_evidence_and_what_was_done(corner):
    match = recalls_touching_us(corner).matches[0]

    assert (match.sku, match.state, match.units, match.evidence) == ("BAT-1", "quarantined", 8, "barcode 8800000001072")


def test_without_a_feed_recalls_cannot_be_checked(corner):
    with pytest.raises(BadValue, match="no recall feed is set up"):
        check_recalls(corner)


def test_trends_tell_rank_window_source_and_list_length(corner):
    rise = trending(corner).rises[0]

    assert (rise.keyword, rise.before, rise.rank, rise.of, rise.source) == ("보리차", 4, 1, 5, "naver-datalab")


def test_products_called_alike_are_offered_where_none_fits(corner):
    found = find_products(corner, "구룸우유")

    assert (found.total, [row.sku for row in found.close]) == (0, ["DRK-2"])


def test_a_name_is_looked_up_as_place_category_or_product(corner):
    assert look_up(corner, "역앞점").locations == ("역앞점",)
    assert look_up(corner, "음료").categories == ("Drinks",)
    assert [row.sku for row in look_up(corner, "달빛라면").products] == ["RMN-1"]
    assert {row.name_en for row in list_categories(corner).categories} == {"Drinks", "Electronics", "Noodles", "Snacks"}


def test_before_the_first_run_nothing_is_said_to_be_enough(sqlite_corner):
    with sqlite_corner.sessions.begin() as session:
        session.execute(text("UPDATE proposals SET decision_id = NULL"))
        session.execute(text("UPDATE product_facts SET decision_id = NULL"))
        session.execute(text("DELETE FROM decisions"))

    with pytest.raises(UnknownName, match="run `stocksense run` once"):
        low_stock(sqlite_corner)
