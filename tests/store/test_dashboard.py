"""What the dashboard shows is what the sales say, whatever the window, the place and the category."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import func, select

from stocksense.domain.demand import Trial
from stocksense.domain.periods import Period, PeriodKind
from stocksense.domain.taxonomy import CategoryPath
from stocksense.errors import BadValue, UnknownName
from stocksense.store.dashboard import by_category, by_location, over_time, rising_categories, series
from stocksense.store.database import Sessions
from stocksense.store.figures import figures, like_periods
from stocksense.store.forecasts import save_trial
from stocksense.store.health import forecast_check, job_health, stock_summary, trend_products
from stocksense.store.products import NewProduct, save_products
from stocksense.store.rising import rising
from stocksense.store.sales import SaleLine, record_sales
from stocksense.store.scope import Scope, scope_of
from stocksense.store.sellers import bottom_sellers, top_sellers
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo, create_shop, locations_of
from stocksense.store.tables import Category, Product, Sale
from stocksense.store.takings import top_products
from tools.services import Services

FIRST, LAST = date(2025, 11, 10), date(2026, 3, 10)
CATEGORIES = [CategoryPath("Food", "Drinks"), CategoryPath("Food", "Dairy"), CategoryPath("Home"), None]


@pytest.fixture(scope="module")
def trade(kept_sessions: Sessions) -> ShopInfo:
    """A shop with forty products and four months of sales at two stores; no test changes it."""
    random, now = Random(11), datetime(2026, 3, 11, tzinfo=UTC)
    with kept_sessions.begin() as session:
        shop = create_shop(session, "Corner", now=now, stores=("Front", "Annex"))
        places = {place.name: place.id for place in locations_of(session, shop.id)}
    products = [
        NewProduct(f"P-{at:02}", name_en=f"Product {at}", category=CATEGORIES[at % 4], price=Decimal(1000))
        for at in range(40)
    ]
    days = [FIRST + timedelta(number) for number in range((LAST - FIRST).days + 1)]
    lines = [
        SaleLine(
            f"L-{number}",
            f"P-{min(int(random.expovariate(0.15)), 39):02}",
            places[random.choice(["Front", "Annex"])],
            random.choice([1, 1, 1, 2, 5, -1]),
            Decimal(random.randrange(100, 100_000)) / 100,
            datetime(*random.choice(days).timetuple()[:3], 3, tzinfo=now.tzinfo),
        )
        for number in range(2500)
    ]
    with kept_sessions.begin() as session:
        save_products(session, shop.id, products, now=now)
        record_sales(session, shop.id, lines, actor="test", now=now, move_stock=False)
    return shop


def raw(session: Session, scope: Scope, first: date, last: date) -> tuple[int, Decimal]:
    """Units and amount by the lines of sales themselves."""
    sums = select(func.coalesce(func.sum(Sale.units), 0), func.sum(Sale.amount)).join(Product)
    sums = sums.where(Sale.shop_id == scope.shop_id, Sale.day.between(first, last))
    if scope.location_id:
        sums = sums.where(Sale.location_id == scope.location_id)
    if scope.categories is not None:
        sums = sums.where(Product.category_id.in_(scope.categories))
    units, amount = session.execute(sums).one()
    return int(units), amount or Decimal(0)


def test_totals_of_random_windows_are_those_of_the_sales_to_the_won(kept_sessions: Sessions, trade: ShopInfo):
    random = Random(5)
    with kept_sessions() as session:
        for _ in range(60):
            first, last = sorted(FIRST + timedelta(random.randrange(-9, 130)) for _ in range(2))
            where, what = random.choice(["", "Front", "Annex"]), random.choice([*CATEGORIES, CategoryPath("Food")])
            scope = scope_of(session, trade.id, location=where, category=what)
            found = figures(session, scope, first, last)

            assert (found.units, found.amount) == raw(session, scope, first, last)


@pytest.mark.parametrize("by", [PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH, PeriodKind.YEAR])
def test_a_line_over_time_covers_its_window_and_adds_up(kept_sessions: Sessions, trade: ShopInfo, by: PeriodKind):
    period = Period("span", date(2025, 11, 20), date(2026, 2, 18))
    with kept_sessions() as session:
        scope = scope_of(session, trade.id)
        line = series(session, scope, period, by=by).now
        told = [raw(session, scope, point.first, point.last) for point in line]

    assert [(point.units, point.amount) for point in line] == told
    assert (line[0].first, line[-1].last) == (period.first, period.last)
    assert all(a.last + timedelta(1) == b.first for a, b in pairwise(line))


@pytest.mark.parametrize("by", [PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH, PeriodKind.YEAR])
@pytest.mark.parametrize("location", ["", "Front"])
@pytest.mark.parametrize("first", [date(2025, 2, 20), date(2025, 12, 31), date(2026, 2, 1), date(2026, 2, 18)])
def test_what_is_read_in_one_go_is_what_is_read_by_itself(
    kept_sessions: Sessions, trade: ShopInfo, by: PeriodKind, location: str, first: date
):
    period = Period("span", first, date(2026, 2, 18))
    with kept_sessions() as session:
        scope = scope_of(session, trade.id, location=location)
        line, changes = over_time(session, scope, period, by=by)

        assert line == series(session, scope, period, by=by)
        alone = [figures(session, scope, each.first, each.last) for each in like_periods(period)]
        assert [changes.now, changes.then, changes.last_year] == alone


def test_a_line_of_too_many_days_is_refused(kept_sessions: Sessions, trade: ShopInfo):
    with kept_sessions() as session, pytest.raises(BadValue, match="by month or year"):
        series(session, scope_of(session, trade.id), Period("all", date(2020, 1, 1), LAST))


def test_changes_are_against_like_periods(kept_sessions: Sessions, trade: ShopInfo):
    period = Period("2026-02", date(2026, 2, 1), date(2026, 2, 28), PeriodKind.MONTH)
    with kept_sessions() as session:
        scope = scope_of(session, trade.id, location="Front")
        _, found = over_time(session, scope, period)
        january = raw(session, scope, date(2026, 1, 1), date(2026, 1, 31))

    assert (found.then.units, found.then.amount) == january
    assert found.change() == pytest.approx(float(found.now.amount / january[1]) - 1)
    assert found.change(against="last_year") is None


def test_shares_of_locations_and_categories_add_up(kept_sessions: Sessions, trade: ShopInfo):
    period = Period("span", date(2025, 12, 3), date(2026, 3, 5))
    with kept_sessions() as session:
        scope = scope_of(session, trade.id)
        places, groups = by_location(session, scope, period), by_category(session, scope, period, level=1)
        total = figures(session, scope, period.first, period.last)

    for shares in (places, groups):
        assert sum(share.amount for share in shares) == total.amount
        assert sum(share.share for share in shares) == pytest.approx(1)
    assert {str(share.path) for share in groups} == {"Food", "Home", "None"}


def test_rising_categories_grew_and_sold_enough(kept_sessions: Sessions, trade: ShopInfo):
    with kept_sessions() as session:
        found = rising_categories(session, scope_of(session, trade.id), LAST, level=2, minimum_units=5)

    assert all(share.units > share.previous_units >= 5 for share in found)
    assert [share.growth for share in found] == sorted((share.growth for share in found), reverse=True)


@pytest.mark.parametrize("first", [date(2026, 2, 11), FIRST])
@pytest.mark.parametrize("limit", [1, 3, 10, 45])
def test_top_sellers_are_those_of_all_products_added_up(
    kept_sessions: Sessions, trade: ShopInfo, first: date, limit: int
):
    with kept_sessions() as session:
        found = top_sellers(session, scope_of(session, trade.id), Period("span", first, LAST), limit=limit)
        wanted = top_products(session, trade.id, first, LAST, limit=limit)

    assert [(s.sku, s.units, s.amount) for s in found] == [(p.sku, p.units, p.amount) for p in wanted]


def test_top_sellers_of_a_place_and_a_category_are_only_of_these(kept_sessions: Sessions, trade: ShopInfo):
    period = Period("span", date(2026, 1, 5), LAST)
    with kept_sessions() as session:
        scope = scope_of(session, trade.id, location="Annex", category=CategoryPath("Food"))
        found = top_sellers(session, scope, period, limit=3)
        sums = select(Product.sku, func.sum(Sale.units)).join(Product).join(Category)
        mine = sums.where(Sale.location_id == scope.location_id, Category.main == "Food")
        rows = session.execute(mine.where(Sale.day.between(period.first, LAST)).group_by(Product.sku))
        units = Counter({sku: int(count) for sku, count in rows})

    assert [s.units for s in found] == [count for _, count in units.most_common(3)]


def test_a_spark_is_the_last_four_weeks_day_by_day(kept_sessions: Sessions, trade: ShopInfo):
    period = Period("span", LAST - timedelta(27), LAST)
    with kept_sessions() as session:
        best = top_sellers(session, scope_of(session, trade.id), period, limit=3)

    assert all(len(seller.spark) == 28 and sum(seller.spark) == seller.units for seller in best)


def test_what_lies_on_the_shelf_sold_the_least(corner: Services):
    with corner.sessions() as session:
        shop = corner.shop(session)
        found = bottom_sellers(session, scope_of(session, shop.id), Period("span", date(2026, 3, 1), LAST), limit=4)

    assert found[0].sku == "INJ-1"
    assert [s.units for s in found] == sorted(s.units for s in found)


def test_stock_is_valued_at_the_lowest_offer(corner: Services):
    with corner.sessions() as session:
        shop = corner.shop(session)
        found = stock_summary(session, scope_of(session, shop.id), date(2026, 3, 11))

    assert found.value == Decimal("900") * 44 + Decimal("1080") * 5 + 1740 * 6 + 720 * 2 + 13800 * 0 + 540
    assert (found.products, found.uncosted, sum(found.states.values())) == (8, 1, 7)


def test_forecasts_are_held_against_what_came_once_days_have_passed(corner: Services):
    with corner.sessions() as session:
        shop = corner.shop(session)
        ahead = forecast_check(session, scope_of(session, shop.id), date(2026, 3, 1), date(2026, 3, 13))

    assert [day.day for day in ahead.days] == [date(2026, 3, 12), date(2026, 3, 13)]
    assert ahead.days[0].expected == pytest.approx(3 + 2 + 2.5 + 1 + 2 + 0 + 0.2 + 1)
    assert ahead.wape is None
    assert ahead.backtest == pytest.approx(0.412)


def test_days_before_the_first_forecast_are_told_as_the_model_was_tried_on_them(corner: Services):
    category = CategoryPath("Drinks")
    trial = Trial(date(2026, 2, 26), 7, {category.levels: (2.0,) * 14, (): (0.5,) * 14})
    with corner.sessions.begin() as session:
        shop = corner.shop(session)
        save_trial(session, shop.id, trial, before=date(2026, 3, 11))
        save_trial(session, shop.id, trial, before=date(2026, 3, 11))
    with corner.sessions() as session:
        whole = forecast_check(session, scope_of(session, shop.id), date(2026, 3, 1), date(2026, 3, 12))
        scope = scope_of(session, shop.id, category=category)
        drinks = forecast_check(session, scope, date(2026, 3, 1), date(2026, 3, 11))
        sold = [figures(session, scope_of(session, shop.id), day.day, day.day).units for day in whole.days]

    assert [(day.day.day, day.expected, day.tried) for day in whole.days[:11]] == [(n, 2.5, True) for n in range(1, 12)]
    assert [day.made_on.day for day in whole.days] == [25, 25, 25, 25, 4, 4, 4, 4, 4, 4, 4, 11]
    assert [day.actual for day in whole.days] == sold
    assert (whole.tried, whole.days[-1].tried) == (11, False)
    assert {day.expected for day in drinks.days} == {2.0}
    assert [check.where_from.table.split(",")[0] for check in (whole, drinks)] == ["forecast_totals", "forecast_trials"]


def test_two_processes_that_keep_a_trial_at_once_keep_it_once(corner: Services):
    trial = Trial(date(2026, 3, 1), 7, {(): (1.0,) * 7})
    with corner.sessions() as session:
        shop = corner.shop(session)

    def keep() -> None:
        with corner.sessions.begin() as session:
            save_trial(session, shop.id, trial, before=date(2026, 3, 11))

    with ThreadPoolExecutor() as others, corner.sessions.begin() as session:
        save_trial(session, shop.id, trial, before=date(2026, 3, 11))
        other = others.submit(keep)
        with pytest.raises(TimeoutError):
            other.result(timeout=0.3)
        session.commit()
        other.result(timeout=20)
    with corner.sessions() as session:
        check = forecast_check(session, scope_of(session, shop.id), date(2026, 3, 1), date(2026, 3, 7))

    assert [day.expected for day in check.days] == [1.0] * 7


def test_a_shop_with_forecasts_keeps_them_and_no_trial(corner: Services):
    with corner.sessions.begin() as session:
        shop = corner.shop(session)
        save_trial(session, shop.id, Trial(date(2026, 3, 1), 7, {(): (1.0,) * 7}), before=date(2026, 3, 12))

        assert not forecast_check(session, scope_of(session, shop.id), date(2026, 3, 1), date(2026, 3, 7)).days


def test_jobs_show_their_newest_run(corner: Services):
    with corner.sessions() as session:
        (job,) = job_health(session, corner.shop(session).id, corner.clock())

    assert (job.job, job.runs, job.failed) == ("replenish", 1, 0)


def test_trends_find_the_same_products_as_looking_at_all_of_them(corner: Services):
    with corner.sessions() as session:
        shop = corner.shop(session)

        assert trend_products(session, shop, at_least=1) == rising(session, shop, at_least=1) != ()


def test_an_unknown_category_is_named(kept_sessions: Sessions, trade: ShopInfo):
    with kept_sessions() as session, pytest.raises(UnknownName, match="Toys"):
        scope_of(session, trade.id, category=CategoryPath("Toys"))
