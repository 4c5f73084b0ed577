"""What was sold: totals of a period, top sellers, sales by category and by location."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from stocksense.domain.periods import Period, PeriodKind, parse_period
from stocksense.errors import BadValue
from stocksense.store import takings
from stocksense.store.answers import Only, sales_by_day_of, sales_of, top_of_category
from stocksense.store.session import Session
from tools.naming import category_named, locations_named, product_named
from tools.services import Services

MOST_ROWS = 50
MOST_DAYS = 366


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both included; `name` as they were asked for."""

    name: str
    first: date
    last: date
    kind: PeriodKind


@dataclass(frozen=True)
class Compared:
    """Sales of another span, and by how many percent ours are above it; None if nothing was sold then."""

    first: date
    last: date
    units: int
    amount: Decimal
    change_percent: float | None


@dataclass(frozen=True)
class About:
    """What sales were narrowed to: a product, a category, a location."""

    name_ko: str
    name_en: str


@dataclass(frozen=True)
class SalesSummary:
    """Sales of a period, held against the like period before and a year ago; amounts in `currency`."""

    shop: str
    period: Span
    about: About | None
    currency: str
    units: int
    amount: Decimal
    previous: Compared
    year_before: Compared


@dataclass(frozen=True)
class Seller:
    """One product's sales; rank 1 sold the most, or the least."""

    rank: int
    sku: str
    name_ko: str
    name_en: str
    units: int
    amount: Decimal


@dataclass(frozen=True)
class TopSellers:
    """The products that sold most units in a period, or least; amounts in `currency`."""

    period: Span
    about: About | None
    currency: str
    slowest: bool
    products: tuple[Seller, ...]


@dataclass(frozen=True)
class Share:
    """One category's or location's sales, and their share of all."""

    name_ko: str
    name_en: str
    units: int
    amount: Decimal
    share_percent: float


@dataclass(frozen=True)
class Shares:
    """Sales of a period, divided; amounts in `currency`."""

    period: Span
    currency: str
    rows: tuple[Share, ...]


@dataclass(frozen=True)
class SoldDay:
    """What was sold on a day."""

    day: date
    units: int
    amount: Decimal


@dataclass(frozen=True)
class SalesByDay:
    """Sales of each day of a period, days without any included; amounts in `currency`, `mean_amount` a day."""

    shop: str
    period: Span
    about: About | None
    currency: str
    units: int
    amount: Decimal
    mean_amount: Decimal
    days: tuple[SoldDay, ...]


def sales_summary(
    services: Services, period: str = "today", product: str = "", category: str = "", location: str = ""
) -> SalesSummary:
    """Sum up sales of a period and compare them with the like period before and a year ago.

    Args:
        period: today, yesterday, this_week, last_week, this_month, last_month, this_year, last_year, last_30_days,
            2026-03, 2026-03-05 or 2026-03-01..2026-03-15.
        product: only this product, by SKU, barcode or name; empty for all.
        category: only this category, by name in Korean or English, such as "음료"; empty for all.
        location: only this place, by name; empty for all.
    """
    with services.sessions() as session:
        shop = services.shop(session)
        asked = parse_period(period, services.today(session))
        about, only = _narrowed(session, shop.id, product=product, category=category, location=location)
        now = sales_of(session, shop.id, asked.first, asked.last, only)
        others = [
            _compared(now, sales_of(session, shop.id, other.first, other.last, only), other)
            for other in (asked.previous(), asked.year_before())
        ]
        return SalesSummary(shop.name, _span(asked), about, shop.currency, now.units, now.amount, *others)


def sales_by_day(
    services: Services, period: str = "last_30_days", product: str = "", category: str = "", location: str = ""
) -> SalesByDay:
    """List the sales of each day of a period, as a plot over time needs them.

    Args:
        period: as in sales_summary, such as "this_month"; at most a year.
        product: only this product, by SKU, barcode or name; empty for all.
        category: only this category, by name; empty for all.
        location: only this place, by name; empty for all.
    """
    with services.sessions() as session:
        shop = services.shop(session)
        asked = parse_period(period, services.today(session))
        if asked.days > MOST_DAYS:
            raise BadValue(
                f"{period} has {asked.days} days; ask for {MOST_DAYS} at most, such as last_30_days",
                in_korean=f"{asked.days}일은 너무 깁니다. '최근 30일'처럼 {MOST_DAYS}일까지 물어보세요.",
            )
        about, only = _narrowed(session, shop.id, product=product, category=category, location=location)
        sold = {one.day: one for one in sales_by_day_of(session, shop.id, asked.first, asked.last, only)}
    days = [asked.first + timedelta(days=after) for after in range(asked.days)]
    rows = tuple(SoldDay(day, sold[day].units, sold[day].amount) if day in sold else _unsold(day) for day in days)
    units, amount = sum(row.units for row in rows), sum((row.amount for row in rows), Decimal(0))
    mean = (amount / asked.days).quantize(Decimal("0.01"))
    return SalesByDay(shop.name, _span(asked), about, shop.currency, units, amount, mean, rows)


def top_sellers(
    services: Services, period: str = "this_month", category: str = "", slowest: bool = False, limit: int = 5
) -> TopSellers:
    """List the products that sold the most units in a period, or the fewest.

    Args:
        period: as in sales_summary, such as "this_week".
        category: only this category, by name; empty for all.
        slowest: true for the products that sold least.
        limit: how many, 1 to 50.
    """
    if category and slowest:
        raise BadValue(
            "the slowest sellers are listed for the whole shop only; leave the category out",
            in_korean="덜 팔린 상품은 매장 전체로만 볼 수 있습니다. 분류를 빼고 물어보세요.",
        )
    with services.sessions() as session:
        shop = services.shop(session)
        asked = parse_period(period, services.today(session))
        span, rows = (shop.id, asked.first, asked.last), min(max(limit, 1), MOST_ROWS)
        about = None
        if category:
            narrowed = category_named(session, shop.id, category)
            about = About(str(narrowed.path_ko), str(narrowed.path))
            sold = top_of_category(session, *span, category=narrowed.path, limit=rows)
        else:
            sold = takings.top_products(session, *span, limit=rows, ascending=slowest)
        ranked = tuple(Seller(at, p.sku, p.name_ko, p.name_en, p.units, p.amount) for at, p in enumerate(sold, 1))
        return TopSellers(_span(asked), about, shop.currency, slowest, ranked)


def sales_by_category(services: Services, period: str = "this_month", level: int = 1) -> Shares:
    """Divide the sales of a period by category, the largest first.

    Args:
        period: as in sales_summary, such as "last_month".
        level: 1 for main categories, up to 4 for the finest.
    """
    with services.sessions() as session:
        shop = services.shop(session)
        asked = parse_period(period, services.today(session))
        rows = takings.totals_by_category(session, shop.id, asked.first, asked.last, level=level)
        named = [(str(row.path_ko or row.path or "-"), str(row.path or "-"), row.units, row.amount) for row in rows]
        return Shares(_span(asked), shop.currency, _shares(named))


def sales_by_location(services: Services, period: str = "this_month") -> Shares:
    """Divide the sales of a period by the places that sell, the largest first.

    Args:
        period: as in sales_summary, such as "this_week".
    """
    with services.sessions() as session:
        shop = services.shop(session)
        asked = parse_period(period, services.today(session))
        rows = takings.totals_by_location(session, shop.id, asked.first, asked.last)
        return Shares(
            _span(asked), shop.currency, _shares([(row.location, row.location, row.units, row.amount) for row in rows])
        )


def _narrowed(
    session: Session, shop_id: int, *, product: str, category: str, location: str
) -> tuple[About | None, Only]:
    """What sales are narrowed to, by name and as the store takes it."""
    names: list[tuple[str, str]] = []
    sku, path, place = "", None, ""
    if product:
        found = product_named(session, shop_id, product)
        sku = found.sku
        names.append((found.name("ko"), found.name("en")))
    if category:
        named = category_named(session, shop_id, category)
        path = named.path
        names.append((str(named.path_ko), str(named.path)))
    if location:
        places = locations_named(session, shop_id, location)
        place = places[0].name if len(places) == 1 else location
        names.append((place, place))
    about = About(" · ".join(ko for ko, _ in names), " · ".join(en for _, en in names)) if names else None
    return about, Only(sku, path, place)


def _unsold(day: date) -> SoldDay:
    return SoldDay(day, 0, Decimal(0))


def _compared(now: takings.Totals, then: takings.Totals, other: Period) -> Compared:
    change = round(float((now.amount - then.amount) / then.amount * 100), 1) if then.amount > 0 else None
    return Compared(other.first, other.last, then.units, then.amount, change)


def _shares(rows: list[tuple[str, str, int, Decimal]]) -> tuple[Share, ...]:
    whole = sum((amount for *_, amount in rows), Decimal(0))
    return tuple(
        Share(ko, en, units, amount, round(float(amount / whole * 100), 1) if whole else 0.0)
        for ko, en, units, amount in rows
    )


def _span(period: Period) -> Span:
    return Span(period.name, period.first, period.last, period.kind)


READS = (sales_summary, sales_by_day, top_sellers, sales_by_category, sales_by_location)
WRITES = ()
