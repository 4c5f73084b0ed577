"""What the dashboard keeps in memory is always what the books say, and shelves are ranked as the sales rank them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from stocksense.domain.demand import Forecast
from stocksense.domain.periods import Period, PeriodKind
from stocksense.domain.stock import LocationKind, MoveKind, ProductStatus
from stocksense.domain.taxonomy import CategoryPath
from stocksense.store import kept
from stocksense.store.board import Look, board_of, read_board
from stocksense.store.bounds import may_have_sold
from stocksense.store.database import Sessions
from stocksense.store.forecasts import save_forecasts
from stocksense.store.offers import NewOffer, save_offers
from stocksense.store.products import NewProduct, save_products, set_status
from stocksense.store.sales import SaleLine, record_sales
from stocksense.store.scope import Scope, facts_of, scope_of
from stocksense.store.sellers import ASKED, bottom_sellers, top_sellers
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo, all_shops, create_shop, location_of_kind, locations_of
from stocksense.store.skus import product_ids
from stocksense.store.stock import Move, record_moves
from stocksense.store.stock_outs import refresh_stock_outs
from stocksense.store.tables import ProductFacts, Sale
from tools.services import Services

TODAY = date(2026, 3, 11)
SKUS = ("DRK-1", "SNK-1", "RMN-1", "INJ-1")
NUMBERS = count()
Write = Callable[[Session, ShopInfo, Random, datetime], object]


def day(random: Random) -> date:
    return TODAY - timedelta(random.randrange(60))


def at(random: Random, now: datetime) -> datetime:
    return datetime.combine(day(random), time(3), now.tzinfo)


def sell(session: Session, shop: ShopInfo, random: Random, now: datetime) -> None:
    places = [place.id for place in locations_of(session, shop.id, LocationKind.STORE)]
    lines = [
        SaleLine(
            f"B-{next(NUMBERS)}",
            random.choice(SKUS),
            random.choice(places),
            random.choice([1, 2, 5, -1, -2]),
            Decimal(900),
            at(random, now),
        )
        for _ in range(random.randint(1, 3))
    ]
    record_sales(session, shop.id, lines, actor="test", now=now, move_stock=random.random() < 0.5)


def receive(session: Session, shop: ShopInfo, random: Random, now: datetime) -> None:
    supplier = location_of_kind(session, shop.id, LocationKind.SUPPLIER).id
    store = location_of_kind(session, shop.id, LocationKind.STORE).id
    move = Move(random.choice(SKUS), supplier, store, random.randint(1, 9), MoveKind.RECEIPT, at(random, now))
    record_moves(session, shop.id, [move], actor="test", now=now)


def waste(session: Session, shop: ShopInfo, random: Random, now: datetime) -> None:
    store = location_of_kind(session, shop.id, LocationKind.STORE).id
    loss = location_of_kind(session, shop.id, LocationKind.LOSS).id
    move = Move(random.choice(SKUS), store, loss, 1, MoveKind.WASTE, at(random, now))
    record_moves(session, shop.id, [move], actor="test", now=now)


def reprice(session: Session, shop: ShopInfo, random: Random, now: datetime) -> None:
    save_offers(session, shop.id, [NewOffer(random.choice(SKUS), "Other", Decimal(random.randrange(1, 900)), 1, 1)])


def rename(session: Session, shop: ShopInfo, random: Random, now: datetime) -> None:
    category = CategoryPath("Food", random.choice(["Drinks", "Snacks", "Gifts"]))
    korean = CategoryPath("식품", random.choice(["가", "나"]))
    product = NewProduct(random.choice(SKUS), f"이름 {next(NUMBERS)}", category=category, category_ko=korean)
    save_products(session, shop.id, [product], now=now)


def retire(session: Session, shop: ShopInfo, random: Random, now: datetime) -> None:
    set_status(session, shop.id, random.choice(SKUS), random.choice(list(ProductStatus)))


def foresee(session: Session, shop: ShopInfo, random: Random, now: datetime) -> None:
    mean = float(random.randint(0, 5))
    forecast = Forecast(
        random.choice(SKUS), day(random), (mean,) * 21, (mean,) * 21, (mean,) * 21, {}, "lstm", "v2", {}
    )
    save_forecasts(session, shop.id, [forecast], now)


def note_stock_outs(session: Session, shop: ShopInfo, random: Random, now: datetime) -> None:
    refresh_stock_outs(session, shop.id, TODAY - timedelta(30), TODAY)


def rename_elsewhere(session: Session, shop: ShopInfo, random: Random, now: datetime) -> None:
    other = create_shop(session, f"Other {next(NUMBERS)}", now=now)
    korean = CategoryPath(f"식품 {next(NUMBERS)}", "가")
    product = NewProduct("A", category=CategoryPath("Food", "Drinks"), category_ko=korean)
    save_products(session, other.id, [product], now=now)


WRITES: list[Write] = [sell, receive, waste, reprice, rename, retire, foresee, note_stock_outs, rename_elsewhere]


@pytest.fixture
def memory() -> Iterator[None]:
    """Nothing kept before nor after."""
    kept.forget()
    yield
    kept.forget()


def look_at(session: Session, shop: ShopInfo) -> Look:
    return Look(scope_of(session, shop.id), Period("span", TODAY - timedelta(40), TODAY), TODAY)


def looks_at(session: Session, shop: ShopInfo) -> list[Look]:
    """Looks that have some of what they show in common, but not all of it."""
    scopes = [scope_of(session, shop.id), scope_of(session, shop.id, category=CategoryPath("Snacks"))]
    scopes.append(scope_of(session, shop.id, location=locations_of(session, shop.id, LocationKind.STORE)[0].name))
    lengths = ((6, PeriodKind.SPAN), (27, PeriodKind.SPAN), (40, PeriodKind.SPAN), (40, PeriodKind.MONTH))
    periods = [Period("now", TODAY - timedelta(days), TODAY, kind) for days, kind in lengths]
    return [Look(scope, period, TODAY, limit=limit) for scope in scopes for period in periods for limit in (2, 5)]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=st.lists(st.sampled_from(WRITES), min_size=1, max_size=5), seed=st.integers(0, 10**6))
def test_a_dashboard_that_is_kept_follows_every_write_at_once(
    corner: Services, memory: None, writes: list[Write], seed: int
):
    random, now = Random(seed), corner.clock()
    for write in writes:
        with corner.sessions.begin() as session:
            shop = all_shops(session)[0]
            write(session, shop, random, now)
        with corner.sessions() as session:
            look = look_at(session, shop)

            assert board_of(session, look) == read_board(session, look)


def test_looks_that_share_what_is_kept_say_what_each_would_say_alone(sqlite_corner: Services, memory: None):
    corner = sqlite_corner
    for seed in (1, 2):
        with corner.sessions.begin() as session:
            shop = corner.shop(session)
            for write in (sell, sell, waste, foresee):
                write(session, shop, Random(seed), corner.clock())
        with corner.sessions() as session:
            looks = looks_at(session, shop)

            assert [board_of(session, look) for look in looks] == [read_board(session, look) for look in looks]


def test_a_dashboard_is_read_once_until_the_books_change(corner: Services, memory: None):
    with corner.sessions.begin() as session:
        shop = corner.shop(session)
        sell(session, shop, Random(1), corner.clock())
    with corner.sessions() as session:
        first = board_of(session, look_at(session, shop))

        assert board_of(session, look_at(session, shop)) is first


def test_what_was_rolled_back_is_never_shown(corner: Services, memory: None):
    with corner.sessions() as session:
        shop = corner.shop(session)
        look = look_at(session, shop)
        before = read_board(session, look)
    with pytest.raises(ZeroDivisionError), corner.sessions.begin() as session:
        sell(session, shop, Random(1), corner.clock())
        assert board_of(session, look) != before
        raise ZeroDivisionError
    with corner.sessions() as session:
        assert board_of(session, look) == before


def by_units(session: Session, scope: Scope, period: Period) -> dict[str, tuple[int, Decimal]]:
    """Units and amount of every product by the lines of sales themselves."""
    sums = func.coalesce(func.sum(Sale.units), 0), func.coalesce(func.sum(Sale.amount), 0, type_=Sale.amount.type)
    here = Sale.location_id == scope.location_id if scope.location_id else Sale.location_id > 0
    sold = (Sale.product_id == ProductFacts.product_id) & here & Sale.day.between(period.first, period.last)
    rows = select(ProductFacts.sku, *sums).outerjoin(Sale, sold).where(*facts_of(scope.some)).group_by(ProductFacts.sku)
    return {sku: (int(units), amount) for sku, units, amount in session.execute(rows, scope.given)}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    window=st.tuples(st.integers(0, 70), st.integers(1, 70)),
    place=st.sampled_from(["", "Front", "Annex"]),
    category=st.sampled_from([None, CategoryPath("Food"), CategoryPath("Home", "Bath")]),
    limit=st.integers(1, 12),
    asked=st.sampled_from([ASKED, (), (1,), (3, 8)]),
)
def test_top_and_bottom_are_those_of_all_lines_added_up(
    busy: tuple[ShopInfo, Sessions],
    window: tuple[int, int],
    place: str,
    category: CategoryPath | None,
    limit: int,
    asked: tuple[int, ...],
):
    shop, sessions = busy
    last, days = TODAY - timedelta(window[0]), window[1]
    period, short = (Period("span", last - timedelta(n - 1), last) for n in (days, min(days, 28)))
    with sessions() as session:
        scope = scope_of(session, shop.id, location=place, category=category)
        top = [(s.units, -s.amount, s.sku) for s in top_sellers(session, scope, period, limit=limit)]
        bottom = bottom_sellers(session, scope, period, limit=limit, asked=asked)
        sold, late = by_units(session, scope, period), by_units(session, scope, short)
        mine = (*facts_of(scope.some), ProductFacts.on_hand > 0, ProductFacts.status == "active")
        there = session.scalars(select(ProductFacts).where(*mine), scope.given)
        lying = sorted((late[row.sku][0], -row.stock_value, -row.product_id) for row in there)

    best = sorted((-units, -amount, sku) for sku, (units, amount) in sold.items() if units or amount)
    assert top == [(-units, amount, sku) for units, amount, sku in best[:limit]]
    assert [(s.units, -s.stock_value, -s.product_id) for s in bottom] == lying[:limit]
    assert [(s.units, s.amount) for s in bottom] == [late[s.sku] for s in bottom]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    window=st.tuples(st.integers(0, 70), st.integers(1, 70)),
    place=st.sampled_from(["Front", "Annex"]),
    category=st.sampled_from([None, CategoryPath("Food"), CategoryPath("Home", "Bath")]),
    least=st.integers(1, 30),
)
def test_whatever_sold_so_much_is_among_what_may_have(
    busy: tuple[ShopInfo, Sessions], window: tuple[int, int], place: str, category: CategoryPath | None, least: int
):
    shop, sessions = busy
    last, days = TODAY - timedelta(window[0]), window[1]
    period = Period("span", last - timedelta(days - 1), last)
    with sessions() as session:
        scope = scope_of(session, shop.id, location=place, category=category)
        may = may_have_sold(session, scope, period, places=(scope.location_id,), least=least)
        sold = {sku for sku, (units, _) in by_units(session, scope, period).items() if units >= least}
        numbers = product_ids(session, shop.id)

    assert {numbers[sku] for sku in sold} <= may


@pytest.fixture
def busy(sessions: Sessions, now: datetime) -> tuple[ShopInfo, Sessions]:
    """Sixty products at two stores, a third of which never sold; some came back more than they sold."""
    random = Random(3)
    categories = [CategoryPath("Food", "Tea"), CategoryPath("Food", "Dairy"), CategoryPath("Home", "Bath"), None]
    products = [NewProduct(f"P-{n:02}", category=categories[n % 4], price=Decimal(1000)) for n in range(60)]
    with sessions.begin() as session:
        shop = create_shop(session, "Busy", now=now, stores=("Front", "Annex"))
        save_products(session, shop.id, products, now=now)
        offers = [NewOffer(p.sku, "W", Decimal(100 * (n % 7 + 1)), 1, 1) for n, p in enumerate(products) if n % 5]
        save_offers(session, shop.id, offers)
        places = [place.id for place in locations_of(session, shop.id, LocationKind.STORE)]
        supplier = location_of_kind(session, shop.id, LocationKind.SUPPLIER).id
        received = [
            Move(p.sku, supplier, places[n % 2], n % 4 * 50, MoveKind.RECEIPT, now)
            for n, p in enumerate(products)
            if n % 4
        ]
        record_moves(session, shop.id, received, actor="test", now=now)
        lines = [
            SaleLine(
                f"L-{n}",
                f"P-{random.randrange(40):02}",
                random.choice(places),
                random.choice([1, 1, 2, 4, -1, -2]),
                Decimal(random.randrange(1, 90)),
                at(random, now),
            )
            for n in range(500)
        ]
        record_sales(session, shop.id, lines, actor="test", now=now, move_stock=False)
        set_status(session, shop.id, "P-59", ProductStatus.DISCONTINUED)
    return shop, sessions
