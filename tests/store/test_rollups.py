"""Sums by day, week and month, location and category are those of the sales themselves, whatever happens to them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import Engine, delete, func, select

from stocksense.domain.periods import Period
from stocksense.domain.stock import MoveKind
from stocksense.domain.taxonomy import CategoryPath
from stocksense.store.dashboard import by_category
from stocksense.store.database import Sessions, downgrade, upgrade
from stocksense.store.derived import build_pages
from stocksense.store.figures import Part, figures, in_weeks, in_window
from stocksense.store.moves import Move, record_moves
from stocksense.store.products import NewProduct, save_products
from stocksense.store.rollups import rollup_faults, week_of
from stocksense.store.sales import SaleLine, record_sales
from stocksense.store.scope import scope_of
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from stocksense.store.states import Grain
from stocksense.store.stock_outs import refresh_stock_outs
from stocksense.store.tables import Category, Product, Rollup, Sale
from stocksense.store.takings import totals_by_category

FIRST = date(2026, 1, 20)
DAYS = [FIRST + timedelta(number) for number in range(50)]
WINDOW = (date(2026, 1, 25), date(2026, 3, 5))
SKUS = ("TEA-1", "TEA-2", "MILK-1")


def at(day: date) -> datetime:
    return datetime.combine(day, time(3), UTC)


def some_sales(places: dict[str, int], seed: int, count: int = 400) -> list[SaleLine]:
    random = Random(seed)
    return [
        SaleLine(
            f"{seed}-{number}",
            random.choice(SKUS),
            places[random.choice(["Front", "Annex"])],
            random.choice([1, 1, 2, 3, -1]),
            Decimal(random.randrange(100, 9000)),
            at(random.choice(DAYS)),
        )
        for number in range(count)
    ]


def some_moves(places: dict[str, int], seed: int, count: int = 60) -> list[Move]:
    random = Random(seed)
    routes = {
        MoveKind.RECEIPT: ("Suppliers", "Front"),
        MoveKind.WASTE: ("Front", "Losses"),
        MoveKind.CORRECTION: random.choice([("Front", "Losses"), ("Losses", "Annex")]),
        MoveKind.TRANSFER: ("Front", "Annex"),
        MoveKind.QUARANTINE: ("Annex", "Quarantine"),
    }
    moves = []
    for _ in range(count):
        kind = random.choice(list(routes))
        origin, destination = (places[name] for name in routes[kind])
        moves.append(
            Move(random.choice(SKUS), origin, destination, random.randint(1, 9), kind, at(random.choice(DAYS)))
        )
    return sorted(moves, key=lambda move: move.kind is MoveKind.QUARANTINE)


@pytest.fixture
def busy(sessions: Sessions, shop: ShopInfo, places: dict[str, int], now: datetime) -> ShopInfo:
    """The shop after fifty days of sales, returns, waste, counts and stock-outs, recorded in several goes."""
    with sessions.begin() as session:
        stocked = [Move(sku, places["Suppliers"], places["Annex"], 900, MoveKind.OPENING, at(FIRST)) for sku in SKUS]
        record_moves(session, shop.id, stocked, actor="test", now=now)
    for seed in (1, 2, 3):
        with sessions.begin() as session:
            record_sales(session, shop.id, some_sales(places, seed), actor="test", now=now)
            record_moves(session, shop.id, some_moves(places, seed), actor="test", now=now)
            refresh_stock_outs(session, shop.id, DAYS[0], DAYS[-1])
    return shop


def rolled_up(session: Session, shop: ShopInfo, grain: Grain, place: int, window: tuple[date, date]) -> tuple:
    rows = select(func.sum(Rollup.units), func.sum(Rollup.amount)).where(
        Rollup.shop_id == shop.id,
        Rollup.grain == grain,
        Rollup.location_id == place,
        Rollup.category_id == 0,
        Rollup.day.between(*window),
    )
    return tuple(session.execute(rows).one())


def test_sums_are_those_of_the_sales_themselves(sessions: Sessions, busy: ShopInfo, places: dict[str, int]):
    with sessions() as session:
        for place in (places["Front"], places["Annex"]):
            raw = select(func.sum(Sale.units), func.sum(Sale.amount)).where(Sale.location_id == place)
            told = [tuple(session.execute(raw.where(Sale.day.between(DAYS[3], DAYS[20]))).one())]

            assert [rolled_up(session, busy, Grain.DAY, place, (DAYS[3], DAYS[20]))] == told


def test_sums_stay_sound_over_sales_returns_losses_and_stock_outs(sessions: Sessions, busy: ShopInfo):
    with sessions.begin() as session:
        assert rollup_faults(session, busy.id) == ()


def test_a_wrong_sum_is_found(sessions: Sessions, busy: ShopInfo):
    with sessions.begin() as session:
        row = session.scalars(select(Rollup).where(Rollup.units > 0)).first()
        row.units += 1
        session.flush()

        assert len(rollup_faults(session, busy.id)) == 1


def test_a_product_takes_its_history_into_its_new_category(sessions: Sessions, busy: ShopInfo, now: datetime):
    moved = [
        NewProduct("TEA-1", "보성 녹차 티백", category=CategoryPath("Gifts")),
        NewProduct("MILK-1", "우유"),
    ]
    with sessions.begin() as session:
        save_products(session, busy.id, moved, now=now)

        assert rollup_faults(session, busy.id) == ()


def test_building_anew_changes_nothing(sessions: Sessions, busy: ShopInfo, places: dict[str, int]):
    window = (DAYS[0], DAYS[-1])
    with sessions.begin() as session:
        before = rolled_up(session, busy, Grain.DAY, 0, window)
        build_pages(session, busy.id)

        assert rolled_up(session, busy, Grain.DAY, 0, window) == before
        assert rolled_up(session, busy, Grain.MONTH, 0, (date(2026, 1, 1), date(2026, 3, 1))) == before


def test_weeks_sum_up_their_days(sessions: Sessions, busy: ShopInfo):
    with sessions() as session:
        days = rolled_up(session, busy, Grain.DAY, 0, (date(2026, 2, 22), date(2026, 2, 28)))

        assert rolled_up(session, busy, Grain.WEEK, 0, (date(2026, 2, 22), date(2026, 2, 22))) == days


@pytest.mark.parametrize("before", ["0008", "0011"])
def test_an_upgrade_adds_up_the_weeks_and_the_tree(engine: Engine, sessions: Sessions, busy: ShopInfo, before: str):
    with sessions.begin() as session:
        known = set(session.scalars(select(Rollup.category_id)))
    downgrade(engine, before)
    with sessions.begin() as session:
        session.execute(delete(Category).where(Category.sub3 == ""))
    upgrade(engine)

    with sessions.begin() as session:
        assert rollup_faults(session, busy.id) == ()
        assert len(known) == len(set(session.scalars(select(Rollup.category_id))))


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_a_category_sold_what_all_below_it_sold(
    sessions: Sessions, busy: ShopInfo, places: dict[str, int], now: datetime, depth: int
):
    path = CategoryPath("Food", "Drinks", "Tea", "Green tea").way_down[depth - 1]
    with sessions.begin() as session:
        # A product of a category that others are below.
        save_products(session, busy.id, [NewProduct("TEA-2", "차", category=CategoryPath("Food", "Drinks"))], now=now)
    with sessions() as session:
        scope = scope_of(session, busy.id, location="Annex", category=path)
        below = select(func.sum(Sale.units), func.sum(Sale.amount)).join(Product).join(Category)
        names = zip(("main", "sub1", "sub2", "sub3"), path.levels, strict=True)
        below = below.where(*(getattr(Category, level) == name for level, name in names if name))
        raw = session.execute(below.where(Sale.location_id == places["Annex"], Sale.day.between(*WINDOW))).one()
        found = figures(session, scope, *WINDOW)

        assert len(scope.cells) == 2
        assert (found.units, found.amount) == tuple(raw)


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_korean_name_picks_what_has_it_wherever_it_stands(
    sessions: Sessions, busy: ShopInfo, now: datetime, level: int
):
    korean = CategoryPath("마실 것", "차")
    moved = [
        NewProduct("TEA-1", "녹차", category=CategoryPath("Food", "Drinks", "Tea"), category_ko=korean),
        NewProduct("TEA-2", "홍차", category=CategoryPath("Gifts"), category_ko=korean),
        NewProduct("MILK-1", "우유", category=CategoryPath("Food", "Drinks", "Tea", "Milk"),
                   category_ko=CategoryPath("유제품")),
    ]  # fmt: skip
    with sessions.begin() as session:
        save_products(session, busy.id, moved, now=now)
    with sessions() as session:
        scope = scope_of(session, busy.id, category=korean)
        sold = select(func.sum(Sale.units), func.sum(Sale.amount)).join(Product)
        raw = session.execute(sold.where(Product.sku != "MILK-1", Sale.day.between(*WINDOW))).one()
        found = figures(session, scope, *WINDOW)
        shares = by_category(session, scope, Period("span", *WINDOW), level=level)

    assert (found.units, found.amount) == tuple(raw)
    assert (sum(share.units for share in shares), sum(share.amount for share in shares)) == tuple(raw)


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_shares_at_a_level_are_those_of_the_sales_themselves(sessions: Sessions, busy: ShopInfo, level: int):
    with sessions() as session:
        shares = by_category(session, scope_of(session, busy.id), Period("span", *WINDOW), level=level)
        raw = totals_by_category(session, busy.id, *WINDOW, level=level)

    assert {(s.path, s.path_ko, s.units, s.amount) for s in shares} == {
        (total.path, total.path_ko if total.path_ko else total.path, total.units, total.amount) for total in raw
    }


@pytest.mark.parametrize("first", [date(2026, 1, 22), date(2026, 1, 31), date(2026, 2, 8)])
def test_a_window_in_weeks_has_each_of_its_days_once(first: date):
    for last in (first + timedelta(days) for days in range(70)):
        days = [day for part in in_weeks(in_window(first, last)) for day in days_of(part)]

        assert sorted(days) == [first + timedelta(number) for number in range((last - first).days + 1)]


def days_of(part: Part) -> list[date]:
    """The days of a part, of which those of a week or month all count if the first one does."""
    grain, first, last = part
    starts = {Grain.DAY: lambda day: day, Grain.WEEK: week_of, Grain.MONTH: lambda day: day.replace(day=1)}
    days = (first + timedelta(number) for number in range((last - first).days + 40))
    return [day for day in days if first <= starts[grain](day) <= last]
