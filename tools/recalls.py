"""Recalls that touch the shop's products, as read before and as the feeds say now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from stocksense.errors import BadValue
from stocksense.store import recalls
from stocksense.store.answers import notices_read
from stocksense.store.recalls import MatchInfo
from stocksense.store.session import Session
from stocksense.store.shops import ShopInfo
from stocksense.store.touched import match_notices
from tools.naming import product_named
from tools.services import Services

LOOK_BACK_DAYS = 365
"""How old a notice may be and still be held against the shelves."""


@dataclass(frozen=True)
class About:
    """The product that a question about recalls is about."""

    name_ko: str
    name_en: str


@dataclass(frozen=True)
class Touched:
    """A notice that touches one of our products, with the evidence; `units` were taken off sale for it."""

    match: int
    sku: str
    name_ko: str
    name_en: str
    notice: str
    source: str
    uid: str
    hazard: str
    remedy: str
    published_on: date | None
    certainty: str
    evidence: str
    state: str
    units: int


@dataclass(frozen=True)
class Recalls:
    """The notices on file that touch us; `checked_on` is when the feeds were last read, None if they never were."""

    about: About | None
    notices: int
    checked_on: date | None
    matches: tuple[Touched, ...]


@dataclass(frozen=True)
class CheckedRecalls:
    """What the feeds said just now, and what touches us since."""

    sources: tuple[str, ...]
    notices_read: int
    new_notices: int
    touching: Recalls


def recalls_touching_us(services: Services, product: str = "") -> Recalls:
    """List the product recalls on file that touch our products, with evidence and what was done.

    Args:
        product: only this product, by SKU, barcode or name; empty for all.
    """
    with services.sessions() as session:
        return _touching(session, services.shop(session), product)


def check_recalls(services: Services) -> CheckedRecalls:
    """Ask the recall feeds now, keep what is new, and list what touches our products; takes nothing off sale."""
    if not services.recall_sources:
        raise BadValue(
            "no recall feed is set up; set STOCKSENSE_SAFETYKOREA_KEY",
            in_korean="리콜 자료원이 설정되지 않았습니다. STOCKSENSE_SAFETYKOREA_KEY를 정하세요.",
        )
    with services.sessions() as session:
        since = services.today(session) - timedelta(days=LOOK_BACK_DAYS)
    read = tuple(notice for source in services.recall_sources for notice in source.notices(since))
    with services.sessions.begin() as session:
        shop = services.shop(session)
        new = recalls.save_notices(session, read, services.clock())
        match_notices(session, shop, since, now=services.clock())
        names = tuple(source.name for source in services.recall_sources)
        return CheckedRecalls(names, len(read), new, _touching(session, shop, ""))


def _touching(session: Session, shop: ShopInfo, product: str) -> Recalls:
    only = product_named(session, shop.id, product) if product else None
    matches = recalls.matches(session, shop.id)
    rows = tuple(_row(match) for match in matches if only is None or match.sku == only.sku)
    read = notices_read(session, shop)
    about = About(only.name("ko"), only.name("en")) if only else None
    return Recalls(about, read.count, shop.day_of(read.last_read) if read.last_read else None, rows)


def _row(match: MatchInfo) -> Touched:
    notice = match.notice
    return Touched(
        match.id,
        match.sku,
        match.name_ko,
        match.name_en,
        notice.product_name,
        notice.source,
        notice.uid,
        notice.hazard,
        notice.remedy,
        notice.published_on,
        str(match.certainty),
        match.evidence,
        str(match.state),
        match.units,
    )


READS = (recalls_touching_us,)
WRITES = (check_recalls,)
